"""Who works on complaints and how complaints are, as a doctor sees it, against a real server.

- Nobody at work, somebody who left, activities without workers, workers of a version that is given nothing.
- Stuck complaints, those that wait for a person, and those that ended past the call-back are counted and named; one
  that was brought back is no worry any more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentOptions
from temporalio.api.enums.v1 import EventType, WorkerVersioningMode
from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkerDeploymentVersion
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from cli.checks.finding import Finding, State, examine
from cli.checks.server import Server
from cli.checks.work import work_checks, worker_findings
from client.attributes import register_attributes
from client.connection import connect
from client.deployment import Routing
from tests.deployment import versioned_worker
from tests.temporal_server import TEMPORAL, temporal_server
from tests.waiting import eventually
from workflows.names import ATTENTION, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE, TWO = (WorkerDeploymentVersion("complaints", build) for build in ("2026.1", "2026.2"))


@workflow.defn(name=WORKFLOW_TYPE, sandboxed=False)
class Stumbling:
    """A complaint whose code has a fault."""

    @workflow.run
    async def run(self) -> None:
        """Fail every step."""
        raise ZeroDivisionError


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    """A server that calls a complaint stuck at its first failing step."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(TEMPORAL),
        dev_server_log_level="error",
        dev_server_extra_args=[
            *("--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1"),
        ],
    ) as environment:
        await register_attributes(environment.client)
        yield environment.client


async def findings(client: Client) -> dict[str, Finding]:
    async def reached() -> Client:
        return client

    return {one.check: one for one in await examine(work_checks(Server(reached())))}


async def complaint(client: Client, reference: str, *attributes: SearchAttributePair[bool]) -> None:
    await client.start_workflow(
        WORKFLOW_TYPE,
        id=workflow_id(reference),
        task_queue=TASK_QUEUE,
        search_attributes=TypedSearchAttributes(attributes),
    )


async def seen(client: Client, check: str, said: str) -> Finding:
    """Wait until visibility has caught up."""

    async def look() -> Finding | None:
        found = (await findings(client))[check]
        return found if said in found.found else None

    return await eventually(look)


async def test_nobody_and_nothing(client: Client) -> None:
    found = await findings(client)
    assert (found["worker"].state, "task queue complaints" in found["worker"].found) == (State.FAILED, True)
    assert found["worker"].advice.startswith("start worker.py")
    assert {one.found for name, one in found.items() if name != "worker"} == {"none"}


async def test_stuck_complaints_are_counted_and_named(client: Client) -> None:
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[Stumbling]):
        for number in range(5):
            await complaint(client, f"STUCK-{number}")
        one = await seen(client, "stuck complaints", "5 cannot go on: ")
    assert (one.state, one.found.count("STUCK-"), one.found.endswith(" and 2 more")) == (State.FAILED, 3, True)


async def test_those_that_wait_for_a_person_are_counted_and_named(client: Client) -> None:
    await complaint(client, "NEEDY-1", SearchAttributePair(ATTENTION, True))
    one = await seen(client, "needing attention", "1 waiting for a person: NEEDY-1")
    assert (one.state, one.advice) == (State.WARNING, "starter.py list --needs-attention")


async def test_one_that_was_terminated_is_named_until_it_is_brought_back(client: Client) -> None:
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[Stumbling]):
        await complaint(client, "LOST-1")
        handle = client.get_workflow_handle(workflow_id("LOST-1"))
        await eventually(lambda: _stumbled(handle))
        await handle.terminate("by mistake")
        one = await seen(client, "ended past the call-back", "1 terminated, cancelled, failed or timed out: LOST-1")
    assert one.state is State.WARNING
    assert one.advice.endswith("bring each back: starter.py reopen LOST-1 --reason ... --by ...")
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id),
            workflow_task_finish_event_id=3,
            reason="by mistake",
            request_id="back",
        )
    )
    await seen(client, "ended past the call-back", "none")


async def _stumbled(handle: WorkflowHandle[Any, Any]) -> bool:
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    return any([event.event_type == failed async for event in handle.fetch_history_events()])


async def test_a_version_that_is_given_nothing_is_a_failure() -> None:
    async with temporal_server() as environment:
        client = await connect(environment)
        async with versioned_worker(client, "complaints", "2026.1"):
            one = await eventually(lambda: _versioned(client))
            assert (await findings(client))["worker builds"].found == "complaints: 2026.1 is inactive"
    assert (one.state, one.advice) == (
        State.FAILED,
        "to change that: starter.py setup --current-version complaints:2026.1",
    )


async def _versioned(client: Client) -> Finding | None:
    found = await findings(client)
    return found.get("worker version")


def poller(seconds_ago: int, version: WorkerDeploymentVersion | None = None) -> PollerInfo:
    options = WorkerDeploymentOptions(
        deployment_name=version.deployment_name if version else "",
        build_id=version.build_id if version else "",
        worker_versioning_mode=WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
        if version
        else WorkerVersioningMode.WORKER_VERSIONING_MODE_UNVERSIONED,
    )
    told = PollerInfo(identity=f"{seconds_ago}@host", deployment_options=options)
    told.last_access_time.FromDatetime(NOW - timedelta(seconds=seconds_ago))
    return told


def routing(
    *pollers: PollerInfo, current: WorkerDeploymentVersion | None = None, ramping: WorkerDeploymentVersion | None = None
) -> Routing:
    return Routing(current=current, ramping=ramping, pollers=pollers)


def looked(steps: Routing, activities: Routing | None = None) -> list[tuple[str, State, str]]:
    return [(one.check, one.state, one.found) for one in worker_findings(steps, activities or steps, NOW)]


class TestWorkers:
    def test_those_at_work_are_named(self) -> None:
        assert looked(routing(poller(3), poller(61))) == [
            ("worker", State.OK, "2 at work: 3@host (3 seconds ago), 61@host (61 seconds ago)")
        ]

    def test_one_that_left_is_not_at_work(self) -> None:
        assert looked(routing(poller(240))) == [
            ("worker", State.FAILED, "nobody asks for work on the task queue complaints; the last one 4 minutes ago")
        ]

    def test_half_a_worker_is_none(self) -> None:
        assert looked(routing(poller(3)), routing()) == [("worker", State.FAILED, "nobody asks for activities")]
        assert looked(routing(), routing(poller(3))) == [
            ("worker", State.FAILED, "nobody asks for the steps of complaints")
        ]

    def test_the_current_version_is_at_work(self) -> None:
        assert looked(routing(poller(3, ONE), current=ONE))[1:] == [
            ("worker version", State.OK, "Complaints are given to complaints:2026.1")
        ]

    def test_an_old_build_that_waits_beside_the_current_one_is_a_warning(self) -> None:
        ((_, state, said),) = looked(routing(poller(3, ONE), poller(3, TWO), current=TWO))[1:]
        assert state is State.WARNING
        assert said == "Complaints are given to complaints:2026.2, and not to complaints:2026.1"

    def test_a_ramping_version_gets_a_share_and_cannot_stand_in_for_the_current_one(self) -> None:
        both = routing(poller(3, ONE), poller(3, TWO), current=ONE, ramping=TWO)
        assert looked(both)[1:] == [
            (
                "worker version",
                State.OK,
                "Complaints are given to complaints:2026.1, and a share of them to complaints:2026.2",
            )
        ]
        ((_, state, said),) = looked(routing(poller(3, TWO), current=ONE, ramping=TWO))[1:]
        assert state is State.FAILED
        assert said == "Complaints are given to complaints:2026.1, and nobody works as that"

    def test_workers_without_a_version_beside_a_current_one_are_given_nothing(self) -> None:
        ((_, state, said),) = looked(routing(poller(3), current=ONE))[1:]
        assert state is State.FAILED
        assert said == "Complaints are given to complaints:2026.1, and not to workers without versioning"
