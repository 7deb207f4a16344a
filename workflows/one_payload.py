"""Messages with the wrong number of payloads must not poison the workflow: signals are noted like any unreadable
message, updates are refused with the same words."""

from __future__ import annotations

import dataclasses
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    WorkflowInboundInterceptor,
)

from domain.metrics import REFUSED
from domain.refusals import refuse
from workflows.counters import count


class OnePayload(WorkflowInboundInterceptor):
    """Keeps messages with several payloads away from handlers that take one."""

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        """Start with the first payload."""
        return await super().execute_workflow(dataclasses.replace(input, args=input.args[:1]))

    async def handle_signal(self, input: HandleSignalInput) -> None:
        """Take one payload in; note more as unreadable."""
        from workflows.complaint import ComplaintWorkflow

        case = workflow.instance()
        if len(input.args) > 1 and isinstance(case, ComplaintWorkflow) and workflow.get_signal_handler(input.signal):
            case.desk.learn((input.signal, _too_many(len(input.args))))
            return
        await super().handle_signal(input)

    def handle_update_validator(self, input: HandleUpdateInput) -> None:
        """Take one payload in; refuse more."""
        if len(input.args) > 1:
            refused = refuse("unreadable", message=input.update, reason=_too_many(len(input.args)))
            count(REFUSED, refused.code)
            raise ApplicationError(refused.sentence, type=refused.code, non_retryable=True)
        super().handle_update_validator(input)


def _too_many(payloads: int) -> str:
    return f"it came with {payloads} payloads; send one JSON object"
