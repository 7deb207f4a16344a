"""A worker with a version, for tests of worker versioning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion

from client.deployment import NotYet, routing, set_current
from tests.waiting import eventually
from worker import WorkerSettings, build_worker


@asynccontextmanager
async def versioned_worker(client: Client, deployment: str, build: str) -> AsyncIterator[None]:
    """The worker of complaints as this build, without activities, until the end of the block."""
    tuning = WorkerSettings.model_validate({"deployment_name": deployment, "build_id": build})
    async with build_worker(client, tuning, []):
        yield


async def made_current(client: Client, deployment: str, build: str) -> None:
    """Give complaints to this build, once a worker of it has come; to workers without versioning when it is empty."""
    version = WorkerDeploymentVersion(deployment, build) if build else None

    async def given() -> bool:
        try:
            await set_current(client, deployment, build)
        except NotYet:
            return False
        return (await routing(client)).serves(version)

    await eventually(given)
