"""Guarantees of the end of a worker, with requests on their way to a slow bank:

- SIGTERM: it says at once that it is not ready, takes no new work, and ends with 0 after the request is answered;
- a second SIGTERM changes nothing: the request is still answered, once;
- a bank that does not answer holds it up no longer than its grace; the request is made again by another worker.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from tests.bank_server import RunningBank, running_bank
from tests.complaints import complaint_json
from tests.service.conftest import environment, idle_server
from tests.service.observed import Watched, watched, watching_environment
from tests.waiting import PATIENCE, eventually
from tests.worker_process import worker_process
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

SLOW = 3.0
"""Seconds; longer than all that is looked at meanwhile."""
Handle = WorkflowHandle[Any, Any]


@pytest.fixture
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with idle_server() as running:
        yield running


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[RunningBank]:
    with running_bank(tmp_path / "bank.db") as running:
        yield running


@asynccontextmanager
async def busy_worker(
    env: WorkflowEnvironment, bank: RunningBank, data: Path, seconds: float, **more: str
) -> AsyncIterator[tuple[Watched, Handle]]:
    """A worker that waits for the customer directory's answer about a complaint."""
    bank.faults({"kind": "latency", "path": "/customers*", "seconds": seconds})
    given = environment(env, bank.url) | watching_environment() | more
    async with worker_process(data, **given) as process, watched(process, given) as seen:
        await seen.until_ready()
        waiting = await opened(env)
        await eventually(lambda: asyncio.to_thread(lambda: bank.hits() == [1]), seen.scrape)
        yield seen, waiting


async def opened(env: WorkflowEnvironment) -> Handle:
    complaint = complaint_json()
    key = workflow_id(complaint["reference"])
    return await env.client.start_workflow(WORKFLOW_TYPE, complaint, id=key, task_queue=TASK_QUEUE)


async def happened(handle: Handle, event: EventType.ValueType) -> int:
    """How often something is in the history."""
    return sum(one.event_type == event for one in (await handle.fetch_history()).events)


async def looked_up(handle: Handle) -> int:
    """How often the customer was looked up."""
    events = (await handle.fetch_history()).events
    asked = {
        one.event_id
        for one in events
        if one.activity_task_scheduled_event_attributes.activity_type.name == "look_up_customer"
    }
    return sum(one.activity_task_completed_event_attributes.scheduled_event_id in asked for one in events)


async def test_what_is_under_way_is_finished_and_nothing_new_begun(
    env: WorkflowEnvironment, bank: RunningBank, tmp_path: Path
) -> None:
    async with busy_worker(env, bank, tmp_path, SLOW) as (seen, waiting):
        seen.process.send_signal(signal.SIGTERM)
        await seen.until_log("worker stopping: no new work, running work is finished")
        assert await seen.ready() == (503, {"ready": False, "missing": ["draining"]})
        assert await looked_up(waiting) == 0, "it is still under way"
        late = await opened(env)
        seen.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(seen.process.wait(), PATIENCE) == 0
        # No worker is left. The answer shows only once the server has given up a step that it had sent off just then.
        assert await eventually(lambda: looked_up(waiting), waiting.describe) == 1
        assert bank.hits() == [1]
        assert await happened(late, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED) == 0
    assert seen.lines[-1]["message"] == "worker stopped"


async def test_a_bank_that_does_not_answer_holds_it_up_for_its_grace_only(
    env: WorkflowEnvironment, bank: RunningBank, tmp_path: Path
) -> None:
    grace = {"COMPLAINTS_WORKER_SHUTDOWN_GRACE": "1"}
    async with busy_worker(env, bank, tmp_path, 14, **grace) as (seen, waiting):
        told = monotonic()
        seen.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(seen.process.wait(), PATIENCE) == 0
        assert monotonic() - told < 10, "sooner than the bank's answer"
        assert await looked_up(waiting) == 0
    bank.faults()
    async with worker_process(tmp_path, **environment(env, bank.url)):
        await eventually(lambda: looked_up(waiting), waiting.describe)
