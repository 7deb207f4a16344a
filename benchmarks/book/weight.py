"""What an open book weighs: memory, disk, idle time, questions about all of it, and a worker that comes to it anew."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.book.intake import reference
from benchmarks.book.programs import Programs
from benchmarks.failover import step, told
from benchmarks.processes import cpu_seconds
from embedded.process import ROOT
from workflows.names import workflow_id

SETTLE = 5.0
"""Seconds in which the server finishes what it does behind."""
MEGABYTE = 1_000_000


def memory(pid: int) -> dict[str, float]:
    """Megabytes in memory: all, and those that are shared with other processes counted in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kibibytes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return {name.lower(): round(kibibytes[name] * 1_024 / MEGABYTE, 1) for name in ("Rss", "Pss")}


def on_disk(data: Path) -> float:
    """Megabytes of the server's database with its write-ahead log."""
    return round(sum(file.stat().st_size for file in data.glob("temporal.db*")) / MEGABYTE, 1)


async def weighed(running: Programs) -> dict[str, Any]:
    """Memory and disk, when all is quiet."""
    await asyncio.sleep(SETTLE)
    weights = {name: memory(one.process.pid) for name, one in running.children.items()}
    return {"megabytes": weights, "database_megabytes": on_disk(running.data)}


async def idle(running: Programs, seconds: float) -> dict[str, float]:
    """Per cent of a core that each program takes while nothing happens."""
    before = {name: cpu_seconds(one.process.pid) for name, one in running.children.items()}
    await asyncio.sleep(seconds)
    after = {name: cpu_seconds(one.process.pid) for name, one in running.children.items()}
    return {name: round((after[name] - before[name]) / seconds * 100, 2) for name in before}


async def asked(running: Programs, times: int) -> dict[str, list[dict[str, float]]]:
    """What the two questions about the whole book take, each time."""
    archive = f"sqlite:///{running.data / 'archive.db'}"
    questions = {
        "list": ["list"],
        "report": ["report", str(date.today().year), "--archive", archive],  # noqa: DTZ011
    }
    return {name: [await _command(running, words) for _ in range(times)] for name, words in questions.items()}


async def _command(running: Programs, words: list[str]) -> dict[str, float]:
    """Seconds, and CPU seconds of the command and of the server."""
    server, before, begin = _server(running), resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, str(ROOT / "starter.py"), *words]
    await asyncio.to_thread(subprocess.run, command, env=running.environment, cwd=ROOT, capture_output=True, check=True)
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = {"seconds": seconds, "cpu_seconds": own, "server_cpu_seconds": _server(running) - server}
    return {name: round(value, 2) for name, value in found.items()}


def _server(running: Programs) -> float:
    return cpu_seconds(running.server.process.pid)


async def cold_start(running: Programs, complaint: int) -> dict[str, float]:
    """Seconds from the start of a worker to the first step that it has taken: a fact came while there was none."""
    await running.stop_worker()
    handle = running.client.get_workflow_handle(workflow_id(reference(complaint)))
    name = await told(handle)
    begin = time.perf_counter()
    worker = await running.start_worker()
    await step(handle, name)
    found = {"seconds": time.perf_counter() - begin, "cpu_seconds": cpu_seconds(worker.process.pid)}
    await running.worker_at_work()
    return {part: round(value, 2) for part, value in found.items()}


def surroundings() -> dict[str, Any]:
    """Where it was measured."""
    return {"on": str(date.today()), "cpus": os.cpu_count(), "python": sys.version.split()[0]}  # noqa: DTZ011
