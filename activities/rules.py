"""Resolving the rules of a complaint: its packs, their calendars, and nothing that a later edit could change."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calendars import years_around
from activities.pack_files import LoadedPack, load, load_selection, pack_paths
from activities.pinning import NotApplicable, calendar_for, check_kind, spoken
from domain.calendar import Calendar
from domain.effects import Calendars, CalendarsQuery, RulesQuery
from domain.packs import PackError
from domain.pinned import PROCEDURE, PinnedRules, beside, leading
from domain.selection import Chosen, choose


class Rules:
    """Rule packs of one directory. A pack is read again when its file changes; complaints keep what they were given."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @activity.defn(name="resolve_rules")
    async def resolve_rules(self, query: RulesQuery) -> PinnedRules:
        """Choose and read the rule packs, and the holidays of the years that the complaint may need."""
        try:
            return await asyncio.to_thread(self._resolve, query)
        except NotApplicable as reason:
            raise _refusal(reason.code, reason.sentence) from None

    def _resolve(self, query: RulesQuery) -> PinnedRules:
        chosen = self._choose(query)
        if chosen.leads is None:
            raise _refusal("RulePackNotChosen", _nothing_fits(query))
        leads, *others = (self._load(name) for name in (chosen.leads, *chosen.beside))
        check_kind(query.kind, [leads, *others])
        calendar = _calendar(leads, query)
        language = spoken(leads, query.language)
        pack = leading(leads.pack, query.kind, language)
        joined = [beside(other.pack, _calendar(other, query), query.kind, language) for other in others]
        return PinnedRules(
            pack=pack, calendar=calendar, beside=joined, chosen=chosen.why, language=language, procedure=PROCEDURE
        )

    @activity.defn(name="resolve_calendars")
    async def resolve_calendars(self, query: CalendarsQuery) -> Calendars:
        """Read calendars again. A pack that vanished or cannot be read has no news; it is asked again another time."""
        return await asyncio.to_thread(self._published, query)

    def _published(self, query: CalendarsQuery) -> Calendars:
        found: dict[str, Calendar] = {}
        for name, years in query.years.items():
            try:
                loaded = load(self._directory / f"{name}.toml")
                read = loaded.calendar(query.jurisdiction, years_around(*(date(year, 1, 1) for year in years)))
            except (OSError, PackError, LookupError) as why:
                activity.logger.warning("The calendar of rule pack %s could not be read again: %s", name, why)
                continue
            if set(years) & set(read.published):
                found[name] = read
        return Calendars(by_pack=found)

    def _choose(self, query: RulesQuery) -> Chosen:
        try:
            return choose(load_selection(self._directory), query)
        except FileNotFoundError:
            if query.rule_pack:
                return Chosen(leads=query.rule_pack, beside=query.also_under, why="")
            raise _refusal("SelectionMissing", "without selection.toml a complaint must name a rule_pack") from None
        except PackError as error:
            raise _refusal("SelectionInvalid", str(error)) from None
        except OSError as error:
            raise _refusal("SelectionInvalid", f"selection.toml cannot be read: {error.strerror}") from None

    def _load(self, name: str) -> LoadedPack:
        try:
            return load(self._directory / f"{name}.toml")
        except FileNotFoundError:
            known = ", ".join(file.stem for file in pack_paths(self._directory)) or "none"
            raise _refusal("RulePackUnknown", f"there is no rule pack {name}; known are: {known}") from None
        except PackError as error:
            raise _refusal("RulePackInvalid", str(error)) from None
        except OSError as error:
            raise _refusal("RulePackInvalid", f"the rule pack {name} cannot be read: {error.strerror}") from None


def _calendar(loaded: LoadedPack, query: RulesQuery) -> Calendar:
    today = datetime.now(UTC).date()
    return calendar_for(loaded, query.jurisdiction, query.received_at, today)


def _nothing_fits(query: RulesQuery) -> str:
    about = ", ".join(query.products)
    return f"no rule of selection.toml fits {query.jurisdiction} ({about}, by {query.channel}): name a rule_pack"


def _refusal(code: str, sentence: str) -> ApplicationError:
    return ApplicationError(sentence, type=code, non_retryable=True)
