"""A standard complaint, disturbed at every event of its life, ends as it would have ended undisturbed.

Two departments are asked; compensation is proposed, approved, offered, accepted and paid; the answer goes out, and the
customer is called back.

- Its history can be cut before every workflow task, and today's code leads through what is left; also with a cancel
  request at its end.
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
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionCancelRequestedEventAttributes
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from tests.waiting import PATIENCE
from tests.workflows.case import TECHNICIAN, idle
from tests.workflows.conftest import OpenCase, opener
from tests.workflows.recorded_bank import Held, RecordedBank
from tests.workflows.standard_life import ACTIVITIES, live
from workflows.complaint import ComplaintWorkflow
from workflows.plugin import complaints_plugin

STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED


@pytest.fixture(scope="module")
async def lived(workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> list[HistoryEvent]:
    """The events of a whole standard life."""
    case = await opener(workflow_env, recorded_bank)()
    await live(case)
    asked = [name for name, order in case.bank.asked if order.reference == case.reference and name != "closed_before"]
    assert sorted(asked) == sorted(ACTIVITIES.values())
    return list((await case.handle.fetch_history()).events)


def cuts(events: list[HistoryEvent]) -> list[int]:
    """Where a worker can take the complaint over: its history ends with a workflow task that has just begun."""
    return [number for number, event in enumerate(events, start=1) if event.event_type == STARTED]


class Errors(Interceptor):
    """Notes what the workflow raises. The replayer says nothing of the last step of a history, which has no end."""

    def __init__(self) -> None:
        self.raised: list[str] = []

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        """The interceptor of every complaint."""
        raised = self.raised

        class Noting(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                try:
                    return await super().execute_workflow(input)
                except Exception as error:
                    raised.append(repr(error))
                    raise

        return Noting


async def failures(of: list[HistoryEvent], beginnings: dict[int, list[HistoryEvent]]) -> dict[int, str]:
    """Why today's code does not follow a beginning, by where it was cut."""
    errors = Errors()
    replayer = Replayer(
        workflows=[ComplaintWorkflow], plugins=[complaints_plugin()], interceptors=[errors], debug_mode=True
    )
    given = of[0].workflow_execution_started_event_attributes.workflow_id

    async def histories() -> AsyncIterator[WorkflowHistory]:
        for events in beginnings.values():
            yield WorkflowHistory(given, events)

    async with replayer.workflow_replay_iterator(histories()) as results:
        why = [str(result.replay_failure or "") async for result in results]
    assert len(why) > len(ACTIVITIES)
    assert errors.raised == []
    return {cut: reason for cut, reason in zip(beginnings, why, strict=True) if reason}


async def test_every_beginning_of_its_history_is_followed(lived: list[HistoryEvent]) -> None:
    assert await failures(lived, {cut: lived[:cut] for cut in cuts(lived)}) == {}


async def test_a_cancel_request_before_any_step_stops_none(lived: list[HistoryEvent]) -> None:
    assert await failures(lived, {cut: cancelled(lived[:cut]) for cut in cuts(lived)}) == {}


def cancelled(beginning: list[HistoryEvent]) -> list[HistoryEvent]:
    """The same history with a cancel request before its last step."""
    *before, scheduled, started = (HistoryEvent.FromString(event.SerializeToString()) for event in beginning)
    request = HistoryEvent(
        event_id=scheduled.event_id,
        event_time=scheduled.event_time,
        event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
        workflow_execution_cancel_requested_event_attributes=WorkflowExecutionCancelRequestedEventAttributes(cause="?"),
    )
    scheduled.event_id += 1
    started.event_id += 1
    started.workflow_task_started_event_attributes.scheduled_event_id = scheduled.event_id
    return [*before, request, scheduled, started]


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
