"""Instants as people read them: by the wall clock, and how far away."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from rich.text import Text

SOON = timedelta(days=1)
"""What is due within this time stands out."""


def when(instant: datetime | None, zone: tzinfo | None = None) -> str:
    """By the wall clock of a zone; without one, of whoever looks."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}" if instant else ""


def due(instant: datetime | None, now: datetime) -> Text:
    """A due time with how far away it is: red when it has passed, yellow when it comes soon."""
    if instant is None:
        return Text()
    return Text(f"{when(instant)} ") + distance(instant, now)


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
