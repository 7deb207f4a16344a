"""How to speak to the standard life in Restate: over HTTP, with its own client."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import restate

from benchmarks.lifecycle.life import LONGEST, NARRATIVE, OWNER
from benchmarks.peers.restate_app import HANDLERS, run


@dataclass(frozen=True)
class Handle:
    """One life under way."""

    client: Any
    http: httpx.AsyncClient
    id: str

    async def execute_update(self, name: str, message: dict[str, str]) -> Any:
        """Call a handler, and wait for its answer."""
        return await self.client.workflow_call(HANDLERS[name], self.id, message)

    async def signal(self, name: str, message: dict[str, str]) -> Any:
        """Call a handler, and wait until the call is kept."""
        return await self.client.workflow_send(HANDLERS[name], self.id, message)

    async def result(self) -> Any:
        """Wait for the end. The library has no call for it."""
        answer = await self.http.get(f"/restate/workflow/life/{self.id}/attach")
        return answer.raise_for_status().json()


@dataclass(frozen=True)
class RestateWay:
    """How to begin a life, and what to say."""

    client: Any
    http: httpx.AsyncClient

    async def start(self, reference: str) -> Handle:
        """Have it begun."""
        opening = {"reference": reference, "customer": f"C-{reference}", "narrative": NARRATIVE}
        await self.client.workflow_send(run, reference, opening)
        return Handle(self.client, self.http, reference)

    def message(self, name: str, department: str = "") -> dict[str, str]:
        """A message, with the longest of its texts."""
        return {"by": department or OWNER["id"], "text": LONGEST.get(name, "")}


@asynccontextmanager
async def speaking() -> AsyncIterator[RestateWay]:
    """A client, until the block is left."""
    ingress = os.environ["PEER_INGRESS"]
    async with (
        restate.create_client(ingress) as client,
        httpx.AsyncClient(base_url=ingress, http2=True, timeout=60) as http,
    ):
        yield RestateWay(client, http)
