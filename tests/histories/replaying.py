"""Leads today's code through golden histories, and says what to do where it does not follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
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
from workflows.complaint import ComplaintWorkflow
from workflows.patrol import PatrolWorkflow
from workflows.plugin import complaints_plugin

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
    changed = [name for name, value in recorded.items() if name not in today or today[name] != value]
    return f"it comes to another {', '.join(changed)}" if changed else ""


def _end(history: WorkflowHistory) -> Json:
    """What the recorded complaint ended with; nothing for a patrol, and where a run did not end by itself."""
    last = History(events=history.events).events[-1].workflow_execution_completed_event_attributes
    end = content(last.result)
    return end if "outcome" in end else {}
