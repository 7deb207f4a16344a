"""Guarantees proved here, for any start, length and calendar:

- the day-by-day explanation adds up to the deadline, leaves out no day, and counts exactly the working days;
- a longer span never ends sooner, and business days never end before as many calendar days;
- a deadline is an instant in UTC that never lies before its start, and a warning always lies before its deadline.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import BusinessDays, Calendar, CalendarDays, Hours, Months, Span, Weeks
from domain.counting import CountFrom, Counting, count, runs_out

days_of_life = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))
calendars = st.builds(
    Calendar,
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Beirut"]),
    holidays=st.dictionaries(days_of_life, st.just("a holiday"), max_size=40),
    makeup_days=st.dictionaries(days_of_life.filter(lambda day: day.weekday() >= 5), st.just("a holiday"), max_size=10),
    published=st.just([2024, 2025, 2026, 2027, 2028]),
)
starts = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
counted_from = st.sampled_from(CountFrom)
lengths = st.integers(1, 70)
Maker = Callable[[int], Span]
in_days: list[Maker] = [
    lambda n: CalendarDays(calendar_days=n),
    lambda n: BusinessDays(business_days=n),
    lambda n: Weeks(weeks=n),
    lambda n: Months(months=n),
]
day_makers = st.sampled_from(in_days)
makers = st.sampled_from([*in_days, lambda n: Hours(hours=n)])


@given(calendars, starts, day_makers, lengths, counted_from)
def test_the_last_day_explained_is_the_day_due(
    calendar: Calendar, start: datetime, make: Maker, length: int, count_from: CountFrom
) -> None:
    due = runs_out(calendar, start, make(length), Counting(count_from=count_from)).at
    explained = list(count(calendar, start, make(length), Counting(count_from=count_from)))
    assert explained[-1].day == calendar.local(due).date()
    assert explained[-1].number is not None


@given(calendars, starts, day_makers, lengths, counted_from)
def test_the_explanation_leaves_out_no_day_and_numbers_without_gaps(
    calendar: Calendar, start: datetime, make: Maker, length: int, count_from: CountFrom
) -> None:
    explained = list(count(calendar, start, make(length), Counting(count_from=count_from)))
    assert all(later.day - earlier.day == timedelta(days=1) for earlier, later in pairwise(explained))
    numbers = [day.number for day in explained if day.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    uncounted = {"weekend", "make-up day not worked", "holiday", "day of the start"}
    assert all((day.number is None) == (day.why in uncounted) for day in explained)


@given(calendars, starts, lengths, counted_from)
def test_exactly_the_working_days_are_counted(
    calendar: Calendar, start: datetime, length: int, count_from: CountFrom
) -> None:
    span = BusinessDays(business_days=length)
    explained = list(count(calendar, start, span, Counting(count_from=count_from)))
    assert sum(day.number is not None for day in explained) == length
    of_the_count = [day for day in explained if day.why != "day of the start"]
    assert all(calendar.is_working_day(day.day) == (day.number is not None) for day in of_the_count)


@given(calendars, starts, makers, lengths, counted_from)
def test_a_longer_span_never_ends_sooner(
    calendar: Calendar, start: datetime, make: Maker, length: int, count_from: CountFrom
) -> None:
    assert (
        runs_out(calendar, start, make(length), Counting(count_from=count_from)).at
        < runs_out(calendar, start, make(length + 1), Counting(count_from=count_from)).at
    )


@given(calendars, starts, lengths, counted_from)
def test_business_days_never_end_before_calendar_days(
    calendar: Calendar, start: datetime, length: int, count_from: CountFrom
) -> None:
    business = runs_out(calendar, start, BusinessDays(business_days=length), Counting(count_from=count_from)).at
    assert business >= runs_out(calendar, start, CalendarDays(calendar_days=length), Counting(count_from=count_from)).at


@given(calendars, starts, makers, lengths)
def test_counting_from_the_same_day_never_ends_later(
    calendar: Calendar, start: datetime, make: Maker, length: int
) -> None:
    same = runs_out(calendar, start, make(length), Counting(count_from=CountFrom.SAME_DAY)).at
    assert same <= runs_out(calendar, start, make(length)).at


@given(calendars, starts, makers, lengths, counted_from)
def test_a_deadline_is_utc_and_never_before_its_start(
    calendar: Calendar, start: datetime, make: Maker, length: int, count_from: CountFrom
) -> None:
    due = runs_out(calendar, start, make(length), Counting(count_from=count_from)).at
    assert due.tzinfo is UTC
    assert calendar.local(due).date() >= calendar.local(start).date()


@given(calendars, starts, makers, st.integers(1, 20))
def test_a_warning_comes_before_what_it_warns_of(calendar: Calendar, due: datetime, make: Maker, length: int) -> None:
    assert calendar.before(due, make(length)) < due
