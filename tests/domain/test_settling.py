"""Guarantees proved here, for what machines report and what people settle:

- a letter that bounces goes by the next channel, and becomes a person's task only when every channel failed;
- a wrong booking is reversed and never paid again before a person found the cause;
- a payment made by hand needs its proof, and what was promised to the customer can be done but not dropped;
- a person settles only tasks that are theirs, and settling never leaves a complaint without anybody's turn;
- a withdrawal stops the handling and keeps what was already promised.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import clocks, errands, tasks
from domain.casefile import ErrandKind
from domain.model import Channel, Money, Stage
from tests.domain import said, stages
from tests.domain.cases import Case, booking, bounced
from tests.domain.people import CLERK, ENGINEER, MANAGER, OTHER_TELLER, SPECIALIST, SUPERVISOR, TELLER

PROOF = {"uri": "vault://receipts/1", "description": "transfer slip"}
TOO_MUCH = Money(amount=Decimal(500), currency="CNY")


def bounce_everywhere(case: Case, letter: str) -> None:
    while case.errand(letter).pending:
        case.answer(letter, bounced(case))


def wrongly_paid() -> Case:
    case = stages.remedying()
    case.answer("payout-1-1", booking(case, TOO_MUCH))
    return case


# Letters ----------------------------------------------------------------------------------------------------


def test_a_bounced_letter_goes_by_the_next_channel_the_customer_named_and_by_post_at_last() -> None:
    case = stages.received()
    tried = []
    while case.errand("letter-acknowledgement").pending:
        tried.append(case.errand("letter-acknowledgement").channels[0])
        case.answer("letter-acknowledgement", bounced(case))
    assert tried == ["email", "sms", "post"]
    assert case.wrote("letter_bounced") == 3
    assert case.file.acknowledged_at is None


def test_a_letter_that_no_channel_carries_can_be_handed_over_by_a_person() -> None:
    case = stages.received()
    bounce_everywhere(case, "letter-acknowledgement")
    by_hand: dict[str, Any] = {"task": "impossible-letter-acknowledgement", "settlement": "done"}
    assert case.refused("resolve_task", **by_hand) == "proof_missing"
    case.must("resolve_task", **by_hand, evidence=PROOF)
    assert case.stage == Stage.ACKNOWLEDGED


def test_a_letter_by_post_is_on_its_way_for_days_before_anybody_is_told_that_it_fails() -> None:
    case = stages.received()
    letter = case.errand("letter-acknowledgement")
    letter.channels = [letter.channels[0]]
    assert errands.still_failing_at(case.file, letter) == case.now + timedelta(hours=4)
    letter.channels = [Channel.POST]
    assert clocks.shown(case.file, errands.still_failing_at(case.file, letter)) == "2026-03-05 23:59 CST"


def test_a_letter_that_no_channel_carried_is_tried_again_from_the_first() -> None:
    case = stages.received()
    bounce_everywhere(case, "letter-acknowledgement")
    case.must("resolve_task", task="impossible-letter-acknowledgement", settlement="retry")
    assert case.errand("letter-acknowledgement").channels[0] == "email"
    case.do_all()
    assert case.stage == Stage.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("stage", "letter"), [(Stage.RECEIVED, "letter-acknowledgement"), (Stage.REPLYING, "letter-final-1")]
)
def test_a_letter_that_the_procedure_waits_for_cannot_be_dropped(stage: Stage, letter: str) -> None:
    case = stages.ALONG[stage]()
    bounce_everywhere(case, letter)
    assert case.refused("resolve_task", task=f"impossible-{letter}", settlement="not_needed") == "remedy_owed"


def test_a_progress_letter_may_be_dropped() -> None:
    case = stages.investigating()
    case.tell("customer_contacted_us")
    bounce_everywhere(case, "letter-progress-1")
    case.must("resolve_task", task="impossible-letter-progress-1", settlement="not_needed")


def test_a_withdrawn_complaint_waits_for_no_letter() -> None:
    case = stages.replying()
    bounce_everywhere(case, "letter-final-1")
    case.must("withdraw")
    case.must("resolve_task", task="impossible-letter-final-1", settlement="not_needed")
    assert case.stage == Stage.CALLING_BACK


# Money ----------------------------------------------------------------------------------------------------


def test_a_wrong_booking_is_reversed_and_counts_for_nothing() -> None:
    case = wrongly_paid()
    assert case.wrote("wrongly_booked") == 1
    assert [errand.text for errand in case.pending(ErrandKind.REVERSAL)] == ["entry-1"]
    assert case.stage == Stage.REMEDYING


def test_nothing_is_paid_again_before_a_person_found_the_cause() -> None:
    case = wrongly_paid()
    case.do_all()
    assert len([errand for errand in case.file.errands if errand.kind is ErrandKind.PAYOUT]) == 1
    case.must("resolve_task", task="pay-again-1-1", settlement="retry")
    assert [errand.id for errand in case.pending(ErrandKind.PAYOUT)] == ["payout-1-1-2"]
    case.do_all()
    case.must("resolve_task", CLERK, task="remedy-1-2")
    assert case.stage == Stage.REPLYING


def test_a_reversal_made_by_hand_leads_to_the_same_question() -> None:
    case = wrongly_paid()
    case.give_up("reversal-1-1-1")
    case.must("resolve_task", task="impossible-reversal-1-1-1", settlement="done", evidence=PROOF)
    assert "pay-again-1-1" in [task.id for task in tasks.open_tasks(case.file)]
    case.must("resolve_task", task="pay-again-1-1", settlement="retry")
    assert [errand.id for errand in case.pending(ErrandKind.PAYOUT)] == ["payout-1-1-2"]


@pytest.mark.parametrize("task", ["impossible-payout-1-1", "pay-again-1-1"])
def test_a_payment_made_by_hand_needs_its_proof_and_cannot_be_dropped(task: str) -> None:
    case = stages.remedying() if task.startswith("impossible") else wrongly_paid()
    if task.startswith("impossible"):
        case.give_up("payout-1-1")
    case.do_all()
    assert case.refused("resolve_task", task=task, settlement="done") == "proof_missing"
    assert case.refused("resolve_task", task=task, settlement="not_needed") == "remedy_owed"
    case.must("resolve_task", task=task, settlement="done", evidence=PROOF)
    assert "1-1" not in [todo.id for todo in case.file.cycle.proposals[0].remedies if todo.owed]


# Whose task ----------------------------------------------------------------------------------------------------


def test_a_department_reports_its_own_remedy_and_a_supervisor_any() -> None:
    for person in (CLERK, SUPERVISOR, MANAGER):
        case = stages.remedying()
        case.must("resolve_task", person, task="remedy-1-2")


@pytest.mark.parametrize("person", [OTHER_TELLER, SPECIALIST])
def test_other_handlers_do_not_report_a_departments_remedy(person: object) -> None:
    case = stages.remedying()
    assert case.refused("resolve_task", person, task="remedy-1-2") == "not_your_department"  # type: ignore[arg-type]


def test_a_department_does_not_settle_what_is_the_supervisors() -> None:
    case = stages.received()
    case.quarantine("assess", "points is missing")
    assert case.refused("resolve_task", ENGINEER, task="quarantine") == "not_your_department"


def test_a_promised_remedy_can_be_done_but_neither_dropped_nor_retried_by_a_machine() -> None:
    case = stages.remedying()
    assert case.refused("resolve_task", task="remedy-1-2", settlement="not_needed") == "remedy_owed"
    assert case.refused("resolve_task", task="remedy-1-2", settlement="retry") == "retry_impossible"


def test_a_settled_task_is_settled() -> None:
    case = stages.remedying()
    case.must("resolve_task", CLERK, task="remedy-1-2")
    assert case.refused("resolve_task", CLERK, task="remedy-1-2") == "no_such_task"


def test_a_system_that_keeps_failing_is_a_task_and_the_machine_goes_on() -> None:
    case = stages.remedying()
    case.wait(hours=5)
    assert any(task.id == "trouble-payout-1-1" for task in tasks.open_tasks(case.file))
    case.do_all()
    assert not any(task.id.startswith("trouble") for task in tasks.open_tasks(case.file))


# Withdrawal ----------------------------------------------------------------------------------------------------


def test_a_withdrawal_stops_the_clocks_of_the_handling_and_recalls_the_departments() -> None:
    case = stages.investigating()
    case.must("withdraw")
    assert {clock.kind for clock in case.file.clocks if clock.ticking} == {"call_back", "call_back_latest"}
    assert [errand.notice for errand in case.pending(ErrandKind.NOTICE)] == ["withdrawn", "callback"]


def test_what_was_accepted_before_a_withdrawal_is_still_owed() -> None:
    case = stages.remedying()
    case.must("withdraw")
    assert case.stage == Stage.REMEDYING
    case.do_all()
    case.must("resolve_task", CLERK, task="remedy-1-2")
    assert case.stage == Stage.CALLING_BACK


def test_an_offer_that_was_not_accepted_is_off_the_table_after_a_withdrawal() -> None:
    case = stages.offered()
    case.must("withdraw")
    assert case.proposal is not None
    assert case.proposal.status == "void"
    assert case.refused("record_customer_answer", TELLER) == "withdrawn"


def test_a_cancelled_workflow_is_a_withdrawn_complaint_and_still_called_back() -> None:
    case = stages.proposing()
    case.cancel()
    case.do_all()
    assert case.stage == Stage.CALLING_BACK
    assert case.file.outcome is None


def test_a_withdrawal_is_received_once() -> None:
    case = stages.withdrawn()
    assert case.refused("withdraw", TELLER) == "withdrawn"
    case.cancel()
    assert len(case.file.withdrawals) == 1


def test_a_complaint_from_nobody_known_to_the_ledger_is_promised_no_money() -> None:
    unknown = said.COMPLAINT["complainant"] | {"customer_number": None}
    case = stages.proposing(said.complaint(complainant=unknown))
    code = case.refused("propose_resolution", remedies=[said.money(10)])
    assert code == "customer_unknown_to_ledger"
