"""The archive is opened, read and written as the worker would, on SQLite and PostgreSQL, and nothing of it remains.

- Whatever is wrong is told apart: not there yet, empty, of another version, locked, read-only, not to be reached.
- No password is shown. What no setting names is not checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from activities.archive import Archive
from activities.archive_schema import SCHEMA_VERSION, journal_pages, open_engine, schema_version
from cli.checks import archive as checks
from cli.checks.archive import archive_checks, disk_finding
from cli.checks.finding import Finding, State, examine
from tests.postgres import running_postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """An archive as the worker leaves it, named by the settings."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else f"sqlite:///{tmp_path}/archive.db"
    archive = await Archive.open(url)
    await archive.close()
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", url)
    yield url
    await changed(url, update(schema_version).values(version=SCHEMA_VERSION))


async def changed(url: str, *statements: object) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(statement)  # type: ignore[call-overload]
    await engine.dispose()


async def findings() -> dict[str, Finding]:
    return {one.check: one for one in await examine(archive_checks())}


async def finding() -> Finding:
    return (await findings())["archive"]


async def test_a_good_archive_is_written_to_and_left_as_it_was(url: str) -> None:
    for _ in range(2):
        one = await finding()
        assert (one.state, one.advice) == (State.OK, "")
        assert one.found.endswith(f"schema version {SCHEMA_VERSION}, closed complaints: 0, can be written")
    engine = open_engine(url)
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(journal_pages)) == 0
    await engine.dispose()


@pytest.mark.parametrize(
    ("version", "state", "advice"),
    [
        (SCHEMA_VERSION - 1, State.WARNING, "start this version's worker.py"),
        (SCHEMA_VERSION + 1, State.FAILED, "use the program that made it, or a later one"),
    ],
)
async def test_another_version_is_told(url: str, version: int, state: State, advice: str) -> None:
    await changed(url, update(schema_version).values(version=version))
    one = await finding()
    assert (one.state, advice in one.advice) == (state, True)
    assert f"has schema version {version}; this program knows {SCHEMA_VERSION}" in one.found


async def test_a_database_that_takes_no_writing(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = await Archive.open(postgres)
    await archive.close()
    await changed(postgres, text("CREATE ROLE reader LOGIN"), text("GRANT pg_read_all_data TO reader"))
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", postgres.replace("//postgres@", "//reader:hunter2@"))
    one = await finding()
    assert one.state is State.FAILED
    assert one.found.endswith("permission denied for table journal_pages")
    assert "lets us in, or correct COMPLAINTS_ARCHIVE_URL" in one.advice
    assert "hunter2" not in one.model_dump_json()


async def test_an_archive_that_somebody_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LOCKED_FOR", 0)
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", f"sqlite:///{tmp_path}/archive.db")
    archive = await Archive.open(f"sqlite:///{tmp_path}/archive.db")
    await archive.close()
    with sqlite3.connect(tmp_path / "archive.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        one = await finding()
        holder.execute("ROLLBACK")
    holder.close()
    assert (one.state, one.found) == (State.FAILED, f"{tmp_path}/archive.db: database is locked")


@pytest.mark.parametrize(
    ("url", "found", "advice"),
    [
        ("postgresql://u:hunter2@127.0.0.1:9/x", "postgresql://u:***@127.0.0.1:9/x: ", "see that its database runs"),
        ("mysql://db/x", "names mysql; the archive knows sqlite and postgresql", "correct it"),
        ("sqlite:////no/such/directory/a.db", "/no/such/directory/a.db cannot be made", "make its directory"),
    ],
)
async def test_an_archive_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, url: str, found: str, advice: str
) -> None:
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", url)
    one = await finding()
    assert (one.state, found in one.found, advice in one.advice) == (State.FAILED, True, True), one
    assert "hunter2" not in one.model_dump_json()


async def test_one_that_is_not_there_yet_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", f"sqlite:///{tmp_path}/archive.db")
    found = await findings()
    assert (found["archive"].state, found["archive disk"].state) == (State.WARNING, State.OK)
    assert "start worker.py, which makes it" in found["archive"].advice
    assert not (tmp_path / "archive.db").exists()


async def test_an_empty_database_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", f"sqlite:///{tmp_path}/archive.db")
    sqlite3.connect(tmp_path / "archive.db").close()
    assert ((await finding()).state, (await finding()).advice) == (
        State.WARNING,
        "start worker.py, which makes its tables",
    )
    with sqlite3.connect(tmp_path / "archive.db") as inside:
        assert inside.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    inside.close()


async def test_a_file_that_is_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", f"sqlite:///{tmp_path}/archive.db")
    (tmp_path / "archive.db").write_text("a diary, and not a database at all")
    assert (await finding()).found == f"{tmp_path}/archive.db: file is not a database"


async def test_a_database_server_has_no_disk_of_ours(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", postgres)
    assert set(await findings()) == {"archive"}


async def test_without_a_name_nothing_is_looked_for() -> None:
    assert {(one.state, one.advice) for one in (await findings()).values()} == {
        (State.NOT_CHECKED, "set COMPLAINTS_ARCHIVE_URL to the worker's")
    }


@pytest.mark.parametrize(
    ("free", "state"),
    [(5 << 30, State.OK), (1 << 30, State.OK), (300 << 20, State.WARNING), (99 << 20, State.FAILED)],
)
def test_a_disk_that_fills_up_is_told_early(free: int, state: State) -> None:
    assert disk_finding(free).state is state
    assert disk_finding(free).found == f"{free / (1 << 30):.1f} GiB free"
