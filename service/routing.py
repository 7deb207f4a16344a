"""Whether this worker is given complaints at all: with worker versioning, that is for an operator to say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.service import RPCError

from client.deployment import idle, routing

logger = logging.getLogger("complaints.routing")

EVERY = timedelta(minutes=1)


@asynccontextmanager
async def watched_routing(client: Client, version: WorkerDeploymentVersion | None) -> AsyncIterator[None]:
    """Until the block is left: say at once and again and again when complaints are given to other workers only."""
    watching = asyncio.create_task(_watch(client, version))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(client: Client, version: WorkerDeploymentVersion | None) -> None:
    was_idle = False
    while True:
        with suppress(RPCError):  # whether the server is there is for others to say
            reason = idle(version, await routing(client))
            if reason:
                logger.warning("this worker gets no new work", extra={"facts": {"reason": reason}})
            elif was_idle:
                logger.info("this worker gets work")
            was_idle = reason is not None
        await asyncio.sleep(EVERY.total_seconds())
