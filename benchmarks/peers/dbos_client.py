"""How to speak to the standard life in DBOS: through its database, with its own client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dbos import DBOSClient

from benchmarks.lifecycle.life import LONGEST, NARRATIVE, OWNER
from benchmarks.peers import QUEUE
from benchmarks.peers.dbos_app import WORKFLOW

CONNECTIONS = 20
"""As many as the worker has; five would be the client's default."""
LOOK = 0.05
"""Seconds between two looks whether a life has ended; the default is one second. Of an end nobody is notified."""


@dataclass(frozen=True)
class Handle:
    """One life under way."""

    client: DBOSClient
    id: str
    end: Any

    async def execute_update(self, name: str, message: dict[str, str]) -> Any:
        """Send a message, and wait for the event that answers it."""
        await self.client.send_async(self.id, message, topic=name)
        answer = await self.client.get_event_async(self.id, f"{name} {message['by']}")
        assert answer is not None, f"{self.id} does not answer {name}"
        return answer

    async def signal(self, name: str, message: dict[str, str]) -> None:
        """Send a message."""
        await self.client.send_async(self.id, message, topic=name)

    async def result(self) -> Any:
        """Wait for the end."""
        return await self.end.get_result(polling_interval_sec=LOOK)


@dataclass(frozen=True)
class DbosWay:
    """How to begin a life, and what to say."""

    client: DBOSClient

    async def start(self, reference: str) -> Handle:
        """Put it into the queue."""
        opening = {"reference": reference, "customer": f"C-{reference}", "narrative": NARRATIVE}
        options = {"queue_name": QUEUE, "workflow_name": WORKFLOW, "workflow_id": reference}
        return Handle(self.client, reference, await self.client.enqueue_async(options, opening))

    def message(self, name: str, department: str = "") -> dict[str, str]:
        """A message, with the longest of its texts."""
        return {"by": department or OWNER["id"], "text": LONGEST.get(name, "")}


@asynccontextmanager
async def speaking() -> AsyncIterator[DbosWay]:
    """A client, woken by notifications, until the block is left."""
    # It asks the database in threads of the loop's executor, of which there are six on two processors.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONNECTIONS))
    client = DBOSClient(
        system_database_url=os.environ["DBOS_URL"], system_database_pool_size=CONNECTIONS, use_listen_notify=True
    )
    try:
        yield DbosWay(client)
    finally:
        await asyncio.to_thread(client.destroy)
