"""What goes wrong: kills, restarts and faults on the line to the bank, at moments drawn from the seed."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from random import Random
from time import monotonic

import httpx
from temporalio.service import RPCError

from chaos.programs import Program, Programs
from embedded.server import server_ready, worker_ready
from embedded.up import START_WITHIN

WORKER_KILL, SERVER_KILL, BANK_KILL, BANK_RESTART = "kill -9 worker", "kill -9 server", "kill -9 bank", "restart bank"
LINE: dict[str, dict[str, object]] = {
    "500": {},
    "429": {"seconds": 1},
    "timeout": {"seconds": 4},
    "latency": {"seconds": 1.5},
    "duplicate": {},
    "lost_answer": {},
}
"""Faults of the line to the bank; together they meet three requests in ten."""
SHARE = 0.3
BOUNCING = 0.25
"""How often a letter by e-mail, app or text message comes back."""


@dataclass(frozen=True)
class Blow:
    """Something that was done to a program."""

    at: datetime
    kind: str
    pid: int


class Storm:
    """Makes everything fail for a while, and puts it right afterwards."""

    def __init__(self, running: Programs, seed: int, seconds: float) -> None:
        self.blows: list[Blow] = []
        self.ended_by_themselves: list[str] = []
        """Programs that ended without being killed; they are started again."""
        self._end: float | None = None
        self._hard = cycle([True, False])
        self._running = running
        self._seed = seed
        self._seconds = seconds

    @property
    def left(self) -> float:
        """Seconds until it is over."""
        return self._seconds if self._end is None else max(self._end - monotonic(), 0)

    async def rage(self) -> None:
        """Until the time is over; then every program runs, and the line is good."""
        self._end = monotonic() + self._seconds
        await self._set_faults(faults(self._seed))
        tasks = [
            asyncio.create_task(self._again_and_again("worker", 15, self._worker)),
            asyncio.create_task(self._again_and_again("server", 60, self._server)),
            asyncio.create_task(self._again_and_again("bank", 40, self._bank)),
            asyncio.create_task(self._look_after()),
        ]
        try:
            await asyncio.wait(tasks, timeout=self._seconds, return_when=asyncio.FIRST_EXCEPTION)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._running.all_up()
        await self._set_faults({})

    async def _again_and_again(self, what: str, every: float, blow: Callable[[Random], Awaitable[None]]) -> None:
        chance = Random(f"{self._seed}/{what}")  # noqa: S311  # chance that can be repeated is the point
        pause = min(every, self._seconds / 3)
        while True:
            await asyncio.sleep(chance.uniform(0.5, 1.2) * pause)
            await blow(chance)

    async def _worker(self, chance: Random) -> None:
        both = chance.random() < 0.2
        for worker in self._running.workers if both else [chance.choice(self._running.workers)]:
            await self._kill(WORKER_KILL, worker)
        await asyncio.sleep(chance.uniform(0, 3))
        with suppress(RPCError, TimeoutError):  # whoever is killed next shall have been at work
            async with asyncio.timeout(START_WITHIN):
                for worker in self._running.workers:
                    await worker.start()
                    await worker_ready(self._running.client, worker.pid)

    async def _server(self, chance: Random) -> None:
        await self._kill(SERVER_KILL, self._running.server)
        await asyncio.sleep(chance.uniform(0, 2))
        await self._running.server.start()
        await server_ready(self._running.environment)

    async def _bank(self, chance: Random) -> None:
        bank = self._running.bank
        if next(self._hard):
            await self._kill(BANK_KILL, bank)
        elif bank.child:
            self.blows.append(Blow(datetime.now(UTC), BANK_RESTART, bank.pid))
            bank.child.process.send_signal(signal.SIGTERM)
            await bank.stop()
        await asyncio.sleep(chance.uniform(0, 2))
        await bank.start()

    async def _kill(self, kind: str, program: Program) -> None:
        self.blows.append(Blow(datetime.now(UTC), kind, program.pid))
        await program.kill()

    async def _look_after(self) -> None:
        """Start again what ended by itself, as any service manager would: a worker that finds no server gives up."""
        while True:
            await asyncio.sleep(1)
            for program in (self._running.server, *self._running.workers):
                if program.child and program.child.process.returncode not in (None, -signal.SIGKILL):
                    self.ended_by_themselves.append(f"{program.name} ({program.child.process.returncode})")
                    await program.start()

    async def _set_faults(self, plan: dict[str, object]) -> None:
        async with httpx.AsyncClient(base_url=self._running.bank_url, trust_env=False) as http:
            while True:
                with suppress(httpx.TransportError):
                    (await http.put("/faults", json=plan)).raise_for_status()
                    return
                await asyncio.sleep(0.2)


def faults(seed: int) -> dict[str, object]:
    """The plan of the bank's faults. Rules are tried in order: later ones need a higher chance for the same share."""
    each, left = SHARE / len(LINE), 1.0
    rules: list[dict[str, object]] = []
    for kind, more in LINE.items():
        # Slowness is drawn apart from the other faults.
        probability = each if kind == "latency" else each / left
        left -= 0 if kind == "latency" else each
        rules.append({"kind": kind, "probability": probability} | more)
    rules += [{"kind": "bounce", "channel": channel, "probability": BOUNCING} for channel in ("email", "app", "sms")]
    return {"seed": seed, "rules": rules, "post_polls": 2, "ask_again_after_seconds": 1}
