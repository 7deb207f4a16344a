"""Traces by OpenTelemetry: on when the environment names a collector, and not even imported otherwise.

Read by the OpenTelemetry SDK itself: OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (over HTTP),
OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and the rest of the OTEL_ family.
"""

from __future__ import annotations

import os
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from temporalio.contrib.opentelemetry import TracingInterceptor

SWITCHES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PATIENCE = 2.0
"""Seconds in which what is left at the end must be sent."""


def tracing() -> list[TracingInterceptor]:
    """What has a client, and every worker of that client, take part in traces; nothing when tracing is off."""
    return [_interceptor()] if any(os.environ.get(name) for name in SWITCHES) else []


@cache
def _interceptor() -> TracingInterceptor:
    """One for the process."""
    from client.spans import provider
    from client.trace_headers import Tracing

    # It writes finished spans only. A span that lasts as long as a complaint would come months late, or never.
    return Tracing(provider().get_tracer("complaints"))


def send_the_rest() -> None:
    """Send the spans that are left, without waiting long for a collector that does not answer."""
    if _interceptor.cache_info().currsize:
        from client.spans import provider

        sending = Thread(target=provider().shutdown, daemon=True)
        sending.start()
        sending.join(PATIENCE)
