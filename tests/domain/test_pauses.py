"""Guarantees proved here, for clocks that stand still:

- only where the rule of the clock allows it, for its reasons, by the owner; a refusal names the rule;
- the days on whose end the clock stood still are left out: over nights, weekends and changes of the clock, in one pause
  or in several, and nothing else moves the due time;
- a last day that moves does not move to one on whose end the clock stood still.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import clocks
from domain.calendar import BusinessDays, Hours
from domain.clock_view import view
from domain.clockrules import ClockKind
from domain.counting import Interval, Roll, runs_out
from domain.model import Staff
from tests.domain import stages
from tests.domain.people import ENGINEER, MANAGER
from tests.domain.pinned import changed, clock, due, pausing
from tests.domain.standing import LAW, ON, PROMISE, at, handled, stood_still

# Who, which and why ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "names"),
    [
        ({"clock": "sundial"}, "no_such_clock", "law-1"),
        ({"clock": "acknowledgement"}, "clock_not_running", "met"),
        ({"clock": "promise-1"}, "never_pauses", "Complaint handling policy"),
        ({"clock": "tier-1"}, "never_pauses", "no rule"),
        ({"reason_code": "awaiting_customer"}, "no_reason_to_pause", "outside_appraisal (CBIRC order 2020 no. 3"),
    ],
)  # fmt: skip
def test_a_pause_that_no_rule_allows_is_refused_by_that_rule(content: dict[str, Any], code: str, names: str) -> None:
    case = stages.investigating()
    before = case.file.model_dump_json()
    answer = case.send("pause_clock", **LAW | content)
    assert (getattr(answer, "code", None), names in getattr(answer, "sentence", "")) == (code, True), answer
    assert case.file.model_dump_json() == before


@pytest.mark.parametrize("name", ["pause_clock", "resume_clock"])
@pytest.mark.parametrize(("by", "code"), [(ENGINEER, "role_may_not"), (MANAGER, "not_owner")])
def test_only_the_owner_pauses_and_lets_go_on(name: str, by: Staff, code: str) -> None:
    case = stages.investigating()
    if name == "resume_clock":
        case.must("pause_clock", **LAW)
    assert case.refused(name, by, **LAW if name == "pause_clock" else ON) == code


def test_what_stands_still_is_not_paused_again_and_what_goes_on_is_not_resumed() -> None:
    case = stages.investigating()
    assert case.refused("resume_clock", **ON) == "not_paused"
    case.must("pause_clock", **LAW)
    assert case.refused("pause_clock", **LAW) == "clock_not_running"
    case.must("resume_clock", **ON)
    assert case.refused("resume_clock", **ON) == "not_paused"


def test_a_clock_that_ran_out_is_not_paused_any_more() -> None:
    case = handled()
    case.wait(days=16)
    assert case.refused("pause_clock", **LAW) == "clock_run_out"


def test_a_time_that_was_set_by_hand_does_not_stand_still() -> None:
    case = handled()
    case.must("assess", cooling_off_until="2026-03-16T18:00:00+08:00")
    assert case.refused("pause_clock", **PROMISE) == "fixed_time"


def test_a_clock_whose_extension_is_on_its_way_is_not_paused_and_one_that_stands_still_is_not_extended() -> None:
    case = stages.investigating()
    case.must("pause_clock", **LAW)
    extension = {"clock": "law-1", "reason_code": "complex"}
    assert case.refused("extend_deadline", MANAGER, **extension) == "clock_not_running"
    case.must("resume_clock", **ON)
    case.must("extend_deadline", MANAGER, **extension)
    assert case.refused("pause_clock", **LAW) == "extension_pending"


# How long -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "ends"),
    [
        ("2026-03-03T09:00:00+08:00", "2026-03-03T18:00:00+08:00", "2026-03-17"),  # within one day: nothing
        ("2026-03-03T09:00:00+08:00", "2026-03-03T23:59:59+08:00", "2026-03-17"),  # over by the last second: nothing
        ("2026-03-03T23:59:59+08:00", "2026-03-04T00:00:00+08:00", "2026-03-18"),  # only in the last second: one day
        ("2026-03-03T23:59:58+08:00", "2026-03-04T00:00:00+08:00", "2026-03-18"),  # over one midnight: one day
        ("2026-03-03T09:00:00+08:00", "2026-03-04T09:00:00+08:00", "2026-03-18"),
        ("2026-03-06T18:00:00+08:00", "2026-03-09T09:00:00+08:00", "2026-03-20"),  # a weekend is two calendar days
        ("2026-03-03T09:00:00+08:00", "2026-03-08T09:00:00+08:00", "2026-03-22"),
        ("2026-03-17T23:00:00+08:00", "2026-03-18T00:30:00+08:00", "2026-03-18"),  # in its last hour
    ],
)
def test_every_day_that_ended_in_a_pause_is_left_out(since: str, until: str, ends: str) -> None:
    case = handled()
    stood_still(case, since, until)
    assert due(case, "law-1") == f"{ends} 23:59:59"


def test_a_weekend_in_a_pause_is_no_business_day_that_was_lost() -> None:
    case = handled(changed(pausing(ClockKind.LAW), ClockKind.LAW, length=BusinessDays(business_days=10)))
    before = due(case, "law-1")
    stood_still(case, "2026-03-06T18:00:00+08:00", "2026-03-09T09:00:00+08:00")
    assert (before, due(case, "law-1")) == ("2026-03-16 23:59:59", "2026-03-17 23:59:59")
    explained = [line.split() for line in view(case.file, clock(case, "law-1")).explanation]
    assert [words[:2] for words in explained if "paused" in words[-1]] == [["Fri", "2026-03-06"]]
    assert [words[:2] for words in explained if "weekend" in words[-1]] == [
        ["Sat", "2026-03-07"], ["Sun", "2026-03-08"], ["Sat", "2026-03-14"], ["Sun", "2026-03-15"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("received", "since", "until", "due_at"),
    [
        # 8 March 2026 has 23 hours in New York, and 1 November 2026 has 25: each is one day
        ("2026-03-02T10:00:00-05:00", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00", "2026-03-18 23:59:59"),
        ("2026-03-02T10:00:00-05:00", "2026-03-08T00:00:00-05:00", "2026-03-08T23:59:59-04:00", "2026-03-17 23:59:59"),
        ("2026-10-26T10:00:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-10 23:59:59"),
        ("2026-10-26T10:00:00-04:00", "2026-10-31T23:00:00-04:00", "2026-11-02T00:30:00-05:00", "2026-11-12 23:59:59"),
    ],
)
def test_a_pause_over_a_change_of_the_clocks_leaves_whole_days_out(
    received: str, since: str, until: str, due_at: str
) -> None:
    case = handled(pausing(ClockKind.LAW, pack="us-cfpb"), received)
    stood_still(case, since, until)
    assert due(case, "law-1") == due_at


def test_hours_go_on_where_they_stood_still_to_the_second() -> None:
    hours = changed(pausing(ClockKind.LAW), ClockKind.LAW, length=Hours(hours=100))
    case = handled(hours)
    before = clock(case, "law-1").due_at
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-03T10:30:07+08:00")
    assert clock(case, "law-1").due_at - before == timedelta(hours=1, minutes=30, seconds=7)


OVERLAPPING = [(1, 3), (2, 5), (3, 4), (10, 13)]
"""Hours after the start."""


def test_pauses_that_overlap_leave_no_hour_out_twice() -> None:
    case = handled()
    start = at("2026-03-02T10:00:00+08:00")
    pauses = [Interval(start + timedelta(hours=since), start + timedelta(hours=to)) for since, to in OVERLAPPING]
    due_at = runs_out(case.pinned.calendar, start, Hours(hours=24), pauses=pauses).at
    assert due_at - start == timedelta(hours=24 + 7)  # stood still from 1 to 5, and from 10 to 13


@pytest.mark.parametrize(
    ("since", "until", "ends"),
    [
        # fifteen days from Friday 6 March: Saturday 21 March, which moves to Monday 23
        ("2026-03-20T09:00:00+08:00", "2026-03-20T18:00:00+08:00", "2026-03-23"),
        ("2026-03-20T09:00:00+08:00", "2026-03-21T09:00:00+08:00", "2026-03-23"),  # Sunday is the fifteenth day
        ("2026-03-20T09:00:00+08:00", "2026-03-23T09:00:00+08:00", "2026-03-24"),  # Monday is the fourteenth
        ("2026-03-22T09:00:00+08:00", "2026-03-23T09:00:00+08:00", "2026-03-23"),
        ("2026-03-22T09:00:00+08:00", "2026-03-25T09:00:00+08:00", "2026-03-25"),  # begun when it had moved
        ("2026-03-23T20:00:00+08:00", "2026-03-24T09:00:00+08:00", "2026-03-24"),
    ],
)
def test_a_last_day_does_not_move_to_one_that_ended_in_a_pause(since: str, until: str, ends: str) -> None:
    moving = changed(pausing(ClockKind.LAW), ClockKind.LAW, roll=Roll.NEXT_WORKING_DAY)
    case = handled(moving, "2026-03-06T10:00:00+08:00")
    stood_still(case, since, until)
    assert due(case, "law-1") == f"{ends} 23:59:59"
    assert clock(case, "law-1").breached_at is None


def test_two_pauses_leave_both_out_and_each_is_on_the_record() -> None:
    case = handled()
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-05T09:00:00+08:00")
    stood_still(case, "2026-03-10T09:00:00+08:00", "2026-03-11T09:00:00+08:00")
    law = clock(case, "law-1")
    assert due(case, "law-1") == "2026-03-20 23:59:59"
    assert [move.reason for move in law.moves] == [
        "stood still from 2026-03-03 09:00 CST to 2026-03-05 09:00 CST: outside_appraisal",
        "stood still from 2026-03-10 09:00 CST to 2026-03-11 09:00 CST: outside_appraisal",
    ]
    assert [move.by for move in law.moves] == [pause.by for pause in law.pauses]
    assert case.wrote("clock_resumed") == 2
    assert clocks.recounted(case.file, law).at == law.due_at


def test_an_extension_after_a_pause_keeps_the_days_that_were_left_out() -> None:
    case = handled()
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-05T09:00:00+08:00")
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    assert due(case, "law-1") == "2026-04-03 23:59:59"  # 30 days from 2 March, and two
