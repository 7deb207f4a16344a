"""Opening many promises for one second, and watching until everything that follows from their breach is done."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.burst.floor import NOTICES
from benchmarks.burst.subjects import PROMISED, Subject, instant
from benchmarks.failover import summary
from benchmarks.lifecycle.told import Told
from benchmarks.processes import cpu_seconds
from intake.bulk import AT_A_TIME

WARM_UP = 200
"""Promises that are made first, for a later time, to see how fast they can be made."""
MARGIN, QUIET = 1.3, 20.0
"""How many times as long as they should take there is to make all of them, and seconds more."""
ASK_EVERY = 1.5
"""Seconds between two messages of staff."""
SETTLE = 2.0
"""Seconds after the last notice in which the server finishes what it does behind."""


def reference(number: int) -> str:
    """Of a promise, by the order in which they are made."""
    return f"BURST-{number:06}"


async def drained(subject: Subject, told: Told, count: int) -> tuple[datetime, dict[str, Any]]:
    """Let so many promises be broken in one second; when that was, and what it took."""
    begin = time.perf_counter()
    await _open(subject, told, range(-WARM_UP, 0), instant(PROMISED.total_seconds() - 1))
    rate = WARM_UP / (time.perf_counter() - begin)
    due = instant(count / rate * MARGIN + QUIET)
    _say(f"{subject.name}: {rate:.0f} a second are opened; {count} run out at {due:%H:%M:%S} UTC")
    begin = time.perf_counter()
    await _open(subject, told, range(count), due)
    opened = time.perf_counter() - begin
    left = (due - datetime.now(UTC)).total_seconds()
    if left < 1:
        raise RuntimeError(f"it took {opened:.0f} s to open {count} {subject.name}, and they had run out by then")
    return due, {"complaints": count, "opened_per_second": round(count / opened, 1)} | await _watched(
        subject, told, count, due
    )


async def _open(subject: Subject, told: Told, numbers: range, due: datetime) -> None:
    room = asyncio.Semaphore(AT_A_TIME)

    async def one(number: int) -> None:
        async with room:
            await subject.open(reference(number), due)
            await told.wait(reference(number), "letter acknowledgement")

    await asyncio.gather(*map(one, numbers))


async def _watched(subject: Subject, told: Told, count: int, due: datetime) -> dict[str, Any]:
    """Wait for the second and for all notices; how late they were, and what CPU time it took."""
    watching = asyncio.gather(*(_told(told, reference(number), due) for number in range(count)))
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds() - 0.5)
    before, asking = _used(subject), asyncio.create_task(_asked(subject, watching))
    late = await watching
    waits = await asking
    await asyncio.sleep(SETTLE)
    spent = {name: round((now - before[name]) * 1_000 / count, 2) for name, now in _used(subject).items()}
    drain = max(late)
    _say(f"{subject.name}: the last notice went out {drain:.1f} s after the second")
    return {
        "drain_seconds": round(drain, 1), "per_second": round(count / drain, 1), "notices_late": summary(late),
        "cpu_ms_each": spent, "total_ms_each": round(sum(spent[name] for name in ("server", "worker")), 2),
    } | ({"staff_waited": summary(waits)} if waits else {})  # fmt: skip


async def _asked(subject: Subject, watching: asyncio.Future[Any]) -> list[float]:
    """For how long staff wait who send something meanwhile, each about another complaint that is not due."""
    asked = subject.ask
    if asked is None:
        return []

    async def wait(name: str) -> float:
        begin = time.perf_counter()
        await asked(name)
        return time.perf_counter() - begin

    waiting: list[asyncio.Task[float]] = []
    while not watching.done():
        await asyncio.sleep(ASK_EVERY)
        waiting.append(asyncio.create_task(wait(reference(-1 - len(waiting) % WARM_UP))))
    return list(await asyncio.gather(*waiting))


async def _told(told: Told, one: str, due: datetime) -> float:
    """Seconds after the instant at which the last notice about a promise went out."""
    for kind in NOTICES:
        await told.wait(one, f"notice {kind}")
    return time.time() - due.timestamp()


def _used(subject: Subject) -> dict[str, float]:
    """CPU time so far, in seconds."""
    processes = {name: cpu_seconds(pid) for name, pid in subject.processes.items()}
    return processes | {"client": time.process_time()}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
