"""Guarantees proved here, for time that passes only while the firm is open:

- it stands still at night, at weekends, on holidays and while a clock stands still, and says so day by day;
- counted forward and back again it comes to the same instant, in any zone and over any change of the clocks;
- the shipped packs measure staff by it: nobody is late because it was night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import clocks
from domain.calendar import BusinessHours, Calendar
from domain.clock_view import explain
from domain.counting import Interval, runs_out, unpublished
from tests.domain import said, stages
from tests.domain.broken_packs import shipped
from tests.domain.cases import Case
from tests.domain.pinned import PACK_NAMES, clock, due

OPEN = Calendar(
    zone="Asia/Shanghai", holidays={date(2026, 10, 1): "National Day", date(2026, 10, 2): "National Day"},
    published=[2026], opens=time(9), closes=time(18),
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


def shown(instant: datetime) -> str:
    return OPEN.local(instant).strftime("%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("03-02T10:00", 4, "03-02T14:00"),
        ("03-02T10:00", 8, "03-02T18:00"),
        ("03-02T10:00", 9, "03-03T10:00"),
        ("03-02T07:30", 1, "03-02T10:00"),
        ("03-02T23:00", 1, "03-03T10:00"),
        ("03-06T17:00", 4, "03-09T12:00"),
        ("03-07T12:00", 4, "03-09T13:00"),
        ("03-06T18:00", 1, "03-09T10:00"),
        ("09-30T17:00", 2, "10-05T10:00"),
        ("03-02T09:00", 45, "03-06T18:00"),
    ],
)
def test_it_passes_while_the_firm_is_open(start: str, hours: int, end: str) -> None:
    assert shown(runs_out(OPEN, at(start), BusinessHours(business_hours=hours)).at) == end


@pytest.mark.parametrize(
    ("since", "until", "end"),
    [
        ("03-02T12:00", "03-02T13:00", "03-02T15:00"),
        ("03-02T08:00", "03-02T11:00", "03-02T15:00"),
        ("03-02T12:00", "03-03T10:00", "03-03T12:00"),
        ("03-02T20:00", "03-03T10:00", "03-02T14:00"),
        ("03-01T12:00", "03-02T10:00", "03-02T14:00"),
    ],
)
def test_it_stands_still_with_its_clock(since: str, until: str, end: str) -> None:
    pause = [Interval(at(since), at(until))]
    assert shown(runs_out(OPEN, at("03-02T10:00"), BusinessHours(business_hours=4), pauses=pause).at) == end


def test_it_depends_on_the_years_that_it_was_counted_through() -> None:
    span, start = BusinessHours(business_hours=4), datetime.fromisoformat("2026-12-31T17:00:00+08:00")
    assert runs_out(OPEN, start, span).provisional
    assert unpublished(OPEN, start, span) == {2027}
    assert not runs_out(OPEN, at("03-02T10:00"), span).provisional


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Beirut"]),
    holidays=st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.just("a holiday"), max_size=40),
    published=st.just([2025, 2026, 2027]),
    opens=st.times(time(0), time(11)),
    closes=st.times(time(15), time(23, 59)),
)
starts = st.datetimes(datetime(2025, 6, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
lengths = st.builds(BusinessHours, business_hours=st.integers(1, 100))


@given(calendars, starts, lengths)
def test_forward_and_back_it_is_the_same_instant(calendar: Calendar, start: datetime, span: BusinessHours) -> None:
    end = runs_out(calendar, start, span).at
    hours = calendar.office_hours(calendar.local(end).date())
    assert hours is not None
    assert hours[0] <= end <= hours[1]
    back = calendar.before(end, span)
    assert runs_out(calendar, back, span).at == end
    between = (calendar.local(start).date() + timedelta(days=one) for one in range((back - start).days + 2))
    assert back >= start
    if back > start:  # the firm was closed all the while
        open_ = (opened for day in between if (opened := calendar.office_hours(day)))
        assert all(max(since, start) >= min(until, back) for since, until in open_)


@pytest.mark.parametrize("name", PACK_NAMES)
def test_staff_are_measured_by_it(name: str) -> None:
    pack = shipped(name)
    assert all(isinstance(tier.take_over_within, BusinessHours) for tier in pack.tiers)
    assert isinstance(pack.departments["technology"].accept_within, BusinessHours)


def test_nobody_is_late_because_it_was_a_weekend() -> None:
    case = Case(said.complaint(received_at="2026-03-06T17:30:00+08:00", happened_on=None, received_by=None))
    assert due(case, "take_over-1") == "2026-03-09 12:30:00"
    case.wait(days=2)
    assert clock(case, "take_over-1").state == "running"
    assert list(explain(case.pinned.calendar, clock(case, "take_over-1"))) == [
        "starts 2026-03-06 17:30 CST (2026-03-06 09:30:00 UTC)",
        "counts 4 business hours: from 09:00 to 18:00 on working days",
        "Fri 2026-03-06  counted      business hours",
        "Sat 2026-03-07  not counted  weekend",
        "Sun 2026-03-08  not counted  weekend",
        "Mon 2026-03-09  counted      business hours",
        "due 2026-03-09 12:30 CST (2026-03-09 04:30:00 UTC)",
    ]
    case.wait(hours=20)
    assert clock(case, "take_over-1").state == "breached"


def test_a_department_has_the_working_day_to_accept() -> None:
    case = stages.assessed()
    case.wait(hours=6)
    case.must("request_investigation")
    assert clocks.shown(case.file, clock(case, "acceptance-technology-1").due_at) == "2026-03-03 15:00 CST"
