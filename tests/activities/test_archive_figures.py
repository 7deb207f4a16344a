"""Guarantees of what the archive keeps for reports, on SQLite and on PostgreSQL alike:

* A complaint is archived together with what reports count of it, once.
* A database that version 1 of this program wrote (``version_1/`` holds dumps of real ones) is brought up to date at the
  next start, with every complaint in it; also when several workers start at once, and nothing else in it changes.
* A worker of version 1 that is still running archives into the new database; the next start fills in what it left out.
* The closing record of an earlier workflow, carried out by a later worker, loses nothing.
* One spoilt record keeps nobody from starting.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from activities import archive_figures
from activities.archive import Archive
from activities.archive_schema import closed_complaints, complaint_figures, open_engine, schema_version
from domain import requests
from domain.closing import ClosedComplaint
from domain.effects import ArchiveOrder
from domain.figures import Figures, figures
from tests.activities.failing import run
from tests.domain import stages
from tests.domain.people import CALLER
from tests.postgres import BINARIES

VERSION_1 = Path(__file__).parent / "version_1"
NEW_FIELDS = {"escalations", "call_attempts", "solved", "satisfied", "compensation", "time", "department_time"}


@pytest.fixture(params=["sqlite", "postgresql"])
async def version_1(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database as version 1 left it, with three closed complaints."""
    dump = VERSION_1 / f"{request.param}.sql"
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "archive.db") as database:
            database.executescript(dump.read_text(encoding="utf-8"))
        database.close()
        return f"sqlite:///{tmp_path}/archive.db"
    url: str = request.getfixturevalue("postgres")
    command = [str(BINARIES / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", url]
    script = f"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n{dump.read_text(encoding='utf-8')}"
    loaded = await asyncio.to_thread(
        subprocess.run, command, input=script, capture_output=True, text=True, check=False, cwd="/"
    )
    assert loaded.returncode == 0, loaded.stderr
    return url


async def look(url: str, *columns: Any) -> list[Any]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = list(await connection.execute(select(*columns).order_by(columns[0])))
    await engine.dispose()
    return found


async def kept(url: str) -> dict[str, Figures]:
    rows = await look(url, complaint_figures.c.reference, complaint_figures.c.figures)
    return {reference: Figures.model_validate_json(counted) for reference, counted in rows}


async def started(url: str) -> None:
    """A worker starts on the database."""
    await (await Archive.open(url)).close()


@pytest.fixture(scope="module")
def order() -> ArchiveOrder:
    """The order to archive a complaint."""
    case = stages.calling_back()
    case.wait(hours=1)
    case.must("record_callback", CALLER)
    made = requests.request(case.file, case.errand("archive"), "complaint-CB-2026-0001")
    assert isinstance(made, ArchiveOrder)
    return made


def of_version_1(order: ArchiveOrder) -> ArchiveOrder:
    """The same order as a workflow of version 1 made it."""
    closed = {name: value for name, value in order.closed.items() if name not in NEW_FIELDS}
    old_clock = ("id", "due_at", "state", "breached_at")
    closed["clocks"] = [{name: clock[name] for name in old_clock} for clock in closed["clocks"]]
    return order.model_copy(update={"closed": closed})


async def test_a_complaint_is_archived_with_what_reports_count(version_1: str, order: ArchiveOrder) -> None:
    archive = await Archive.open(version_1)
    for attempt in (1, 2):
        await run(archive.archive_complaint, order, attempt)
    await archive.close()
    found = await kept(version_1)
    assert found["CB-2026-0001"] == figures(ClosedComplaint.model_validate(order.closed))


async def test_a_database_of_version_1_is_brought_up_to_date(version_1: str) -> None:
    before = await look(version_1, *closed_complaints.c)
    await started(version_1)
    found = await kept(version_1)
    late = found["V1-2"]
    assert list(found) == ["V1-1", "V1-2", "V1-3"]
    assert (late.kept["law"], late.kept["promise"], late.kept["acknowledgement"]) == (False, False, True)
    assert {breach.clock for breach in late.breaches} >= {"law-1", "promise-1"}
    assert "department_silent" in late.escalations
    assert late.compensation["voucher"]["CNY"] == 50
    assert sum((share.time for share in late.time), timedelta()) == late.closed_at - late.received_at
    assert (found["V1-1"].solved, found["V1-1"].satisfied) == (True, True)
    assert (found["V1-3"].outcome, found["V1-3"].solved) == ("withdrawn", None)
    assert await look(version_1, *closed_complaints.c) == before
    assert await look(version_1, schema_version.c.version) == [(2,)]


async def test_several_workers_bring_it_up_to_date_at_once(version_1: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_figures, "BATCH", 1)
    await asyncio.gather(*(started(version_1) for _ in range(4)))
    assert list(await kept(version_1)) == ["V1-1", "V1-2", "V1-3"]


async def test_what_a_worker_of_version_1_archives_meanwhile_is_filled_in(version_1: str) -> None:
    await started(version_1)
    engine = open_engine(version_1)
    async with engine.begin() as connection:
        (row,) = (await connection.execute(select(closed_complaints).filter_by(reference="V1-2"))).mappings()
        copy = dict(row) | {"reference": "V1-4", "key": "V1-4/archive"}
        copy["closed"] = dict(row["closed"]) | {"reference": "V1-4"}
        await connection.execute(insert(closed_complaints).values(**copy))
    await engine.dispose()
    assert "V1-4" not in await kept(version_1)
    await started(version_1)
    found = await kept(version_1)
    assert found["V1-4"] == found["V1-2"].model_copy(update={"reference": "V1-4"})


async def test_the_order_of_an_earlier_workflow_loses_nothing(version_1: str, order: ArchiveOrder) -> None:
    archive = await Archive.open(version_1)
    await run(archive.archive_complaint, of_version_1(order))
    await archive.close()
    assert (await kept(version_1))["CB-2026-0001"] == figures(ClosedComplaint.model_validate(order.closed))


async def test_a_spoilt_record_keeps_nobody_from_starting(version_1: str) -> None:
    engine: AsyncEngine = open_engine(version_1)
    async with engine.begin() as connection:
        spoilt = {"reference": "V1-1"}
        await connection.execute(update(closed_complaints).filter_by(reference="V1-1").values(closed=spoilt))
        await connection.execute(update(closed_complaints).filter_by(reference="V1-3").values(file={"x": 1}))
    await engine.dispose()
    await started(version_1)
    found = await kept(version_1)
    assert list(found) == ["V1-2", "V1-3"]
    assert found["V1-3"].time == []  # what the file would have told is unknown, and nothing is invented
