"""Guarantees proved here, for time that runs out:

- a warning comes before, and a breach is written once, at the instant at which the time ran out, whoever noticed when;
- a breach escalates by what was promised: law to the top, promise and tier one up, a department to its head;
- the customer hears of progress regularly, and at once when they ask, but once a day at the most;
- nothing that was met, stopped or answered runs out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import clocks, timekeeping
from domain.casefile import Clock
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import CALLER

QUIET = timedelta(seconds=1)


def clock(case: Case, clock_id: str) -> Clock:
    found = clocks.find(case.file, clock_id)
    assert found is not None
    return found


def told(case: Case, kind: str) -> list[str]:
    return [errand.id for errand in case.file.errands if errand.notice == kind]


def letters(case: Case) -> list[str]:
    return [errand.id for errand in case.file.errands if errand.letter == "progress"]


def test_a_breach_is_written_at_the_instant_and_not_a_second_before() -> None:
    case = stages.investigating()
    due = clock(case, "promise-1").due_at
    case.wait_until(due - QUIET)
    assert clock(case, "promise-1").state == "running"
    case.wait_until(due)
    assert clock(case, "promise-1").state == "breached"
    assert clock(case, "promise-1").breached_at == due == clock(case, "promise-1").breach_written_at


def test_a_breach_that_is_noticed_late_is_written_for_the_instant_at_which_it_happened() -> None:
    case = stages.investigating()
    late = case.now + timedelta(days=40)
    timekeeping.run_out(case.file, late)
    law = clock(case, "law-1")
    assert (law.breached_at, law.breach_written_at) == (law.due_at, late)


def test_a_breach_is_written_once_and_outlives_the_answer() -> None:
    case = stages.replying()
    case.wait(days=30)
    assert [entry.note.split()[0] for entry in case.file.journal if entry.what == "deadline_breached"].count(
        "law-1"
    ) == 1
    case.do_all()
    assert clock(case, "law-1").state == "met late"
    case.wait_until(datetime(2026, 4, 2, 3, tzinfo=UTC))
    case.must("record_callback", CALLER)
    case.do_all()
    assert case.closed is not None
    assert case.closed.breached
    assert {one.id: one.state for one in case.closed.clocks}["law-1"] == "met late"


def test_early_warnings_come_in_order_before_the_breach() -> None:
    case = stages.investigating()
    case.wait_until(clock(case, "law-1").due_at)
    law = clock(case, "law-1")
    assert [(law.due_at - at).days for at in law.warned_at] == [5, 2]
    assert [notice for notice in told(case, "warning") if "law-1" in notice] == [
        "notice-warning-law-1-1", "notice-warning-law-1-2",
    ]  # fmt: skip
    assert told(case, "breach").count("notice-breach-law-1") == 1


@pytest.mark.parametrize(("clock_id", "tier"), [("promise-1", 2), ("law-1", 3), ("regulator-1", 3)])
def test_a_breach_of_a_promise_climbs(clock_id: str, tier: int) -> None:
    case = stages.investigating()
    if clock_id == "regulator-1":
        case.tell("regulator_contacted_us")
    clock(case, clock_id).due_at = case.now + timedelta(minutes=1)
    case.wait(minutes=1)
    assert case.file.tier == tier


def test_a_tier_that_used_up_its_time_passes_the_complaint_on() -> None:
    case = stages.investigating()
    case.wait_until(clock(case, "tier-1").due_at)
    assert (case.file.tier, case.file.tier_changes[-1].reason) == (2, "tier time used up")
    assert clock(case, "take_over-1").ticking


def test_what_is_met_does_not_run_out() -> None:
    case = stages.calling_back()
    case.wait_until(clock(case, "law-1").due_at + timedelta(days=1))
    assert not clock(case, "law-1").breached_at
    assert not clock(case, "promise-1").breached_at


def test_what_is_withdrawn_does_not_run_out() -> None:
    case = stages.withdrawn()
    case.wait(days=20)
    assert {one.kind for one in case.file.clocks if one.breached_at} == {"call_back"}


def test_an_offer_that_nobody_answers_expires_and_is_no_breach() -> None:
    case = stages.offered()
    case.wait(days=11)
    offer = clock(case, "offer-proposal-1")
    assert (offer.state, case.wrote("offer_expired")) == ("stopped", 1)
    assert case.stage == "proposing"
    assert case.refused("record_customer_answer") == "offer_expired"


def test_the_next_thing_due_is_known_for_the_alarm_and_for_the_reply_deadline() -> None:
    case = stages.investigating()
    alarm, reply = timekeeping.next_due(case.file, reply=False), timekeeping.next_due(case.file, reply=True)
    assert alarm is not None
    assert alarm.at == clock(case, "acceptance-technology-1").due_at
    assert reply is not None
    assert (reply.label, reply.at) == ("promise-1", clock(case, "promise-1").due_at)


# Progress -------------------------------------------------------------------------------------------------------------


def test_the_customer_hears_of_progress_regularly_while_nothing_is_solved() -> None:
    case = stages.investigating()
    case.wait(days=5)
    assert letters(case) == []
    case.wait(days=11)
    assert letters(case) == ["letter-progress-1", "letter-progress-2", "letter-progress-3"]


def test_who_asks_is_told_at_once_and_once_a_day() -> None:
    case = stages.investigating()
    for _ in range(3):
        case.tell("customer_contacted_us")
    assert letters(case) == ["letter-progress-1"]
    case.wait(days=1)
    case.tell("customer_contacted_us")
    assert letters(case) == ["letter-progress-1", "letter-progress-2"]


def test_nobody_is_told_of_progress_after_the_answer_or_a_withdrawal() -> None:
    for bring in (stages.calling_back, stages.withdrawn):
        case = bring()
        case.tell("customer_contacted_us")
        case.wait(days=12)
        assert letters(case) == []


def test_a_new_cycle_tells_the_customer_the_new_date() -> None:
    case = stages.calling_back()
    case.must("record_callback", CALLER, satisfied=False)
    assert letters(case) == ["letter-progress-1"]


def test_everything_that_fell_due_happens_in_order_of_time() -> None:
    one, other = stages.investigating(), stages.investigating()
    other.file.complaint = one.file.complaint
    one.wait(days=20)
    for _ in range(20):
        other.wait(days=1)
    assert [entry.what for entry in one.file.journal] == [entry.what for entry in other.file.journal]
    assert one.file == other.file


def test_time_alone_never_closes_a_complaint() -> None:
    case = stages.calling_back()
    case.wait(days=365)
    assert case.stage == "calling_back"
    assert case.file.outcome is None


def test_a_look_at_a_system_that_has_not_answered_yet_is_nobodys_next_action() -> None:
    case = Case()
    checks = [due for due in timekeeping.upcoming(case.file) if due.label.startswith("check on ")]
    assert checks and all(check.chore for check in checks)
