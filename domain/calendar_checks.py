"""What the calendar of a rule pack must keep to."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from domain.counting import AfterHours, DayEnd
from domain.rulepack import RulePack
from domain.toml_lines import KeyPath
from domain.wording import Problem

SATURDAY = 5


def check_calendar(pack: RulePack) -> Iterator[Problem]:
    """Zones exist, announced days lie in their year, and close of business is known where a clock asks for it."""
    yield from _check_zone(("calendar", "zone"), pack.calendar.zone)
    for code, place in pack.calendar.places.items():
        yield from _check_zone(("calendar", "places", code, "zone"), place.zone)
    yield from _check_announced(pack)
    if pack.calendar.closes is None:
        for kind, clock in pack.clocks.items():
            if clock.ends is DayEnd.CLOSE_OF_BUSINESS or clock.after_hours is AfterHours.NEXT_WORKING_DAY:
                yield (
                    ("calendar", "closes"),
                    f"is missing: the clock {kind} asks for it, so write one such as 17:00:00",
                )


def _check_zone(path: KeyPath, zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        yield path, f"{zone!r} is no IANA time zone: write one such as Asia/Shanghai"


def _check_announced(pack: RulePack) -> Iterator[Problem]:
    for year, days in pack.calendar.announced.items():
        path: KeyPath = ("calendar", "announced", str(year))
        for field, dates in (("holidays", days.holidays), ("makeup_days", days.makeup_days), ("worked", days.worked)):
            for day in dates:
                if day.year != year:
                    yield (*path, field), f"{day} is not in {year}: write it under its own year"
        for day in days.makeup_days:
            if day.weekday() < SATURDAY:
                yield (*path, "makeup_days"), f"{day} is a {day:%A}: only weekend days make up for holidays"
