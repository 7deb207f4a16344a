"""Guarantees of the archive when something is not as it should be, on SQLite and on PostgreSQL alike:

* Several workers may start at once on an empty database; a database of a later version is left alone.
* A failure of the database is sorted like one of any other system, and repeats nothing of what was to be stored.
* SQLite: what was answered for survives ``kill -9``.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.archive import Archive
from activities.archive_schema import ArchiveUnavailable, closed_complaints, open_engine, schema_version
from activities.bank_http import BankFailure
from tests import orders
from tests.activities.archived import archive_order
from tests.activities.failing import failure, run
from tests.postgres import running_postgres


async def test_several_workers_start_at_once_on_an_empty_database(url: str) -> None:
    archives = await asyncio.gather(*(Archive.open(url) for _ in range(4)))
    for archive in archives:
        await archive.close()


async def test_a_new_sqlite_file_that_another_worker_holds_is_waited_for(tmp_path: Path) -> None:
    """Before there is a write-ahead log, SQLite itself says at once that the file is locked."""
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    opening = asyncio.create_task(Archive.open(f"sqlite:///{tmp_path}/archive.db"))
    _, waiting = await asyncio.wait({opening}, timeout=0.3)
    other.execute("COMMIT")
    other.close()
    assert waiting
    await (await opening).close()


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
    error = await failure(archive.closed_before, orders.complaint("T-1"))
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_UNAVAILABLE, False)


async def test_a_spoilt_record_is_not_taken_for_a_free_reference(archive: Archive, engine: AsyncEngine) -> None:
    order = archive_order(orders.new_reference())
    await run(archive.archive_complaint, order)
    async with engine.begin() as connection:
        await connection.execute(update(closed_complaints).values(closed={"outcome": orders.WORDS}))
    error = await failure(archive.closed_before, order.complaint)
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_REFUSED, True)
    assert orders.WORDS not in error.message


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
