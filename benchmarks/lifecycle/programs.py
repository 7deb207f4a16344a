"""The processes of a measurement, and the CPU time that each has used."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from temporalio.client import Client

from benchmarks.lifecycle.lives import FloorWay, FullFloorWay, Way
from benchmarks.lifecycle.told import SOCKET, Told, listen
from benchmarks.servers import ENVIRONMENT, command
from client.connection import connect, connect_config
from embedded.process import ROOT, Child, child, free_port
from embedded.server import server_ready
from embedded.up import environment_of, locked, ready

T = TypeVar("T")

FLOOR, FULL_FLOOR, COMPLAINTS, NO_BANK = "floor", "full-floor", "complaints", "no-bank"
"""Names of subjects; the floors' common one and the last are their namespaces too."""
ALL = (FLOOR, FULL_FLOOR, COMPLAINTS, NO_BANK)
PATIENCE = 20.0
"""Seconds for a program to end in order."""
SHIPPED = "cn-banking"
AT_ANY_HOUR = f"""
name = "{SHIPPED}"
includes = ["shared/as-shipped.toml"]

[call_back]
day_parts = [{{ name = "any-hour", from_hour = 0, to_hour = 24 }}]
attempts = 1
different_day_parts = 1
spacing = {{ hours = 4 }}
"""
"""The rules as shipped, but for the hours in which customers are called: this runs at any time of the day."""


@dataclass(frozen=True)
class Subject:
    """What is measured: one way to live a life, with the process that carries it out."""

    name: str
    way: Way
    worker: int
    """Process id."""
    bank: int | None
    """Process id of the bank that it asks over HTTP."""


@dataclass(frozen=True)
class Programs:
    """Everything that runs."""

    server: int
    metrics: int
    """Port of the server's own counters."""
    told: Told
    subjects: tuple[Subject, ...]
    children: tuple[Child, ...]


def at_any_hour(directory: Path) -> Path:
    """A directory of rule packs by which customers are called at any hour."""
    shutil.copytree(ROOT / "rulepacks", directory)
    shutil.copy(ROOT / "rulepacks" / f"{SHIPPED}.toml", directory / "shared" / "as-shipped.toml")
    (directory / f"{SHIPPED}.toml").write_text(AT_ANY_HOUR, encoding="utf-8")
    return directory


class _Start:
    """Starts the programs of one measurement."""

    def __init__(self, stack: AsyncExitStack, data: Path, storage: str) -> None:
        port, bank_port = free_port(0), free_port(0)
        self._stack, self._data, self._port, self._bank_port = stack, data, port, bank_port
        self._storage, self.metrics = storage, free_port(0)
        self._lock = stack.enter_context(locked(data))
        self.environment = (
            environment_of(data, port, bank_port)
            | {
                SOCKET: str(data / "told"),
                "COMPLAINTS_RULEPACKS": str(at_any_hour(data / "rulepacks")),
            }
            | ENVIRONMENT.get(storage, {})
        )
        self.children: list[Child] = []
        self._floor: Subject | None = None

    async def _program(self, name: str, words: list[str], namespace: str = "default") -> Child:
        running = child(name, words, self._within(namespace), self._data, self._lock, PATIENCE)
        self.children.append(await self._stack.enter_async_context(running))
        return self.children[-1]

    def _within(self, namespace: str) -> dict[str, str]:
        return self.environment | {"TEMPORAL_NAMESPACE": namespace}

    async def server(self) -> int:
        """The Temporal server, once it answers."""
        words = command(self._storage, self._data, self._port, FLOOR, NO_BANK)
        started = await self._program("server", [*words, "--metrics-port", str(self.metrics)])
        await ready(server_ready(self.environment), started)
        return started.process.pid

    async def floor(self) -> Subject:
        """The cheapest workflow."""
        worker = await self._program(FLOOR, _module("floor"), FLOOR)
        plain = await Client.connect(**connect_config(self._within(FLOOR)))
        self._floor = Subject(FLOOR, FloorWay(plain), worker.process.pid, None)
        return self._floor

    async def full_floor(self) -> Subject:
        """The cheapest workflow with the same commands, carried out by the worker of the other one."""
        floor = self._floor or await self.floor()
        return Subject(FULL_FLOOR, FullFloorWay(floor.way.client), floor.worker, None)

    async def complaints(self) -> Subject:
        """Ours, as it is shipped."""
        words = _module("bank", "--port", str(self._bank_port), "--data", str(self._data / "bank.db"))
        bank = await self._program("bank", words)
        worker = await self._program("worker", [sys.executable, "worker.py"])
        return Subject(COMPLAINTS, Way(await connect(self.environment)), worker.process.pid, bank.process.pid)

    async def no_bank(self) -> Subject:
        """Ours, with a bank that does nothing."""
        worker = await self._program(NO_BANK, _module("no_bank"), NO_BANK)
        return Subject(NO_BANK, Way(await connect(self._within(NO_BANK))), worker.process.pid, None)


@asynccontextmanager
async def programs(data: Path, storage: str, wanted: tuple[str, ...] = ALL) -> AsyncIterator[Programs]:
    """The server and the subjects that are wanted, until the block is left."""
    async with AsyncExitStack() as stack:
        told = await listen(data / "told")
        start = _Start(stack, data, storage)
        server = await start.server()
        by_name = {
            FLOOR: start.floor, FULL_FLOOR: start.full_floor, COMPLAINTS: start.complaints, NO_BANK: start.no_bank,
        }  # fmt: skip
        subjects = [await by_name[name]() for name in wanted]
        yield Programs(server, start.metrics, told, tuple(subjects), tuple(start.children))


async def unless_one_ends(work: Coroutine[Any, Any, T], children: tuple[Child, ...]) -> T:
    """Do something, unless one of the programs that it needs ends.

    Raises:
        NotStarted: which ended, with the last lines of its log.
    """
    working = asyncio.ensure_future(work)
    deaths = [asyncio.ensure_future(one.died()) for one in children]
    try:
        await asyncio.wait([working, *deaths], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise next(death.result() for death in deaths if death.done())
    finally:
        for one in (working, *deaths):
            one.cancel()


def _module(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.lifecycle.{name}", *words]
