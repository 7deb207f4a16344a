"""A signal with the wrong number of payloads must not poison the workflow: it is noted like any unreadable message."""

from __future__ import annotations

from temporalio import workflow
from temporalio.worker import (
    HandleSignalInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


class _OnePayload(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:
        from workflows.complaint import ComplaintWorkflow

        case = workflow.instance()
        if len(input.args) > 1 and isinstance(case, ComplaintWorkflow) and workflow.get_signal_handler(input.signal):
            case.desk.learn((input.signal, f"it came with {len(input.args)} payloads; send one JSON object"))
            return
        await super().handle_signal(input)


class OnePayloadPerSignal(Interceptor):
    """Keeps signals with several payloads away from handlers that take one."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        """The interceptor for every complaint."""
        return _OnePayload
