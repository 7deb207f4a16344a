"""With worker versioning ``starter.py setup`` says which build is given complaints, on a real server.

- It goes to a build and back, and says who had the complaints before.
- A build is waited for that no worker has yet, or whose workers do not do yet what those of the current build do:
  a server that has just seen the first of them answers so, too.
- What is no version is refused before anything is done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from client.connection import connect
from client.deployment import builds
from tests.cli.conftest import Said, starter_in
from tests.deployment import versioned_worker
from tests.temporal_server import at, in_namespace, temporal_server
from tests.waiting import answered
from worker import WorkerSettings
from workflows.names import TASK_QUEUE


@activity.defn
async def errand() -> None:
    """Something to do."""


@workflow.defn(sandboxed=False)
class Errand:
    """Has something done."""

    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(errand, start_to_close_timeout=timedelta(minutes=1))


def some_worker(client: Client, build: str, *activities: Callable[..., Any]) -> Worker:
    """A worker of this build that has errands ordered, and does those that are named."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[Errand],
        activities=activities,
        deployment_config=WorkerSettings.model_validate(
            {"deployment_name": "complaints", "build_id": build}
        ).deployment,
    )


@pytest.fixture(scope="module")
async def there() -> AsyncIterator[dict[str, str]]:
    async with temporal_server("halves", "never", "versioned") as environment:
        yield environment


async def setup(environment: dict[str, str], directory: Path, version: str, *more: str, wait: str = "60s") -> Said:
    return await starter_in(environment, directory)("setup", "--current-version", version, "--wait", wait, *more)


async def test_a_build_that_no_worker_has_is_waited_for(there: dict[str, str], tmp_path: Path) -> None:
    said = await setup(in_namespace(there, "never"), tmp_path, "complaints:never", wait="1s")
    assert (said.code, said.out) == (2, "")
    assert said.err == "No worker of complaints:never has asked for work yet; start it, or wait longer with --wait.\n"


async def test_complaints_go_to_the_build_that_is_named_and_back(there: dict[str, str], tmp_path: Path) -> None:
    here = in_namespace(there, "versioned")
    async with versioned_worker(await connect(here), "complaints", "2026.1"):
        first = await setup(here, tmp_path, "complaints:2026.1")
        assert "given to complaints:2026.1 (before: workers without versioning).\n" in first.out
        again = await setup(here, tmp_path, "complaints:2026.1", "--json")
        assert again.json["current_version_before"] == "complaints:2026.1"
        back = await setup(here, tmp_path, "complaints:")
        assert (back.code, "(before: complaints:2026.1)" in back.out) == (0, True)


async def test_a_build_that_does_not_do_all_the_work_yet_is_waited_for(there: dict[str, str], tmp_path: Path) -> None:
    here = in_namespace(there, "halves")
    client = await connect(here)
    async with some_worker(client, "2026.1", errand):
        assert (await setup(here, tmp_path, "complaints:2026.1")).code == 0
        await client.execute_workflow(Errand.run, id="done", task_queue=TASK_QUEUE)
    async with some_worker(client, "2026.1"):
        left = await client.start_workflow(Errand.run, id="left", task_queue=TASK_QUEUE)
        await answered(left.describe, lambda found: found.raw_description.pending_activities)
    async with some_worker(client, "2026.2"):
        await answered(lambda: builds(client, "complaints"), lambda known: "2026.2" in known)
        said = await setup(here, tmp_path, "complaints:2026.2", wait="1s")
        assert (said.code, said.out) == (2, "")
        assert "missing active task queues" in said.err
        assert said.err.endswith("; start workers of it for all the work, or wait longer with --wait.\n")
    async with some_worker(client, "2026.2", errand):
        said = await setup(here, tmp_path, "complaints:2026.2")
        assert (said.code, "(before: complaints:2026.1)" in said.out) == (0, True)
        await left.result()


async def test_what_is_no_version_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    said = await setup(at("127.0.0.1:1"), tmp_path, "2026.1")
    assert (said.code, "write it as DEPLOYMENT:BUILD" in said.err) == (1, True)
