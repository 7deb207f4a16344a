"""Guarantees proved here:

- every kind of span ends on the day that a person would count to, at the last second of the firm's civil day;
- hours are exact across changes of the clock; days end at local midnight whatever the clock did;
- business days skip weekends and holidays, and find make-up weekends only when the firm works them;
- the day-by-day explanation names every day, counted or skipped;
- a deadline counted through a year without published holidays says that it is provisional.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import BusinessDays, Calendar, CalendarDays, Hours, Months, Span, Weeks
from domain.counting import CountFrom, Counting, count, runs_out

NATIONAL_DAY_2025 = {date(2025, 10, day): "National Day" for day in (1, 2, 3, 6, 7, 8)}
NATIONAL_DAY_2026 = {date(2026, 10, day): "National Day" for day in (1, 2, 5, 6, 7)}
MAKE_UP = {
    date(2025, 9, 28): "National Day",
    date(2025, 10, 11): "National Day",
    date(2026, 9, 20): "National Day",
    date(2026, 10, 10): "National Day",
}
CHINA = Calendar(
    zone="Asia/Shanghai",
    holidays=NATIONAL_DAY_2025 | NATIONAL_DAY_2026 | {date(2026, 1, 1): "New Year's Day"},
    published=[2025, 2026],
)
CHINA_WITH_MAKE_UP = CHINA.model_copy(update={"makeup_days": MAKE_UP, "makeup_worked": True})
NEW_YORK = Calendar(zone="America/New_York", holidays={date(2026, 7, 3): "Independence Day"}, published=[2026])


def in_zone(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


def last_day(calendar: Calendar, start: str, span: Span, count_from: CountFrom = CountFrom.NEXT_DAY) -> str:
    due = runs_out(calendar, in_zone(calendar, start), span, Counting(count_from=count_from)).at
    local = calendar.local(due)
    assert (local.hour, local.minute, local.second) == (23, 59, 59)
    assert due.tzinfo is UTC
    return local.date().isoformat()


@pytest.mark.parametrize(
    ("start", "span", "next_day", "same_day"),
    [
        ("2026-03-02T09:00", CalendarDays(calendar_days=1), "2026-03-03", "2026-03-02"),
        ("2026-03-02T09:00", CalendarDays(calendar_days=15), "2026-03-17", "2026-03-16"),
        ("2026-03-02T23:59:59", CalendarDays(calendar_days=15), "2026-03-17", "2026-03-16"),
        ("2026-03-02T09:00", Weeks(weeks=8), "2026-04-27", "2026-04-26"),
        ("2026-03-02T09:00", Months(months=1), "2026-04-02", "2026-04-01"),
        ("2026-03-02T09:00", BusinessDays(business_days=1), "2026-03-03", "2026-03-02"),
        ("2026-03-02T09:00", BusinessDays(business_days=5), "2026-03-09", "2026-03-06"),
        ("2026-03-06T16:00", BusinessDays(business_days=3), "2026-03-11", "2026-03-10"),
        ("2026-03-07T16:00", BusinessDays(business_days=1), "2026-03-09", "2026-03-09"),
    ],
)
def test_each_span_ends_on_the_day_that_people_count_to(start: str, span: Span, next_day: str, same_day: str) -> None:
    assert last_day(CHINA, start, span) == next_day
    assert last_day(CHINA, start, span, CountFrom.SAME_DAY) == same_day


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28"),
        ("2028-01-31T10:00", 1, "2028-02-29"),
        ("2026-03-31T10:00", 1, "2026-04-30"),
        ("2026-02-28T10:00", 1, "2026-03-28"),
        ("2026-12-31T10:00", 2, "2027-02-28"),
        ("2026-11-30T10:00", 1, "2026-12-30"),
        ("2024-02-29T10:00", 12, "2025-02-28"),
    ],
)
def test_a_month_from_its_end_stays_in_the_next_month(start: str, months: int, ends: str) -> None:
    assert last_day(CHINA, start, Months(months=months)) == ends


@pytest.mark.parametrize(("year", "ends"), [(2028, "2028-03-10"), (2027, "2027-03-11")])
def test_a_leap_day_counts(year: int, ends: str) -> None:
    assert last_day(CHINA, f"{year}-02-24T10:00", CalendarDays(calendar_days=15)) == ends


def test_the_count_goes_on_over_the_turn_of_the_year() -> None:
    assert last_day(CHINA, "2025-12-20T10:00", CalendarDays(calendar_days=15)) == "2026-01-04"
    assert last_day(CHINA, "2025-12-30T10:00", BusinessDays(business_days=3)) == "2026-01-05"


@pytest.mark.parametrize(
    ("start", "days", "without", "with_make_up"),
    [
        ("2025-09-26T10:00", 1, "2025-09-29", "2025-09-28"),
        ("2025-09-30T10:00", 3, "2025-10-13", "2025-10-11"),
        ("2025-09-26T10:00", 5, "2025-10-13", "2025-10-10"),
        ("2026-09-18T10:00", 5, "2026-09-25", "2026-09-24"),
        ("2026-09-30T10:00", 3, "2026-10-12", "2026-10-10"),
    ],
)
def test_golden_week_is_skipped_and_make_up_days_count_only_when_worked(
    start: str, days: int, without: str, with_make_up: str
) -> None:
    span = BusinessDays(business_days=days)
    assert last_day(CHINA, start, span) == without
    assert last_day(CHINA_WITH_MAKE_UP, start, span) == with_make_up


def test_holidays_do_not_move_calendar_days() -> None:
    assert last_day(CHINA, "2025-09-26T10:00", CalendarDays(calendar_days=12)) == "2025-10-08"


def test_the_explanation_names_every_day_of_golden_week() -> None:
    days = list(count(CHINA_WITH_MAKE_UP, in_zone(CHINA, "2025-09-30T10:00"), BusinessDays(business_days=3)))
    assert [day.why for day in days] == [
        "day of the start", *["holiday"] * 3, "weekend", "weekend", *["holiday"] * 3, "counted", "counted",
        "make-up working day",
    ]  # fmt: skip
    assert [day.number for day in days[-3:]] == [1, 2, 3]
    assert days[1].name == "National Day"
    assert days[-1].name == "National Day"
    assert days[4].name is None


def test_a_make_up_day_that_nobody_works_says_so() -> None:
    start, span, not_worked = (
        in_zone(CHINA, "2026-10-08T10:00"),
        BusinessDays(business_days=2),
        Counting(makeup_days=False),
    )
    days = {line.day: line for line in count(CHINA_WITH_MAKE_UP, start, span, not_worked)}
    assert (days[date(2026, 10, 10)].why, days[date(2026, 10, 10)].name) == ("make-up day not worked", "National Day")
    assert days[date(2026, 10, 11)].why == "weekend"


def test_hours_have_no_days_to_explain() -> None:
    assert list(count(CHINA, in_zone(CHINA, "2026-03-02T10:00"), Hours(hours=30))) == []


def test_hours_run_through_nights_weekends_and_holidays_to_the_second() -> None:
    due = runs_out(CHINA, in_zone(CHINA, "2025-09-30T18:30:07"), Hours(hours=24))
    assert due.at == in_zone(CHINA, "2025-10-01T18:30:07")
    assert not due.provisional


@pytest.mark.parametrize(
    ("start", "wall_clock"),
    [("2026-03-07T12:00", "2026-03-08T13:00"), ("2026-10-31T12:00", "2026-11-01T11:00")],
)
def test_a_day_of_hours_is_exact_when_new_york_changes_its_clocks(start: str, wall_clock: str) -> None:
    due = runs_out(NEW_YORK, in_zone(NEW_YORK, start), Hours(hours=24)).at
    assert NEW_YORK.local(due) == in_zone(NEW_YORK, wall_clock)


@pytest.mark.parametrize(
    ("start", "ends", "utc_hour"),
    [
        ("2026-03-01T12:00", "2026-03-16", 3),
        ("2026-02-01T12:00", "2026-02-16", 4),
        ("2026-10-25T12:00", "2026-11-09", 4),
    ],
)
def test_days_end_at_local_midnight_on_either_side_of_a_clock_change(start: str, ends: str, utc_hour: int) -> None:
    span = CalendarDays(calendar_days=15)
    assert last_day(NEW_YORK, start, span) == ends
    assert runs_out(NEW_YORK, in_zone(NEW_YORK, start), span).at.hour == utc_hour


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second() -> None:
    lebanon = Calendar(zone="Asia/Beirut", holidays={}, published=[2026])
    day = date(2026, 10, 24)
    assert lebanon.end_of(day) + timedelta(seconds=1) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert lebanon.local(lebanon.end_of(day)).date() == day


def test_the_civil_day_is_the_firms_own_and_not_the_senders() -> None:
    late_evening_in_london = datetime.fromisoformat("2026-03-02T17:30:00+00:00")
    due = runs_out(CHINA, late_evening_in_london, CalendarDays(calendar_days=1)).at
    assert CHINA.local(due).date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("span", "before"),
    [
        (Hours(hours=4), "2026-10-09T19:59:59"),
        (CalendarDays(calendar_days=2), "2026-10-07T23:59:59"),
        (Weeks(weeks=1), "2026-10-02T23:59:59"),
        (Months(months=1), "2026-09-09T23:59:59"),
        (BusinessDays(business_days=1), "2026-10-08T23:59:59"),
        (BusinessDays(business_days=2), "2026-09-30T23:59:59"),
    ],
)
def test_a_warning_lies_its_span_before_the_deadline(span: Span, before: str) -> None:
    due = in_zone(CHINA, "2026-10-09T23:59:59").astimezone(UTC)
    assert CHINA.before(due, span) == in_zone(CHINA, before)


@pytest.mark.parametrize(("worked", "before"), [(True, "2025-09-28"), (False, "2025-09-26"), (None, "2025-09-28")])
def test_a_warning_counts_make_up_days_as_its_clock_does(worked: bool | None, before: str) -> None:
    due = in_zone(CHINA_WITH_MAKE_UP, "2025-10-09T23:59:59").astimezone(UTC)
    three = BusinessDays(business_days=3)  # 30 and 29 September, and Sunday 28, which is worked for the holiday, or not
    assert CHINA_WITH_MAKE_UP.before(due, three, worked) == in_zone(CHINA, f"{before}T23:59:59")


@pytest.mark.parametrize(
    ("due", "span", "before"),
    [
        ("2026-03-09T23:59:59", CalendarDays(calendar_days=2), "2026-03-07T23:59:59"),  # clocks go forward on the 8th
        ("2026-11-02T23:59:59", Weeks(weeks=1), "2026-10-26T23:59:59"),  # and back on the first
        ("2026-03-09T23:59:59", Hours(hours=48), "2026-03-07T22:59:59"),
        ("2026-03-31T17:00:00", Months(months=1), "2026-02-28T17:00:00"),
    ],
)
def test_a_warning_of_days_comes_at_the_same_time_by_the_wall_clock(due: str, span: Span, before: str) -> None:
    assert NEW_YORK.before(in_zone(NEW_YORK, due).astimezone(UTC), span) == in_zone(NEW_YORK, before)


@pytest.mark.parametrize(
    ("start", "span", "provisional"),
    [
        ("2026-12-01T10:00", BusinessDays(business_days=10), False),
        ("2026-12-28T10:00", BusinessDays(business_days=10), True),
        ("2027-02-01T10:00", BusinessDays(business_days=1), True),
        ("2026-12-28T10:00", CalendarDays(calendar_days=15), False),
        ("2027-02-01T10:00", Months(months=1), False),
        ("2027-02-01T10:00", Hours(hours=8), False),
    ],
)
def test_only_a_count_through_unpublished_holidays_is_provisional(start: str, span: Span, provisional: bool) -> None:
    assert runs_out(CHINA, in_zone(CHINA, start), span).provisional is provisional


@pytest.mark.parametrize(
    ("day", "china", "with_make_up"),
    [
        (date(2025, 9, 28), False, True),
        (date(2025, 10, 1), False, False),
        (date(2025, 10, 9), True, True),
        (date(2025, 10, 12), False, False),
    ],
)
def test_a_working_day_is_one_on_which_people_work(day: date, china: bool, with_make_up: bool) -> None:
    assert CHINA.is_working_day(day) is china
    assert CHINA_WITH_MAKE_UP.is_working_day(day) is with_make_up
