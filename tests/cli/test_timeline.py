"""The timeline tells what happened when and by whom; and a complaint can be looked at as long as anybody keeps it.

- Journal and due times stand together in order of time, with who acted and the time since receipt; breaches stand out.
- What waits next is at the end; of a closed complaint nothing does.
- A complaint that the server has deleted is shown from the archive; without one, it is not found.
- The journal is whole where the archive has its older pages, and otherwise the command says what is missing.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from activities.archive import Archive
from client import gateway, records
from client.failures import ArchiveNotThere
from client.records import complete_record
from domain.effects import JournalPage
from tests.cli.conftest import Starter
from tests.server import Case, Server, complaint
from tests.waiting import answered

FIRST_LINE = {"id": "E-7", "role": "first_line"}
CALLER = {"id": "CB-1", "role": "call_back"}


@pytest.fixture
async def old(server: Server) -> Case:
    """A complaint that reached the bank so long ago that its deadlines have run out."""
    received = datetime.now(UTC) - timedelta(days=90)
    case = await server.open(complaint(f"OLD-{uuid4().hex[:10]}", received_at=received.isoformat()))
    await known(case, lambda file: file["acknowledged_at"])
    return case


async def known(case: Case, state: Any) -> dict[str, Any]:
    """The case file, once it says what is waited for."""
    return await answered(case.file, state)


async def closed(case: Case) -> Case:
    """Withdrawn, called back, archived and ended."""
    await case.decide("withdraw", by=FIRST_LINE, channel="phone", reason="settled")
    await case.pass_time(until_ten_in_shanghai())
    await case.decide("record_callback", by=CALLER, reached=True, solved=True, satisfied=True, said="all is well")
    await asyncio.wait_for(case.handle.result(), 60)
    return case


def until_ten_in_shanghai() -> timedelta:
    """Customers are called by day."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    return now.replace(hour=10) + timedelta(days=1) - now


class TestEvents:
    async def test_everything_in_order_with_who_and_when(self, old: Case, run: Starter) -> None:
        await old.decide("verify_identity", by=FIRST_LINE, verified=True, method="app login")
        told = (await run("timeline", old.reference, "--json")).json
        journal = [event for event in told["events"] if event["number"] is not None]
        assert [event["number"] for event in journal] == list(range(len(journal)))
        assert [event["at"] for event in told["events"]] == sorted(event["at"] for event in told["events"])
        (verified,) = (event for event in journal if event["what"] == "verify_identity")
        assert verified["by"] == FIRST_LINE
        assert verified["since_receipt"] == pytest.approx(timedelta(days=90).total_seconds(), abs=300)
        assert told["missing"] == 0

    async def test_breaches_stand_out_and_late_work_is_called_late(self, old: Case, run: Starter) -> None:
        told = (await run("timeline", old.reference, "--json")).json
        ran_out = {event["clock"] for event in told["events"] if event["breach"] and event["what"] == "ran_out"}
        assert {"law-1", "promise-1"} <= ran_out
        written = [
            event["note"] for event in told["events"] if event["what"] == "deadline_breached" and event["breach"]
        ]
        assert any(note.startswith("law-1 ran out ") for note in written)
        (late,) = (event for event in told["events"] if event["what"] == "met_late")
        assert (late["clock"], late["breach"]) == ("acknowledgement", True)

    async def test_people_read_it_in_the_zone_of_the_rule_pack(self, old: Case, run: Starter) -> None:
        await old.decide("verify_identity", by=FIRST_LINE, verified=True, method="app login")
        said = await run("timeline", old.reference)
        assert said.code == 0
        assert re.search(r"\d{4}-\d\d-\d\d 23:59 CST .* ran out: final response, by law", said.out)
        assert "90 d" in said.out
        assert "verify identity by E-7 (first_line): verified yes, method app login" in said.out
        assert "assess the complaint" in said.out.partition("awaited by")[2]

    async def test_only_the_latest_unless_all_are_wanted(self, old: Case, run: Starter) -> None:
        for number in range(45):
            await old.decide("add_note", by=FIRST_LINE, text=f"call number {number}")
        short = await run("timeline", old.reference)
        assert "call number 44" in short.out
        assert "call number 0" not in short.out
        assert "earlier events; --all shows them." in short.err
        assert "call number 0" in (await run("timeline", old.reference, "--all")).out

    async def test_a_complaint_that_could_not_be_read_has_none(self, server: Server, run: Starter) -> None:
        await server.open({"reference": "unreadable-1"})
        said = await run("timeline", "unreadable-1")
        assert (said.code, "'show unreadable-1' says why" in said.err) == (1, True)
        assert "unreadable" in (await run("show", "unreadable-1")).out


class TestClosed:
    async def test_by_its_workflow_as_long_as_the_server_keeps_it(self, old: Case, run: Starter) -> None:
        await closed(old)
        assert "closed" in (await run("show", old.reference)).out
        told = (await run("timeline", old.reference, "--json")).json
        assert told["awaited"] == []
        assert {"withdraw", "record_callback"} <= {event["what"] for event in told["events"]}
        listed = (await run("list", "--closed", "--limit", "1000", "--json")).json["complaints"]
        (one,) = (one for one in listed if one["reference"] == old.reference)
        assert (one["outcome"], one["breached"]) == ("withdrawn", True)

    async def test_from_the_archive_when_the_server_has_deleted_it(
        self, old: Case, server: Server, run: Starter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = (await run("timeline", (await closed(old)).reference, "--json")).json
        await deleted(server.client, old)
        gone = await run("show", old.reference)
        assert (gone.code, "not_found" in gone.err) == (1, True)
        monkeypatch.setenv(records.ARCHIVE_URL, server.archive_url)
        shown = await run("show", old.reference)
        assert shown.code == 0
        for words in ("closed", "law-1", "breached", "转账已扣款"):
            assert words in shown.out
        assert "From the archive" in shown.err
        kept = (await run("timeline", old.reference, "--json")).json
        assert [event["what"] for event in kept["events"]][:5] == [event["what"] for event in whole["events"]][:5]
        assert kept["zone"] == whole["zone"] == "Asia/Shanghai"
        assert (await run("show", "never-there")).code == 1


async def deleted(client: Client, case: Case) -> None:
    """Have the server forget a complaint, as it does when its retention has passed."""
    execution = WorkflowExecution(workflow_id=case.handle.id)
    request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    await client.workflow_service.delete_workflow_execution(request)
    left = f"WorkflowId = '{case.handle.id}'"
    await answered(lambda: client.count_workflows(left), lambda found: found.count == 0)


class TestLongJournals:
    """A long complaint has moved the first pages of its journal to the archive."""

    @pytest.fixture
    async def file(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """What its workflow still has: the entries from 3 on."""
        file = {"stage": "investigating", "journal": entries(3, 6), "journal_length": 6}

        async def case_file(client: Client, reference: str) -> dict[str, Any]:
            return file

        monkeypatch.setattr(gateway, "case_file", case_file)
        return file

    @pytest.fixture
    async def url(self, tmp_path: Path) -> str:
        """An archive with two pages, the second of which overlaps with what the workflow has."""
        url = f"sqlite:///{tmp_path / 'pages.db'}"
        archive = await Archive.open(url)
        for first, until in ((0, 2), (2, 4)):
            page = {"reference": "LONG", "workflow_id": "complaint-LONG", "key": f"LONG/journal/{first}"}
            await archive.keep_journal_page(JournalPage(first=first, entries=entries(first, until), **page))
        await archive.close()
        return url

    @pytest.mark.usefixtures("file")
    async def test_its_pages_come_from_the_archive(
        self, server: Server, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(records.ARCHIVE_URL, url)
        record = await complete_record(server.client, "LONG")
        assert ([entry["number"] for entry in record.journal], record.missing) == ([0, 1, 2, 3, 4, 5], 0)

    @pytest.mark.usefixtures("file")
    async def test_the_url_may_stand_in_the_settings_of_the_worker(
        self, server: Server, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "settings.toml").write_text(f'archive_url = "{url}"\n')
        monkeypatch.setenv("COMPLAINTS_SETTINGS_FILE", str(tmp_path / "settings.toml"))
        assert len((await complete_record(server.client, "LONG")).journal) == 6

    @pytest.mark.usefixtures("file")
    async def test_without_an_archive_it_is_known_how_many_are_missing(self, server: Server) -> None:
        record = await complete_record(server.client, "LONG")
        assert ([entry["number"] for entry in record.journal], record.missing) == ([3, 4, 5], 3)

    @pytest.mark.usefixtures("file")
    async def test_an_archive_by_a_wrong_name_is_not_made(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(records.ARCHIVE_URL, f"sqlite:///{tmp_path / 'typo.db'}")
        with pytest.raises(ArchiveNotThere, match=r"There is no archive at .*typo\.db"):
            await complete_record(server.client, "LONG")
        assert not (tmp_path / "typo.db").exists()


def entries(first: int, until: int) -> list[dict[str, Any]]:
    return [
        {"number": number, "at": f"2026-08-01T00:00:{number:02}Z", "what": "evidence_added", "note": ""}
        for number in range(first, until)
    ]
