"""A server without a worker: complaints can be opened, and nobody answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from client.connection import connect
from tests.temporal_server import in_namespace, temporal_server

NAMESPACES = ("idle", "attributes", "clash", "listing")


@pytest.fixture(scope="session")
async def bare() -> AsyncIterator[dict[str, str]]:
    """The environment that finds a server without any worker."""
    async with temporal_server(*NAMESPACES) as environment:
        yield environment


@pytest.fixture(scope="session")
async def idle(bare: dict[str, str]) -> Client:
    """A namespace without a worker."""
    return await connect(in_namespace(bare, "idle"))
