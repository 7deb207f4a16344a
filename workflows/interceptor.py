"""What every complaint's messages and queries pass through. Clients load this module too: the rest is the workers'."""

from __future__ import annotations

from temporalio.worker import Interceptor, WorkflowInboundInterceptor, WorkflowInterceptorClassInput


class OnePayloadPerMessage(Interceptor):
    """Keeps messages with several payloads away from handlers that take one."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        """The interceptor for every complaint."""
        from workflows.one_payload import OnePayload

        return OnePayload


class FreshCaseSheet(Interceptor):
    """Shows operators the case sheet as it is in the moment in which they look."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        """The interceptor for every complaint."""
        from workflows.case_sheet import SheetOnDemand

        return SheetOnDemand
