"""Server, bank and worker as ``make run`` keeps them; the worker can be stopped and started anew."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from benchmarks.lifecycle.told import SOCKET, Told, listen
from embedded.process import Child, child, free_port
from embedded.server import server_command, server_ready, worker_ready
from embedded.up import DRAIN, environment_of, locked, ready

PATIENCE = 15.0
"""Seconds for the server and the bank to end in order."""


@dataclass
class Programs:
    """Everything that runs."""

    client: Client
    told: Told
    data: Path
    environment: dict[str, str]
    server: Child
    bank: Child
    lock: int
    workers: AsyncExitStack
    """Holds the worker."""
    worker: Child | None = None

    @property
    def children(self) -> dict[str, Child]:
        """Every program, by name."""
        return {"server": self.server, "bank": self.bank} | ({"worker": self.worker} if self.worker else {})

    async def start_worker(self) -> Child:
        """Start the worker, and do not wait for it."""
        command = (sys.executable, "worker.py")
        started = child("worker", command, self.environment, self.data, self.lock, DRAIN)
        self.worker = await self.workers.enter_async_context(started)
        return self.worker

    async def worker_at_work(self) -> None:
        """Wait until the worker asks for work."""
        assert self.worker
        await ready(worker_ready(self.client, self.worker.process.pid), self.server, self.bank, self.worker)

    async def stop_worker(self) -> None:
        """Stop the worker in order."""
        await self.workers.aclose()
        self.worker = None


@asynccontextmanager
async def programs(data: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[Programs]:
    """Everything, with further settings for the worker, until the block is left."""
    port, bank_port = free_port(0), free_port(0)
    bank_command = (
        *(sys.executable, "-m", "benchmarks.lifecycle.bank"),
        *("--port", str(bank_port), "--data", str(data / "bank.db")),
    )
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(locked(data))
        told = await listen(data / "told")
        environment = environment_of(data, port, bank_port) | {SOCKET: str(data / "told")} | dict(settings or {})

        async def start(name: str, command: tuple[str, ...]) -> Child:
            return await stack.enter_async_context(child(name, command, environment, data, lock, PATIENCE))

        server = await start("server", tuple(server_command(data, port, free_port(0))))
        client = await ready(server_ready(environment), server)
        bank = await start("bank", bank_command)
        workers = await stack.enter_async_context(AsyncExitStack())
        running = Programs(client, told, data, environment, server, bank, lock, workers)
        await running.start_worker()
        await running.worker_at_work()
        yield running
