"""Instants as people read them: by the wall clock, and how far away."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from cli.law.shelf import directory

SOON = timedelta(days=1)
"""What is due within this time stands out."""


class Zones:
    """The zone of the firm to which a complaint was made: its days are those that count.

    It stands in the rule pack. Where the rule packs are not at hand, times are those of whoever looks.
    """

    def __init__(self) -> None:
        self._packs = directory()
        self._known = dict[str, tzinfo | None]()

    def of(self, rule_pack: str | None) -> tzinfo | None:
        """The zone in a rule pack of this name, if that can be read here."""
        if rule_pack is None:
            return None
        if rule_pack not in self._known:
            self._known[rule_pack] = self._read(rule_pack)
        return self._known[rule_pack]

    def _read(self, rule_pack: str) -> tzinfo | None:
        try:
            pack = tomllib.loads((self._packs / f"{rule_pack}.toml").read_text(encoding="utf-8"))
            return ZoneInfo(pack["calendar"]["zone"])
        except (OSError, ValueError, LookupError, TypeError):
            return None


def zone_of(file: Mapping[str, Any]) -> ZoneInfo:
    """The zone in which the days of a case file are counted; UTC as long as its rules are not known."""
    return ZoneInfo(file.get("zone") or "UTC")


def when(instant: datetime | None, zone: tzinfo | None = None) -> str:
    """By the wall clock of a zone; without one, of whoever looks."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}" if instant else ""


def distance(instant: datetime | None, now: datetime) -> Text:
    """How far away a due time is, such as "in 2 d 3 h" or "3 h late"."""
    if instant is None:
        return Text()
    if instant < now:
        return Text(f"{length(now - instant)} late", style="red")
    return Text(f"in {length(instant - now)}", style="yellow" if instant - now < SOON else "")


def length(span: timedelta) -> str:
    """A length of time by its two largest units."""
    days, seconds = divmod(int(span.total_seconds()), 86_400)
    hours, minutes = seconds // 3_600, seconds % 3_600 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
