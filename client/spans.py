"""Spans as they leave: with the complaint's reference, and without a word that a person wrote."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from workflows.names import workflow_id

WORKFLOW_ID = "temporalWorkflowID"
"""Under which the SDK notes the workflow."""


@cache
def provider() -> TracerProvider:
    """Sends to the collector that the environment names, in the background."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "complaints"}))
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(BatchSpanProcessor(Discreet(OTLPSpanExporter())))
    return tracers


class Discreet(SpanExporter):
    """Passes on what tells where time went and what failed, and not what it said."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans."""
        return self._exporter.export([discreet(span) for span in spans if not _refusal(span)])

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits."""
        return self._exporter.force_flush(timeout_millis)

    def shutdown(self) -> None:
        """Send no more."""
        self._exporter.shutdown()


def _refusal(span: ReadableSpan) -> bool:
    """The SDK takes a decision that was refused for the failure of the whole complaint."""
    return span.name.startswith("CompleteWorkflow:") and bool(span.events)


def discreet(span: ReadableSpan) -> ReadableSpan:
    """The span with the complaint's reference, and without its events, which are the messages of errors."""
    status, attributes = span.status, dict(span.attributes or {})
    key = str(attributes.get(WORKFLOW_ID, ""))
    if key:
        attributes["complaint"] = key.removeprefix(workflow_id(""))
    return ReadableSpan(
        name=span.name, context=span.context, parent=span.parent, resource=span.resource, attributes=attributes,
        links=span.links, kind=span.kind, instrumentation_scope=span.instrumentation_scope,
        status=Status(status.status_code, (status.description or "").partition(":")[0] or None),
        start_time=span.start_time, end_time=span.end_time,
    )  # fmt: skip
