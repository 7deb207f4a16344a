"""Real complaints to their end: scripted staff follow what the Bureau's table says the company did."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from itertools import chain, islice, zip_longest
from time import monotonic

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from bank.script import Act, Script
from bank.staff import NotAsTold, ScriptedStaff
from client.gateway import open_complaint
from domain.complaint import Complaint
from domain.model import Record
from domain.reading import Unreadable
from intake.cfpb import RecordedResponse, Response, complaint_of, recorded_response
from intake.source import Row, rows
from intake.text import Lines

AT_A_TIME = 16
"""Complaints being worked on at once; more do not make one worker faster."""
ZONE = "America/New_York"
UPHELD = {"position": "upheld", "responsibility": "firm", "reasons": "The records confirm what you told us."}
NOT_UPHELD = {
    "position": "not_upheld",
    "responsibility": "misunderstanding",
    "reasons": "The records show that the terms were applied as agreed; this letter explains them.",
}
CORRECTION = {"kind": "correction", "description": "The records are corrected", "department": "operations"}
REFUND = {
    "kind": "refund",
    "description": "The amount in question is refunded",
    "money": {"amount": "120.00", "currency": "USD"},  # the table does not say how much it was
}
RESOLUTIONS = {
    Response.NON_MONETARY_RELIEF: UPHELD | {"remedies": [CORRECTION]},
    Response.MONETARY_RELIEF: UPHELD | {"remedies": [REFUND]},
}
"""What is proposed; everything else is an explanation."""


@dataclass(frozen=True)
class Recorded:
    """A complaint of the table, and how it went in reality."""

    complaint: Complaint
    response: RecordedResponse

    @property
    def kind(self) -> str:
        """What the company did, and whether in time."""
        return f"{self.response.response or 'not said'}{'' if self.response.timely else ', late'}"


class Outcomes(Record):
    """What came out of the complaints that were recorded alike."""

    recorded: str
    """What the company did in reality."""
    complaints: int = 0
    """How many there were."""
    outcomes: dict[str, int] = {}
    """How they ended here."""
    with_money: int = 0
    """How many were paid something."""
    answered_late: int = 0
    """How many had the deadline in law run out."""
    answered_again: int = 0
    """How many had a dissatisfied customer, and a second cycle."""


class Replay(Record):
    """What became of a sample of real complaints."""

    complaints: int
    """How many were brought to their end."""
    seconds: float
    """How long it took."""
    by_response: list[Outcomes]
    """By what the company did in reality."""
    troubles: list[str]
    """Complaints that did not come to their end."""


def sample(file: BufferedReader, size: int) -> list[Recorded]:
    """The first complaints of every kind of response in turn, so that rare ones are among them."""
    by_kind: dict[str, list[Recorded]] = defaultdict(list)
    for one in _recorded(file):
        by_kind[one.kind].append(one)
    in_turn = chain.from_iterable(zip_longest(*by_kind.values()))
    return list(islice((one for one in in_turn if one), size))


def _recorded(file: BufferedReader) -> Iterator[Recorded]:
    now = datetime.now(UTC)
    for row in rows(Lines(file)):
        # What is no complaint is the import's to report, line by line.
        if isinstance(row, Row) and (complaint := _complaint(row)):
            yield Recorded(complaint.model_copy(update={"received_at": now}), recorded_response(row.cells))


def _complaint(row: Row) -> Complaint | None:
    try:
        return complaint_of(row.cells)
    except Unreadable:
        return None


def script_of(recorded: RecordedResponse) -> Script:
    """What the staff does, following what the company did."""
    acts: list[Act] = []
    if not recorded.timely or recorded.response is Response.UNTIMELY:
        acts.append(Act(when="verify_identity", after="law-1"))
    if recorded.response is Response.IN_PROGRESS:
        acts.append(Act(when="operations-1", send="extend_deadline", role="manager", say=IN_PROGRESS))
    acts.append(Act(when="propose_resolution", say=RESOLUTIONS.get(recorded.response or Response.CLOSED, NOT_UPHELD)))
    if recorded.disputed:
        said = {"solved": False, "satisfied": False, "said": "disputes the answer"}
        acts.append(Act(when="record_callback", say=said))
    return Script(acts=acts, zone=ZONE)


IN_PROGRESS = {"clock": "law-1", "reason_code": "in_progress", "reason": "Another party's records are awaited."}


async def replay(client: Client, complaints: list[Recorded], tell: Callable[[int], None]) -> Replay:
    """Open the complaints, received now, and bring each to its end; tells how many are done."""
    began, skipper, gate = monotonic(), TimeSkipper(client), asyncio.Semaphore(AT_A_TIME)
    found: dict[str, Outcomes] = {}
    troubles: list[str] = []

    async def one(recorded: Recorded) -> None:
        async with gate:
            try:
                await _to_its_end(client, skipper, recorded, found)
            except NotAsTold as trouble:
                troubles.append(str(trouble))
            tell(1)

    await asyncio.gather(*map(one, complaints))
    done = sum(outcomes.complaints for outcomes in found.values())
    by_response = [found[kind] for kind in sorted(found)]
    return Replay(complaints=done, seconds=monotonic() - began, by_response=by_response, troubles=troubles)


async def _to_its_end(client: Client, skipper: TimeSkipper, one: Recorded, found: dict[str, Outcomes]) -> None:
    await open_complaint(client, one.complaint)
    staff = ScriptedStaff(client, one.complaint.reference, script_of(one.response), skipper)
    await staff.work()
    closed = await staff.closed()
    outcomes = found.setdefault(one.kind, Outcomes(recorded=one.kind))
    outcomes.complaints += 1
    outcomes.outcomes = dict(Counter(outcomes.outcomes) + Counter([closed.outcome]))
    outcomes.with_money += bool(closed.paid)
    outcomes.answered_late += any(clock.id == "law-1" and clock.breached_at for clock in closed.clocks)
    outcomes.answered_again += closed.cycles > 1
