"""What happened to a complaint, when, and by whom. The command returns its exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from rich.console import Group
from rich.text import Text
from temporalio.client import Client

from cli.rows import Cell, Rows
from cli.terminal import hint, say
from cli.times import distance, length, when, zone_of
from client import gateway
from client.failures import Refused
from client.records import ARCHIVE_URL, CompleteRecord, complete_record
from domain.casefile import Clock
from domain.model import Instant, Model, Staff
from domain.tasks import OpenTask

LAST = 40
"""Events shown unless all are asked for."""
GIST = 80
"""Characters of a message that are shown; --json has it whole."""
BREACH = "deadline_breached"
AT_ONCE = timedelta(minutes=1)


class Event(Model):
    """One thing that happened."""

    at: Instant
    """When."""
    since_receipt: float
    """Seconds since the bank received the complaint; negative for what happened before."""
    what: str
    """Name of the message, or of what the machine did; met, met_late and ran_out for a due time."""
    number: int | None = None
    """Number of the journal entry; empty for a due time."""
    clock: str | None = None
    """The clock whose due time it is."""
    by: Staff | None = None
    """Who did it; empty when the machine did."""
    note: str = ""
    """What it brought."""
    message: dict[str, Any] | None = None
    """The message as it was accepted, without its sender."""
    breach: bool = False
    """Whether a time ran out."""


class Awaited(Model):
    """What waits next."""

    due: Instant | None
    """By when."""
    what: str
    """What must be done."""
    who: str
    """Whose turn it is; the clock's id for a time that runs."""


async def timeline(client: Client, reference: str, everything: bool, json: bool) -> int:
    """Show what happened, and what waits next."""
    record = await complete_record(client, reference)
    if "complaint" not in record.file:
        raise Refused("unreadable", f"The complaint {reference} could not be read; 'show {reference}' says why.")
    happened = events(record)
    tasks = [] if record.from_archive else await gateway.open_tasks(client, reference)
    ahead = awaited(record.file, tasks)
    zone = zone_of(record.file)
    shown = happened if everything else happened[-LAST:]
    answer = {"reference": reference, "zone": zone.key, "missing": record.missing, "events": happened, "awaited": ahead}
    say(answer, Group(_table(shown, zone), *_next(ahead, zone)), as_json=json)
    if len(shown) < len(happened):
        hint(f"{len(happened) - len(shown)} earlier events; --all shows them.")
    if record.missing:
        hint(f"The first {record.missing} entries of the journal lie in the archive: set {ARCHIVE_URL} to see them.")
    return 0


def events(record: CompleteRecord) -> list[Event]:
    """The journal, and the due times that were met or missed, in order of time."""
    received = datetime.fromisoformat(record.file["complaint"]["received_at"])
    found = [*_entries(record.journal, received), *_due_times(record.file.get("clocks", []), received)]
    return sorted(found, key=lambda event: event.at)


def _entries(journal: Iterable[Mapping[str, Any]], received: datetime) -> Iterator[Event]:
    for entry in journal:
        at = datetime.fromisoformat(entry["at"])
        yield Event.model_validate(
            {**entry, "since_receipt": (at - received).total_seconds(), "breach": entry["what"] == BREACH}
        )


def _due_times(clocks: Iterable[Mapping[str, Any]], received: datetime) -> Iterator[Event]:
    for clock in map(Clock.model_validate, clocks):
        for at, what, note in _ends(clock):
            yield Event(
                at=at,
                since_receipt=(at - received).total_seconds(),
                what=what,
                clock=clock.id,
                note=f"{clock.subject}, {note}",
                breach=what != "met",
            )


def _ends(clock: Clock) -> Iterator[tuple[datetime, str, str]]:
    """How a clock ended. The journal tells of a breach itself, unless nobody was at work at that instant."""
    ran_out, written = clock.breached_at, clock.breach_written_at
    if ran_out and (written is None or written - ran_out > AT_ONCE):
        yield ran_out, "ran_out", "its time ran out, and was written down when work went on"
    if clock.met_at and ran_out:
        yield clock.met_at, "met_late", f"{length(clock.met_at - ran_out)} late"
    elif clock.met_at:
        yield clock.met_at, "met", f"with {length(clock.due_at - clock.met_at)} to spare"


def awaited(file: Mapping[str, Any], tasks: Iterable[OpenTask]) -> list[Awaited]:
    """Whose turn it is, and which clocks run, the soonest due first."""
    found = [Awaited(due=task.due, what=task.what, who=task.person or task.department or task.role) for task in tasks]
    if not file.get("outcome"):
        clocks = map(Clock.model_validate, file.get("clocks", []))
        found += [Awaited(due=one.due_at, what=one.subject, who=one.id) for one in clocks if one.ticking]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.due or far, one.who))


def _table(happened: Iterable[Event], zone: tzinfo) -> Rows:
    return Rows(["", "when", "after", "what"], (_row(event, zone) for event in happened), spare=["after"])


def _row(event: Event, zone: tzinfo) -> list[Cell]:
    style = "red" if event.breach else "green" if event.what == "met" else ""
    since = length(timedelta(seconds=event.since_receipt)) if event.since_receipt >= 0 else ""
    number = "" if event.number is None else str(event.number)
    who = f" by {event.by}" if event.by else ""
    what = f"{event.what.replace('_', ' ')}{who}"
    told = ": ".join(part for part in (what, _note(event)) if part)
    return [Text(cell, style=style) for cell in (number, when(event.at, zone), since, told)]


def _note(event: Event) -> str:
    if event.note or not event.message:
        return event.note
    said = ((name, _gist(value)) for name, value in event.message.items() if name != "message_id")
    gist = ", ".join(f"{name} {value}" for name, value in said if value)
    return gist if len(gist) <= GIST else f"{gist[:GIST]}…"


def _gist(value: object) -> str:
    """What a person reads of a value in a message."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(map(_gist, value))
        case dict():
            return " ".join(filter(None, map(_gist, value.values())))
        case _:
            return "" if value is None else str(value)


def _next(ahead: Iterable[Awaited], zone: tzinfo) -> Iterator[Text | Rows]:
    now = datetime.now(UTC)
    rows: list[list[Cell]] = [[when(one.due, zone), distance(one.due, now), one.what, one.who] for one in ahead]
    if rows:
        yield from (Text(), Rows(["awaited by", "", "what", "who"], rows))
