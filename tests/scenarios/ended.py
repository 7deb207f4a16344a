"""A case played to its end, with everything that is left of it: case file, letters, requests, bookings, archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from temporalio.testing import TimeSkipper

from activities.archive import ArchivedComplaint
from bank.faults import FaultRule
from bank.script import Script
from bank.staff import ScriptedStaff
from client.gateway import open_complaint
from demo.cases import CASES, Case, load
from domain.closing import ClosedComplaint
from domain.complaint import Complaint
from tests.server import Server


@dataclass(frozen=True)
class Ended:
    """What is left of a closed complaint."""

    closed: ClosedComplaint
    file: dict[str, Any]
    refusals: list[str]
    letters: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    bookings: list[dict[str, Any]]
    archived: ArchivedComplaint

    @property
    def sent(self) -> list[tuple[str, str, str]]:
        """Kind, channel and fate of every letter."""
        return [(letter["kind"], letter["channel"], letter["state"]) for letter in self.letters]

    @property
    def paid(self) -> list[tuple[str, str]]:
        """What went to the customer's account."""
        postings = [posting for booking in self.bookings for posting in booking["postings"]]
        return [(one["amount"], one["currency"]) for one in postings if one["account"].startswith("customer:")]

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call-back, over all cycles."""
        return [call for cycle in self.file["cycles"] for call in cycle["calls"]]

    @property
    def proposals(self) -> list[dict[str, Any]]:
        """Every proposal, over all cycles."""
        return [proposal for cycle in self.file["cycles"] for proposal in cycle["proposals"]]

    def asked(self, kind: str, of: str = "to") -> list[str]:
        """Departments and desks that were handed requests of a kind, or notices of one."""
        handed = [one["request"] for one in self.requests if kind in (one["kind"], one["request"].get("kind"))]
        return [request[of] for request in handed]

    def letter(self, kind: str) -> str:
        """Text of the last letter of a kind."""
        return str(next(letter for letter in reversed(self.letters) if letter["kind"] == kind)["request"]["body"])

    def order_of(self, *whats: str) -> list[str]:
        """Those journal entries in the order in which they were made, repetitions left out."""
        found = [entry["what"] for entry in self.archived.journal if entry["what"] in whats]
        return [what for what, _ in groupby(found)]

    def clock(self, clock_id: str) -> dict[str, Any]:
        """A clock of the file."""
        found: dict[str, Any] = next(clock for clock in self.file["clocks"] if clock["id"] == clock_id)
        return found


async def told(server: Server, name: str) -> Ended:
    """One of the eight cases, played to its end; it ended as it is told."""
    case = load(CASES / f"{name}.toml")
    ended = await play(server, case.received(datetime.now(UTC)), case.script, case.faults)
    differences = case.expected.differences(ended.closed, ended.refusals)
    assert not differences, differences
    _holds_for_every_case(case, ended)
    return ended


async def play(server: Server, complaint: Complaint, script: Script, faults: list[FaultRule] | None = None) -> Ended:
    """Open a complaint and have it worked on until it is closed."""
    server.bank.faults(*[fault.model_dump(mode="json") for fault in faults or []])
    await open_complaint(server.client, complaint)
    staff = ScriptedStaff(server.client, complaint.reference, script, TimeSkipper(server.client))
    view = await staff.work()
    server.bank.faults()
    archived = await server.archive.look_up(complaint.reference)
    assert archived is not None
    return Ended(
        closed=await staff.closed(),
        file=view.file,
        refusals=staff.refusals,
        letters=server.bank.inspect("letters", complaint.reference),
        requests=server.bank.inspect("requests", complaint.reference),
        bookings=server.bank.inspect("bookings", complaint.reference),
        archived=archived,
    )


def _holds_for_every_case(case: Case, ended: Ended) -> None:
    """What no complaint may end without, whatever it was about."""
    assert ended.archived.closed == ended.closed.model_dump(mode="json")
    assert ended.archived.complaint.narrative == case.complaint["narrative"]
    assert len(ended.archived.journal) == ended.archived.closed["journal_length"]
    final = ended.letter("final_response")
    assert "国家金融监督管理总局" in final, "the final response names the outside remedies"
    points = ended.file["cycles"][-1]["assessment"]["points"]
    assert all(point in final for point in points), "the final response answers every point"
    assert ended.closed.breached is False
    assert "年" in ended.letter("acknowledgement"), "the acknowledgement names the day of the answer"
    handlers = {owner["owner"]["id"] for owner in ended.file["owners"]}
    assert not handlers & {call["by"]["id"] for call in ended.calls}, "whoever handled it does not call back"
    assert not _everybody(ended.file) & set(ended.file["recused"])


def _everybody(file: dict[str, Any]) -> set[str]:
    owners = {owner["owner"]["id"] for owner in file["owners"]}
    investigators = {finding["by"]["id"] for inquiry in file["investigations"] for finding in inquiry["findings"]}
    callers = {call["by"]["id"] for cycle in file["cycles"] for call in cycle["calls"]}
    return owners | investigators | callers
