"""The time that a report is about: civil days of one zone, the first and the last included."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)
DEFAULT_DAYS = 30
LONG = 92
"""Periods of more days than a quarter are told by month, shorter ones by week."""


class BadPeriod(ValueError):
    """What was asked for is no period; the text says in one sentence how to write one."""


class By(StrEnum):
    """How the course of a period is cut."""

    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True)
class Period:
    """Civil days from the first to the last, both included, in a zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The instant at which it begins, in UTC."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant at which it is over: it belongs to the next period already."""
        return self._midnight(self.last + DAY)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of as many days that ends where this one begins."""
        return Period(self.first - self.days * DAY, self.first - DAY, self.zone)

    def parts(self, by: By | None) -> list[Period]:
        """Its months or weeks (from Monday on), the first and last cut to fit; by itself as its length suggests."""
        if by is None:
            by = By.MONTH if self.days > LONG else By.WEEK
        ends = list(self._ends(by))
        firsts = [self.first, *(end + DAY for end in ends[:-1])]
        return [Period(first, last, self.zone) for first, last in zip(firsts, ends, strict=True)]

    def _ends(self, by: By) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            of_month = day.replace(day=calendar.monthrange(day.year, day.month)[1])
            end = min(of_month if by is By.MONTH else day + (6 - day.weekday()) * DAY, self.last)
            yield end
            day = end + DAY

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.first} .. {self.last}"


def place_of(parts: list[Period]) -> Callable[[datetime], int]:
    """Which of the parts, which follow one another, an instant belongs to."""
    begins = [part.since for part in parts]
    return lambda instant: bisect_right(begins, instant) - 1


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name such as Europe/London."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadPeriod(f"There is no time zone {name!r}; write it as Europe/London or Asia/Shanghai.") from None


def read_period(text: str | None, first: date | None, last: date | None, zone: ZoneInfo, today: date) -> Period:
    """What somebody asked for: 2026, 2026-Q3, 2026-08, 2026-W33, 2026-08-15, 2026-08-01..2026-08-15, or two dates.

    Nothing asked for means the last 30 days, today included.

    Raises:
        BadPeriod: it is none of these, or ends before it begins.
    """
    if text and (first or last):
        raise BadPeriod("Name a period, or --from and --to, but not both.")
    try:
        begin, end = _named(text) if text else (first, last or today)
        begin = begin or end - (DEFAULT_DAYS - 1) * DAY
        period = Period(begin, end, zone)
        _ = period.before.since, period.until  # some dates have no yesterday
    except (ValueError, OverflowError):
        raise BadPeriod(
            f"{text!r} is no period; write 2026, 2026-Q3, 2026-08, 2026-W33, 2026-08-15 or 2026-08-01..2026-08-15."
        ) from None
    if end < begin:
        raise BadPeriod(f"The period ends on {end}, before it begins on {begin}.")
    return period


def _named(text: str) -> tuple[date, date]:
    if two := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text):
        return date.fromisoformat(two[1]), date.fromisoformat(two[2])
    if week := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, monday + 6 * DAY
    if day := re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(day[0]), date.fromisoformat(day[0])
    if found := re.fullmatch(r"(\d{4})(?:-Q([1-4])|-(\d\d))?", text):
        return _months(*found.groups())
    raise ValueError(text)


def _months(year: str, quarter: str | None, month: str | None) -> tuple[date, date]:
    first = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    last = int(month) if month else 3 * int(quarter) if quarter else 12
    return date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1])
