"""Guarantees proved here, for clocks:

- law and promise count from the day of receipt, and every count can be shown day by day with its source;
- more time is given rung by rung: a reason of the ladder, its approver, and a notice delivered before the old deadline;
- a cooling-off agreed with the customer moves the promise, never the law, and never past it;
- clocks run side by side, and none overrules another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import clocks, extensions
from domain.casefile import Clock
from domain.clock_view import view
from domain.model import Staff
from tests.domain import said, stages
from tests.domain.cases import Case, bounced
from tests.domain.people import ACCUSED, COMPLIANCE, EXECUTIVE, MANAGER, SPECIALIST, SUPERVISOR

COMPLEX = {"clock": "law-1", "reason_code": "complex"}
ESPECIALLY = {"clock": "law-1", "reason_code": "especially_complex"}


def clock(case: Case, clock_id: str) -> Clock:
    found = clocks.find(case.file, clock_id)
    assert found is not None
    return found


def due(case: Case, clock_id: str) -> str:
    return case.pinned.calendar.local(clock(case, clock_id).due_at).strftime("%Y-%m-%d %H:%M:%S")


def test_law_and_promise_run_to_the_end_of_their_day_in_the_banks_time_zone() -> None:
    case = stages.received()
    assert due(case, "law-1") == "2026-03-17 23:59:59"
    assert due(case, "promise-1") == "2026-03-14 23:59:59"
    assert due(case, "acknowledgement") == "2026-03-03 23:59:59"


def test_a_complaint_handed_over_late_has_the_deadline_of_the_day_it_was_received() -> None:
    case = Case(said.complaint(received_at="2026-02-28T23:30:00+08:00"))
    assert due(case, "law-1") == "2026-03-15 23:59:59"


def test_a_clock_explains_itself_day_by_day_with_its_source() -> None:
    case = stages.received()
    shown = view(case.file, clock(case, "law-1"))
    assert shown.source is not None
    assert "art. 18" in shown.source
    assert "[secondary]" in shown.source
    assert shown.explanation[:4] == [
        "starts 2026-03-02 10:00 CST (2026-03-02 02:00:00 UTC)",
        "counts 15 calendar days; the next day is day one",
        "Mon 2026-03-02  not counted  day of the start",
        "Tue 2026-03-03  day 1        counted",
    ]
    assert shown.explanation[-2:] == [
        "Tue 2026-03-17  day 15       counted",
        "due 2026-03-17 23:59 CST (2026-03-17 15:59:59 UTC)",
    ]


# The ladder -----------------------------------------------------------------------------------------------------------


def test_an_extension_takes_effect_when_its_notice_is_delivered() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    assert due(case, "law-1") == "2026-03-17 23:59:59"
    case.do_all()
    assert due(case, "law-1") == "2026-04-01 23:59:59"
    assert due(case, "promise-1") == due(case, "law-1")
    assert view(case.file, clock(case, "promise-1")).explanation[1] == "counts no days: its time was set"
    assert case.wrote("deadline_extended") == 1
    assert "2026-03-17 23:59 CST -> 2026-04-01 23:59 CST" in view(case.file, clock(case, "law-1")).moves[0]


def test_the_ladder_is_climbed_in_order_with_rising_approvers_and_ends() -> None:
    case = stages.investigating()
    assert case.refused("extend_deadline", EXECUTIVE, **ESPECIALLY) == "reason_code_unknown"
    case.must("extend_deadline", COMPLIANCE, **COMPLEX)
    case.do_all()
    assert case.refused("extend_deadline", MANAGER, **ESPECIALLY) == "not_this_approver"
    case.must("extend_deadline", EXECUTIVE, **ESPECIALLY)
    case.do_all()
    assert due(case, "law-1") == "2026-05-01 23:59:59"
    assert case.refused("extend_deadline", EXECUTIVE, **ESPECIALLY) == "ladder_climbed"


@pytest.mark.parametrize(
    ("by", "content", "code"),
    [
        (SPECIALIST, {}, "not_this_approver"),
        (SUPERVISOR, {}, "not_this_approver"),
        (Staff(id=ACCUSED, role="manager"), {}, "complained_of"),
        (MANAGER, {"reason_code": "holidays"}, "reason_code_unknown"),
        (MANAGER, {"until": "2026-04-01T00:00:00+08:00"}, "until_not_allowed"),
        (MANAGER, {"clock": "promise-1"}, "no_ladder"),
        (MANAGER, {"clock": "sundial"}, "no_such_clock"),
        (MANAGER, {"clock": "acknowledgement"}, "clock_not_running"),
    ],
)
def test_an_extension_outside_the_ladder_is_refused(by: Staff, content: dict[str, Any], code: str) -> None:
    case = stages.investigating()
    assert case.refused("extend_deadline", by, **COMPLEX | content) == code


def test_one_extension_at_a_time() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    assert case.refused("extend_deadline", MANAGER, **COMPLEX) == "extension_pending"


@pytest.mark.parametrize("late", [timedelta(seconds=-1), timedelta(0), timedelta(hours=1)])
def test_a_notice_that_arrives_too_late_extends_nothing(late: timedelta) -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    case.wait_until(clock(case, "law-1").due_at + late)
    case.do("letter-extension-1")
    in_time = late < timedelta(0)
    assert clock(case, "law-1").state == ("running" if in_time else "breached")
    assert due(case, "law-1") == ("2026-04-01 23:59:59" if in_time else "2026-03-17 23:59:59")
    assert (case.wrote("deadline_extended"), case.wrote("extension_lapsed")) == ((1, 0) if in_time else (0, 1))


def test_a_late_notice_extends_nothing_even_when_the_breach_was_not_noticed_yet() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    late = clock(case, "law-1").due_at + timedelta(minutes=1)
    extensions.take_effect(case.file, "letter-extension-1", late)
    assert due(case, "law-1") == "2026-03-17 23:59:59"
    assert case.wrote("extension_lapsed") == 1


def test_a_notice_that_bounces_everywhere_extends_nothing() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    while case.errand("letter-extension-1").pending:
        case.answer("letter-extension-1", bounced(case))
    assert due(case, "law-1") == "2026-03-17 23:59:59"


def test_an_extension_whose_notice_is_given_up_makes_room_for_another() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, **COMPLEX)
    case.give_up("letter-extension-1")
    case.must("resolve_task", SUPERVISOR, task="impossible-letter-extension-1", settlement="not_needed", note="again")
    case.must("extend_deadline", MANAGER, **COMPLEX)
    case.do("letter-extension-2")
    assert due(case, "law-1") == "2026-04-01 23:59:59"


def test_a_deadline_that_ran_out_is_not_extended() -> None:
    case = stages.investigating()
    case.wait(days=16)
    assert case.refused("extend_deadline", MANAGER, **COMPLEX) == "clock_run_out"


# Cooling off ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "promised"),
    [
        ("2026-03-16T18:00:00+08:00", "2026-03-16 18:00:00"),
        ("2026-03-17T23:59:59+08:00", "2026-03-17 23:59:59"),
        ("2026-03-05T18:00:00+08:00", "2026-03-14 23:59:59"),
    ],
)
def test_a_cooling_off_moves_the_promise_and_not_the_law(until: str, promised: str) -> None:
    case = stages.identity_verified()
    case.must("assess", cooling_off_until=until)
    assert due(case, "promise-1") == promised
    assert due(case, "law-1") == "2026-03-17 23:59:59"


@pytest.mark.parametrize(
    ("until", "code"),
    [("2026-03-18T00:00:00+08:00", "cooling_off_past_law"), ("2026-03-02T10:00:00+08:00", "cooling_off_in_past")],
)
def test_a_cooling_off_ends_after_now_and_before_the_law_does(until: str, code: str) -> None:
    assert stages.identity_verified().refused("assess", cooling_off_until=until) == code


# Side by side ---------------------------------------------------------------------------------------------------------


def test_a_regulators_own_date_runs_beside_the_others() -> None:
    case = stages.investigating()
    case.tell("regulator_contacted_us", reply_due="2026-03-06T12:00:00+08:00")
    case.tell("regulator_contacted_us", their_reference="second")
    assert due(case, "regulator-1") == "2026-03-06 12:00:00"
    assert due(case, "regulator-2") == "2026-03-09 23:59:59"
    assert due(case, "law-1") == "2026-03-17 23:59:59"


def test_the_same_regulators_file_is_one_clock() -> None:
    case = stages.investigating()
    case.tell("regulator_contacted_us")
    case.tell("regulator_contacted_us")
    assert [one.id for one in case.file.clocks if one.kind == "regulator"] == ["regulator-1"]


def test_the_committed_deadline_is_the_promise_and_after_its_breach_the_law() -> None:
    case = stages.investigating()
    watched: list[str] = []
    for day in ("2026-03-14", "2026-03-15", "2026-03-18"):
        case.wait_until(datetime.fromisoformat(f"{day}T12:00:00+08:00"))
        deadline = clocks.next_reply_deadline(case.file)
        watched.append(deadline.id if deadline else "none")
    assert watched == ["promise-1", "law-1", "none"]


def test_a_count_through_an_unpublished_year_says_that_it_is_provisional() -> None:
    calendar = stages.received().pinned.calendar.model_copy(update={"published": [2025]})
    pinned = stages.received().pinned.model_copy(update={"calendar": calendar})
    case = Case(pinned=pinned)
    assert clock(case, "acknowledgement").provisional
    assert not clock(case, "law-1").provisional
    assert "(provisional)" in view(case.file, clock(case, "acknowledgement")).explanation[-1]
