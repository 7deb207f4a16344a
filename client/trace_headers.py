"""Headers that say to which trace a message belongs. Anybody can send any: what is none belongs to no trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.converter import DefaultPayloadConverter
from temporalio.worker import WorkflowInboundInterceptor, WorkflowInterceptorClassInput


class CarrierOrNothing(DefaultPayloadConverter):
    """Reads a header. The SDK's own would fail at a broken one, and with it every step of the complaint."""

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """What the header carries; nothing when it is not names with texts."""
        try:
            return [_carrier(one) for one in super().from_payloads(payloads, type_hints)]
        except Exception:  # whatever converters make of any bytes
            return [{}]


def _carrier(carried: Any) -> dict[str, str]:
    if isinstance(carried, dict) and all(isinstance(text, str) for text in carried.values()):
        return carried
    return {}


class _InWorkflows(TracingWorkflowInboundInterceptor):
    def __init__(self, next: WorkflowInboundInterceptor) -> None:
        super().__init__(next)
        self.payload_converter = CarrierOrNothing()


class Tracing(TracingInterceptor):
    """Traces through clients, complaints and activities, whatever headers come."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.payload_converter = CarrierOrNothing()

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[TracingWorkflowInboundInterceptor]:
        """The interceptor for every complaint."""
        super().workflow_interceptor_class(input)
        return _InWorkflows
