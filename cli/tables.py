"""Complaints as tables in the terminal. What customers and staff wrote is printed as it is, never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from cli.times import distance, due, when
from client.listing import Overview
from domain.casefile import Clock
from domain.clocks import ClockView
from domain.tasks import OpenTask

LAST_ENTRIES = 15
LATE = {"breached", "met late"}
WORDY = {"what", "note", "source", "outcomes", "holds"}
"""Columns whose cells may take several lines."""
LEGIBLE = 16
"""Columns that they need at least."""
WITHOUT_LIMIT = 10_000

Cell = str | Text


class Rows:
    """A table where the terminal is wide enough for it; otherwise a block of lines per row."""

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        self._header = header
        self._rows = [[Text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Whichever of the two fits."""
        table = self._table()
        needed = Measurement.get(console, options.update(max_width=WITHOUT_LIMIT), table).minimum
        yield table if needed <= options.max_width else self._blocks()

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name, *cells in zip(self._header, *self._rows, strict=True):
            longest = max(cell_len(name), *(text.cell_len for text in cells), 0)
            needed = min(longest, LEGIBLE) if name in WORDY else longest
            table.add_column(name, overflow="fold", no_wrap=name not in WORDY, min_width=needed)
        for row in self._rows:
            table.add_row(*row)
        return table

    def _blocks(self) -> Table:
        blocks = Table.grid(padding=(0, 1, 0, 0))
        blocks.add_column(style="bold", no_wrap=True)
        blocks.add_column(overflow="fold")
        for row in self._rows:
            for name, cell in zip(self._header, row, strict=True):
                if cell.plain:
                    blocks.add_row(name, cell)
            blocks.add_row()
        return blocks


def overview_table(found: Iterable[Overview]) -> Rows:
    """The list of open complaints: red what is late, yellow what is due soon or needs somebody to look."""
    now = datetime.now(UTC)
    header = ["complaint", "stage", "tier", "owner", "reply due", "next action", "note"]
    return Rows(header, (_overview(one, now) for one in found))


def _overview(one: Overview, now: datetime) -> list[Cell]:
    marks = [Text("needs attention", style="yellow")] if one.attention else []
    marks += [Text("breached", style="red")] if one.breached else []
    marks += [Text(f"awaits {', '.join(one.departments)}")] if one.departments else []
    return [
        Text(one.reference, style="red" if one.late(now) else ""),
        one.stage,
        str(one.tier or ""),
        one.owner or "",
        due(one.reply_due, now),
        distance(one.next_action, now),
        Text("; ").join(marks),
    ]


def closed_table(found: Iterable[Overview]) -> Rows:
    """The list of closed complaints."""
    header = ["complaint", "outcome", "nature", "tier", "owner", "closed", "note"]
    return Rows(
        header,
        (
            [
                one.reference,
                one.outcome or "",
                one.nature or "",
                str(one.tier or ""),
                one.owner or "",
                when(one.closed_at),
                Text("breached", style="red") if one.breached else "",
            ]
            for one in found
        ),
    )


def task_table(tasks: Iterable[tuple[str, OpenTask]]) -> Rows:
    """Who must do what by when, over one complaint or several."""
    now = datetime.now(UTC)
    return Rows(
        ["complaint", "task", "what", "whose turn", "due", "message"],
        (
            [reference, task.id, task.what, _whose_turn(task), due(task.due, now), task.message]
            for reference, task in tasks
        ),
    )


def _whose_turn(task: OpenTask) -> str:
    return f"{task.person} ({task.role})" if task.person else task.department or task.role


def clock_table(clocks: Iterable[ClockView]) -> Rows:
    """Every clock with its state, and how much time those have that still tick."""
    now = datetime.now(UTC)
    return Rows(["clock", "what", "due", "state", "source"], (_clock(clock, now) for clock in clocks))


def _clock(clock: ClockView, now: datetime) -> list[Cell]:
    state = Text(clock.state, style="red" if clock.state in LATE else "")
    if clock.state == "running":
        state = distance(clock.due_at, now)
    due_local = clock.due_local + (" (provisional)" if clock.provisional else "")
    return [clock.id, clock.subject, due_local, state, clock.source or ""]


def archived_clocks(file: Mapping[str, Any]) -> Rows:
    """The clocks of a complaint that only the archive knows any more."""
    zone = ZoneInfo(file.get("zone") or "UTC")
    clocks = map(Clock.model_validate, file.get("clocks", []))
    return Rows(
        ["clock", "what", "due", "state"],
        (
            [one.id, one.subject, when(one.due_at, zone), Text(one.state, style="red" if one.state in LATE else "")]
            for one in clocks
        ),
    )


def case_sheet(reference: str, file: Mapping[str, Any]) -> Group:
    """The head of a case file and the last lines of its journal."""
    head = Table.grid(padding=(0, 2))
    for name, value in _head(reference, file).items():
        head.add_row(Text(name, style="bold"), Text(value))
    entries = file.get("journal", [])[-LAST_ENTRIES:]
    journal = Rows(
        ["", "when", "what", "who", "note"],
        (
            [
                str(entry["number"]),
                when(datetime.fromisoformat(entry["at"])),
                entry["what"],
                (entry.get("by") or {}).get("id", ""),
                entry.get("note", ""),
            ]
            for entry in entries
        ),
    )
    return Group(head, Text(), journal)


def _head(reference: str, file: Mapping[str, Any]) -> dict[str, str]:
    if file["stage"] == "unreadable":
        return {
            "complaint": reference,
            "stage": "unreadable",
            "reason": file["reason"] or "it is being read",
            "messages waiting": str(file["waiting"]),
        }
    complaint, owners = file["complaint"], file.get("owners", [])
    return {
        "complaint": reference,
        "stage": file["stage"],
        "outcome": file.get("outcome") or "",
        "tier": str(file["tier"]),
        "owner": owners[-1]["owner"]["id"] if owners else "nobody yet",
        "rule pack": complaint["rule_pack"],
        "received": f"{when(datetime.fromisoformat(complaint['received_at']))} by {complaint['channel']}",
        "product": complaint["subject"]["product"],
        "summary": complaint["summary"],
    }
