"""Complaints as tables in the terminal. What customers and staff wrote is printed as it is, never read as markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from client.gateway import Overview
from demo.recorded import Replay
from domain.clocks import ClockView
from domain.tasks import OpenTask
from intake.bulk import Summary

LAST_ENTRIES = 15
LATE = {"breached", "met late"}


def overview_table(found: Iterable[Overview]) -> Table:
    """The list of open complaints."""
    return _table(
        ["complaint", "stage", "tier", "owner", "reply due", "next action", ""],
        (
            [
                one.reference,
                one.stage,
                str(one.tier or ""),
                one.owner or "",
                _when(one.reply_due),
                _when(one.next_action),
                "attention" if one.attention else "breached" if one.breached else "",
            ]
            for one in found
        ),
    )


def task_table(tasks: Iterable[tuple[str, OpenTask]]) -> Table:
    """Who must do what by when, over one complaint or several."""
    return _table(
        ["complaint", "task", "what", "whose turn", "due", "message"],
        (
            [reference, task.id, task.what, task.person or task.department or task.role, _when(task.due), task.message]
            for reference, task in tasks
        ),
    )


def ready_commands(reference: str, tasks: Iterable[OpenTask]) -> Group:
    """The command for each task, to be completed where it says <...>."""
    return Group(
        *(
            Text(f"starter.py send {reference} {task.message} '{json.dumps(task.ready, ensure_ascii=False)}'")
            for task in tasks
        )
    )


def clock_table(clocks: Iterable[ClockView]) -> Table:
    """Every clock with its state."""
    return _table(
        ["clock", "what", "due", "state", "source"],
        (
            [
                clock.id,
                clock.subject,
                clock.due_local + (" (provisional)" if clock.provisional else ""),
                clock.state,
                clock.source or "",
            ]
            for clock in clocks
        ),
        style=lambda cells: "red" if cells[3] in LATE else "",
    )


def case_sheet(reference: str, file: Mapping[str, Any]) -> Group:
    """The head of a case file and the last lines of its journal."""
    head = Table.grid(padding=(0, 2))
    for name, value in _head(reference, file).items():
        head.add_row(Text(name, style="bold"), Text(value))
    entries = file.get("journal", [])[-LAST_ENTRIES:]
    journal = _table(
        ["", "when", "what", "who", "note"],
        (
            [
                str(entry["number"]),
                _when(datetime.fromisoformat(entry["at"])),
                entry["what"],
                (entry.get("by") or {}).get("id", ""),
                entry.get("note", ""),
            ]
            for entry in entries
        ),
    )
    return Group(head, Text(), journal)


def recorded_table(replayed: Replay) -> Group:
    """What the companies did, and what came out here."""
    table = _table(
        ["recorded response", "complaints", "outcomes", "paid", "law ran out", "second cycle"],
        (
            [
                one.recorded,
                str(one.complaints),
                ", ".join(f"{number} {outcome}" for outcome, number in one.outcomes.items()),
                str(one.with_money),
                str(one.answered_late),
                str(one.answered_again),
            ]
            for one in replayed.by_response
        ),
    )
    return Group(table, Text(f"{replayed.complaints} complaints to their end in {replayed.seconds:.0f} s"))


def _head(reference: str, file: Mapping[str, Any]) -> dict[str, str]:
    if file["stage"] == "unreadable":
        return {
            "complaint": reference,
            "stage": "unreadable",
            "reason": file["reason"],
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
        "received": f"{_when(datetime.fromisoformat(complaint['received_at']))} by {complaint['channel']}",
        "product": complaint["subject"]["product"],
        "summary": complaint["summary"],
    }


def import_lines(summary: Summary, rejects: str) -> list[str]:
    """What became of an import, in words."""
    lines = [
        f"{summary.opened} opened, {summary.opened_before} open already, {summary.rejected} rejected, in "
        f"{summary.seconds:.1f} s ({summary.per_second:.0f} per second)."
    ]
    if summary.different:
        shown = ", ".join(summary.different[:5])
        lines.append(f"Opened before with another content: {shown}{' ...' if len(summary.different) > 5 else ''}")
    if summary.rejected:
        lines.append(f"Rejected lines with the reason: {rejects}")
    return lines


def _table(header: list[str], rows: Iterable[list[str]], style: Any = lambda cells: "") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for cells in rows:
        table.add_row(*(Text(cell) for cell in cells), style=style(cells))
    return table


def _when(instant: datetime | None) -> str:
    """By the wall clock of whoever looks."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M %Z}" if instant else ""
