"""A standard complaint, disturbed at every event of its life, ends as it would have ended undisturbed.

Two departments are asked; compensation is proposed, approved, offered, accepted and paid; the answer goes out, and the
customer is called back.

- Its history can be cut before every workflow task, and today's code leads through what is left.
- A cancel request while any activity is under way, or while any message is waited for (``test_cancel.py``), is a
  withdrawal: the complaint is called back and closed, and what was promised is paid once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.worker import Replayer

from tests.waiting import PATIENCE
from tests.workflows.case import TECHNICIAN, Case, idle
from tests.workflows.conftest import OpenCase
from tests.workflows.recorded_bank import Held, RecordedBank
from tests.workflows.standard_life import ACTIVITIES, live
from workflows.complaint import ComplaintWorkflow
from workflows.plugin import complaints_plugin

STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED


async def test_every_beginning_of_its_history_is_followed(case: Case) -> None:
    await live(case)
    asked = [name for name, order in case.bank.asked if order.reference == case.reference and name != "closed_before"]
    assert sorted(asked) == sorted(ACTIVITIES.values())
    events = list((await case.handle.fetch_history()).events)
    cuts = [number for number, event in enumerate(events, start=1) if event.event_type == STARTED]
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[complaints_plugin()], debug_mode=True)

    async def beginnings() -> AsyncIterator[WorkflowHistory]:
        for cut in cuts:
            yield WorkflowHistory(case.handle.id, events[:cut])

    async with replayer.workflow_replay_iterator(beginnings()) as results:
        why = [str(result.replay_failure or "") async for result in results]
    assert {cut: reason for cut, reason in zip(cuts, why, strict=True) if reason} == {}
    assert len(cuts) > len(ACTIVITIES)


@pytest.mark.parametrize("errand", ["closed_before", *ACTIVITIES])
async def test_a_cancel_request_while_an_activity_is_under_way(
    open_case: OpenCase, recorded_bank: RecordedBank, errand: str
) -> None:
    reference, name = f"E-{uuid4().hex[:10]}", ACTIVITIES.get(errand, errand)
    usual = getattr(recorded_bank, f"_{name}")
    held = Held(usual)

    async def holding(order: Any) -> Any:
        this = f"{getattr(order, 'key', errand).removeprefix(f'{reference}/')}/"
        return await (held if this.startswith(f"{errand}/") else usual)(order)

    recorded_bank.next_time(reference, name, holding)
    case = await open_case(reference=reference)
    life = asyncio.create_task(live(case))
    await asyncio.wait_for(held.arrived.wait(), PATIENCE)
    await case.handle.cancel()
    life.cancel()
    held.go.set()
    if errand != "archive":
        await case.until(lambda file: bool(file.get("withdrawals")) and idle(file))
        if "remedy-1-2" in await case.tasks():
            await case.send("resolve_task", by=TECHNICIAN, task="remedy-1-2", settlement="done", note="cleared")
        await case.stage("calling_back")
        await case.call_back()
    closed = await case.closed()
    assert closed["outcome"] == ("satisfied" if errand == "archive" else "withdrawn")
    accepted = [proposal["status"] for proposal in (await case.file())["cycles"][0]["proposals"]] == ["accepted"]
    assert closed["paid"] == ({"CNY": "50"} if accepted else {})
    assert len({order.key for order in case.bank.orders(reference, "pay_out")}) == accepted
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert not await case.task_failures()
