"""Guarantees of ``starter.py report``:

* A complaint that a real worker closed is in the report, with its times adding up, and the open one beside it.
* Without a server, or without an archive, the other half is reported and the gap is said; without both the code is 2.
* The archive is found where the worker's settings say, and where ``make run`` leaves it; and it says so.
* Wrong usage is one sentence and code 2. The page is written beside the tables' data, and holds no personal data.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from activities.archive import Archive
from reporting.results import Report
from tests.activities.test_archive_figures import VERSION_1
from tests.cli.conftest import Starter, starter_in
from tests.complaints import NAME
from tests.server import Server, complaint
from tests.temporal_server import at
from tests.waiting import answered

NOBODY = at("127.0.0.1:1")
PERSONAL = ("测试客户", "钱转出去三天了", "转账已扣款", NAME, "C-REPORT")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of three complaints closed in March 2026, brought up to date as a worker does at its start."""
    file = tmp_path / "given.db"
    with sqlite3.connect(file) as database:
        database.executescript((VERSION_1 / "sqlite.sql").read_text(encoding="utf-8"))
    database.close()
    return file


def content(file: Path) -> list[str]:
    with sqlite3.connect(file) as database:
        lines = list(database.iterdump())
    database.close()
    return lines


@pytest.fixture
async def up_to_date(archive: Path) -> str:
    url = f"sqlite:///{archive}"
    await (await Archive.open(url)).close()
    return url


@pytest.fixture
def alone(tmp_path: Path) -> Starter:
    """Run ``starter.py`` where there is no server."""
    return starter_in(NOBODY, tmp_path)


async def test_a_complaint_that_a_worker_closed_and_an_open_one(
    server: Server, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    case = await server.open(complaint("REPORT-CLI-1"))
    await server.open(complaint("REPORT-CLI-2"))
    await answered(case.file, lambda file: file["stage"] == "acknowledged")
    await case.decide("withdraw", by={"id": "FL-0021", "role": "first_line"}, channel="phone", reason="settled")
    local = datetime.now(UTC) + timedelta(hours=8)
    await case.pass_time(timedelta(days=2) - (local - local.replace(hour=10, minute=0)))
    caller = {"id": "CB-1", "role": "call_back"}
    called = {"reached": True, "solved": True, "satisfied": True, "said": "it has settled itself"}
    await case.decide("record_callback", by=caller, **called)
    closed = await case.handle.result()
    archive = next(one for one in tmp_path_factory.getbasetemp().glob("server*/archive.db"))
    run = starter_in(at(server.client.service_client.config.target_host), tmp_path)
    day = (
        f"{datetime.fromisoformat(closed['closed_at'] if isinstance(closed, dict) else str(closed.closed_at)):%Y-%m-%d}"
    )
    said = await run("report", day, "--zone", "UTC", "--archive", f"sqlite:///{archive}", "--json", "--html", "r.html")
    assert said.code == 0
    report = Report.model_validate(said.json)
    assert report.results is not None and report.open_book is not None
    assert report.gaps == []
    assert report.results.outcomes["withdrawn"] >= 1
    assert sum((share.time for share in report.results.time), timedelta()) == report.results.elapsed
    assert report.open_book.open >= 1
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert not [word for word in PERSONAL if word in page + said.out + said.err]


async def test_without_a_server_the_archive_is_reported(alone: Starter, up_to_date: str) -> None:
    said = await alone("report", "2026-03", "--zone", "Asia/Shanghai", "--archive", up_to_date, "--json")
    assert said.code == 0
    assert said.json["results"]["closed"] == 3
    assert said.json["open_book"] is None
    assert "Open complaints are missing: No Temporal server answers" in said.err
    shares = said.json["results"]["shares"]
    assert shares["answered_within_law"] == {"count": 1, "of": 2, "share": 0.5}
    assert shares["regulator_answered_in_time"] == {"count": 0, "of": 0, "share": None}
    times = TypeAdapter(timedelta)
    parts = sum((times.validate_python(share["time"]) for share in said.json["results"]["time"]), timedelta())
    assert parts == times.validate_python(said.json["results"]["elapsed"]) > timedelta()


async def test_the_table_fits_a_hundred_columns(tmp_path: Path, up_to_date: str) -> None:
    run = starter_in(NOBODY | {"COLUMNS": "100"}, tmp_path)
    said = await run("report", "2026-Q1", "--by", "month", "--archive", up_to_date)
    assert said.code == 0
    lines = said.out.splitlines()
    assert max(len(line) for line in lines if "This report is incomplete" not in line) <= 100
    assert "Compared with: 2025-10-03 .. 2025-12-31 (both days included, UTC)" in lines
    assert "Whose time it was" in lines


async def test_where_nothing_was_closed_that_is_all_it_says(alone: Starter, up_to_date: str) -> None:
    said = await alone("report", "2025", "--archive", up_to_date)
    assert said.code == 0
    assert "No complaint was closed in the period." in said.out
    assert "Kept in time" not in said.out


async def test_without_an_archive_the_open_book_is_reported(idle: Starter) -> None:
    said = await idle("report", "--json")
    if said.json["open_book"] is None:  # this server was never set up for complaints
        assert said.code == 2
        assert "run 'starter.py setup'" in said.err
    else:
        assert said.code == 0
    assert said.json["results"] is None
    assert "No archive is named; set COMPLAINTS_ARCHIVE_URL" in said.err


async def test_without_both_the_code_is_2_and_both_gaps_are_said(alone: Starter) -> None:
    said = await alone("report", "--json")
    assert said.code == 2
    assert len(said.json["gaps"]) == 2


async def test_the_archive_of_the_workers_settings_is_found(tmp_path: Path, up_to_date: str) -> None:
    by_variable = starter_in(NOBODY | {"COMPLAINTS_ARCHIVE_URL": up_to_date}, tmp_path)
    (tmp_path / "settings.toml").write_text(f'archive_url = "{up_to_date}"\n')
    by_file = starter_in(NOBODY | {"COMPLAINTS_SETTINGS_FILE": str(tmp_path / "settings.toml")}, tmp_path)
    for run in (by_variable, by_file):
        assert (await run("report", "2026-03", "--json")).json["results"]["closed"] == 3


async def test_the_archive_of_make_run_is_found_and_named(alone: Starter, archive: Path, up_to_date: str) -> None:
    there = archive.parent / ".data" / "run"
    there.mkdir(parents=True)
    os.rename(archive, there / "archive.db")
    said = await alone("report", "2026-03", "--json")
    assert said.json["results"]["closed"] == 3
    assert "No archive is named; reading .data/run/archive.db." in said.err


async def test_an_archive_of_version_1_says_what_to_do_and_stays_as_it_is(alone: Starter, archive: Path) -> None:
    before = content(archive)
    said = await alone("report", "2026-03", "--archive", f"sqlite:///{archive}")
    assert said.code == 2
    assert "has schema version 1; a worker of this program brings it to 2 when it starts" in said.out.replace("\n", " ")
    assert content(archive) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("2026-13",), "is no period"),
        (("2026", "--from", "2026-01-01"), "but not both"),
        (("--zone", "Mars"), "no time zone"),
        (("--rule-pack", "x' OR '1"), "no name of a rule pack"),
        (("--language", "fr"), "'en', 'zh'"),
    ],
)
async def test_wrong_usage_is_a_sentence(alone: Starter, words: tuple[str, ...], sentence: str) -> None:
    said = await alone("report", *words)
    assert said.code == 2
    assert sentence in " ".join(said.err.replace("│", " ").split())


async def test_a_page_that_cannot_be_written_is_a_sentence(alone: Starter, up_to_date: str) -> None:
    said = await alone("report", "2026-03", "--archive", up_to_date, "--html", "no/such/directory/r.html")
    assert said.code == 2
    assert "No such file or directory" in said.err
