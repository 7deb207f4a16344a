"""The programs of a run, each of which can be killed: the Temporal server on a file, the stand-in bank, two workers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from chaos.pack import write_packs
from embedded.process import Child, child, free_port
from embedded.server import server_command, server_ready, worker_ready
from embedded.up import environment_of, locked, ready

PATIENCE = 20.0
"""Seconds for a program to end in order before it is killed."""
PORTS = (17233, 18233, 18090)
"""Apart from those of ``make run``, and from those that the system gives to whoever connects: they are taken again
after each kill."""
IMPATIENT = {"COMPLAINTS_READ_TIMEOUT": "2", "COMPLAINTS_CONNECT_TIMEOUT": "1"}
"""How long the workers wait for the bank, so that a silence is a timeout within the run."""


class Program:
    """One program, which can be killed and started again on the same data and port."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], data: Path, lock: int) -> None:
        self.name = name
        self.child: Child | None = None
        self._command = command
        self._environment = environment
        self._data = data
        self._lock = lock
        self._stack = AsyncExitStack()
        self._one_at_a_time = asyncio.Lock()

    @property
    def pid(self) -> int:
        """Its process id, or that of its last process."""
        return self.child.process.pid if self.child else 0

    @property
    def runs(self) -> bool:
        """Whether it lives."""
        return self.child is not None and self.child.process.returncode is None

    async def start(self) -> None:
        """Start it, unless it runs."""
        async with self._one_at_a_time:
            if not self.runs:
                await self._stack.aclose()
                running = child(self.name, self._command, self._environment, self._data, self._lock, PATIENCE)
                self.child = await self._stack.enter_async_context(running)

    async def kill(self) -> int:
        """End it with ``kill -9``; the process id that it had."""
        async with self._one_at_a_time:
            if self.child and self.runs:
                os.killpg(self.child.process.pid, signal.SIGKILL)
                await self.child.process.wait()
            return self.pid

    async def stop(self) -> None:
        """End it in order."""
        async with self._one_at_a_time:
            await self._stack.aclose()


@dataclass(frozen=True)
class Programs:
    """Everything that runs."""

    client: Client
    server: Program
    bank: Program
    workers: tuple[Program, ...]
    bank_url: str
    data: Path
    environment: Mapping[str, str]

    @property
    def archive(self) -> Path:
        """The file of the archive."""
        return self.data / "archive.db"

    async def all_up(self) -> None:
        """Start whatever does not run, and wait until a worker asks for work."""
        await self.server.start()
        await server_ready(self.environment)
        for program in (self.bank, *self.workers):
            await program.start()
        children = [one.child for one in (self.server, self.bank, *self.workers) if one.child]
        for worker in self.workers:
            await ready(worker_ready(self.client, worker.pid), *children)


@asynccontextmanager
async def programs(data: Path, workers: int = 2) -> AsyncIterator[Programs]:
    """Start everything on the data of this directory; stop all afterwards, in the opposite order."""
    port, ui_port, bank_port = (free_port(preferred) for preferred in PORTS)
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(locked(data))
        packs = {"COMPLAINTS_RULEPACKS": str(write_packs(data / "rulepacks"))}
        environment = environment_of(data, port, bank_port) | IMPATIENT | packs

        def program(name: str, command: list[str]) -> Program:
            made = Program(name, command, environment, data, lock)
            stack.push_async_callback(made.stop)
            return made

        server = program("server", server_command(data, port, ui_port))
        await server.start()
        assert server.child
        client = await ready(server_ready(environment), server.child)
        bank = [sys.executable, "-m", "bank", "--port", str(bank_port), "--data", str(data / "bank.db")]
        running = Programs(
            client=client,
            server=server,
            bank=program("bank", bank),
            workers=tuple(program(f"worker-{n}", [sys.executable, "worker.py"]) for n in range(1, workers + 1)),
            bank_url=f"http://127.0.0.1:{bank_port}",
            data=data,
            environment=environment,
        )
        await running.all_up()
        yield running
