"""What a patrol finds, on a real server and on both databases of the archive.

- Every ending but the one by the call-back is found: terminated, failed, timed out, cancelled; and one that is in the
  archive is in order, however its run ended.
- A closed complaint that the archive lacks is found.
- A run that was reset is found, also when the complaint was closed before, or has been closed since.
- What was told before is known again and not told again; no more is told at once than one round can tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

import activities.patrol
from activities.archive import Archive
from activities.patrol import Patrol
from client.connection import connect
from domain.patrol import NAMELESS, Lost, Round
from tests.activities.archived import archive_order
from tests.temporal_server import temporal_server
from tests.waiting import answered
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

ENDINGS = ("canceled", "failed", "terminated", "timed_out", "completed")
SOON = timedelta(milliseconds=200)


@workflow.defn(name=WORKFLOW_TYPE, sandboxed=False)
class Ending:
    """A complaint that ends as it is told to, at its first step."""

    @workflow.run
    async def run(self, how: str) -> None:
        """End, or wait to be ended."""
        if how == "failed":
            raise ApplicationError("by mistake")
        if how != "completed":
            await workflow.wait_condition(lambda: False)


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    async with temporal_server() as environment:
        found = await connect(environment)
        async with Worker(found, task_queue=TASK_QUEUE, workflows=[Ending]):
            yield found


def new() -> str:
    return f"P-{uuid4().hex[:10]}"


async def ended(client: Client, how: str, reference: str) -> WorkflowHandle[Any, Any]:
    """A complaint whose run has ended in a certain way."""
    timeout = SOON if how == "timed_out" else None
    handle: WorkflowHandle[Any, Any] = await client.start_workflow(
        WORKFLOW_TYPE, how, id=workflow_id(reference), task_queue=TASK_QUEUE, execution_timeout=timeout
    )
    if how == "canceled":
        await handle.cancel()
    if how == "terminated":
        await handle.terminate("by mistake")
    await answered(handle.describe, lambda found: found.status is not None and found.status.name.lower() == how)
    return handle


async def look(client: Client, archive: Archive, *told: str) -> Round:
    found: Round = await ActivityEnvironment(client=client).run(Patrol(archive).look_for_lost, list(told))
    return found


async def found(client: Client, archive: Archive, *references: str) -> dict[str, Lost]:
    """The runs of these complaints that were found, once visibility knows them all."""

    async def seen() -> dict[str, Lost]:
        return {one.reference: one for one in (await look(client, archive)).lost if one.reference in references}

    return await answered(seen, lambda lost: len(lost) == len(references))


async def reset(client: Client, handle: WorkflowHandle[Any, Any]) -> None:
    described = await handle.describe()
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=described.run_id),
            workflow_task_finish_event_id=3,
            reason="by mistake",
            request_id=uuid4().hex,
        )
    )


async def test_every_ending_is_found_unless_the_archive_has_the_complaint(client: Client, archive: Archive) -> None:
    lost = {new(): how for how in ENDINGS}
    kept = {new(): how for how in ENDINGS}
    for reference in kept:
        await archive.archive_complaint(archive_order(reference))
    await asyncio.gather(*(ended(client, how, reference) for reference, how in (lost | kept).items()))
    seen = await found(client, archive, *lost)
    assert {reference: one.ending for reference, one in seen.items()} == lost
    assert not any(one.later_run for one in seen.values())
    all_found = await look(client, archive)
    assert not {one.reference for one in all_found.lost} & set(kept)
    assert all_found.compared >= 10


async def test_a_reset_is_found_whatever_was_before_and_since(client: Client, archive: Archive) -> None:
    open_one, closed_before, closed_since = new(), new(), new()
    running = await client.start_workflow(WORKFLOW_TYPE, "wait", id=workflow_id(open_one), task_queue=TASK_QUEUE)
    await answered(running.describe, lambda described: described.history_length >= 4)
    await reset(client, running)
    for reference in (closed_before, closed_since):
        await archive.archive_complaint(archive_order(reference))
    closed = await ended(client, "completed", closed_before)
    await reset(client, closed)
    handle = await ended(client, "terminated", closed_since)
    await reset(client, handle)
    await handle.terminate()
    seen = await found(client, archive, open_one, closed_before, closed_since)
    assert all(one.later_run for one in seen.values())
    assert [seen[reference].ending for reference in (open_one, closed_before, closed_since)] == [
        "terminated", "completed", "terminated",
    ]  # fmt: skip
    assert "a later run goes on from an earlier state" in seen[open_one].notice().text


async def test_what_was_told_is_not_told_again(
    client: Client, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [new() for _ in range(3)]
    for reference in references:
        await ended(client, "terminated", reference)
    seen = await found(client, archive, *references)
    monkeypatch.setattr(activities.patrol, "AT_ONCE", 2)
    others = [one.run_id for one in (await look(client, archive)).known]
    told = [one.run_id for one in seen.values()]
    assert others == []
    again = await look(client, archive, *told, "a run that the server has forgotten")
    assert sorted(again.told) == sorted(told)
    assert not {one.run_id for one in again.lost} & set(told)
    first = await look(client, archive)
    assert (len(first.lost), first.more) == (2, True)


def lost(given: str, ending: str = "terminated") -> Lost:
    one = {"workflow_id": given, "run_id": "r-1", "ending": ending, "ended_at": "2026-03-02T09:30:00Z"}
    return Lost.model_validate(one | {"later_run": False})


def test_the_notice_says_what_happened_and_what_to_do() -> None:
    notice = lost("complaint-MY-1").notice()
    assert (notice.to, notice.kind, notice.key) == ("supervisor", "task", "MY-1/lost/r-1")
    assert notice.text == (
        "It was terminated on 2026-03-02 09:30 UTC without a call-back, and nobody handles it: find out why, and bring "
        "it back with starter.py reopen MY-1."
    )
    assert "the archive does not have it" in lost("complaint-MY-1", "completed").notice().text


@pytest.mark.parametrize("given", ["Wang Xiulan", "complaint-", "complaint-" + "X" * 81, "complaint-6222 0000"])
def test_an_id_that_is_no_reference_is_not_repeated(given: str) -> None:
    notice = lost(given).notice()
    assert notice.reference == NAMELESS
    assert given not in notice.text
