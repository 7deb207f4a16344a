"""Many complaints at once end as each of them alone would.

- What is opened, open before and rejected adds up, however the openings overlap.
- The source is read as it is needed: a file need not fit into memory.
- A server that goes away ends the import with that one reason; what a complaint is refused for costs that complaint.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from client.connection import ServerNotThere
from client.failures import Refused
from client.gateway import OpenReceipt
from domain.complaint import Complaint
from domain.reading import Unreadable
from intake import bulk
from intake.bulk import AT_A_TIME, Rejects, Summary, open_all
from intake.source import Rejected
from tests.complaints import complaint
from tests.server import Server


class Openings:
    """What is asked of the gateway, for those tests that decide how it answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.opened: list[str] = []
        monkeypatch.setattr(bulk, "open_complaint", self.open)

    async def open(self, _client: Client, new: Complaint) -> OpenReceipt:
        """Open one, or be in trouble."""
        if self.trouble:
            raise self.trouble
        self.opened.append(new.reference)
        return OpenReceipt(reference=new.reference, workflow_id="w", opened=True, stage="received", note="Open.")


def ignore(_summary: Summary) -> None:
    """Nobody watches the progress."""


async def test_the_summary_adds_up(server: Server, tmp_path: Path) -> None:
    some = [complaint() for _ in range(40)]
    changed = some[0].model_copy(update={"summary": "Changed."})
    found: list[Complaint | Rejected] = [*some, Rejected(41, "no complaint"), *some[:5], changed]
    told: list[int] = []
    summary = await open_all(server.client, found, Rejects(tmp_path / "bad"), lambda now: told.append(now.done))
    assert (summary.opened, summary.opened_before, summary.rejected) == (40, 6, 1)
    assert summary.different == [changed.reference]
    assert told == list(range(1, len(found) + 1))
    assert summary.per_second == pytest.approx(len(found) / summary.seconds)


async def test_the_source_is_read_as_it_is_needed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openings = Openings(monkeypatch)
    ahead = 0

    def source() -> Iterator[Complaint]:
        nonlocal ahead
        for read in range(200):
            ahead = max(ahead, read - len(openings.opened))
            yield complaint()

    summary = await open_all(server.client, source(), Rejects(tmp_path / "bad"), ignore)
    assert summary.opened == 200
    assert ahead <= AT_A_TIME


async def test_a_refusal_costs_one_complaint(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Openings(monkeypatch, Refused("invalid_argument", "The Temporal server refused: too large."))
    two = [complaint(), complaint()]
    summary = await open_all(server.client, two, Rejects(tmp_path / "bad"), ignore)
    assert (summary.opened, summary.rejected) == (0, 2)
    assert [json.loads(line) for line in (tmp_path / "bad").read_text().splitlines()] == [
        {"line": number, "reason": f"{one.reference}: invalid_argument: The Temporal server refused: too large."}
        for number, one in enumerate(two, start=1)
    ]


async def test_a_server_that_goes_away_ends_it(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Openings(monkeypatch, ServerNotThere("The Temporal server stopped answering; try again."))
    with pytest.raises(ServerNotThere, match="stopped answering"):
        await open_all(server.client, [complaint() for _ in range(50)], Rejects(tmp_path / "bad"), ignore)


async def test_a_file_that_turns_out_damaged_ends_it(server: Server, tmp_path: Path) -> None:
    def source() -> Iterator[Complaint]:
        yield complaint()
        raise Unreadable("the compressed file is damaged or cut off")

    with pytest.raises(Unreadable, match="cut off"):
        await open_all(server.client, source(), Rejects(tmp_path / "bad"), ignore)


def test_only_the_first_hundred_changed_ones_are_listed() -> None:
    summary = Summary()
    for number in range(150):
        summary.count(
            OpenReceipt(reference=f"R-{number}", workflow_id="w", opened=False, stage="x", same_content=False, note="n")
        )
    assert (summary.opened_before, len(summary.different)) == (150, 100)
