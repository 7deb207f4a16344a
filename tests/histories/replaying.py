"""Leads today's code through golden histories, and says what to do where it does not follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from chaos.history import content
from domain.closing import ClosedComplaint
from domain.timeledger import TimeShare
from workflows.complaint import ComplaintWorkflow
from workflows.patrol import PatrolWorkflow
from workflows.plugin import complaints_plugin

A_MOMENT = timedelta(seconds=1)
Json = dict[str, Any]


@dataclass
class Ends(Interceptor):
    """Notes how complaints end by today's code."""

    closed: dict[str, Json] = field(default_factory=dict)
    """By their runs."""

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        """An interceptor that notes the end of one."""
        closed = self.closed

        class Noting(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                end = await super().execute_workflow(input)
                if isinstance(end, ClosedComplaint):
                    closed[workflow.info().run_id] = end.model_dump(mode="json")
                return end

        return Noting


async def differences(histories: Iterable[WorkflowHistory]) -> list[str]:
    """What today's code does otherwise than each history, in its order; empty where it follows to the same end."""
    ends = Ends()
    replayer = Replayer(
        workflows=[ComplaintWorkflow, PatrolWorkflow],
        plugins=[complaints_plugin()],
        interceptors=[ends],
        debug_mode=True,
    )
    async with replayer.workflow_replay_iterator(_each(histories)) as results:
        return [_difference(one.history, one.replay_failure, ends) async for one in results]


async def _each(histories: Iterable[WorkflowHistory]) -> AsyncIterator[WorkflowHistory]:
    for history in histories:
        yield history


def _difference(history: WorkflowHistory, failure: Exception | None, ends: Ends) -> str:
    if failure:
        return f"it cannot be followed: {failure}"
    recorded, today = _end(history), ends.closed.get(history.run_id, {})
    changed = [name for name, value in recorded.items() if name not in today or not _same(name, value, today[name])]
    return f"it comes to another {', '.join(changed)}" if changed else ""


def _same(name: str, recorded: Any, today: Any) -> bool:
    """Whether two values say the same. Shares of the time may differ by a moment: a question that comes while the rules
    are being read ends the task early, and a replay dates the opening by the task in which it was recorded."""
    if name != "time" or len(recorded) != len(today):
        return bool(recorded == today)
    pairs = [
        (TimeShare.model_validate(one), TimeShare.model_validate(other))
        for one, other in zip(recorded, today, strict=True)
    ]
    alike = all(one.model_copy(update={"time": other.time}) == other for one, other in pairs)
    return alike and all(abs(one.time - other.time) <= A_MOMENT for one, other in pairs)


def _end(history: WorkflowHistory) -> Json:
    """What the recorded complaint ended with; nothing for a patrol, and where a run did not end by itself."""
    last = History(events=history.events).events[-1].workflow_execution_completed_event_attributes
    end = content(last.result)
    return end if "outcome" in end else {}
