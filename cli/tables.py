"""Complaints as tables in the terminal. What customers and staff wrote is printed as it is, never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.rows import Cell, Rows
from cli.times import Zones, distance, when, zone_of
from client.listing import Overview
from domain.casefile import Clock, Credit, CreditState
from domain.clock_view import ClockView
from domain.tasks import OpenTask

LAST_ENTRIES = 15
NAMES = 24
"""Columns for the clocks that share a source."""
LATE = {"breached", "met late"}


def overview_table(found: Iterable[Overview], zones: Zones) -> Rows:
    """The list of open complaints: red what is late, yellow what is due soon or needs somebody to look."""
    now = datetime.now(UTC)
    header = ["complaint", "stage", "tier", "owner", "reply", "reply due", "next action", "note"]
    return Rows(header, (_overview(one, now, zones) for one in found), spare=["reply due"])


def _overview(one: Overview, now: datetime, zones: Zones) -> list[Cell]:
    marks = [Text("needs attention", style="yellow")] if one.attention else []
    marks += [Text("breached", style="red")] if one.breached else []
    marks += [Text(f"awaits {', '.join(one.departments)}")] if one.departments else []
    return [
        Text(one.reference, style="red" if one.late(now) else ""),
        one.stage,
        str(one.tier or ""),
        one.owner or "",
        distance(one.reply_due, now),
        when(one.reply_due, zones.of(one.rule_pack)),
        distance(one.next_action, now),
        Text("; ").join(marks),
    ]


def closed_table(found: Iterable[Overview], zones: Zones) -> Rows:
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
                when(one.closed_at, zones.of(one.rule_pack)),
                Text("breached", style="red") if one.breached else "",
            ]
            for one in found
        ),
    )


def task_table(turns: Iterable[tuple[str, OpenTask, tzinfo | None]]) -> Rows:
    """Who must do what by when: the complaint, its task, and the zone in which the due time is told."""
    now = datetime.now(UTC)
    return Rows(
        ["complaint", "task", "what", "whose turn", "left", "due", "message"],
        (
            [
                reference,
                task.id,
                task.what,
                _whose_turn(task),
                distance(task.due, now),
                when(task.due, zone),
                task.message,
            ]
            for reference, task, zone in turns
        ),
        spare=["message", "due"],
    )


def _whose_turn(task: OpenTask) -> str:
    return f"{task.person} ({task.role})" if task.person else task.department or task.role


def clock_table(clocks: Iterable[ClockView]) -> Rows:
    """Every clock with its state, and how much time those have that still tick."""
    now = datetime.now(UTC)
    return Rows(["clock", "what", "due", "state"], (_clock(clock, now) for clock in clocks))


def _clock(clock: ClockView, now: datetime) -> list[Cell]:
    state = Text(clock.state, style="red" if clock.state in LATE else "")
    if clock.state == "running":
        state = distance(clock.due_at, now)
    return [clock.id, clock.subject, clock.due_local + (" (provisional)" if clock.provisional else ""), state]


def sources(clocks: Iterable[tuple[str, str | None]]) -> Table:
    """The rule behind each clock, by the clocks' ids, once for all clocks that share it."""
    found = dict[str, list[str]]()
    for clock, cited in clocks:
        if cited:
            found.setdefault(cited, []).append(clock)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clock", overflow="fold", max_width=NAMES)
    table.add_column("source", overflow="fold")
    for source, ids in found.items():
        table.add_row(", ".join(ids), Text(source))
    return table


def archived_clocks(file: Mapping[str, Any]) -> Rows:
    """The clocks of a complaint that only the archive knows any more."""
    zone = zone_of(file)
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
        if value:
            head.add_row(Text(name, style="bold"), Text(value))
    entries = file.get("journal", [])[-LAST_ENTRIES:]
    zone = zone_of(file)
    journal = Rows(
        ["", "when", "what", "who", "note"],
        (
            [
                str(entry["number"]),
                when(datetime.fromisoformat(entry["at"]), zone),
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
    received = when(datetime.fromisoformat(complaint["received_at"]), zone_of(file))
    return {
        "complaint": reference,
        "stage": file["stage"],
        "outcome": file.get("outcome") or "",
        "tier": str(file["tier"]),
        "owner": owners[-1]["owner"]["id"] if owners else "nobody yet",
        "rule packs": ", ".join(file.get("rule_packs", [])) or complaint["rule_pack"] or "",
        "received": f"{received} by {complaint['channel']}",
        "provisional credit": "; ".join(_credit(credit, zone_of(file)) for credit in file.get("credits", [])),
        "product": complaint["subject"]["product"],
        "summary": complaint["summary"],
    }


def _credit(credit: Mapping[str, Any], zone: tzinfo) -> str:
    """A provisional credit with its state, and what is or was taken back of it."""
    record = Credit.model_validate(credit)
    debit = f", {record.debit} of it debited" if record.reversed_at else ""
    if record.state is CreditState.TO_BE_REVERSED and record.debit_on:
        debit = f", {record.debit} to be debited {when(record.debit_on, zone)}"
    return f"{record.id}: {record.money}, {record.state.replace('_', ' ')}{debit}"
