"""The peers' processes: PostgreSQL and DBOS's worker; Restate's server and the endpoint that it calls."""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import httpx

from benchmarks.lifecycle.measure import WARM_UP, Load
from benchmarks.lifecycle.report import Block
from benchmarks.lifecycle.told import SOCKET
from benchmarks.peers import QUEUE
from benchmarks.peers.counters import postgres, prometheus
from benchmarks.peers.installed import Installed
from embedded.process import ROOT, Child, child, free_port
from embedded.up import locked, ready
from tests.postgres import running_postgres

DBOS, RESTATE = "dbos", "restate"
DURABLE = ("fsync=on", "synchronous_commit=on")
COUNTERS = {
    "restate_ingress_requests_total": "", "restate_invoker_invocation_tasks_total": "",
    "restate_partition_apply_command_duration_seconds_count": "command",
    "restate_bifrost_sequencer_committed_records_total": "",
    "restate_bifrost_sequencer_committed_records_bytes_total": "",
    "restate_rocksdb_wal_synced_total": "", "restate_rocksdb_wal_bytes_total": "",
    "restate_rocksdb_db_write_seconds_count": "", "restate_rocksdb_number_keys_written_total": "",
    "restate_invoker_sent_bytes_total": "", "restate_invoker_received_bytes_total": "",
}  # fmt: skip
"""What is read of what Restate counts, and the label by which it is told apart."""
PATIENCE = 20.0
"""Seconds for a program to end in order."""


@dataclass(frozen=True)
class Peer:
    """One engine, running."""

    name: str
    server: int
    """Process id; all that it started counts with it."""
    worker: int
    """Process id of the process that carries the workflows out."""
    environment: dict[str, str]
    python: Path
    counters: Callable[[], Awaitable[dict[str, float]]]
    """What the server counts itself, since it began."""

    async def warm_up(self) -> None:
        """Every driver does so itself."""

    async def block(self, load: Load, name: str) -> Block:
        """So many lives, and what they cost, after a few that warm the driver up."""
        return await self._driven(load, name, WARM_UP.lives)

    async def live(self, load: Load, name: str) -> None:
        """So many lives."""
        await self._driven(load, name, 0)

    async def _driven(self, load: Load, name: str, warm_up: int) -> Block:
        options = {"name": name, "lives": load.lives, "concurrency": load.concurrency, "warm-up": warm_up,
                   "server": self.server, "worker": self.worker}  # fmt: skip
        words = [word for option, value in options.items() for word in (f"--{option}", str(value))]
        driver = await asyncio.create_subprocess_exec(
            *(str(self.python), "-m", "benchmarks.peers.drive", self.name), *words,
            stdout=PIPE, env=self.environment, cwd=ROOT,
        )  # fmt: skip
        said, _ = await driver.communicate()
        assert driver.returncode == 0, f"the driver of {self.name} failed"
        found: Block = json.loads(said)
        return found


class _Start:
    """Starts the programs of one peer."""

    def __init__(self, stack: AsyncExitStack, name: str, data: Path, programs: Installed) -> None:
        self._stack, self._name, self._data, self._programs = stack, name, data / name, programs
        self._lock = stack.enter_context(locked(self._data))
        self.environment = dict(os.environ) | {
            SOCKET: str(self._data / "told"), "PYTHONUNBUFFERED": "1", "DO_NOT_TRACK": "1",
        }  # fmt: skip

    async def program(self, name: str, *words: str) -> Child:
        """One program."""
        running = child(f"{self._name} {name}", words, self.environment, self._data, self._lock, PATIENCE)
        return await self._stack.enter_async_context(running)

    async def app(self, *words: str) -> Child:
        """The peer's own Python with one of our modules."""
        return await self.program("worker", str(self._programs.python), "-m", *words)

    def peer(self, server: int, worker: Child, counters: Callable[[], Awaitable[dict[str, float]]]) -> Peer:
        """What has been started."""
        return Peer(self._name, server, worker.process.pid, self.environment, self._programs.python, counters)

    async def dbos(self) -> Peer:
        """A cluster of PostgreSQL that forces every commit to the disk, and DBOS's worker."""
        url = self._stack.enter_context(running_postgres(*DURABLE))
        self.environment["DBOS_URL"] = url
        worker = await self.app("benchmarks.peers.dbos_app")
        await ready(_queue_there(url), worker)
        return self.peer(await _postmaster(url), worker, partial(postgres, url))

    async def restate(self) -> Peer:
        """Restate's server as it comes, and the endpoint that it calls."""
        ingress, admin, node, port = (free_port(0) for _ in range(4))
        self.environment |= {
            "RESTATE_INGRESS__BIND_ADDRESS": f"127.0.0.1:{ingress}",
            "RESTATE_ADMIN__BIND_ADDRESS": f"127.0.0.1:{admin}", "RESTATE_BIND_ADDRESS": f"127.0.0.1:{node}",
            "RESTATE_BASE_DIR": str(self._data / "server"),
            "RESTATE_LISTEN_MODE": "tcp", "RESTATE_DISABLE_TELEMETRY": "true",
            "PEER_INGRESS": f"http://127.0.0.1:{ingress}",
        }  # fmt: skip
        server = await self.program("server", str(self._programs.restate), "--no-logo")
        worker = await self.app("benchmarks.peers.restate_app", "--port", str(port))
        await ready(_registered(admin, port), server, worker)
        return self.peer(server.process.pid, worker, partial(prometheus, node, COUNTERS))


@asynccontextmanager
async def running(name: str, data: Path, programs: Installed) -> AsyncIterator[Peer]:
    """One peer, until the block is left."""
    async with AsyncExitStack() as stack:
        start = _Start(stack, name, data, programs)
        yield await {DBOS: start.dbos, RESTATE: start.restate}[name]()


async def _queue_there(url: str) -> None:
    """Wait until the worker has made its tables, and its queue in them."""
    connection = await asyncpg.connect(url)
    try:
        while True:
            with suppress(asyncpg.InvalidSchemaNameError, asyncpg.UndefinedTableError):
                if await _value(connection, "SELECT count(*) FROM dbos.queues WHERE name = $1", QUEUE):
                    return
            await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def _postmaster(url: str) -> int:
    """The process that all others of the cluster come from."""
    connection = await asyncpg.connect(url)
    try:
        data = Path(str(await _value(connection, "SHOW data_directory")))
    finally:
        await connection.close()
    return int((data / "postmaster.pid").read_text().split()[0])


async def _value(connection: asyncpg.Connection, query: str, *given: str) -> object:
    found: object = await connection.fetchval(query, *given)
    return found


async def _registered(admin: int, port: int) -> None:
    """Tell the server of the endpoint, once both answer."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{admin}", timeout=30) as http:
        while True:
            try:
                answer = await http.post("/deployments", json={"uri": f"http://127.0.0.1:{port}"})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return
            await asyncio.sleep(0.2)
