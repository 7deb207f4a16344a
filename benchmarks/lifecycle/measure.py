"""Lives many at a time, and the time that every process spends on them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from temporalio.api.history.v1 import HistoryEvent

from benchmarks.lifecycle.history import figures
from benchmarks.lifecycle.life import Life
from benchmarks.lifecycle.programs import Programs, Subject
from benchmarks.lifecycle.report import PROCESSES, Block
from benchmarks.processes import cpu_seconds

SETTLE = 0.5
"""Seconds after the last life in which the server finishes what it does behind."""


@dataclass(frozen=True)
class Load:
    """How lives are started."""

    lives: int
    concurrency: int
    pace: float


WARM_UP = Load(lives=8, concurrency=8, pace=0.0)
ONE = Load(lives=1, concurrency=1, pace=0.0)


def _used(running: Programs, subject: Subject) -> Block:
    """CPU time so far of every process that the subject uses, in seconds."""
    used = {"server": cpu_seconds(running.server), "worker": cpu_seconds(subject.worker), "client": time.process_time()}
    return used | ({"bank": cpu_seconds(subject.bank)} if subject.bank else {})


async def live(running: Programs, subject: Subject, load: Load, name: str) -> list[Any]:
    """Live so many lives, so many at a time, and give their handles."""
    room = asyncio.Semaphore(load.concurrency)

    async def one(number: int) -> Any:
        async with room:
            return await Life(subject.way, running.told, f"{name}-{number}", load.pace).live()

    return list(await asyncio.gather(*map(one, range(load.lives))))


async def block(running: Programs, subject: Subject, load: Load, name: str) -> Block:
    """One subject in one round."""
    before, began = _used(running, subject), time.perf_counter()
    handles = await live(running, subject, load, name)
    seconds = time.perf_counter() - began
    await asyncio.sleep(SETTLE)
    after = _used(running, subject)
    spent = {f"{part}_ms": (after[part] - before[part]) * 1_000 / load.lives for part in before}
    histories = [figures(await history_of(handle)).as_dict() for handle in handles]
    counted = {part: median(one[part] for one in histories) for part in histories[0]}
    total = sum(spent[f"{part}_ms"] for part in PROCESSES[:3])
    return spent | {"total_ms": total, "lives_per_second": load.lives / seconds} | counted


async def history_of(handle: Any) -> list[HistoryEvent]:
    """Every event of a life."""
    return [event async for event in handle.fetch_history_events()]
