"""Counting time as a rule of law counts it: which day is the first, which are skipped and why, when the last one ends.

One generator gives the lines of the explanation, and the last of them is the day on which the time runs out: what is
shown and what is kept cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from domain.calendar import (
    BusinessDays,
    BusinessHours,
    Calendar,
    CalendarDays,
    Due,
    Hours,
    Months,
    Span,
    Weeks,
    add_months,
)
from domain.model import Model

A_DAY = timedelta(days=1)


class CountFrom(StrEnum):
    """Which day is day one."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"


class AfterHours(StrEnum):
    """As received on which day something counts that comes after close of business or on a day off."""

    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"


class DayEnd(StrEnum):
    """When the last day ends."""

    MIDNIGHT = "midnight"
    CLOSE_OF_BUSINESS = "close_of_business"


class Roll(StrEnum):
    """Where a last day goes that is a day off."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"
    PREVIOUS_WORKING_DAY = "previous_working_day"


class Counting(Model):
    """How the days of a clock are counted."""

    count_from: CountFrom = CountFrom.NEXT_DAY
    """Whether the day of the start is day one."""
    after_hours: AfterHours = AfterHours.SAME_DAY
    """What a start after close of business or on a day off counts as."""
    ends: DayEnd = DayEnd.MIDNIGHT
    """When the last day ends: at midnight, or at the calendar's close of business."""
    roll: Roll = Roll.NONE
    """What becomes of a last day that is a day off."""
    makeup_days: bool | None = None
    """Whether make-up working days are business days of this clock; empty for what the calendar says."""


PLAIN = Counting()


class Interval(NamedTuple):
    """A time during which a clock stood still."""

    since: datetime
    until: datetime


Why = Literal[
    "day of the start", "counted", "make-up working day", "make-up day not worked", "weekend", "holiday", "paused",
    "after hours", "moved to a working day", "business hours",
]  # fmt: skip


class CountedDay(NamedTuple):
    """One line of the explanation of a deadline."""

    day: date
    number: int | None
    """Its number in the count; empty when the day was not counted."""
    why: Why
    """Counted, or why not."""
    name: str | None = None
    """Name of the holiday, or of the holiday that a make-up day makes up for."""


def runs_out(
    calendar: Calendar, start: datetime, span: Span, counting: Counting = PLAIN, pauses: Iterable[Interval] = ()
) -> Due:
    """When a span that starts at an instant runs out: for hours to the second, else at the end of the last day."""
    if isinstance(span, Hours):
        return Due(at=_after_hours(start.astimezone(UTC), timedelta(hours=span.hours), pauses))
    if isinstance(span, BusinessHours):
        at = _after_business_hours(calendar, start, span, counting, pauses)
        return Due(at=at, provisional=bool(unpublished(calendar, start, span, counting, pauses)))
    days = list(count(calendar, start, span, counting, pauses))
    provisional = bool(_unpublished(calendar, days, span, counting))
    return Due(at=end_of(calendar, days[-1].day, counting), provisional=provisional)


def end_of(calendar: Calendar, day: date, counting: Counting = PLAIN) -> datetime:
    """The instant at which a day ends for a clock, in UTC."""
    if counting.ends is DayEnd.CLOSE_OF_BUSINESS and calendar.closes:
        return calendar.at(day, calendar.closes)
    return calendar.end_of(day)


def _after_hours(start: datetime, length: timedelta, pauses: Iterable[Interval]) -> datetime:
    at, gone_on = start + length, start
    for pause in sorted(pauses):
        if pause.until > gone_on and pause.since < at:
            at += pause.until - max(pause.since, gone_on)
            gone_on = pause.until
    return at


def _after_business_hours(
    calendar: Calendar, start: datetime, span: BusinessHours, counting: Counting, pauses: Iterable[Interval]
) -> datetime:
    left = timedelta(hours=span.business_hours)
    for open_ in _open(calendar, start.astimezone(UTC), counting, sorted(pauses)):
        if open_.since + left <= open_.until:
            return open_.since + left
        left -= open_.until - open_.since
    raise AssertionError("there is always another working day")


def _open(calendar: Calendar, start: datetime, counting: Counting, pauses: list[Interval]) -> Iterator[Interval]:
    """When the firm is open from an instant on, without the times during which the clock stood still."""
    day = calendar.local(start).date()
    while True:
        if hours := calendar.office_hours(day, counting.makeup_days):
            since, until = max(start, hours[0]), hours[1]
            for pause in pauses:
                if pause.until > since and pause.since < until:
                    yield Interval(since, max(since, pause.since))
                    since = pause.until
            yield Interval(since, max(since, until))
        day += A_DAY


def unpublished(
    calendar: Calendar, start: datetime, span: Span, counting: Counting = PLAIN, pauses: Iterable[Interval] = ()
) -> set[int]:
    """The years whose holidays a count asks for, and that are not published."""
    return _unpublished(calendar, list(count(calendar, start, span, counting, pauses)), span, counting)


def _unpublished(calendar: Calendar, days: list[CountedDay], span: Span, counting: Counting) -> set[int]:
    by_calendar = isinstance(span, (BusinessDays, BusinessHours)) or counting.roll is not Roll.NONE
    if not days or not (by_calendar or counting.after_hours is AfterHours.NEXT_WORKING_DAY):
        return set()
    last = max(line.day for line in days)  # a count that rolls back has looked further than it ends
    return set(range(days[0].day.year, last.year + 1)) - set(calendar.published)


def count(
    calendar: Calendar, start: datetime, span: Span, counting: Counting = PLAIN, pauses: Iterable[Interval] = ()
) -> Iterator[CountedDay]:
    """Every day from the start to the last, counted or skipped with the reason. Hours have no days to count.

    A day is left out for a pause when the clock stood still as the day ended: paused on the 3rd and going on on the 8th
    leaves five days out.
    """
    if isinstance(span, Hours):
        return
    days = _Days(calendar, counting, isinstance(span, (BusinessDays, BusinessHours)), sorted(pauses))
    first = calendar.local(start).date()
    if isinstance(span, BusinessHours):
        last = calendar.local(_after_business_hours(calendar, start, span, counting, pauses)).date()
        yield from days.open(first, last)
        return
    if counting.after_hours is AfterHours.NEXT_WORKING_DAY:
        for line in days.put_off(calendar.local(start)):
            yield line
            first = line.day + A_DAY
    if counting.count_from is CountFrom.NEXT_DAY:
        yield CountedDay(first, None, "day of the start")
    last = first - A_DAY if counting.count_from is CountFrom.SAME_DAY else first
    for line in days.counted(last + A_DAY, _how_many(first, span)):
        yield line
        last = line.day
    yield from days.rolled(last)


def _how_many(first: date, span: Span) -> int:
    match span:
        case CalendarDays(calendar_days=days) | BusinessDays(business_days=days):
            return days
        case Weeks(weeks=weeks):
            return 7 * weeks
        case Months(months=months):
            return (add_months(first, months) - first).days
        case Hours() | BusinessHours():
            raise TypeError("hours have no days")


class _Days:
    """Says of each day whether it counts."""

    def __init__(self, calendar: Calendar, counting: Counting, business: bool, pauses: list[Interval]) -> None:
        self._calendar = calendar
        self._counting = counting
        self._business = business
        self._pauses = pauses

    def put_off(self, start: datetime) -> Iterator[CountedDay]:
        """The days on which something is not yet received, because it came after hours or on a day off."""
        day, closes = start.date(), self._calendar.closes
        if self._works(day) and closes and start.time() > closes:
            yield CountedDay(day, None, "after hours")
            day += A_DAY
        while not self._works(day):
            yield self._off(day)
            day += A_DAY

    def open(self, day: date, last: date) -> Iterator[CountedDay]:
        """Days up to the last, on which business hours count or not."""
        while day <= last:
            yield CountedDay(day, None, "business hours") if self._works(day) else self._off(day)
            day += A_DAY

    def counted(self, day: date, wanted: int) -> Iterator[CountedDay]:
        """Days until as many were counted as are wanted."""
        number = 0
        while number < wanted:
            line = self._skipped(day)
            if line is None:
                number += 1
                line = self._number(day, number)
            yield line
            day += A_DAY

    def rolled(self, last: date) -> Iterator[CountedDay]:
        """From a last day that is a day off to the working day on which the time runs out instead."""
        if self._counting.roll is Roll.NONE or self._works(last):
            return
        step = A_DAY if self._counting.roll is Roll.NEXT_WORKING_DAY else -A_DAY
        while line := self._skipped_over(last + step, step):
            last += step
            yield line
        yield CountedDay(last + step, None, "moved to a working day")

    def _skipped_over(self, day: date, step: timedelta) -> CountedDay | None:
        """Why a last day does not move to a day: it is one off, or the clock stood still as it ended."""
        if not self._works(day):
            return self._off(day)
        stood_still = step == A_DAY and self._paused(day)
        return CountedDay(day, None, "paused") if stood_still else None

    def _number(self, day: date, number: int) -> CountedDay:
        made_up = self._calendar.makeup_days.get(day) if self._business and day.weekday() >= 5 else None
        return CountedDay(day, number, "make-up working day" if made_up else "counted", made_up)

    def _skipped(self, day: date) -> CountedDay | None:
        if self._business and not self._works(day):
            return self._off(day)
        return CountedDay(day, None, "paused") if self._pauses and self._paused(day) else None

    def _off(self, day: date) -> CountedDay:
        if day in self._calendar.makeup_days:
            return CountedDay(day, None, "make-up day not worked", self._calendar.makeup_days[day])
        holiday = self._calendar.holidays.get(day)
        return CountedDay(day, None, "holiday" if holiday else "weekend", holiday)

    def _works(self, day: date) -> bool:
        return self._calendar.is_working_day(day, self._counting.makeup_days)

    def _paused(self, day: date) -> bool:
        ends = end_of(self._calendar, day, self._counting)
        return any(pause.since <= ends < pause.until for pause in self._pauses)
