"""The working days of a country and region, from the holiday data and from what a rule pack announces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import holidays

from domain.calendar import Calendar
from domain.rulepack import Announced, CalendarRule, Place

ANNOUNCED_YEARLY = frozenset({"CN"})
"""Countries whose government fixes the days off of each year anew; elsewhere holidays follow from the law itself."""

YEARS_AROUND = range(-1, 3)
"""A complaint's clocks reach back over one turn of the year at most, and two ahead."""


def years_around(*days: date) -> tuple[int, ...]:
    """The years that a complaint may need, which was received and is opened on these days."""
    years = {day.year + offset for day in days for offset in YEARS_AROUND}
    return tuple(sorted(year for year in years if date.min.year <= year <= date.max.year))


def holiday_data(place: Place, years: tuple[int, ...], bank_holidays: bool) -> holidays.HolidayBase:
    """The public holidays of a place.

    Raises:
        NotImplementedError: no holidays are known for it.
    """
    supported = holidays.country_holidays(place.country, subdiv=place.region).supported_categories
    categories = {"public", "bank"} & set(supported) if bank_holidays else {"public"}
    return holidays.country_holidays(
        place.country, subdiv=place.region, years=years, language="en_US", categories=categories
    )


def calendar(rule: CalendarRule, place: Place, years: tuple[int, ...]) -> Calendar:
    """The calendar of some years."""
    source = holiday_data(place, years, rule.bank_holidays)
    moved = dict(_moved_days(source, years))
    named = {day: name for day, name in source.items() if day.year in years and day not in moved}
    names = {off: _nearest(named, off) for off in moved}
    off_days = {off: f"{names[off]} (worked on {worked})" for off, worked in moved.items()}
    made_up = {worked: names[off] for off, worked in moved.items()}
    announced = _announced(rule.announced, years)
    return Calendar(
        zone=place.zone,
        holidays=_without(named | off_days | announced.holidays, announced.worked),
        makeup_days=dict(sorted((made_up | announced.makeup_days).items())),
        makeup_worked=rule.makeup_days,
        published=_published(source, rule, years),
        opens=rule.opens,
        closes=rule.closes,
    )


def _announced(by_year: Mapping[int, Announced], years: tuple[int, ...]) -> Announced:
    """What a pack announces for some years, in one."""
    known = [by_year[year] for year in years if year in by_year]
    return Announced(
        holidays={day: name for one in known for day, name in one.holidays.items()},
        makeup_days={day: name for one in known for day, name in one.makeup_days.items()},
        worked=[day for one in known for day in one.worked],
    )


def _without(days: dict[date, str], worked: list[date]) -> dict[date, str]:
    return {day: name for day, name in sorted(days.items()) if day not in worked}


def _moved_days(source: holidays.HolidayBase, years: tuple[int, ...]) -> Iterator[tuple[date, date]]:
    """Days off that the government made by moving work to a weekend, with the weekend day that is worked for each."""
    for year in years:
        for entry in _special(source).get(year, ()):
            match entry:
                case (int(month), int(day), int(worked_month), int(worked_day), *other_year):
                    worked_year = other_year[0] if other_year else year
                    yield date(year, month, day), date(worked_year, worked_month, worked_day)


def _special(source: holidays.HolidayBase) -> Mapping[int, Iterable[Any]]:
    """The days that a government fixed for single years; most countries have none at all."""
    special: Mapping[int, Iterable[Any]] = getattr(source, "special_public_holidays", {})
    return special


def _nearest(named: dict[date, str], off: date) -> str:
    """The holiday that a moved day off belongs to: the next one on the calendar, before or after."""
    return named[min(named, key=lambda day: abs(day - off))].removesuffix(" (observed)")


def _published(source: holidays.HolidayBase, rule: CalendarRule, years: tuple[int, ...]) -> list[int]:
    announced = {year for year, days in rule.announced.items() if days.complete}
    if source.country in ANNOUNCED_YEARLY:
        return [year for year in years if year in _special(source) or year in announced]
    return [year for year in years if source.start_year <= year <= source.end_year]
