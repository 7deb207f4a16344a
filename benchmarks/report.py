"""How long a report over very many closed complaints takes: ``python -m benchmarks.report [--complaints 50000]``.

The archive holds whole lives, case files included, each played once through the real rules and then copied under other
references and dates. The command line is run as people run it. One JSON document goes to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from activities.archive import Archive
from activities.archive_figures import report_row
from activities.archive_schema import closed_complaints, complaint_figures, open_engine
from benchmarks.lives import Life
from domain.closing import ClosedComplaint
from domain.effects import ArchiveOrder
from tests.postgres import running_postgres

ROOT = Path(__file__).parents[1]
LIVES = 300
YEAR = 2026
Rows = tuple[dict[str, Any], dict[str, Any]]


def lives() -> list[ArchiveOrder]:
    """Different complaints, the same in every run."""
    return [Life(Random(number), f"LIFE-{number}").play() for number in range(LIVES)]


def rows(played: list[ArchiveOrder], complaints: int) -> Iterator[Rows]:
    """The two rows of each complaint, closed at some moment of a year."""
    chance, begin = Random(YEAR), datetime(YEAR, 1, 1, tzinfo=UTC)
    for number in range(complaints):
        order = played[number % len(played)]
        closed = ClosedComplaint.model_validate(order.closed)
        shift = begin + timedelta(seconds=chance.randrange(365 * 86_400)) - closed.closed_at
        moved = _moved(closed, f"B-{number:06}", shift)
        figures = report_row(moved)
        row = {name: figures[name] for name in ("reference", "rule_pack", "received_at", "closed_at")} | {
            "key": f"{moved.reference}/archive", "workflow_id": f"complaint-{moved.reference}", "tier": moved.tier,
            "breached": moved.breached, "stored_at": moved.closed_at, "outcome": moved.outcome, "nature": moved.nature,
            "answered_at": moved.answered_at, "complaint": order.complaint.model_dump(mode="json"),
            "closed": order.closed, "file": order.file,
        }  # fmt: skip
        yield row, figures


def _moved(closed: ClosedComplaint, reference: str, shift: timedelta) -> ClosedComplaint:
    clocks = [
        clock.model_copy(
            update={name: at + shift for name in ("due_at", "breached_at", "met_at") if (at := getattr(clock, name))}
        )
        for clock in closed.clocks
    ]
    moments = ("received_at", "acknowledged_at", "answered_at", "called_back_at", "closed_at")
    moved = {name: at + shift for name in moments if (at := getattr(closed, name))}
    return closed.model_copy(update=moved | {"reference": reference, "clocks": clocks})


async def fill(url: str, played: list[ArchiveOrder], complaints: int) -> None:
    """An archive with so many complaints."""
    await (await Archive.open(url)).close()
    engine = open_engine(url)
    found = rows(played, complaints)
    while batch := list(islice(found, 500)):
        async with engine.begin() as connection:
            await connection.execute(insert(closed_complaints), [one for one, _ in batch])
            await connection.execute(insert(complaint_figures), [one for _, one in batch])
    await engine.dispose()


def measured(url: str, *words: str) -> dict[str, Any]:
    """Seconds and memory of one run of the command."""
    command = [sys.executable, str(ROOT / "starter.py"), "report", str(YEAR), "--zone", "UTC", "--archive", url, *words]
    # No server: only the archive is measured, and the connection is refused at once.
    environment = {**os.environ, "TEMPORAL_ADDRESS": "127.0.0.1:1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(done.stdout) if "--json" in words else {}
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "closed": said["results"]["closed"] if said else None,
    }


def both(url: str, directory: Path) -> dict[str, Any]:
    """As JSON, and as a page."""
    return {"json": measured(url, "--json"), "html": measured(url, "--html", str(directory / "report.html"))}


def main() -> None:
    """Fill both kinds of database and report on them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=50_000)
    complaints = parser.parse_args().complaints
    played = lives()
    found: dict[str, Any] = {"on": str(date.today()), "complaints": complaints, "cpus": os.cpu_count()}  # noqa: DTZ011
    with tempfile.TemporaryDirectory(prefix="complaints-report-") as name:
        url = f"sqlite:///{name}/archive.db"
        asyncio.run(fill(url, played, complaints))
        found["sqlite"] = both(url, Path(name)) | {"megabytes": os.path.getsize(f"{name}/archive.db") >> 20}
        with running_postgres() as postgres:
            asyncio.run(fill(postgres, played, complaints))
            found["postgresql"] = both(postgres, Path(name))
    found["largest_process_megabytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
