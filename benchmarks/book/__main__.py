"""``python -m benchmarks.book [--sizes 1000 10000 20000 50000 --latency-at 20000 --out FILE] > book.json``.

Complaints are opened, acknowledged by letter and then left to wait for staff, on server, stand-in bank and worker as
``make run`` keeps them. At every size the book is weighed, the command line asks about all of it, and a worker comes to
it anew; at one of them people and systems send messages to single complaints, in the worker's memory and out of it.
Every size is told on standard error as soon as it is measured, and written to ``--out``, so that a run that is cut off
leaves what it has; after ``--minutes`` no more are opened, and what there is then is the last size. With ``--data`` the
book is kept, and a later run goes on with it. One JSON document goes to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.book.intake import Intake, taken_up
from benchmarks.book.programs import Programs, programs
from benchmarks.book.report import Stage, recent, told, verdict, waiting
from benchmarks.book.staff import SHAPES, Staff
from benchmarks.book.weight import asked, cold_start, idle, surroundings, weighed
from benchmarks.lifecycle.programs import unless_one_ends
from intake.bulk import AT_A_TIME
from worker import load_worker_settings

TIMES = 3
"""How often what is quick is measured."""


async def measured(options: argparse.Namespace) -> dict[str, Any]:
    """All sizes on one server, after those of an earlier run."""
    until = time.monotonic() + options.minutes * 60
    cached = load_worker_settings().max_cached_workflows
    result = _earlier(options)
    with kept_in(options.data) as directory:
        async with programs(directory) as running:
            intake = await taken_up(running, result["stretches"])
            begun_with = intake.opened
            for size in sorted(size for size in options.sizes if size > intake.opened + AT_A_TIME):
                await unless_one_ends(intake.grow(size, until), tuple(running.children.values()))
                stage = await _stage(running, intake, cached, options)
                result["stages"].append(stage | {"begun_with": begun_with})
                _say(told(result["stages"][-1]))
                result |= verdict(result["stages"]) | surroundings() | {"cached": cached}
                _write(options.out, result)
                if intake.opened < size:
                    break
    return result


def _earlier(options: argparse.Namespace) -> dict[str, Any]:
    """What an earlier run on the same data has written."""
    if options.data and options.out and options.out.exists():
        result: dict[str, Any] = json.loads(options.out.read_text(encoding="utf-8"))
        return result
    return {"stages": [], "stretches": []}


@contextmanager
def kept_in(data: Path | None) -> Iterator[Path]:
    """The directory of the book; one of its own unless it is to be kept."""
    if data:
        yield data.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="book-") as directory:
        yield Path(directory)


async def _stage(running: Programs, intake: Intake, cached: int, options: argparse.Namespace) -> Stage:
    """Everything at the size that there is."""
    opened = intake.opened
    stage: Stage = {"open": opened, "intake": recent(intake.stretches, opened), **await weighed(running)}
    stage["idle_percent"] = await idle(running, options.idle)
    stage["asked"] = await asked(running, TIMES)
    if opened in options.latency_at:
        staff = Staff(running.client, opened, cached, options.messages)
        stage["waiting"] = {shape.name: waiting(await staff.measured(shape)) for shape in SHAPES}
    stage["cold_start"] = [await cold_start(running, number) for number in range(TIMES)]
    return stage | {"load_afterwards": round(os.getloadavg()[0], 1)}


def _write(out: Path | None, result: dict[str, Any]) -> None:
    if out:
        out.write_text(_as_json(result), encoding="utf-8")


def _as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, indent=1) + "\n"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 20_000, 50_000])
    parser.add_argument("--latency-at", type=int, nargs="*", default=[20_000], help="sizes at which messages are sent")
    parser.add_argument("--messages", type=int, default=150, help="of each kind, warm and cold, in each shape")
    parser.add_argument("--idle", type=float, default=20, help="seconds in which nothing is done")
    parser.add_argument("--minutes", type=float, default=120, help="after which no more are opened")
    parser.add_argument("--data", type=Path, help="where the book is kept for a later run")
    parser.add_argument("--out", type=Path, help="written after every size")
    sys.stdout.write(_as_json(asyncio.run(measured(parser.parse_args()))))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(0)
