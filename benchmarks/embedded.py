"""What the settings of the embedded server are worth: ``python -m benchmarks.embedded [--rounds 3 --lives 60]``.

The server of the ``temporal`` binary keeps its data in a SQLite file: as it comes (a rollback journal), and with the
settings of ``make run`` (a write-ahead log with ``synchronous=FULL``). The floor of ``benchmarks.lifecycle`` is lived
on both in turn, each time on a fresh server, so that the server is what differs. For one more life ``strace``, where
there is one, counts how often the server forces its data to the disk. One JSON document goes to standard output.

``--storages disk late-checkpoints ...`` tries further settings beside those of ``make run`` (``benchmarks.servers``).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.forced import forced
from benchmarks.lifecycle.floor import FLOOR_AS_OURS
from benchmarks.lifecycle.measure import ONE, WARM_UP, Load, block, live
from benchmarks.lifecycle.programs import FLOOR, programs
from benchmarks.lifecycle.report import Block, spread, spread_of_ratios
from benchmarks.peers.counters import prometheus
from benchmarks.servers import STORAGES, TRIED

PARTS = ("lives_per_second", "server_ms", "total_ms", "syncs_per_life", "UpdateWorkflowExecution", "CreateTasks")
TARGET = 2.0
"""How many times the rate of the server as it comes."""


async def measured(storage: str, load: Load) -> Block:
    """One round on a fresh server."""
    with tempfile.TemporaryDirectory(prefix="embedded-") as directory:
        async with programs(Path(directory), storage, (FLOOR,)) as running:
            floor = running.subjects[0]
            await live(running, floor, WARM_UP, "W")
            before = await database_requests(running.metrics)
            taken = await block(running, floor, load, "R")
            after = await database_requests(running.metrics)
            taken |= {part: (after[part] - before.get(part, 0.0)) / load.lives for part in after}
            syncs = await forced([running.server], live(running, floor, ONE, "S"))
            return taken | ({"syncs_per_life": float(syncs)} if syncs is not None else {})


async def database_requests(metrics: int) -> dict[str, float]:
    """How often the server has had to keep a change of a workflow, and a task for which no worker was waiting."""
    found = await prometheus(metrics, {"persistence_requests": "operation"}, namespace=FLOOR)
    return {part: found.get(f"persistence_requests {part}", 0.0) for part in ("UpdateWorkflowExecution", "CreateTasks")}


async def _rounds(storages: list[str], rounds: int, load: Load) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = defaultdict(list)
    for number in range(rounds):
        for storage in storages if number % 2 == 0 else reversed(storages):
            found[storage].append(await measured(storage, load))
            rate, spent = found[storage][-1]["lives_per_second"], found[storage][-1]["server_ms"]
            sys.stderr.write(f"{storage}: {rate:.1f} lives per second, {spent:.0f} ms of the server's CPU each\n")
    return found


def summary(found: dict[str, list[Block]]) -> dict[str, Any]:
    """Medians with their spread, and how many times the rate."""
    figures = {name: {part: spread([one[part] for one in own]) for part in PARTS if part in own[0]}
               for name, own in found.items()}  # fmt: skip
    beside = {name: {part: spread_of_ratios(own, found["disk"], part) for part in PARTS if part in own[0]}
              for name, own in found.items() if name != "disk"}  # fmt: skip
    summed: dict[str, Any] = {"figures": figures, "ratio_to_disk": beside}
    if "shipped" not in found:
        return summed
    pairs = zip(found["disk"], found["shipped"], strict=True)
    times = spread([ours["lives_per_second"] / theirs["lives_per_second"] for ours, theirs in pairs])
    return summed | {"times_the_rate": times, "target": TARGET, "kept": times["median"] >= TARGET}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lives", type=int, default=60)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--storages", nargs="+", choices=(*STORAGES, *TRIED), default=["shipped", "disk"])
    options = parser.parse_args()
    load = Load(options.lives, options.concurrency, 0.0)
    os.environ[FLOOR_AS_OURS] = "1"  # the server is what is measured, so that what asks it shall take little
    found = uvloop.run(_rounds(options.storages, options.rounds, load))
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}  # noqa: DTZ011
    result = head | vars(options) | summary(found) | {"blocks": found}
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(0)
