"""Many complaints at once end as each of them alone would, and each is opened once.

- What is opened, known before and rejected adds up; a repeated import opens what is missing and nothing else.
- A refusal that is about a complaint costs that complaint, with the line of the file; any other stops the import.
- A server that goes away is waited for, but not for ever; what an attempt without an answer opened counts as opened.
- Whatever stops an import, what is being opened is finished and counted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client

from client.connection import ServerNotThere, connect
from client.failures import Refused, WorkerNotThere
from client.gateway import OpenReceipt, open_complaint
from domain.complaint import Complaint
from domain.reading import Unreadable
from intake import patience
from intake.bulk import Import
from intake.inbox import Inbox, Line
from intake.patience import PatientServer
from intake.source import Found, Rejected, Wrong
from intake.tally import Rejects, Summary, Tally
from tests.complaints import complaint
from tests.temporal_server import temporal_server
from tests.waiting import answered, eventually
from workflows.names import workflow_id


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    """A server where nobody works."""
    async with temporal_server() as environment:
        yield await connect(environment)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where rejected lines go."""
    return tmp_path / "rejected.jsonl"


def lines_of(complaints: Iterable[Complaint]) -> list[Line]:
    return [Found(number, one, "Complaint ID") for number, one in enumerate(complaints, start=2)]


def importing(client: Client | None, lines: Iterable[Line], path: Path, wait: float = 30) -> Import:
    server = PatientServer(client, wait) if client else None
    return Import(Inbox(iter(lines)), Tally(Rejects(path)), server)


async def imported(client: Client | None, lines: Iterable[Line], path: Path) -> Summary:
    run = importing(client, lines, path)
    await run.run()
    return run.tally.end()


class Unreliable:
    """The gateway, with an answer that is lost or a refusal at will, before or after the complaint was opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *troubles: Exception | None, after: bool = False) -> None:
        self.troubles, self.after = iter(troubles), after
        monkeypatch.setattr(patience, "open_complaint", self.open)
        monkeypatch.setattr(patience, "PAUSE", 0.01)

    async def open(self, client: Client, new: Complaint) -> OpenReceipt:
        """Open one, or be in trouble."""
        trouble = next(self.troubles, None)
        if trouble and not self.after:
            raise trouble
        receipt = await open_complaint(client, new)
        if trouble:
            raise trouble
        return receipt


def kept_in(path: Path) -> dict[str, object]:
    """The one line of the file of rejected lines."""
    kept: dict[str, object] = json.loads(path.read_text())
    return kept


GONE = ServerNotThere("The Temporal server stopped answering; try again.")


def some(number: int) -> tuple[str, list[Complaint]]:
    """So many complaints, and the beginning of their references."""
    prefix = uuid4().hex[:10]
    return prefix, [complaint(reference=f"{prefix}-{one}") for one in range(number)]


async def listed(client: Client, prefix: str, status: str = "Running") -> int:
    """How many complaints the server lists, each of them once per run."""
    query = f"WorkflowId STARTS_WITH '{workflow_id(prefix)}' AND ExecutionStatus = '{status}'"
    return (await client.count_workflows(query)).count


async def started(client: Client, prefix: str, number: int) -> None:
    """So many complaints come to be listed, and no more."""
    assert await answered(lambda: listed(client, prefix), lambda found: found >= number) == number


class TestOpening:
    async def test_the_summary_adds_up(self, client: Client, path: Path) -> None:
        _, new = some(40)
        wrong = Rejected(99, "Product", Wrong.VALUE, "no complaint")
        summary = await imported(client, [*lines_of(new), wrong], path)
        assert (summary.opened, summary.rejected, summary.lines) == (40, {Wrong.VALUE: 1}, 41)
        assert summary.stopped_because is None

    async def test_a_repeated_import_opens_what_is_missing(self, client: Client, path: Path) -> None:
        prefix, all_of_them = some(300)
        first = await imported(client, lines_of(all_of_them[:100]), path)
        await started(client, prefix, 100)
        await client.get_workflow_handle(workflow_id(f"{prefix}-7")).terminate()
        await eventually(lambda: listed(client, prefix, "Terminated"))
        again = await imported(client, lines_of(all_of_them), path)
        assert (first.opened, again.opened, again.open_before, again.closed_before) == (100, 200, 99, 1)
        await started(client, prefix, 299)

    async def test_what_the_list_does_not_know_yet_is_not_opened_twice(
        self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def nothing(_client: Client, _references: object) -> dict[str, object]:
            return {}

        monkeypatch.setattr(patience, "known", nothing)
        prefix, new = some(50)
        changed = new[0].model_copy(update={"summary": "Changed."})
        await imported(client, lines_of(new), path)
        again = await imported(client, lines_of([changed, *new[1:]]), path)
        assert (again.opened, again.open_before, again.rejected) == (0, 49, {Wrong.DIFFERENT: 1})
        await started(client, prefix, 50)

    async def test_another_content_is_rejected_with_its_line(self, client: Client, path: Path) -> None:
        prefix, new = some(3)
        await imported(client, lines_of(new), path)
        await started(client, prefix, 3)
        changed = new[1].model_copy(update={"summary": "Changed."})
        summary = await imported(client, lines_of([new[0], changed, new[2]]), path)
        assert (summary.open_before, summary.rejected) == (2, {Wrong.DIFFERENT: 1})
        kept = kept_in(path)
        assert (kept["line"], kept["column"]) == (3, "Complaint ID")
        assert "opened before, with another content" in str(kept["reason"])

    async def test_without_a_server_everything_is_checked_and_nothing_opened(self, path: Path) -> None:
        _, new = some(300)
        summary = await imported(None, lines_of([*new, new[0]]), path)
        assert (summary.checked, summary.repeated, summary.opened) == (300, 1, 0)


class TestRefusals:
    async def test_one_that_is_too_large_costs_that_complaint(self, client: Client, path: Path) -> None:
        evidence = [{"uri": "\x01" * 1_000, "description": "\x01" * 500}] * 100
        prefix, new = some(3)
        new[1] = complaint(reference=new[1].reference, evidence=evidence, promises=["\x01" * 500] * 20)
        new[1] = new[1].model_copy(update={"narrative": "\x01" * 25_000})
        summary = await imported(client, lines_of(new), path)
        assert (summary.opened, summary.rejected) == (2, {Wrong.REFUSED: 1})
        kept = kept_in(path)
        assert kept["line"] == 3
        assert "may have 1,000,000 at most" in str(kept["reason"])
        await started(client, prefix, 2)

    async def test_one_that_would_meet_every_complaint_stops_the_import(
        self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Unreliable(monkeypatch, *[None] * 5, Refused("permission_denied", "The Temporal server refused: no."))
        run = importing(client, lines_of(some(600)[1]), path)
        with pytest.raises(ServerNotThere, match="refused: no"):
            await run.run()
        summary = run.tally.end()
        assert not summary.rejected
        assert 5 <= summary.opened < 600


class TestPatience:
    @pytest.mark.parametrize(
        "trouble", [GONE, WorkerNotThere("nobody"), Refused("resource_exhausted", "The Temporal server refused: busy.")]
    )
    async def test_a_server_that_comes_back_is_asked_again(
        self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
    ) -> None:
        Unreliable(monkeypatch, *[trouble] * 100)
        prefix, new = some(60)
        summary = await imported(client, lines_of(new), path)
        assert (summary.opened, summary.lines) == (60, 60)
        await started(client, prefix, 60)

    async def test_what_an_attempt_without_an_answer_opened_counts_as_opened(
        self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Unreliable(monkeypatch, *[GONE] * 20, after=True)
        prefix, new = some(60)
        assert (await imported(client, lines_of(new), path)).opened == 60
        await started(client, prefix, 60)

    async def test_patience_ends(self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Unreliable(monkeypatch, *[GONE] * 100_000)
        run = importing(client, lines_of(some(600)[1]), path, wait=0.2)
        with pytest.raises(ServerNotThere, match=r"The Temporal server at 127.0.0.1:\d+ does not answer"):
            await run.run()
        assert (run.stopped, run.tally.end().lines) == (True, 0)

    async def test_an_answer_that_never_comes_is_not_waited_for_for_ever(
        self, client: Client, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def hang(_client: Client, _new: Complaint) -> OpenReceipt:
            await asyncio.Event().wait()
            raise AssertionError("never reached")

        monkeypatch.setattr(patience, "PAUSE", 0.01)
        monkeypatch.setattr(patience, "open_complaint", hang)
        run = importing(client, lines_of(some(3)[1]), path, wait=0.2)
        with pytest.raises(ServerNotThere, match="does not answer"):
            await asyncio.wait_for(run.run(), 20)
        assert run.tally.end().lines == 0


class TestStopping:
    async def test_what_is_being_opened_is_finished_and_counted(self, client: Client, path: Path) -> None:
        prefix, new = some(200)
        run = importing(client, lines_of(new), path)
        running = asyncio.ensure_future(run.run())
        while await listed(client, prefix) < 50:
            assert not running.done()
        run.stop()
        await running
        summary = run.tally.end("Interrupted.")
        assert summary.opened < 200
        await started(client, prefix, summary.opened)
        rest = await imported(client, lines_of(new), path)
        assert summary.opened + rest.opened == 200

    async def test_a_file_that_turns_out_damaged_costs_what_follows(self, client: Client, path: Path) -> None:
        prefix, new = some(100)

        def source() -> Iterator[Line]:
            yield from lines_of(new)
            raise Unreadable("the compressed file is damaged or cut off")

        run = importing(client, source(), path)
        with pytest.raises(Unreadable, match="cut off"):
            await run.run()
        assert run.tally.end().opened == 100
        await started(client, prefix, 100)

    async def test_a_full_disk_stops_it_and_the_next_one_goes_on(self, client: Client, path: Path) -> None:
        prefix, new = some(200)
        lines = lines_of(new)
        lines.insert(100, Rejected(9, None, Wrong.LAYOUT, "no complaint"))
        run = importing(client, lines, Path("/dev/full"))
        with pytest.raises(OSError, match="No space left"):
            await run.run()
        first = run.tally.end()
        assert first.opened < 200
        await started(client, prefix, first.opened)
        again = await imported(client, lines, path)
        assert (again.opened + first.opened, again.rejected) == (200, {Wrong.LAYOUT: 1})
