"""The count of a clock, a line for each day: in a terminal, days that were not counted stand back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from cli.tables import LATE
from domain.clock_view import ClockView

SKIPPED = "yellow"
NOT_COUNTED = "not counted"


def count_of(clock: ClockView) -> Iterator[Text]:
    """A clock with its source, what moved it, and every day of its count."""
    yield heading(clock.id, f"{clock.subject}: {clock.state}", late=clock.state in LATE)
    if clock.source:
        yield Text(clock.source)
    for move in clock.moves:
        yield Text(f"moved {move}")
    yield from day_lines(clock.explanation)


def heading(name: str, what: str, late: bool = False) -> Text:
    """The line above a count."""
    return Text.assemble((name, "bold red" if late else "bold"), f"  {what}")


def day_lines(lines: Iterable[str]) -> Iterator[Text]:
    """The lines of a count."""
    for line in lines:
        style = SKIPPED if NOT_COUNTED in line else "bold" if line.startswith("due ") else ""
        yield Text(f"  {line}", style=style)
