"""``python -m benchmarks.burst [--complaints 5000] > burst.json``.

So many complaints are opened on server, stand-in bank and worker as ``make run`` keeps them, all with a committed reply
deadline in the same second; nobody answers. In that second each writes its breach, climbs a tier and sends two notices
to the bank over HTTP. Measured are the seconds until the last notice has gone out; how late the breaches were written,
by the server's own clock; how late the notices went out; and CPU time. Then every complaint is read: its breach is
there once, and both its notices went out once; the exit code is 1 when anything is missing. Their warnings that are
still to come show what the spread of the rule pack does.

After that, on a server of its own, plain timers with the same two effects (``floor.py``) run out in one second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.book.programs import Programs, programs
from benchmarks.burst.drain import drained
from benchmarks.burst.reading import read_all, told
from benchmarks.burst.subjects import ours, timers, write_packs
from benchmarks.lifecycle.programs import unless_one_ends
from worker import load_worker_settings

Json = dict[str, Any]
RATIOS = ("per_second", "total_ms_each")
PARTS = ("server", "worker", "bank", "client")


async def measured(options: argparse.Namespace) -> Json:
    """Our complaints, then the floor, each on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="burst-") as directory:
        packs = write_packs(Path(directory) / "rulepacks")
        async with programs(Path(directory), {"COMPLAINTS_RULEPACKS": str(packs)}) as running:
            work = _ours(running, options.complaints, packs, options.out)
            found = {"complaints": await unless_one_ends(work, tuple(running.children.values()))}
    with tempfile.TemporaryDirectory(prefix="burst-") as directory:
        async with programs(Path(directory)) as running, timers(running) as floor:
            _, found["floor"] = await drained(floor, running.told, options.timers or options.complaints)
    return found


def _keep(out: Path | None, found: Json) -> None:
    if out:
        out.write_text(_as_json(found), encoding="utf-8")


def _as_json(found: Json) -> str:
    return json.dumps(found, indent=1) + "\n"


async def _ours(running: Programs, count: int, packs: Path, out: Path | None) -> Json:
    due, took = await drained(ours(running), running.told, count)
    _keep(out, {"complaints": took})
    return took | told(await read_all(running, count, due), packs)


def table(found: Json) -> str:
    """The figures as people read them."""
    heads = ("drain s", "a second", "late p50", "late p99", *(f"{part} ms" for part in PARTS))
    lines = [f"{'':<12}" + "".join(f"{head:>12}" for head in heads)]
    for name, one in found.items():
        late, cpu = one["notices_late"], one["cpu_ms_each"]
        cells = [one["drain_seconds"], one["per_second"], late["median"], late["p99"], *map(cpu.get, PARTS)]
        lines.append(f"{name:<12}" + "".join(f"{'' if cell is None else round(cell, 1):>12}" for cell in cells))
    return "\n".join(lines)


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--complaints", type=int, default=5_000)
    parser.add_argument("--timers", type=int, help="of the floor; as many as complaints when left out")
    parser.add_argument("--out", type=Path, help="written as soon as all notices are out, before anything is read")
    options = parser.parse_args()
    found = asyncio.run(measured(options))
    sys.stderr.write(table(found) + "\n")
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1),  # noqa: DTZ011
            "python": sys.version.split()[0], "cached": load_worker_settings().max_cached_workflows}  # fmt: skip
    times = {part: round(found["complaints"][part] / found["floor"][part], 2) for part in RATIOS}
    sys.stdout.write(_as_json(head | found | {"times_floor": times}))
    return 1 if found["complaints"]["lost"] else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(code)
