"""Guarantees proved here, from proposal to final response:

- a proposal answers every point, says nothing that the avoid-list forbids, and follows the facts;
- one proposal at a time; the bank's last word needs an offer that was not accepted, and nothing follows it;
- only what the customer accepted is carried out, and what mends the bank itself; each remedy once;
- the final response goes out when everything is done, and only its delivery answers the complaint.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain import remedies
from domain.casefile import ErrandKind
from tests.domain import said, stages
from tests.domain.people import CALLER, CLERK, OTHER_TELLER, SPECIALIST, TELLER

APOLOGY = {"kind": "apology", "description": "we are sorry"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"answers": [{"point": "Who pays?", "answer": "We do."}]}, "points_unanswered"),
        (
            {
                "answers": [
                    {"point": "Where is the money?", "answer": "It has arrived."},
                    {"point": "Who pays?", "answer": "We do."},
                ]
            },
            "points_unknown",
        ),
        ({"reasons": "It will be done soon."}, "avoid_word"),
        ({"answers": [{"point": "Where is the money?", "answer": "We call you later."}]}, "avoid_word"),
        ({"remedies": [APOLOGY | {"description": "尽快处理"}]}, "avoid_word"),
        ({"final_position": True}, "final_position_too_early"),
    ],
)
def test_a_proposal_that_a_customer_could_not_rely_on_is_refused(content: dict[str, Any], code: str) -> None:
    assert stages.proposing().refused("propose_resolution", **content) == code


def test_only_the_owner_proposes() -> None:
    assert stages.proposing().refused("propose_resolution", OTHER_TELLER) == "not_owner"


def test_a_proposal_without_money_goes_to_the_customer_at_once() -> None:
    case = stages.proposing()
    case.must("propose_resolution", remedies=[APOLOGY])
    assert case.stage == "offered"
    assert case.errand("letter-offer-proposal-1").pending


@pytest.mark.parametrize("answer", ["reject", "counter"])
def test_an_offer_that_is_not_accepted_leads_to_the_next_proposal(answer: str) -> None:
    case = stages.offered()
    case.must("record_customer_answer", answer=answer)
    assert case.stage == "proposing"
    case.must("propose_resolution")
    assert case.proposal is not None
    assert case.proposal.id == "proposal-2"
    assert case.refused("record_customer_answer", proposal="proposal-1") == "no_such_proposal"


def test_the_last_word_stands_and_nothing_is_proposed_or_assessed_after_it() -> None:
    case = stages.final_position()
    assert case.stage == "remedying"
    for message in ("propose_resolution", "assess", "request_investigation"):
        assert case.refused(message) == "proposal_under_way"


def test_without_consent_only_what_mends_the_bank_is_carried_out() -> None:
    case = stages.offered()
    case.must("record_customer_answer", answer="reject")
    remedies = [said.money(10), said.work(), said.work("retraining"), said.work("process_fix"), APOLOGY]
    case.must("propose_resolution", final_position=True, remedies=remedies)
    case.must("decide_compensation", SPECIALIST, proposal="proposal-2")
    case.wait(days=11)
    assert case.proposal is not None
    assert case.proposal.status == "expired"
    started = {remedy.kind: remedy.started_at is not None for remedy in case.proposal.remedies}
    assert started == {
        "compensation": False, "correction": False, "retraining": True, "process_fix": True, "apology": True,
    }  # fmt: skip


def test_each_remedy_goes_to_whoever_carries_it_out_once() -> None:
    case = stages.remedying()
    assert [(errand.kind, errand.subject) for errand in case.pending() if errand.kind != ErrandKind.NOTICE] == [
        (ErrandKind.PAYOUT, "1-1"),
        (ErrandKind.REMEDY, "1-2"),
    ]


def test_what_is_being_carried_out_is_not_begun_again() -> None:
    case = stages.remedying()
    before = case.file.model_dump_json()
    remedies.start(case.file, case.now)
    assert case.file.model_dump_json() == before


def test_the_final_response_waits_for_the_last_remedy() -> None:
    case = stages.remedying()
    case.do_all()
    assert not any(errand.letter == "final_response" for errand in case.file.errands)
    case.must("resolve_task", CLERK, task="remedy-1-2")
    assert case.errand("letter-final-1").pending


def test_only_the_delivery_of_the_final_response_answers_the_complaint() -> None:
    case = stages.replying()
    assert case.file.cycle.answered_at is None
    case.wait(hours=1)
    case.do("letter-final-1")
    assert case.file.cycle.answered_at == case.now
    assert {clock.state for clock in case.file.clocks if clock.id in ("law-1", "promise-1")} == {"met"}


def test_remedies_that_are_late_are_on_record() -> None:
    case = stages.remedying()
    case.wait(days=8)
    assert {clock.id for clock in case.file.clocks if clock.kind == "remedy" and clock.breached_at} == {
        "remedy-1-1", "remedy-1-2",
    }  # fmt: skip


def test_the_closing_record_says_what_was_done_and_paid() -> None:
    case = stages.closed()
    assert case.closed is not None
    assert case.closed.remedies == ["voucher", "correction"]
    assert {currency: str(amount) for currency, amount in case.closed.paid.items()} == {"CNY": "50.00"}
    assert case.closed.departments == ["technology"]
    assert (case.closed.nature, case.closed.responsibility) == ("system_fault", "firm")


def test_anybody_who_handles_records_the_answer_and_nobody_else() -> None:
    case = stages.offered()
    assert case.refused("record_customer_answer", CALLER) == "role_may_not"
    case.must("record_customer_answer", OTHER_TELLER)
    assert case.refused("record_customer_answer", TELLER) == "not_offered"
