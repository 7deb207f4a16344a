"""Guarantees of periods:

* Every way of writing one means the civil days that people mean by it; anything else is one sentence.
* A period is half open in its zone: each instant belongs to exactly one of two that follow one another, also where
  clocks change.
* Its parts cover it without gap or overlap, and the period before has as many days and ends where it begins.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.period import BadPeriod, By, Period, place_of, read_period, zone_of

UTC_ZONE = ZoneInfo("UTC")
TODAY = date(2026, 8, 20)
DAY = timedelta(days=1)


def read(text: str | None = None, first: date | None = None, last: date | None = None) -> tuple[str, str]:
    period = read_period(text, first, last, UTC_ZONE, TODAY)
    return str(period.first), str(period.last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-08", "2026-08-01", "2026-08-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W33", "2026-08-10", "2026-08-16"),
        ("2026-08-15", "2026-08-15", "2026-08-15"),
        ("2026-08-01..2026-08-15", "2026-08-01", "2026-08-15"),
    ],
)
def test_what_people_write_is_what_they_mean(text: str, first: str, last: str) -> None:
    assert read(text) == (first, last)


def test_without_a_period_the_last_thirty_days_today_included() -> None:
    assert read() == ("2026-07-22", "2026-08-20")
    assert read(first=date(2026, 8, 1)) == ("2026-08-01", "2026-08-20")
    assert read(last=date(2026, 3, 31)) == ("2026-03-02", "2026-03-31")


@pytest.mark.parametrize(
    "text",
    ["august", "2026-13", "2026-Q5", "2026-W54", "2026-02-30", "2026-8", "0001", "9999", "2026-08-01..", "26"],
)
def test_anything_else_is_a_sentence(text: str) -> None:
    with pytest.raises(BadPeriod, match=r"is no period; write 2026, "):
        read(text)


def test_a_period_must_end_after_it_begins_and_be_named_once() -> None:
    with pytest.raises(BadPeriod, match="ends on 2026-08-01, before it begins on 2026-08-02"):
        read("2026-08-02..2026-08-01")
    with pytest.raises(BadPeriod, match="but not both"):
        read("2026", first=TODAY)
    with pytest.raises(BadPeriod, match="no time zone 'Mars/Base'"):
        zone_of("Mars/Base")


def test_days_are_those_of_the_zone_also_where_clocks_change() -> None:
    london = Period(date(2026, 3, 29), date(2026, 3, 29), ZoneInfo("Europe/London"))
    assert london.until - london.since == timedelta(hours=23)
    shanghai = Period(date(2026, 8, 1), date(2026, 8, 1), ZoneInfo("Asia/Shanghai"))
    assert shanghai.since == datetime(2026, 7, 31, 16, tzinfo=UTC)


zones = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/London", "America/Santiago", "Australia/Lord_Howe"]).map(
    ZoneInfo
)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(first=days, length=st.integers(1, 800), zone=zones, by=st.sampled_from([*By, None]))
def test_the_parts_cover_the_whole_and_nothing_else(first: date, length: int, zone: ZoneInfo, by: By | None) -> None:
    period = Period(first, first + (length - 1) * DAY, zone)
    parts = period.parts(by)
    assert (parts[0].since, parts[-1].until) == (period.since, period.until)
    assert all(one.until == following.since for one, following in pairwise(parts))
    assert (period.before.days, period.before.until) == (period.days, period.since)
    place, tick = place_of(parts), timedelta(microseconds=1)
    for number, part in enumerate(parts):
        assert place(part.since) == place(part.until - tick) == number


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    period = read_period("2026-07-15..2026-09-02", None, None, UTC_ZONE, TODAY)
    assert [str(part.first) for part in period.parts(By.MONTH)] == ["2026-07-15", "2026-08-01", "2026-09-01"]
    weeks = period.parts(None)
    assert [part.first.weekday() for part in weeks[1:]] == [0] * (len(weeks) - 1)
    assert len(weeks) == 8
