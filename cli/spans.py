"""Lengths of time as people type and read them."""

from __future__ import annotations

import re
from datetime import timedelta

import typer

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
NAMES = {"d": "day", "h": "hour", "m": "minute", "s": "second"}


def span(text: str | timedelta) -> timedelta:
    """Read ``30s``, ``5m``, ``24h`` or ``90d``; anything else is wrong usage, and says so."""
    if isinstance(text, timedelta):  # typer reads the default as well
        return text
    found = re.fullmatch(r"([1-9]\d{0,4})([dhms])", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a length of time; write it as 30s, 5m, 24h or 90d.")
    return int(found[1]) * UNITS[found[2]]


def lasting(length: timedelta) -> str:
    """The length in its largest unit that leaves little out: 36 hours are not called one day."""
    letter = next((letter for letter, unit in UNITS.items() if length >= 2 * unit or length == unit), "s")
    number = length // UNITS[letter]
    return f"{number} {NAMES[letter]}{'' if number == 1 else 's'}"
