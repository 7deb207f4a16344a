"""The count of a clock, a line for each day: in a terminal, days that were not counted stand out."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.tables import LATE
from domain.clock_view import NOT_COUNTED, ClockView
from domain.clocks import REPLY_KINDS

SKIPPED = "yellow"
RUNNING = {"running", "paused"}


def owed(clock: ClockView) -> bool:
    """Whether a clock measures a reply that is still owed in time."""
    return clock.kind in REPLY_KINDS and clock.state in RUNNING


def count_of(clock: ClockView) -> Group:
    """A clock with its source, what moved it, and every day of its count."""
    facts = [("rule", clock.source or ""), *(("moved", move) for move in clock.moves)]
    facts += [("warns", warning) for warning in clock.warnings]
    head = heading(clock.id, f"{clock.subject}: {clock.state}", late=clock.state in LATE)
    return Group(head, labelled(facts), *day_lines(clock.explanation))


def heading(name: str, what: str, late: bool = False) -> Text:
    """The line above a count."""
    return Text.assemble((name, "bold red" if late else "bold"), f"  {what}")


def labelled(facts: Iterable[tuple[str, str]]) -> Table:
    """Sentences with what they are about; those without words are left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, words in facts:
        if words:
            table.add_row(f"  {label}", Text(words))
    return table


def day_lines(lines: Iterable[str]) -> Iterable[Text]:
    """The lines of a count."""
    for line in lines:
        style = SKIPPED if NOT_COUNTED in line else "bold" if line.startswith(("due ", "would be ")) else ""
        yield Text(f"  {line}", style=style)
