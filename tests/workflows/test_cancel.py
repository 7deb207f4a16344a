"""A cancel request is a withdrawal: it stops the handling, and the customer is still called back.

- In every stage, the run ends COMPLETED with the outcome ``withdrawn``, and only after a call-back.
- A second request is nothing; so is one after the call-back.
- It may come before the rules are known, before the complaint is readable, or while a payment is under way, which is
  then still made, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.rules import Rules
from domain.effects import RulesQuery
from domain.pinned import PinnedRules
from tests.workflows.case import ASSESSMENT, SPECIALIST, SUPERVISOR, TECHNICIAN, VOUCHER, WITHDRAWAL, Case
from tests.workflows.conftest import RULEPACKS, OpenCase, complaint, opener, worker_for
from tests.workflows.recorded_bank import RecordedBank
from workflows.complaint import ComplaintWorkflow

STAGES = ["acknowledged", "identity_verified", "assessed", "investigating", "proposing", "approving", "offered",
          "remedying", "calling_back"]  # fmt: skip


async def withdrawn(case: Case) -> dict[str, Any]:
    return await case.until(lambda file: bool(file.get("withdrawals")))


async def ends_withdrawn(case: Case) -> dict[str, Any]:
    await case.stage("calling_back")
    assert await case.refused("assess", by=SUPERVISOR, nature="fees", summary="s", points=["p"]) == "withdrawn"
    await case.call_back()
    closed = await case.closed()
    assert closed["outcome"] == "withdrawn"
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert not await case.task_failures()
    return closed


@pytest.mark.parametrize("stage", STAGES)
async def test_in_every_stage_a_cancel_request_is_a_withdrawal_that_is_called_back(case: Case, stage: str) -> None:
    await case.reach(stage)
    await case.handle.cancel(reason="asked for at the counter")
    file = await withdrawn(case)
    assert "asked for at the counter" in file["withdrawals"][0]["reason"]
    await case.handle.cancel()
    if stage == "remedying":
        await case.stage("remedying")
        await case.send("resolve_task", by=TECHNICIAN, task="remedy-1-2", settlement="done", note="cleared")
    await case.stage("calling_back")
    stopped = [clock for clock in file["clocks"] if clock["kind"] in ("law", "promise") and clock["met_at"] is None]
    assert all(clock["stopped_at"] for clock in stopped)
    closed = await ends_withdrawn(case)
    assert closed["paid"] == ({"CNY": "50"} if stage in ("remedying", "calling_back") else {})
    assert len((await case.file())["withdrawals"]) == 1


async def test_a_cancel_request_after_the_call_back_is_nothing(case: Case) -> None:
    await case.reach("calling_back")
    held = case.bank.hold(case.reference, "archive_complaint")
    await case.call_back()
    await held.arrived.wait()
    await case.handle.cancel()
    await case.send("add_note", by=SUPERVISOR, text="The cancel request has been seen.")
    held.go.set()
    assert (await case.closed())["outcome"] == "satisfied"
    assert not (await case.file())["withdrawals"]


async def test_at_the_very_end_a_cancel_request_does_not_undo_the_closing(case: Case) -> None:
    await case.reach("calling_back")
    archiving, late_page = (case.bank.hold(case.reference, name) for name in ("archive_complaint", "keep_journal_page"))
    await case.call_back()
    await archiving.arrived.wait()
    await case.tell("evidence_added", evidence={"uri": "vault://1", "description": "a letter"})
    await case.wrote("evidence_added")
    archiving.go.set()
    await late_page.arrived.wait()
    await case.handle.cancel()
    late_page.go.set()
    assert (await case.closed())["outcome"] == "satisfied"
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED


@asynccontextmanager
async def withdrawn_at_once(env: WorkflowEnvironment, bank: RecordedBank) -> AsyncIterator[Case]:
    """A complaint for which cancellation was requested before any worker was there."""
    queue = f"without-worker-{uuid4().hex}"
    case = await opener(env, bank, queue)()
    await case.handle.cancel()
    async with worker_for(env.client, bank, queue):
        await withdrawn(case)
        yield case


async def test_before_the_rules_are_known(workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> None:
    async with withdrawn_at_once(workflow_env, recorded_bank) as case:
        await ends_withdrawn(case)
    assert not case.bank.letters(case.reference)


async def test_who_does_not_stand_by_it_is_acknowledged_then(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    async with withdrawn_at_once(workflow_env, recorded_bank) as case:
        await case.stage("calling_back")
        await case.call_back(solved=False)
        await case.stage("acknowledged")
        clock = await case.clock("acknowledgement-2")
        assert (clock["state"], "acknowledgement" in case.bank.letters(case.reference)) == ("met", True)
        await case.send("take_ownership", by=SPECIALIST)
        assert await case.refused("assess", **ASSESSMENT | {"by": SPECIALIST}) == "identity_first"
        await case.send("withdraw", **WITHDRAWAL)
        await ends_withdrawn(case)


async def test_while_the_rules_are_being_read(workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> None:
    queue, arrived, go = f"slow-rules-{uuid4().hex}", asyncio.Event(), asyncio.Event()

    class SlowRules(Rules):
        @activity.defn(name="resolve_rules")
        async def resolve_slowly(self, query: RulesQuery) -> PinnedRules:
            arrived.set()
            await go.wait()
            return await self.resolve_rules(query)

    rules = SlowRules(RULEPACKS)
    does: list[Callable[..., Any]] = [rules.resolve_slowly, rules.resolve_calendars, *recorded_bank.activities()]
    case = await opener(workflow_env, recorded_bank, queue)()
    async with Worker(workflow_env.client, task_queue=queue, workflows=[ComplaintWorkflow], activities=does):
        await arrived.wait()
        await case.handle.cancel()
        go.set()
        await withdrawn(case)
        await ends_withdrawn(case)


async def test_before_the_complaint_is_readable(open_input: OpenCase) -> None:
    reference = f"P-{uuid4().hex[:10]}"
    case = await open_input(reference, [None])
    await case.until(lambda file: bool(file["reason"]))
    await case.handle.cancel()
    await case.send(
        "resolve_task", by=SUPERVISOR, task="intake", settlement="done", note="typed in again",
        complaint=complaint(reference),
    )  # fmt: skip
    await withdrawn(case)
    await ends_withdrawn(case)


async def test_while_a_payment_is_under_way_it_is_made_once(case: Case) -> None:
    held = case.bank.hold(case.reference, "pay_out")
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER]})
    await held.arrived.wait()
    await case.handle.cancel()
    await withdrawn(case)
    assert (await case.file())["stage"] == "remedying"
    held.go.set()
    closed = await ends_withdrawn(case)
    assert closed["paid"] == {"CNY": "50"}
    assert len(case.bank.orders(case.reference, "pay_out")) == 1


async def test_while_an_investigation_is_under_way_the_department_is_told(case: Case) -> None:
    await case.reach("investigating")
    await case.handle.cancel()
    await case.noticed("technology", "withdrawn")
    file = await case.file()
    assert file["investigations"][0]["state"] == "recalled"
