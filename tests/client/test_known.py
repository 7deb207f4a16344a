"""Many references are looked up with one question, and what the answer says is so.

- Open, closed and unknown complaints are told apart, with the checksum of what was opened.
- A complaint that went through several runs is one complaint, and open.
- A server that is gone is said to be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from client.connection import ServerNotThere, connect
from client.gateway import digest, open_complaint
from client.known import Known, known
from tests.complaints import complaint
from tests.temporal_server import temporal_server
from tests.waiting import answered
from workflows.names import workflow_id


@workflow.defn
class ThreeRuns:
    @workflow.run
    async def run(self, runs_left: int) -> None:
        if runs_left:
            workflow.continue_as_new(runs_left - 1)
        await workflow.wait_condition(lambda: False)


async def when_listed(client: Client, references: Sequence[str], number: int) -> dict[str, Known]:
    """The list is a moment behind."""
    return await answered(lambda: known(client, references), lambda found: len(found) >= number)


async def test_open_closed_and_unknown_ones_are_told_apart(idle: Client) -> None:
    some = [complaint() for _ in range(300)]
    await asyncio.gather(*(open_complaint(idle, one) for one in some))
    references = [one.reference for one in some]
    found = await when_listed(idle, [*references, "never-opened"], 300)
    assert found == {one.reference: Known(True, digest(one)) for one in some}
    await idle.get_workflow_handle(workflow_id(references[0])).terminate()
    two = await answered(lambda: known(idle, references[:2]), lambda found: not found[references[0]].is_open)
    assert two[references[1]].is_open


async def test_several_runs_are_one_complaint_and_open(idle: Client) -> None:
    reference, queue = f"runs-{uuid4().hex}", uuid4().hex
    async with Worker(idle, task_queue=queue, workflows=[ThreeRuns]):
        await idle.start_workflow(ThreeRuns.run, 2, id=workflow_id(reference), task_queue=queue)
        query = f"WorkflowId = '{workflow_id(reference)}'"
        await answered(lambda: idle.count_workflows(query), lambda found: found.count == 3)
        assert await when_listed(idle, [reference], 1) == {reference: Known(True, None)}


async def test_nobody_is_asked_about_nothing(idle: Client) -> None:
    assert await known(idle, []) == {}


async def test_a_server_that_is_gone_is_said_to_be() -> None:
    async with temporal_server() as environment:
        client = await connect(environment)
    with pytest.raises(ServerNotThere, match="stopped answering"):
        await known(client, ["R-1"])
