"""``python -m benchmarks.lifecycle [--rounds 3 --complaints 60 --concurrency 16 --paced 0.4] > result.json``.

Four subjects live the same standard life, alternating in one session on one server: the floor (``floor.py``), the floor
with the same commands as ours, our complaint with the stand-in bank over HTTP, and our complaint with a bank in the
worker that does nothing. Every round
is run twice: ``loaded``, where each stimulus follows as soon as its cause is there, and ``paced``, with ``--paced``
seconds before each, as in real life, where the server cannot merge steps. CPU time is user and system time of each
process divided by lives; the client is this program. The total is server, worker and client, without the bank, which a
real bank has anyway. A table goes to standard error, one JSON document to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import defaultdict
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.lifecycle.history import ACTIONS, by_purpose, rows
from benchmarks.lifecycle.measure import WARM_UP, Load, block, history_of, live
from benchmarks.lifecycle.programs import Programs, Subject, programs, unless_one_ends
from benchmarks.lifecycle.report import MOST_BYTES, TARGETS, Block, summary, table, verdict
from benchmarks.servers import STORAGES

LOADED, PACED = "loaded", "paced"


async def measured(options: argparse.Namespace) -> dict[str, Any]:
    """All rounds on one server, and the events of one life of each subject."""
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as directory:
        async with programs(Path(directory), options.storage) as running:
            return await unless_one_ends(_rounds(running, options), running.children)


async def _rounds(running: Programs, options: argparse.Namespace) -> dict[str, Any]:
    loads = {LOADED: Load(options.complaints, options.concurrency, 0.0)}
    if options.paced:
        loads[PACED] = Load(options.complaints, options.concurrency * 2, options.paced)
    found: dict[str, dict[str, list[Block]]] = {shape: defaultdict(list) for shape in loads}
    for subject in running.subjects:
        await live(running, subject, WARM_UP, f"W-{subject.name}")
    for number, (shape, load), subject in product(range(options.rounds), loads.items(), running.subjects):
        taken = await block(running, subject, load, f"R{number}-{shape}-{subject.name}")
        found[shape][subject.name].append(taken)
        _say(f"{shape} {number + 1}, {subject.name}: {taken['total_ms']:.0f} ms, {taken['events']:.0f} events")
    lives = {subject.name: await _events(running, subject, options.paced) for subject in running.subjects}
    return {"blocks": found, "events": lives}


async def _events(running: Programs, subject: Subject, pace: float) -> dict[str, Any]:
    """Every event of one paced life, alone."""
    (handle,) = await live(running, subject, Load(1, 1, pace), f"E-{subject.name}")
    found = await rows(await history_of(handle), subject.way.client.data_converter)
    return {"each": [vars(row) for row in found], "by_purpose": by_purpose(found)}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--complaints", type=int, default=60, help="lives of each subject in each round")
    parser.add_argument("--concurrency", type=int, default=16, help="lives at a time; twice as many when paced")
    parser.add_argument("--paced", type=float, default=0.4, help="seconds before each stimulus; 0 leaves it out")
    parser.add_argument("--storage", choices=STORAGES, default="memory")
    options = parser.parse_args()
    found = asyncio.run(measured(options))
    summed = {shape: summary(blocks) for shape, blocks in found["blocks"].items()}
    for shape, one in summed.items():
        _say(table(shape, one))
    result = {
        "on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1),  # noqa: DTZ011
        "python": sys.version.split()[0], **vars(options), "actions_by": ACTIONS,
        "targets": TARGETS | {"history_bytes": MOST_BYTES}, "summary": summed,
        "kept": {shape: verdict(one) for shape, one in summed.items()}, **found,
    }  # fmt: skip
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(0)
