"""Guarantees of the archive, on SQLite and on PostgreSQL alike:

* What is archived comes back exactly, with the whole journal in its order.
* The same key twice is stored once, and answered with the first time; also when several workers try at once.
* A complaint archived under another key is refused, never overwritten.
* Several workers may start at once on an empty database; a database of a later version is left alone.
* Reports find what they ask for in columns of its own.
* A failure of the database is sorted like one of any other system, and repeats nothing of what was to be stored.
* SQLite: what was answered for survives ``kill -9``.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.archive import Archive
from activities.archive_schema import ArchiveUnavailable, closed_complaints, open_engine, schema_version
from activities.bank_http import BankFailure
from domain.casefile import CaseFile, Clock, Cycle
from domain.closing import ClosedComplaint
from domain.decisions import Assess
from domain.effects import ArchiveOrder, JournalPage
from domain.model import Nature, Outcome, Staff
from tests import orders
from tests.activities.failing import failure, run
from tests.postgres import running_postgres

RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HANDLER = Staff(id="E1", role="first_line")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/archive.db"
    server: str = request.getfixturevalue("postgres")
    engine = open_engine(server)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
    return server


@pytest.fixture
async def archive(url: str) -> AsyncIterator[Archive]:
    archive = await Archive.open(url)
    yield archive
    await archive.close()


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    """A look into the same database, beside the archive."""
    engine = open_engine(url)
    yield engine
    await engine.dispose()


def case_file(reference: str, narrative: str = orders.WORDS) -> CaseFile:
    """A complaint that was answered, reopened and answered again, with one deadline missed."""
    assess = Assess(
        by=HANDLER, nature=Nature.SYSTEM_FAULT, summary="A transfer did not arrive.", points=["Where is it?"]
    )
    day = timedelta(days=1)
    clock = Clock(id="law", kind="law", subject="answer", started_at=RECEIVED, due_at=RECEIVED + 15 * day, span=None)
    file = CaseFile(
        complaint=orders.complaint(reference, narrative),
        opened_at=RECEIVED,
        tier=2,
        cycles=[
            Cycle(number=1, started_at=RECEIVED, assessment=assess, answered_at=RECEIVED + 5 * day),
            Cycle(number=2, started_at=RECEIVED + 6 * day, assessment=assess, answered_at=RECEIVED + 20 * day),
        ],
        clocks=[clock.model_copy(update={"breached_at": clock.due_at})],
        outcome=Outcome.SATISFIED,
        closed_at=RECEIVED + 21 * day,
    )
    file.journal_length = 9  # the lines before are on pages in the archive
    file.write(RECEIVED, "closed", "the last line")
    return file


def closing_record(file: CaseFile) -> ClosedComplaint:
    return ClosedComplaint(
        reference=file.complaint.reference,
        outcome=file.outcome or Outcome.SATISFIED,
        reached=True,
        received_at=RECEIVED,
        acknowledged_at=RECEIVED,
        answered_at=file.cycles[0].answered_at if file.cycles else None,
        called_back_at=RECEIVED,
        closed_at=RECEIVED + timedelta(days=21),
        nature=Nature.SYSTEM_FAULT if file.cycles else None,
        responsibility=None,
        root_causes=["谢谢 🙏"],
        departments=[],
        tier=file.tier,
        cycles=len(file.cycles),
        contacts=0,
        remedies=[],
        paid={},
        breached=bool(file.clocks),
        clocks=[],
        rule_pack="cn-banking 1",
        journal_length=file.journal_length,
    )


def archive_order(reference: str, errand: str = "archive", narrative: str = orders.WORDS) -> ArchiveOrder:
    file = case_file(reference, narrative)
    return ArchiveOrder(
        **orders.head(reference, errand),
        complaint=file.complaint,
        closed=closing_record(file).model_dump(mode="json"),
        file=file.model_dump(mode="json"),
    )


def page(reference: str, first: int, errand: str | None = None) -> JournalPage:
    entries = [{"number": first + n, "note": f"entry {first + n} 备注"} for n in range(3)]
    return JournalPage(**orders.head(reference, errand or f"page-{first}"), first=first, entries=entries)


async def test_what_is_archived_comes_back_exactly(archive: Archive) -> None:
    order = archive_order(orders.new_reference(), narrative="NUL \x00, 4-byte 𠮷🏦, quote ' \" \\ and \r\n lines")
    before = datetime.now(UTC)
    receipt = await run(archive.archive_complaint, order)
    kept = await archive.look_up(order.reference)
    assert kept is not None
    assert (kept.complaint, kept.closed, kept.file) == (order.complaint, order.closed, order.file)
    assert before <= receipt.stored_at == kept.stored_at <= datetime.now(UTC)


async def test_nothing_is_there_before(archive: Archive) -> None:
    await run(archive.keep_journal_page, page("T-still-open", 0))
    assert await archive.look_up("T-still-open") is None


async def test_the_whole_journal_in_its_order(archive: Archive) -> None:
    reference = orders.new_reference()
    for first in (3, 0, 6):
        await run(archive.keep_journal_page, page(reference, first))
    await run(archive.archive_complaint, archive_order(reference))
    kept = await archive.look_up(reference)
    assert kept is not None
    assert [entry["note"] for entry in kept.journal] == [f"entry {n} 备注" for n in range(9)] + ["the last line"]


async def test_the_same_key_is_stored_once_and_answered_with_the_first_time(archive: Archive) -> None:
    order = archive_order(orders.new_reference())
    receipts = [await run(archive.archive_complaint, order, attempt) for attempt in (1, 2)]
    pages = [await run(archive.keep_journal_page, page(order.reference, 0), attempt) for attempt in (1, 2)]
    kept = await archive.look_up(order.reference)
    assert receipts[0] == receipts[1]
    assert pages[0] == pages[1]
    assert kept is not None
    assert len(kept.journal) == 4


async def test_several_workers_at_once_store_once(archive: Archive, url: str) -> None:
    others = [await Archive.open(url) for _ in range(3)]
    order = archive_order(orders.new_reference())
    workers = [archive, *others] * 3
    receipts = await asyncio.gather(*(run(worker.archive_complaint, order) for worker in workers))
    for other in others:
        await other.close()
    assert len({receipt.stored_at for receipt in receipts}) == 1


async def test_another_key_for_an_archived_complaint_is_refused(archive: Archive) -> None:
    reference = orders.new_reference()
    await run(archive.archive_complaint, archive_order(reference))
    await run(archive.keep_journal_page, page(reference, 0))
    for error in (
        await failure(archive.archive_complaint, archive_order(reference, "archive-again", "other words")),
        await failure(archive.keep_journal_page, page(reference, 0, "page-again")),
    ):
        assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_REFUSED, True)
    kept = await archive.look_up(reference)
    assert kept is not None
    assert kept.complaint.narrative == orders.WORDS


async def test_reports_find_what_they_ask_for(archive: Archive, engine: AsyncEngine) -> None:
    await run(archive.archive_complaint, archive_order("T-report"))
    asked = ("rule_pack", "nature", "outcome", "tier", "breached", "received_at", "answered_at", "closed_at")
    async with engine.connect() as connection:
        (row,) = (await connection.execute(select(*(closed_complaints.c[name] for name in asked)))).mappings()
    assert dict(row) == {
        "rule_pack": "cn-banking",
        "nature": "system_fault",
        "outcome": "satisfied",
        "tier": 2,
        "breached": True,
        "received_at": RECEIVED,
        "answered_at": RECEIVED + timedelta(days=5),
        "closed_at": RECEIVED + timedelta(days=21),
    }


async def test_an_instant_of_another_zone_is_kept_as_the_same_instant(archive: Archive, engine: AsyncEngine) -> None:
    order = archive_order("T-zone")
    abroad = order.complaint.model_dump(mode="json") | {"received_at": "2026-03-02T23:30:00+08:00"}
    await run(
        archive.archive_complaint,
        order.model_validate(
            order.model_dump() | {"complaint": abroad, "closed": order.closed | {"received_at": abroad["received_at"]}}
        ),
    )
    async with engine.connect() as connection:
        received = await connection.scalar(select(closed_complaints.c.received_at))
    assert received == datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


async def test_a_withdrawn_complaint_without_an_answer_is_archived_too(archive: Archive, engine: AsyncEngine) -> None:
    reference = orders.new_reference()
    file = CaseFile(complaint=orders.complaint(reference), opened_at=RECEIVED, outcome=Outcome.WITHDRAWN)
    closed = closing_record(file).model_dump(mode="json")
    order = archive_order(reference).model_copy(update={"file": file.model_dump(mode="json"), "closed": closed})
    await run(archive.archive_complaint, order)
    async with engine.connect() as connection:
        row = (await connection.execute(select(closed_complaints))).mappings().one()
    assert (row["nature"], row["answered_at"], row["breached"]) == (None, None, False)


async def test_a_closing_record_that_cannot_be_read_is_refused_without_repeating_it(archive: Archive) -> None:
    order = archive_order(orders.new_reference()).model_copy(update={"closed": {"outcome": orders.WORDS}})
    error = await failure(archive.archive_complaint, order)
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_REFUSED, True)


async def test_several_workers_start_at_once_on_an_empty_database(url: str) -> None:
    archives = await asyncio.gather(*(Archive.open(url) for _ in range(4)))
    for archive in archives:
        await archive.close()


async def test_what_was_archived_is_there_after_a_restart(url: str) -> None:
    order = archive_order(orders.new_reference())
    first = await Archive.open(url)
    await run(first.archive_complaint, order)
    await first.close()
    second = await Archive.open(url)
    kept = await second.look_up(order.reference)
    await second.close()
    assert kept is not None
    assert kept.file == order.file


async def test_a_database_of_a_later_version_is_left_alone(archive: Archive, engine: AsyncEngine, url: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(schema_version).values(version=99))
    with pytest.raises(ArchiveUnavailable, match="schema version 99; this program knows 2 and leaves it alone"):
        await Archive.open(url)


async def test_a_failure_of_the_database_is_retried_and_repeats_nothing(archive: Archive, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE closed_complaints"))
    error = await failure(archive.archive_complaint, archive_order(orders.new_reference()))
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_UNAVAILABLE, False)
    assert "the archive did not store T-" in error.message


async def test_a_postgresql_that_went_away_is_retried_and_found_again() -> None:
    order = archive_order(orders.new_reference())
    with running_postgres() as url:
        archive = await Archive.open(url)
        engine = open_engine(url)
        async with engine.connect() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            await connection.execute(text(f"{others} AND backend_type = 'client backend'"))
        await engine.dispose()
        await run(archive.archive_complaint, order)
    error = await failure(archive.archive_complaint, order, attempt=2)
    await archive.close()
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_UNAVAILABLE, False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "COMPLAINTS_ARCHIVE_URL is not the URL of a database."),
        ("mysql://db/x", "COMPLAINTS_ARCHIVE_URL names mysql; the archive knows sqlite and postgresql."),
        (
            "sqlite:////no/such/directory/a.db",
            "The archive .*a.db cannot be opened .OperationalError.; start its database, or .*",
        ),
        (
            "postgresql://u:hunter2@127.0.0.1:9/x",
            r"The archive .*u:\*\*\*@127.0.0.1:9/x cannot be opened \(\w+\); start its .*",
        ),
    ],
)
async def test_an_archive_that_cannot_be_opened_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ArchiveUnavailable, match=f"^{sentence}$"):
        await Archive.open(url)


WRITER = """
import asyncio, sys
from activities.archive import Archive
from domain.effects import ArchiveOrder

async def write() -> None:
    archive = await Archive.open(sys.argv[1])
    order = ArchiveOrder.model_validate_json(sys.stdin.read())
    for number in range(100_000):
        reference = f"K-{number}"
        await archive.archive_complaint(order.model_copy(update={"reference": reference, "key": reference}))
        print(reference, flush=True)

asyncio.run(write())
"""


async def test_sqlite_survives_kill_9(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/archive.db"
    command = [sys.executable, "-c", WRITER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:  # noqa: ASYNC220
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write(archive_order("K-0").model_dump_json())
        writer.stdin.close()
        told = [writer.stdout.readline().strip() for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
    archive = await Archive.open(url)
    kept = [await archive.look_up(reference) for reference in told]
    await archive.close()
    assert told[-1] == "K-24"
    assert [found.reference for found in kept if found] == told


async def test_sqlite_writes_ahead_and_syncs_every_commit(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/archive.db")
    async with engine.connect() as connection:
        found: dict[str, Any] = {
            name: await connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")
        }
    await engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2}


async def test_a_locked_sqlite_file_is_waited_for(tmp_path: Path) -> None:
    archive = await Archive.open(f"sqlite:///{tmp_path}/archive.db")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    storing = asyncio.create_task(run(archive.archive_complaint, archive_order("T-locked")))
    _, waiting = await asyncio.wait({storing}, timeout=0.3)
    other.execute("COMMIT")
    assert waiting
    await storing
    other.close()
    await archive.close()
