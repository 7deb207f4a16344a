"""What the calendar of a rule pack must keep to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import BusinessHours
from domain.counting import AfterHours, DayEnd
from domain.model import Model
from domain.rulepack import RulePack
from domain.spans import OPEN_AT_LEAST
from domain.toml_lines import KeyPath
from domain.wording import Problem

SATURDAY = 5


def check_calendar(pack: RulePack) -> Iterator[Problem]:
    """Zones exist, announced days lie in their year, and opening and close are known where something asks for them."""
    yield from _check_zone(("calendar", "zone"), pack.calendar.zone)
    for code, place in pack.calendar.places.items():
        yield from _check_zone(("calendar", "places", code, "zone"), place.zone)
    yield from _check_announced(pack)
    yield from _check_office_hours(pack)
    if pack.calendar.closes is None:
        for kind, clock in pack.clocks.items():
            if clock.ends is DayEnd.CLOSE_OF_BUSINESS or clock.after_hours is AfterHours.NEXT_WORKING_DAY:
                yield (
                    ("calendar", "closes"),
                    f"is missing: the clock {kind} asks for it, so write one such as 17:00:00",
                )


def _check_office_hours(pack: RulePack) -> Iterator[Problem]:
    if not _in_business_hours(pack):
        return
    opens, closes = pack.calendar.opens, pack.calendar.closes
    for field, value in (("opens", opens), ("closes", closes)):
        if value is None:
            yield (
                ("calendar", field),
                "is missing: something is counted in business hours, so write one such as 09:00:00",
            )
    if opens and closes and _minutes(closes) - _minutes(opens) < 60 * OPEN_AT_LEAST:
        yield ("calendar", "closes"), f"must be at least {OPEN_AT_LEAST} hours after opens ({opens:%H:%M})"


def _minutes(wall_clock: time) -> int:
    return 60 * wall_clock.hour + wall_clock.minute


def _in_business_hours(value: Any) -> bool:
    """Whether anything in a pack is counted in business hours."""
    match value:
        case BusinessHours():
            return True
        case Model():
            return any(_in_business_hours(getattr(value, name)) for name in type(value).model_fields)
        case dict():
            return any(map(_in_business_hours, value.values()))
        case list():
            return any(map(_in_business_hours, value))
    return False


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
