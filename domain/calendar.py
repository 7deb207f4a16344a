"""Lengths of time, kept apart by type: calendar and business days, weeks, months, hours; and the working days.

A :class:`Calendar` is resolved once per complaint (see ``activities/rules.py``) and recorded with it, so that a change
of holiday data never moves a promise that was made. :mod:`domain.counting` counts.
"""

from __future__ import annotations

import calendar as civil
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
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


class BusinessHours(Model):
    """A span of hours that count only while the firm is open: from opening to close of business on working days."""

    business_hours: Count
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


Span = Hours | BusinessHours | CalendarDays | BusinessDays | Weeks | Months
"""A length of time with its day type."""


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
    """Weekend days on which the country works, with the holiday they make up for."""
    makeup_worked: bool = False
    """Whether the firm works them too; a clock may say otherwise."""
    published: list[int]
    """Years whose holidays are final."""
    opens: time | None = None
    """Opening, by the wall clock; empty where nothing is counted in business hours."""
    closes: time | None = None
    """Close of business, by the wall clock; empty where nothing asks for it."""

    def is_working_day(self, day: date, makeup_worked: bool | None = None) -> bool:
        """Whether people work on this day; ``makeup_worked`` overrules what the firm does on make-up days."""
        made_up = self.makeup_worked if makeup_worked is None else makeup_worked
        return (made_up and day in self.makeup_days) or (day.weekday() < 5 and day not in self.holidays)

    def with_years(self, newer: Calendar, years: Iterable[int]) -> Calendar:
        """The same calendar with the days of some years as another one has them, where they are published."""
        wanted = set(years)

        def days(mine: dict[date, str], theirs: dict[date, str]) -> dict[date, str]:
            kept = {day: name for day, name in mine.items() if day.year not in wanted}
            return dict(sorted((kept | {day: name for day, name in theirs.items() if day.year in wanted}).items()))

        return self.model_copy(
            update={
                "holidays": days(self.holidays, newer.holidays),
                "makeup_days": days(self.makeup_days, newer.makeup_days),
                "published": sorted({*self.published, *wanted}),
            }
        )

    def local(self, instant: datetime) -> datetime:
        """The instant as the wall clock of the firm shows it."""
        return instant.astimezone(ZoneInfo(self.zone))

    def end_of(self, day: date) -> datetime:
        """The last second of a civil day, in UTC."""
        return self.at(day, END_OF_DAY)

    def at(self, day: date, wall_clock: time) -> datetime:
        """The instant at which the wall clock of the firm shows a time of a day, in UTC."""
        return datetime.combine(day, wall_clock, ZoneInfo(self.zone)).astimezone(UTC)

    def office_hours(self, day: date, makeup_worked: bool | None = None) -> tuple[datetime, datetime] | None:
        """From when to when the firm is open on a day, in UTC; nothing on a day off."""
        if not self.is_working_day(day, makeup_worked):
            return None
        return self.at(day, self.opens or time.min), self.at(day, self.closes or END_OF_DAY)

    def before(self, due: datetime, span: Span, makeup_worked: bool | None = None) -> datetime:
        """The instant that lies a span before a due instant: hours of either kind, else days by the wall clock."""
        if isinstance(span, Hours):
            return due - timedelta(hours=span.hours)
        if isinstance(span, BusinessHours):
            return self._business_hours_before(due, timedelta(hours=span.business_hours), makeup_worked)
        local = self.local(due)
        return self.at(self._day_before(local.date(), span, makeup_worked), local.time())

    def _business_hours_before(self, due: datetime, left: timedelta, makeup_worked: bool | None) -> datetime:
        day = self.local(due).date()
        while True:
            if hours := self.office_hours(day, makeup_worked):
                opened, closed = hours[0], min(hours[1], due)
                if closed - opened >= left:
                    return closed - left
                left -= max(closed - opened, timedelta())
            day -= timedelta(days=1)

    def _day_before(self, day: date, span: CalendarDays | BusinessDays | Weeks | Months, made_up: bool | None) -> date:
        match span:
            case CalendarDays(calendar_days=days):
                return day - timedelta(days=days)
            case Weeks(weeks=weeks):
                return day - timedelta(weeks=weeks)
            case Months(months=months):
                return add_months(day, -months)
            case BusinessDays(business_days=left):
                while left:
                    day -= timedelta(days=1)
                    left -= self.is_working_day(day, made_up)
                return day


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the 31st becomes the last day of a shorter one."""
    month_index = day.year * 12 + day.month - 1 + months
    year, month = divmod(month_index, 12)
    return date(year, month + 1, min(day.day, civil.monthrange(year, month + 1)[1]))
