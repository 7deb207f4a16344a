"""Whether the worker lives, and whether it can work: ``GET /live`` and ``GET /ready``.

Both are answered from the worker's own event loop: while that stands still, nobody gets an answer, which says it all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from time import monotonic

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from activities.archive_schema import open_engine
from activities.settings import SettingsError
from service.address import Address
from workflows.names import TASK_QUEUE

logger = logging.getLogger("complaints.health")

EVERY = timedelta(seconds=3)
PATIENCE = timedelta(seconds=4)
RECENT = timedelta(seconds=20)
"""An answer older than this is no longer believed."""
KINDS = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)

Check = Callable[[], Awaitable[bool]]


class Readiness:
    """What was asked when, and answered well when."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._answered: dict[str, float] = {}
        self._draining = False

    def drain(self) -> None:
        """The worker was told to stop: it takes no new work."""
        self._draining = True

    def missing(self) -> list[str]:
        """What keeps the worker from working, by name; nothing when it can."""
        oldest = monotonic() - RECENT.total_seconds()
        late = [name for name in self._checks if self._answered.get(name, oldest) <= oldest]
        return ["draining"] * self._draining + late

    async def keep_asking(self) -> None:
        """Ask for ever, and log every change."""
        known: list[str] = [*self._checks]
        while True:
            await asyncio.gather(*(self._ask(name, check) for name, check in self._checks.items()))
            if (missing := self.missing()) != known:
                say = logger.warning if missing else logger.info
                say("not ready" if missing else "ready", extra={"facts": {"missing": missing}} if missing else None)
            known = missing
            await asyncio.sleep(EVERY.total_seconds())

    async def _ask(self, name: str, check: Check) -> None:
        with suppress(Exception):  # whatever goes wrong: it did not answer well
            async with asyncio.timeout(PATIENCE.total_seconds()):
                if await check():
                    self._answered[name] = monotonic()


async def _polled(client: Client) -> bool:
    """Whether the server answers and has had polls of this very worker, for complaints and for activities."""
    identity = client.service_client.config.identity
    for kind in KINDS:
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=TASK_QUEUE), task_queue_type=kind
        )
        answer = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
        if identity not in {poller.identity for poller in answer.pollers}:
            return False
    return True


async def _answers(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        await connection.execute(select(1))
    return True


def health_app(state: Readiness) -> FastAPI:
    """The two answers."""
    app = FastAPI(openapi_url=None)

    @app.get("/live")
    async def live() -> JSONResponse:
        return JSONResponse({"live": True})

    @app.get("/ready")
    async def ready() -> JSONResponse:
        missing = state.missing()
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    return app


@asynccontextmanager
async def health(client: Client, archive_url: str, address: Address | None) -> AsyncIterator[Readiness]:
    """Answer at the address, if there is one, until the block is left.

    Raises:
        SettingsError: nothing can listen at that address.
    """
    engine = open_engine(archive_url)
    state = Readiness({"temporal": lambda: _polled(client), "archive": lambda: _answers(engine)})
    try:
        async with _answering(state, address) if address else nullcontext():
            yield state
    finally:
        await engine.dispose()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the worker."""
        yield


@asynccontextmanager
async def _answering(state: Readiness, address: Address) -> AsyncIterator[None]:
    config = uvicorn.Config(
        health_app(state), log_config=None, log_level="warning", access_log=False, lifespan="off",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Server(config)
    with _listening(address) as listening:
        asking = asyncio.create_task(state.keep_asking())
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield
        finally:
            asking.cancel()
            server.should_exit = True
            await serving


def _listening(address: Address) -> socket.socket:
    try:
        return socket.create_server(address, family=socket.AF_INET6 if ":" in address.host else socket.AF_INET)
    except OSError as wrong:
        reason = os.strerror(wrong.errno).lower() if wrong.errno else "unknown"
        raise SettingsError(f"COMPLAINTS_WORKER_HEALTH_ADDRESS: {address} cannot be used ({reason}).") from None
