"""Guarantees proved here:

- a length that is said to fit within another never outlasts it, on any start in China's calendar of 2019 to 2026;
- business days are never taken for calendar days: fifteen of them do not fit within fifteen days;
- lengths of one day type compare by their number.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache

import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.calendar import BusinessDays, BusinessHours, Calendar, CalendarDays, Hours, Months, Span, Weeks
from domain.counting import CountFrom, Counting, runs_out
from domain.spans import fits_within, in_words, surely_shorter

YEARS = range(2019, 2027)


SAME_DAY = Counting(count_from=CountFrom.SAME_DAY)


@cache
def china(makeup_days: bool) -> Calendar:
    days = holidays.country_holidays("CN", years=YEARS)
    worked = dict.fromkeys(days.weekend_workdays, "a holiday")
    return Calendar(
        zone="Asia/Shanghai", holidays=dict(days), makeup_days=worked, makeup_worked=makeup_days,
        published=list(YEARS), opens=time(9), closes=time(13),
    )  # fmt: skip


spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Hours, hours=st.integers(1, 1_000)),
    st.builds(BusinessHours, business_hours=st.integers(1, 200)),
    st.builds(CalendarDays, calendar_days=st.integers(1, 70)),
    st.builds(BusinessDays, business_days=st.integers(1, 45)),
    st.builds(Weeks, weeks=st.integers(1, 12)),
    st.builds(Months, months=st.integers(1, 4)),
)
starts = st.datetimes(datetime(2019, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - made aware


@given(spans, spans, starts, st.booleans())
def test_what_fits_never_outlasts(one: Span, other: Span, start: datetime, makeup_days: bool) -> None:
    assume(fits_within(one, other))
    calendar = china(makeup_days)
    assert runs_out(calendar, start, one).at <= runs_out(calendar, start, other).at


@given(spans, spans, starts, st.booleans())
def test_what_fits_with_a_head_start_never_outlasts_a_count_from_the_same_day(
    one: Span, other: Span, start: datetime, makeup_days: bool
) -> None:
    assume(fits_within(one, other, head_start=1) and not isinstance(other, (Hours, BusinessHours)))
    calendar = china(makeup_days)
    assert runs_out(calendar, start, one).at <= runs_out(calendar, start, other, SAME_DAY).at


@given(spans, spans, starts)
def test_what_is_surely_shorter_ends_before(one: Span, other: Span, start: datetime) -> None:
    assume(surely_shorter(one, other))
    assert runs_out(china(False), start, one).at < runs_out(china(False), start, other).at
    assert not surely_shorter(other, one)


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (CalendarDays(calendar_days=15), CalendarDays(calendar_days=15), True),
        (CalendarDays(calendar_days=16), CalendarDays(calendar_days=15), False),
        (BusinessDays(business_days=15), CalendarDays(calendar_days=15), False),
        (BusinessDays(business_days=3), CalendarDays(calendar_days=15), True),
        (CalendarDays(calendar_days=15), BusinessDays(business_days=15), True),
        (BusinessDays(business_days=15), BusinessDays(business_days=35), True),
        (BusinessDays(business_days=10), CalendarDays(calendar_days=45), True),
        (CalendarDays(calendar_days=56), Weeks(weeks=8), True),
        (CalendarDays(calendar_days=29), Months(months=1), False),
        (Months(months=1), CalendarDays(calendar_days=31), True),
        (Hours(hours=360), CalendarDays(calendar_days=15), False),
        (Hours(hours=359), CalendarDays(calendar_days=15), True),
        (CalendarDays(calendar_days=1), Hours(hours=24), False),
        (CalendarDays(calendar_days=1), Hours(hours=49), True),
        (BusinessHours(business_hours=8), BusinessDays(business_days=2), True),
        (BusinessHours(business_hours=9), BusinessDays(business_days=2), False),
        (BusinessHours(business_hours=8), Hours(hours=8), False),
        (Hours(hours=8), BusinessHours(business_hours=8), False),
        (Hours(hours=7), BusinessHours(business_hours=8), True),
        (BusinessHours(business_hours=8), BusinessHours(business_hours=8), True),
    ],
)
def test_day_types_compare_by_the_worst_case(one: Span, other: Span, fits: bool) -> None:
    assert fits_within(one, other) is fits


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (CalendarDays(calendar_days=15), "15 calendar days"),
        (BusinessDays(business_days=1), "1 business day"),
        (Months(months=1), "1 month"),
        (Hours(hours=4), "4 hours"),
    ],
)
def test_a_span_reads_as_people_say_it(span: Span, words: str) -> None:
    assert in_words(span) == words
