"""Messages may come with the complaint, or before anybody works on it: none is lost, and each has its full effect.

- A signal sent together with the start counts.
- An update sent together with the start is answered once the rules are known; refused, it does not stop the start.
- What arrives while no worker runs is taken in, in order, when one starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.testing import WorkflowEnvironment

from tests.workflows.case import OWNER, WITHDRAWAL, Case, entries, refusal
from tests.workflows.conftest import complaint, worker_for
from tests.workflows.recorded_bank import RecordedBank
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

CONTACT = {"message_id": "m-1", "channel": "phone", "summary": "asks when the answer will come"}
VERIFIED = {"by": OWNER, "verified": True, "method": "app login"}

Answer = Awaitable[dict[str, Any]]


async def test_a_signal_sent_with_the_start_counts(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    given = complaint()
    with workflow_env.with_time_skipping_disabled():
        handle = await workflow_env.client.start_workflow(
            WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE,
            start_signal="customer_contacted_us", start_signal_args=[CONTACT],
        )  # fmt: skip
    file = await Case(workflow_env, workflow_env.client, recorded_bank, handle).stage("acknowledged")
    assert file["contact_count"] == 1


async def opened_by(env: WorkflowEnvironment, bank: RecordedBank, name: str, message: Any) -> tuple[Case, Answer]:
    """A complaint that is started together with a decision, and the answer to that."""
    given = complaint()
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )  # fmt: skip
    with env.with_time_skipping_disabled():
        answer = asyncio.ensure_future(
            env.client.execute_update_with_start_workflow(
                name, message, start_workflow_operation=start, rpc_timeout=timedelta(seconds=20)
            )
        )
        return Case(env, env.client, bank, await start.workflow_handle()), answer


async def test_an_update_sent_with_the_start_is_answered(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    case, answer = await opened_by(workflow_env, recorded_bank, "verify_identity", VERIFIED)
    assert (await answer)["reference"] == case.reference
    await case.stage("identity_verified")


async def test_a_withdrawal_sent_with_the_start_stops_the_clocks_that_had_just_begun(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    case, answer = await opened_by(workflow_env, recorded_bank, "withdraw", WITHDRAWAL)
    assert (await answer)["stage"] == "calling_back"
    assert not await case.task_failures()


async def test_a_refused_update_does_not_stop_the_start(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    case, answer = await opened_by(workflow_env, recorded_bank, "assess", {})
    assert (await refusal(answer)).type == "unreadable"
    await case.stage("acknowledged")


async def test_what_comes_before_the_worker_is_taken_in_when_it_starts(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    given, queue = complaint(), f"without-worker-{uuid4().hex}"
    with workflow_env.with_time_skipping_disabled():
        handle = await workflow_env.client.start_workflow(
            WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=queue
        )
    for number in range(3):
        await handle.signal("customer_contacted_us", CONTACT | {"message_id": f"m-{number}"})
    await handle.signal("customer_contacted_us")
    await handle.signal("whatever", 1)
    verification = asyncio.create_task(handle.execute_update("verify_identity", VERIFIED))
    too_early = asyncio.create_task(refusal(handle.execute_update("record_callback", {"by": OWNER, "reached": False})))
    async with worker_for(workflow_env.client, recorded_bank, queue):
        case = Case(workflow_env, workflow_env.client, recorded_bank, handle)
        assert (await verification)["message"]
        assert (await too_early).type == "role_may_not"
        file = await case.stage("identity_verified")
        assert file["contact_count"] == 3
        assert [kept["name"] for kept in file["quarantine"]] == ["customer_contacted_us", "whatever"]
        assert len(entries(file, "customer_contacted_us")) == 3
        await case.send("withdraw", **WITHDRAWAL)
        assert not await case.task_failures()
