"""A worker with a version, for tests of worker versioning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client

from worker import WorkerSettings, build_worker


@asynccontextmanager
async def versioned_worker(client: Client, deployment: str, build: str) -> AsyncIterator[None]:
    """The worker of complaints as this build, without activities, until the end of the block."""
    tuning = WorkerSettings.model_validate({"deployment_name": deployment, "build_id": build})
    async with build_worker(client, tuning, []):
        yield
