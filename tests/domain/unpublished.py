"""Complaints with a deadline counted through a year that is not published yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.calendar import BusinessDays, Calendar
from domain.casefile import ErrandKind
from domain.clockrules import ClockKind
from domain.effects import Calendars
from domain.pinned import PinnedRules
from tests.domain.cases import Case, rules
from tests.domain.pinned import changed, owned_at_top, published

RECEIVED = "2026-12-21T10:00:00+08:00"
TEN = BusinessDays(business_days=10)
NEW_YEAR = {date(2027, 1, day): "New Year's Day" for day in (1, 2, 3)}
LONGER = NEW_YEAR | {date(2027, 1, 4): "New Year's Day", date(2027, 1, 5): "New Year's Day"}


def estimated(**law: Any) -> PinnedRules:
    """The law counts business days through 2027, of which only the holidays by statute are known."""
    pinned = changed(rules(), ClockKind.LAW, **{"length": TEN} | law)
    calendar = pinned.calendar.model_copy(
        update={"holidays": kept(pinned.calendar, {date(2027, 1, 1): "New Year's Day"})}
    )
    return published(pinned.model_copy(update={"calendar": calendar}), 2025, 2026)


def kept(calendar: Calendar, more: dict[date, str]) -> dict[date, str]:
    return {day: name for day, name in calendar.holidays.items() if day.year < 2027} | more


def handled(pinned: PinnedRules, received: str = RECEIVED) -> Case:
    """Owned at the top of its ladder."""
    return owned_at_top(pinned, received)


def news(case: Case, holidays: dict[date, str], *years: int, pack: str = "cn-banking") -> Calendars:
    """What the packs say of these years now."""
    calendar = case.file.pinned().calendar.model_copy(update={"holidays": holidays, "published": list(years)})
    return Calendars(by_pack={pack: calendar})


def read(case: Case, answer: Calendars) -> None:
    """A week later the calendars are read."""
    case.wait(days=8)
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, answer)
