"""Lives of one peer, many at a time: ``python -m benchmarks.peers.drive dbos --lives 60 --server PID --worker PID``.

A process of its own with the peers' Python, so that its CPU time is the client's. One JSON document goes to standard
output: the figures that ``benchmarks.lifecycle.measure`` takes of the floor, taken in the same way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.lifecycle.life import Life, Manner
from benchmarks.lifecycle.told import SOCKET, Told, listen
from benchmarks.processes import family_seconds

SETTLE = 0.5
"""Seconds after the last life in which the engine finishes what it does behind."""


@dataclass(frozen=True)
class Drive:
    """How lives of one peer are lived."""

    way: Manner
    told: Told
    concurrency: int

    async def live(self, name: str, lives: int) -> None:
        """So many lives, so many at a time."""
        room = asyncio.Semaphore(self.concurrency)

        async def one(number: int) -> None:
            async with room:
                await Life(self.way, self.told, f"{name}-{number}", 0.0).live()

        await asyncio.gather(*map(one, range(lives)))


def _used(options: argparse.Namespace) -> dict[str, float]:
    """CPU time so far, in seconds."""
    parts = {part: family_seconds(getattr(options, part)) for part in ("server", "worker")}
    return parts | {"client": time.process_time()}


async def measured(drive: Drive, options: argparse.Namespace) -> dict[str, float]:
    """One block, with the lives before it that warm up."""
    await drive.live(f"W-{options.name}", options.warm_up)
    before, began = _used(options), time.perf_counter()
    await drive.live(options.name, options.lives)
    seconds = time.perf_counter() - began
    await asyncio.sleep(SETTLE)
    after = _used(options)
    spent = {f"{part}_ms": (after[part] - before[part]) * 1_000 / options.lives for part in before}
    return spent | {"total_ms": sum(spent.values()), "lives_per_second": options.lives / seconds}


async def driven(options: argparse.Namespace) -> dict[str, float]:
    """Connect, listen, and live."""
    told = await listen(Path(os.environ[SOCKET]))
    async with import_module(f"benchmarks.peers.{options.peer}_client").speaking() as way:
        return await measured(Drive(way, told, options.concurrency), options)


def main() -> None:
    """Live, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=("dbos", "restate"))
    parser.add_argument("--name", default="R", help="of the lives; another one for each run")
    parser.add_argument("--lives", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=0, help="lives before those that are measured")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--server", type=int, required=True, help="process id, whose children count too")
    parser.add_argument("--worker", type=int, required=True, help="process id, whose children count too")
    sys.stdout.write(json.dumps(asyncio.run(driven(parser.parse_args()))) + "\n")


if __name__ == "__main__":
    main()
