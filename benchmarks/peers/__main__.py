"""``python -m benchmarks.peers [--rounds 3 --lives 60 --concurrency 16 32] > benchmarks/results/peers.json``.

The standard life in DBOS on PostgreSQL 15 and in Restate, beside the floor on Temporal and our complaint, with the
stand-in bank over HTTP and with one that does nothing. All run at once, each subject's lives in turn, loaded: every
stimulus follows as soon as its cause is there. Durability is alike: what was acknowledged has been forced to the disk,
by the embedded server as ``make run`` has it, by PostgreSQL with ``fsync`` and ``synchronous_commit``, by Restate as it
comes. CPU time is user and system time divided by lives: of the server with all that it started, of the process that
carries the workflows out, and of the client. With ``--counted 32`` a last part counts what each server does for a life.

The peers' packages are installed on first use in ``.data/peers``. A table goes to standard error, one JSON document to
standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.lifecycle.measure import Load
from benchmarks.lifecycle.programs import COMPLAINTS, FLOOR, NO_BANK, programs, unless_one_ends
from benchmarks.lifecycle.report import Block
from benchmarks.peers.counts import counted, idle
from benchmarks.peers.installed import Missing, installed
from benchmarks.peers.programs import DBOS, RESTATE, running
from benchmarks.peers.report import summary, table, verdict
from benchmarks.peers.subjects import Ours, Subject
from embedded.process import Child

QUIET = 5.0
"""Seconds in which nobody lives."""


@asynccontextmanager
async def subjects(directory: Path, peers: list[str]) -> AsyncIterator[tuple[list[Subject], tuple[Child, ...]]]:
    """Everything that is measured, running, with our programs."""
    packages = await asyncio.to_thread(installed)
    (directory / "ours").mkdir()
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(programs(directory / "ours", "disk", (FLOOR, NO_BANK, COMPLAINTS)))
        theirs = [await stack.enter_async_context(running(name, directory, packages)) for name in peers]
        yield [*(Ours(ours, one) for one in ours.subjects), *theirs], ours.children


async def measured(options: argparse.Namespace) -> dict[str, Any]:
    """All rounds, and what each server does for a life."""
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        async with subjects(Path(name), options.peers) as (living, children):
            return await unless_one_ends(_measured(living, options), children)


async def _measured(living: list[Subject], options: argparse.Namespace) -> dict[str, Any]:
    for one in living:
        await one.warm_up()
    blocks: dict[str, dict[str, list[Block]]] = {str(load): defaultdict(list) for load in options.concurrency}
    for number, concurrency in product(range(options.rounds), options.concurrency):
        for one in living if number % 2 == 0 else reversed(living):
            taken = await one.block(Load(options.lives, concurrency, 0.0), f"R{number}-{concurrency}-{one.name}")
            blocks[str(concurrency)][one.name].append(taken)
            spent, rate = taken["total_ms"], taken["lives_per_second"]
            _say(f"round {number + 1}, {concurrency} at a time, {one.name}: {spent:.0f} ms, {rate:.1f} lives a second")
    resting = {one.name: await idle(one, QUIET) for one in living}
    found: dict[str, Any] = {"blocks": blocks, "idle_ms_per_second": resting}
    if options.counted:
        found["per_life"] = {one.name: await counted(one, Load(options.counted, 16, 0.0)) for one in living}
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lives", type=int, default=60, help="of each subject in each round")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[16, 32], help="lives at a time")
    parser.add_argument("--counted", type=int, default=0, help="lives over which the servers' counters are divided")
    parser.add_argument("--peers", nargs="*", choices=(DBOS, RESTATE), default=[DBOS, RESTATE])
    options = parser.parse_args()
    try:
        found = asyncio.run(measured(options))
    except Missing as missing:
        sys.exit(str(missing))
    summed = {concurrency: summary(blocks) for concurrency, blocks in found["blocks"].items() if blocks}
    for concurrency, one in summed.items():
        _say(table(f"{concurrency} at a time", one))
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}  # noqa: DTZ011
    kept = {concurrency: verdict(one) for concurrency, one in summed.items()} if DBOS in options.peers else {}
    result = head | vars(options) | {"floor": FLOOR, "summary": summed, "ahead_of_dbos": kept} | found
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(0)
