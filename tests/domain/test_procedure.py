"""Guarantees proved here, for what has been handled otherwise before, and is so for the complaints that are older:

- what a regulator writes again counts: another day, another authority, another question after the answer;
- its time is counted from the day its letter reached the bank, and goes on when the customer withdraws;
- everything that the customer tells the bank is seen to by somebody, before a proposal or at the latest before the end;
- a complaint that goes on after a withdrawal is acknowledged, if it never was;
- an offer leaves time to answer a customer who says nothing; a last word with nothing to agree to is not offered;
- a letter of progress promises an answer only by a day that a clock keeps;
- what a credit left to the customer counts for the authority of whoever approves more.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain import clocks, closing, compensation, errands, letters
from domain.clockrules import ClockKind
from domain.effects import LetterKind
from domain.pinned import PROCEDURE
from domain.tasks import open_tasks
from tests.domain import credit_cases, said, stages
from tests.domain.cases import Case, rules
from tests.domain.people import CLERK, MANAGER, SPECIALIST, SUPERVISOR
from tests.domain.pinned import due

BEFORE = rules().model_copy(update={"procedure": 1})
LATER = "2026-03-12T12:00:00+08:00"
ASKED: dict[str, Any] = {"regulator": "NFRA", "their_reference": "R-1"}


def opened(pinned: Any = None, **changes: Any) -> Case:
    case = Case(said.complaint(**changes), pinned or rules())
    case.do_all()
    return case


def tasks(case: Case) -> list[str]:
    return [task.id for task in open_tasks(case.file)]


def asked(case: Case) -> list[str]:
    return [clock.id for clock in case.file.clocks if clock.kind == ClockKind.REGULATOR]


def test_the_rules_of_a_complaint_say_how_it_is_handled() -> None:
    assert rules().procedure == PROCEDURE
    older = type(BEFORE).model_validate(BEFORE.model_dump(exclude={"procedure"}))
    assert older.procedure == 1


# Regulators -----------------------------------------------------------------------------------------------------------


def test_the_day_that_a_regulator_named_last_counts_and_people_are_told() -> None:
    case = opened(regulator=ASKED)
    case.tell("regulator_contacted_us", **ASKED, reply_due=LATER)
    assert (due(case, "regulator-1"), asked(case)) == ("2026-03-12 12:00:00", ["regulator-1"])
    notice = case.errand("notice-regulator-1-1")
    assert notice.text == "the regulator set another day: answer to the regulator is due 2026-03-12 12:00 CST"
    case.tell("regulator_contacted_us", **ASKED)
    case.tell("regulator_contacted_us", **ASKED, reply_due=LATER)
    assert len(clocks.find(case.file, "regulator-1").moves) == 1  # type: ignore[union-attr]


def test_the_same_number_of_another_authority_is_another_question() -> None:
    case = opened(regulator=ASKED)
    case.tell("regulator_contacted_us", regulator="PBOC", their_reference="R-1")
    assert asked(case) == ["regulator-1", "regulator-2"]
    case.tell("regulator_contacted_us", regulator="nfra", their_reference="R-1")
    assert asked(case) == ["regulator-1", "regulator-2"]


def test_what_a_regulator_writes_after_its_answer_is_a_new_question() -> None:
    case = opened(regulator=ASKED)
    case.must("resolve_task", SUPERVISOR, task="regulator-1", settlement="done")
    case.tell("regulator_contacted_us", **ASKED)
    assert asked(case) == ["regulator-1", "regulator-2"]
    assert "regulator-2" in tasks(case)


def test_a_question_that_needs_no_answer_is_not_called_answered() -> None:
    case = opened(regulator=ASKED)
    receipt = case.must("resolve_task", SUPERVISOR, task="regulator-1", settlement="not_needed")
    clock = clocks.find(case.file, "regulator-1")
    assert clock is not None
    assert (receipt.note, clock.state, clock.met_at) == ("The regulator needs no answer.", "stopped", None)


@pytest.mark.parametrize("authority", ["NFRA", "PBOC"])
def test_the_time_of_a_regulator_is_counted_from_the_day_its_letter_reached_the_bank(authority: str) -> None:
    case = stages.investigating()
    case.wait(days=3)
    case.tell(
        "regulator_contacted_us", regulator=authority, their_reference="1", received_at="2026-03-03T09:00:00+08:00"
    )
    case.tell(
        "regulator_contacted_us", regulator=authority, their_reference="2", received_at="2027-01-01T09:00:00+08:00"
    )
    assert due(case, "regulator-1") == "2026-03-10 23:59:59"
    assert due(case, "regulator-2") == "2026-03-12 23:59:59"
    if authority == "PBOC":
        assert due(case, "referral-1") == "2026-03-18 23:59:59"


def test_a_withdrawal_does_not_answer_the_regulator() -> None:
    case = opened(regulator=ASKED)
    case.must("take_ownership", MANAGER)
    case.must("withdraw", MANAGER)
    assert due(case, "regulator-1") == "2026-03-09 23:59:59"
    case.do_all()
    case.must("record_callback")
    case.do_all()
    assert case.closed is None
    case.must("resolve_task", SUPERVISOR, task="regulator-1", settlement="done")
    case.do_all()
    assert case.closed is not None


def test_a_cooling_off_ends_before_an_authoritys_time_does() -> None:
    case = stages.identity_verified()
    case.tell("regulator_contacted_us", regulator="PBOC", their_reference="1", received_at=said.RECEIVED.isoformat())
    case.must("take_ownership", MANAGER)
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex", reason="three systems")
    case.do_all()
    assert due(case, "law-1") > due(case, "referral-1") == "2026-03-17 23:59:59"
    assert case.refused("assess", cooling_off_until="2026-03-20T12:00:00+08:00") == "cooling_off_past_law"
    case.must("assess", cooling_off_until="2026-03-17T12:00:00+08:00")


def test_older_complaints_keep_to_the_first_letter_and_are_done_with_a_withdrawal() -> None:
    case = opened(BEFORE, regulator=ASKED | {"regulator": "PBOC"})
    case.wait(days=1)
    case.tell("regulator_contacted_us", **ASKED, reply_due=LATER, received_at=said.RECEIVED.isoformat())
    assert (due(case, "regulator-1"), asked(case)) == ("2026-03-09 23:59:59", ["regulator-1"])
    case.tell("customer_contacted_us", kind="other")
    case.must("take_ownership", MANAGER)
    case.must("withdraw", MANAGER)
    assert clocks.find(case.file, "regulator-1").state == "stopped"  # type: ignore[union-attr]
    assert "contact" not in tasks(case)


# The customer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["new_information", "other"])
def test_what_the_customer_tells_is_seen_to_by_the_owner(kind: str) -> None:
    case = stages.investigating()
    case.tell("customer_contacted_us", kind=kind)
    case.tell("customer_contacted_us", kind=kind)
    assert tasks(case).count("contact") == 1
    assert not errands.needs_attention(case.file)
    case.must("resolve_task", case.file.owner, task="contact", settlement="done")
    assert "contact" not in tasks(case)


def test_without_an_owner_it_is_for_whoever_owns_complaints_of_the_tier() -> None:
    case = opened(received_by=None, vulnerable=True)
    case.tell("customer_contacted_us", kind="other")
    assert {task.id: task.role for task in open_tasks(case.file)}["contact"] == "specialist"


def test_who_asks_again_after_the_answer_is_not_left_without_one() -> None:
    case = stages.investigating()
    case.tell("customer_contacted_us")
    assert "contact" not in tasks(case), "a letter of progress answers"
    case = stages.calling_back()
    case.tell("customer_contacted_us")
    assert "contact" in tasks(case)


def test_nothing_is_proposed_on_a_summary_that_the_customer_corrected() -> None:
    case = stages.proposing()
    case.tell("customer_contacted_us", kind="correction")
    assert case.refused("propose_resolution") == "correction_open"
    case.must("assess")
    case.must("propose_resolution")


def test_no_task_stays_open_behind_a_closed_complaint() -> None:
    case = stages.closing()
    case.tell("customer_contacted_us", kind="new_information")
    assert errands.needs_attention(case.file)
    assert not closing.nothing_left(case.file)
    case.do_all()
    assert case.closed is None
    case.must("resolve_task", SUPERVISOR, task="contact", settlement="done")
    case.do_all()
    assert case.closed is not None


def test_who_was_never_acknowledged_is_when_the_complaint_goes_on_after_a_withdrawal() -> None:
    case = stages.received()
    case.give_up("letter-acknowledgement")
    case.must("withdraw")
    case.must("resolve_task", SUPERVISOR, task="impossible-letter-acknowledgement", settlement="not_needed")
    case.do_all()
    case.must("record_callback", solved=False, satisfied=False, said="never withdrew")
    assert case.errand("letter-acknowledgement-2").pending
    case.do_all()
    assert case.file.acknowledged_at == case.now


# Offers and letters ---------------------------------------------------------------------------------------------------


def test_an_offer_leaves_time_to_answer_who_says_nothing() -> None:
    case = stages.proposing()
    case.wait(days=5)
    case.must("take_ownership", MANAGER)
    case.must("propose_resolution", remedies=[said.work()])
    assert due(case, "promise-1") == "2026-03-14 23:59:59"
    assert due(case, "offer-proposal-1") == "2026-03-13 23:59:59", "the day of the promise's last early warning"
    assert "13 March 2026" in letters.compose(case.file, LetterKind.OFFER, case.errand("letter-offer-proposal-1"))[1]
    case.wait(days=7)
    assert case.refused("record_customer_answer") == "offer_expired"
    case.must("propose_resolution", remedies=[], final_position=True)
    case.do_all()
    assert clocks.promise(case.file).state == "met"


def test_an_offer_that_comes_too_late_for_that_stands_as_long_as_any() -> None:
    case = stages.proposing()
    case.wait(days=9)
    case.must("take_ownership", MANAGER)
    case.must("propose_resolution", remedies=[said.work()])
    assert due(case, "offer-proposal-1") == "2026-03-21 23:59:59"


def test_a_last_word_with_nothing_to_agree_to_is_stated_at_once() -> None:
    case = stages.final_position()
    assert case.proposal is not None
    assert (case.proposal.status, clocks.find(case.file, "offer-proposal-2")) == ("stated", None)
    case.must("resolve_task", CLERK, task="remedy-2-1", settlement="done")
    case.do_all()
    assert case.file.cycle.answered_at == case.now


def test_a_last_word_with_money_is_offered_once_more() -> None:
    case = stages.offered()
    case.must("record_customer_answer", answer="reject")
    case.must("propose_resolution", final_position=True, remedies=[said.money(10)])
    case.must("decide_compensation", SPECIALIST, proposal="proposal-2")
    assert case.proposal is not None
    assert case.proposal.status == "offered"


def test_a_letter_of_progress_promises_an_answer_only_while_a_deadline_runs() -> None:
    case = stages.investigating()
    case.wait(days=6)
    assert "You will have our written answer by 14 March 2026." in progress(case)
    case.wait(days=12)
    assert clocks.next_reply_deadline(case.file) is None
    assert "You will hear from us again by " in progress(case)
    assert "written answer" not in progress(case)


def progress(case: Case) -> str:
    latest = max(case.file.errands, key=lambda errand: (errand.letter == LetterKind.PROGRESS, errand.ordered_at))
    return letters.compose(case.file, LetterKind.PROGRESS, latest)[1]


# Money ----------------------------------------------------------------------------------------------------------------


def test_what_a_credit_left_to_the_customer_counts_for_authority() -> None:
    case = credit_cases.credited()
    case.must("withdraw", MANAGER)
    case.do_all()
    [task] = [task for task in tasks(case) if task.startswith("decide-credit")]
    case.must("resolve_task", MANAGER, task=task, settlement="done")
    assert compensation.committed(case.file)["USD"] == 500
