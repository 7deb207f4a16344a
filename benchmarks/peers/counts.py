"""What every engine does for one life: forced writes, switches of threads, its own counters."""

from __future__ import annotations

import asyncio

from benchmarks.forced import forced
from benchmarks.lifecycle.measure import Load
from benchmarks.peers.subjects import Subject
from benchmarks.processes import family, family_seconds, switches

TRACED = Load(lives=8, concurrency=4, pace=0.0)
"""Few, as tracing slows the servers down so much that workers begin steps anew."""
SETTLE = 2.0
"""Seconds in which PostgreSQL's processes hand in what they have counted."""


async def idle(one: Subject, seconds: float) -> dict[str, float]:
    """Milliseconds of CPU time in a second in which nobody lives."""
    before = {part: family_seconds(getattr(one, part)) for part in ("server", "worker")}
    await asyncio.sleep(seconds)
    return {part: (family_seconds(getattr(one, part)) - was) * 1_000 / seconds for part, was in before.items()}


async def counted(one: Subject, load: Load) -> dict[str, float]:
    """Figures per life, of so many lives at a time; those that are traced are lives of their own."""
    before = await _figures(one)
    await one.live(load, f"C-{one.name}")
    await asyncio.sleep(SETTLE)
    after = await _figures(one)
    found = {name: (after[name] - before.get(name, 0.0)) / load.lives for name in after}
    syncs = await forced(family(one.server), one.live(TRACED, f"S-{one.name}"))
    if syncs is not None:
        found["server_forced_writes"] = syncs / TRACED.lives
    return {name: round(value, 2) for name, value in found.items() if value}


async def _figures(one: Subject) -> dict[str, float]:
    own = await one.counters()
    return {
        "server_thread_switches": sum(map(switches, family(one.server))),
        "worker_thread_switches": sum(map(switches, family(one.worker))),
    } | {f"counter: {name}": value for name, value in own.items()}
