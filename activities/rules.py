"""Resolving the rules of a complaint: its rule pack, its calendar, and nothing that a later edit could change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.settings import SettingsError
from domain.calendar import Calendar
from domain.effects import RulesQuery
from domain.packs import PackError, parse_pack
from domain.rulepack import CalendarRule, PinnedRules, RulePack
from domain.toml_lines import TomlLines

ANNOUNCED_YEARLY = frozenset({"CN"})
"""Countries whose government fixes the days off of each year anew; elsewhere holidays follow from the law itself."""

YEARS_AROUND = range(-1, 3)
"""A complaint's clocks reach back over one turn of the year at most, and two ahead."""


def read_packs(directory: Path) -> list[RulePack]:
    """Every rule pack of a directory, in the order of their names.

    Raises:
        SettingsError: there is none, or one of them cannot be used.
    """
    files = sorted(directory.glob("*.toml"))
    if not files:
        raise SettingsError(
            f"There is no rule pack in {directory.absolute()}; set COMPLAINTS_RULEPACKS to their directory."
        )
    return [read_pack(file) for file in files]


def read_pack(file: Path) -> RulePack:
    """One rule pack, or SettingsError with the line that is wrong."""
    try:
        return _read(file, file.stat().st_mtime_ns)
    except PackError as wrong:
        first, *more = wrong.problems
        raise SettingsError(
            f"The rule pack {file.stem} cannot be used: {first}{f' (and {len(more)} more)' if more else ''}."
        ) from None
    except OSError as wrong:
        raise SettingsError(f"The rule pack {file} cannot be read: {(wrong.strerror or 'unknown').lower()}.") from None


def published_years(pack: RulePack, years: tuple[int, ...]) -> list[int]:
    """The years whose holidays are known for certain; a deadline in another one is provisional."""
    return _calendar(pack.calendar, years).published


class Rules:
    """Rule packs of one directory. A pack is read again when its file changes; complaints keep what they were given."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @activity.defn(name="resolve_rules")
    async def resolve_rules(self, query: RulesQuery) -> PinnedRules:
        """Read the rule pack and the holidays of the years that the complaint may need."""
        return await asyncio.to_thread(self._resolve, query)

    def _resolve(self, query: RulesQuery) -> PinnedRules:
        pack = self._load(query.rule_pack)
        zone = ZoneInfo(pack.calendar.zone)
        received = query.received_at.astimezone(zone).date()
        if received < pack.valid_from:
            raise _refusal(
                "RulePackNotYetValid",
                f"rule pack {pack.name} is valid from {pack.valid_from}; the complaint was received on {received}",
            )
        if query.language not in pack.letters:
            raise _refusal("RulePackLanguageMissing", f"rule pack {pack.name} has no letters in {query.language!s}")
        letters = {query.language: pack.letters[query.language]}
        calendar = _calendar(pack.calendar, _years(received, datetime.now(zone).date()))
        return PinnedRules(pack=pack.model_copy(update={"letters": letters}), calendar=calendar)

    def _load(self, name: str) -> RulePack:
        path = self._directory / f"{name}.toml"
        try:
            return _read(path, path.stat().st_mtime_ns)
        except FileNotFoundError:
            known = ", ".join(sorted(file.stem for file in self._directory.glob("*.toml"))) or "none"
            raise _refusal("RulePackUnknown", f"there is no rule pack {name}; known are: {known}") from None
        except PackError as error:
            raise _refusal("RulePackInvalid", str(error)) from None


def _refusal(code: str, sentence: str) -> ApplicationError:
    return ApplicationError(sentence, type=code, non_retryable=True)


@lru_cache(maxsize=64)
def _read(path: Path, changed_at: int) -> RulePack:
    """Read and check a pack, once per state of its file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackError([f"{path}:1: is not UTF-8 ({error.reason}): save it in that encoding"]) from None
    pack = parse_pack(text, str(path))
    try:
        _holidays(pack.calendar, (pack.valid_from.year,))
    except NotImplementedError as error:
        line = TomlLines(text).of(("calendar", "country"))
        raise PackError([f"{path}:{line}: calendar: no holidays are known for it: {error}"]) from None
    return pack


def _years(*days: date) -> tuple[int, ...]:
    years = {day.year + offset for day in days for offset in YEARS_AROUND}
    return tuple(sorted(year for year in years if date.min.year <= year <= date.max.year))


@lru_cache(maxsize=256)
def _calendar(rule: CalendarRule, years: tuple[int, ...]) -> Calendar:
    """The calendar of some years. Shared by all complaints that need the same ones, and never changed."""
    source = _holidays(rule, years)
    moved = dict(_moved_days(source, years))
    named = {day: name for day, name in source.items() if day.year in years and day not in moved}
    names = {off: _nearest(named, off) for off in moved}
    off_days = {off: f"{names[off]} (worked on {worked})" for off, worked in moved.items()}
    return Calendar(
        zone=rule.zone,
        holidays=dict(sorted({**named, **off_days}.items())),
        makeup_days={worked: names[off] for off, worked in sorted(moved.items())} if rule.makeup_days else {},
        published=_published(source, years),
    )


def _holidays(rule: CalendarRule, years: tuple[int, ...]) -> holidays.HolidayBase:
    return holidays.country_holidays(rule.country, subdiv=rule.region, years=years, language="en_US")


def _moved_days(source: holidays.HolidayBase, years: tuple[int, ...]) -> Iterator[tuple[date, date]]:
    """Days off that the government made by moving work to a weekend, with the weekend day that is worked for each."""
    for year in years:
        for entry in source.special_public_holidays.get(year, ()):
            match entry:
                case (int(month), int(day), int(worked_month), int(worked_day), *other_year):
                    worked_year = other_year[0] if other_year else year
                    yield date(year, month, day), date(worked_year, worked_month, worked_day)


def _nearest(named: dict[date, str], off: date) -> str:
    """The holiday that a moved day off belongs to: the next one on the calendar, before or after."""
    return named[min(named, key=lambda day: abs(day - off))].removesuffix(" (observed)")


def _published(source: holidays.HolidayBase, years: tuple[int, ...]) -> list[int]:
    if source.country in ANNOUNCED_YEARLY:
        return [year for year in years if year in source.special_public_holidays]
    return [year for year in years if source.start_year <= year <= source.end_year]
