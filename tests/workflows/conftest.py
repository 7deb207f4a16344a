"""A real development server that skips time, a worker, and complaints of their own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.rules import Rules
from tests.replay import replay_every_history
from tests.temporal_server import skipping_server
from tests.workflows.case import OWNER, Case
from tests.workflows.recorded_bank import RecordedBank
from workflows.complaint import ComplaintWorkflow
from workflows.names import SEARCH_ATTRIBUTES, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

RULEPACKS = Path(__file__).parents[2] / "rulepacks"

OpenCase = Callable[..., Awaitable[Case]]


def complaint(reference: str | None = None, **changes: Any) -> dict[str, Any]:
    """A complaint as an intake system hands it over."""
    return {
        "reference": reference or f"W-{uuid4().hex[:10]}",
        "received_at": datetime.now(UTC).isoformat(),
        "channel": "app",
        "complainant": {"name": "Li Na", "customer_number": "C-100", "channels": ["app", "email"], "language": "en"},
        "subject": {"product": "transfer"},
        "narrative": "A transfer was debited and never arrived.",
        "summary": "A transfer did not arrive.",
        "received_by": OWNER,
    } | changes


@asynccontextmanager
async def server(*settings: str) -> AsyncIterator[WorkflowEnvironment]:
    """A server with dynamic settings, whose every history is replayed when it stops."""
    async with await skipping_server(*settings, search_attributes=SEARCH_ATTRIBUTES) as environment:
        yield environment
        await replay_every_history(environment.client)


def worker_for(
    client: Client, bank: RecordedBank, task_queue: str = TASK_QUEUE, rulepacks: Path = RULEPACKS, **settings: Any
) -> Worker:
    """A worker that keeps its complaints in memory; every history is replayed at the end anyway.

    One that keeps none replays at every step, but the SDK loses a slot for good when a query comes while the rules are
    being resolved.
    """
    rules = Rules(rulepacks)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[ComplaintWorkflow],
        activities=[rules.resolve_rules, rules.resolve_calendars, *bank.activities()],
        max_concurrent_workflow_tasks=4,
        **settings,
    )


def opener(env: WorkflowEnvironment, bank: RecordedBank, task_queue: str = TASK_QUEUE) -> OpenCase:
    """Opens complaints on a server."""

    async def open_case(before: tuple[Any, ...] = (), **changes: Any) -> Case:
        """Open one; ``before`` names an activity and how it is answered from the first time on."""
        content = complaint(**changes)
        if before:
            bank.next_time(content["reference"], *before)
        with env.with_time_skipping_disabled():
            handle = await env.client.start_workflow(
                WORKFLOW_TYPE, content, id=workflow_id(content["reference"]), task_queue=task_queue
            )
        return Case(env, env.client, bank, handle)

    return open_case


@pytest.fixture(scope="session")
def recorded_bank() -> RecordedBank:
    return RecordedBank()


@pytest.fixture(scope="session")
async def workflow_env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    """One server for all tests of a run, and its worker."""
    async with server() as environment, worker_for(environment.client, recorded_bank):
        yield environment


@pytest.fixture
def open_case(workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> OpenCase:
    return opener(workflow_env, recorded_bank)


@pytest.fixture
def open_input(workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> Callable[..., Awaitable[Case]]:
    """Starts complaints with whatever input; ``{reference}`` in it is filled in."""

    async def open_with(reference: str, payloads: list[Any]) -> Case:
        args = [_named(payload, reference) for payload in payloads]
        with workflow_env.with_time_skipping_disabled():
            handle = await workflow_env.client.start_workflow(
                WORKFLOW_TYPE, args=args, id=workflow_id(reference), task_queue=TASK_QUEUE
            )
        return Case(workflow_env, workflow_env.client, recorded_bank, handle)

    return open_with


def _named(payload: Any, reference: str) -> Any:
    if isinstance(payload, dict) and payload.get("reference") == "{reference}":
        return payload | {"reference": reference}
    return payload


@pytest.fixture
async def case(open_case: OpenCase) -> Case:
    """A complaint that was just opened."""
    return await open_case()
