"""Opening complaints as intake does, so many at a time, each until its letter of acknowledgement has gone out."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass, field

from benchmarks.book.programs import Programs
from benchmarks.lifecycle.lives import complaint
from benchmarks.lifecycle.report import Block
from benchmarks.processes import cpu_seconds
from client.gateway import open_complaint
from client.listing import OPEN
from domain.complaint import Complaint
from domain.reading import read
from intake.bulk import AT_A_TIME

WARM_UP = 200
"""Complaints that are opened on the way to each size before anything is measured."""
STRETCH = 1_000
"""Complaints of one measurement of the rate."""


async def taken_up(running: Programs, stretches: list[Block]) -> Intake:
    """The book as an earlier run has left it; its last complaints may have gaps between them."""
    there = (await running.client.count_workflows(OPEN)).count
    return Intake(running, max(0, there - AT_A_TIME), stretches)


def reference(number: int) -> str:
    """Of a complaint, by the order in which they are opened."""
    return f"BOOK-{number:06}"


@dataclass
class Intake:
    """The book as it grows."""

    running: Programs
    opened: int
    """How many complaints there are, at least."""
    stretches: list[Block] = field(default_factory=list)
    """How many were open at the end of each, how many came per second, and what CPU time each process used for one."""

    async def grow(self, size: int, until: float) -> None:
        """Open complaints until there are so many, or until a time of ``time.monotonic``."""
        await self._open(min(WARM_UP, size - self.opened))
        while self.opened < size and time.monotonic() < until:
            self.stretches.append(await self._measured(min(STRETCH - self.opened % STRETCH, size - self.opened)))
            sys.stderr.write(f"{self.opened} open, {self.stretches[-1]['per_second']} per second\n")

    async def _measured(self, count: int) -> Block:
        before, begin = self._used(), time.perf_counter()
        await self._open(count)
        seconds = time.perf_counter() - begin
        spent = {f"{name}_ms": round((now - before[name]) * 1_000 / count, 2) for name, now in self._used().items()}
        head = {
            "open": float(self.opened),
            "per_second": round(count / seconds, 2),
            "load": round(os.getloadavg()[0], 1),
        }
        return head | spent

    def _used(self) -> dict[str, float]:
        """CPU time so far, in seconds."""
        processes = {name: cpu_seconds(one.process.pid) for name, one in self.running.children.items()}
        return processes | {"client": time.process_time()}

    async def _open(self, count: int) -> None:
        room = asyncio.Semaphore(AT_A_TIME)

        async def one(number: int) -> None:
            async with room:
                receipt = await open_complaint(self.running.client, read(Complaint, complaint(reference(number))))
                if receipt.opened:  # and not by an earlier run that was cut off
                    await self.running.told.wait(reference(number), "letter acknowledgement")

        await asyncio.gather(*map(one, range(self.opened, self.opened + count)))
        self.opened += count
