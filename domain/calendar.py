"""Counting days: calendar days, business days, weeks, months and hours, kept apart by type.

A :class:`Calendar` is resolved once per complaint (see ``activities/rules.py``) and recorded with it, so that a change
of holiday data never moves a promise that was made.
"""

from __future__ import annotations

import calendar as civil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.model import Model

END_OF_DAY = time(23, 59, 59, fold=1)
"""The last second of a civil day: a deadline of the 15th may be kept until then, twice round when clocks go back."""

Count = Annotated[int, Field(gt=0, le=3_660)]


class Hours(Model):
    """A span of exact hours."""

    hours: Count
    """How many."""


class CalendarDays(Model):
    """A number of days, working or not."""

    calendar_days: Count
    """How many."""


class BusinessDays(Model):
    """A number of working days of the calendar."""

    business_days: Count
    """How many."""


class Weeks(Model):
    """A number of weeks of seven calendar days."""

    weeks: Count
    """How many."""


class Months(Model):
    """A number of calendar months; the 31st becomes the last day of a shorter month."""

    months: Count
    """How many."""


Span = Hours | CalendarDays | BusinessDays | Weeks | Months
"""A length of time with its day type."""


class CountFrom(StrEnum):
    """Which day is day one."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"


class CountedDay(Model):
    """One line of the day-by-day explanation of a deadline."""

    day: date
    """The civil day."""
    number: int | None
    """Its number in the count; empty when the day was skipped."""
    why: Literal["counted", "weekend", "holiday", "make-up working day"]
    """Counted, or why not."""
    name: str | None = None
    """Name of the holiday, or of the holiday that a make-up day makes up for."""


class Due(Model):
    """An instant at which time runs out."""

    at: datetime
    """The instant, in UTC."""
    provisional: bool = False
    """True when it lies in, or was counted through, a year whose holidays were not published yet."""


class Calendar(Model):
    """Working days of one country (and region), for the years that were resolved."""

    zone: str
    """IANA time zone in which civil days begin and end."""
    holidays: dict[date, str]
    """Days off with their names."""
    makeup_days: dict[date, str] = {}
    """Weekend days on which people work, with the holiday they make up for. Empty when the firm does not work them."""
    published: list[int]
    """Years whose holidays are final."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return day in self.makeup_days or (day.weekday() < 5 and day not in self.holidays)

    def local(self, instant: datetime) -> datetime:
        """The instant as the wall clock of the firm shows it."""
        return instant.astimezone(ZoneInfo(self.zone))

    def end_of(self, day: date) -> datetime:
        """The last second of a civil day, in UTC."""
        return datetime.combine(day, END_OF_DAY, ZoneInfo(self.zone)).astimezone(UTC)

    def after(self, start: datetime, span: Span, count_from: CountFrom = CountFrom.NEXT_DAY) -> Due:
        """When a span that starts at an instant runs out: for hours to the second, else at the end of the last day."""
        if isinstance(span, Hours):
            at = start.astimezone(UTC) + timedelta(hours=span.hours)
            return Due(at=at, provisional=False)
        last, skipped_by_calendar = self._last_day(self.local(start).date(), span, count_from)
        unpublished = skipped_by_calendar and any(
            year not in self.published for year in range(self.local(start).year, last.year + 1)
        )
        return Due(at=self.end_of(last), provisional=unpublished)

    def _last_day(self, first: date, span: Span, count_from: CountFrom) -> tuple[date, bool]:
        """The last day of the count, and whether it depends on holidays."""
        back = 1 if count_from is CountFrom.SAME_DAY else 0
        match span:
            case CalendarDays(calendar_days=days):
                return first + timedelta(days=days - back), False
            case Weeks(weeks=weeks):
                return first + timedelta(weeks=weeks, days=-back), False
            case Months(months=months):
                return _add_months(first, months) - timedelta(days=back), False
            case BusinessDays():
                *_, last = self.count(first, span, count_from)
                return last.day, True
            case Hours():
                raise TypeError("hours have no last day")

    def before(self, due: datetime, span: Span) -> datetime:
        """The instant that lies a span before a due instant: working time for business days, else exact days."""
        match span:
            case Hours(hours=hours):
                return due - timedelta(hours=hours)
            case CalendarDays(calendar_days=days):
                return due - timedelta(days=days)
            case Weeks(weeks=weeks):
                return due - timedelta(weeks=weeks)
            case Months(months=months):
                return due - timedelta(days=30 * months)
            case BusinessDays(business_days=left):
                local = self.local(due)
                day = local.date()
                while left:
                    day -= timedelta(days=1)
                    left -= self.is_working_day(day)
                return datetime.combine(day, local.time(), local.tzinfo).astimezone(UTC)

    def count(self, first: date, span: Span, count_from: CountFrom = CountFrom.NEXT_DAY) -> Iterator[CountedDay]:
        """Every day from the first to the last, counted or skipped with the reason. Hours have no days to count."""
        if isinstance(span, Hours):
            return
        day = first if count_from is CountFrom.SAME_DAY else first + timedelta(days=1)
        if isinstance(span, BusinessDays):
            yield from self._count_working_days(day, span.business_days)
            return
        last, _ = self._last_day(first, span, count_from)
        for number in range((last - day).days + 1):
            yield CountedDay(day=day + timedelta(days=number), number=number + 1, why="counted")

    def _count_working_days(self, day: date, days: int) -> Iterator[CountedDay]:
        number = 0
        while number < days:
            if self.is_working_day(day):
                number += 1
                made_up = self.makeup_days.get(day)
                yield CountedDay(
                    day=day, number=number, why="make-up working day" if made_up else "counted", name=made_up
                )
            else:
                holiday = self.holidays.get(day)
                yield CountedDay(day=day, number=None, why="holiday" if holiday else "weekend", name=holiday)
            day += timedelta(days=1)


def _add_months(day: date, months: int) -> date:
    month_index = day.year * 12 + day.month - 1 + months
    year, month = divmod(month_index, 12)
    return date(year, month + 1, min(day.day, civil.monthrange(year, month + 1)[1]))
