"""The SDK's runtime: its log lines among ours, and metrics for Prometheus where an address is set."""

from __future__ import annotations

import gc
import logging

from temporalio.client import Client
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from activities.settings import SettingsError
from domain import clocks
from domain.casefile import ErrandKind
from domain.clockrules import ClockKind
from domain.metrics import BANK_REQUESTS, BREACHES, CLOSED, FAILING, IMPOSSIBLE, OPENED, QUARANTINED
from domain.model import Channel, Outcome
from service.address import Address
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE

COLLECTIONS = (700, 10, 200)
"""When Python looks for knots of dead objects: after so many new ones among the young; after so many such looks among
the older ones; after so many of these among all. The last is 10 where nothing is set."""
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
"""Buckets of the bank's answers; the longest patience by default is 20 s."""
COUNTED = {
    OPENED: Channel,
    CLOSED: Outcome,
    BREACHES: (*ClockKind, clocks.ACCEPTANCE, clocks.INVESTIGATION, clocks.TAKE_OVER, clocks.TIER),
    IMPOSSIBLE: ErrandKind,
    FAILING: ErrandKind,
    QUARANTINED: ("",),
}
"""Counters that begin at zero, with the labels known beforehand."""


def collect_seldom() -> None:
    """Have Python look at all objects less often: with a thousand complaints in memory that takes half a second.

    With its own settings it does so after every 200 or 300 complaints, and finds little: what a complaint leaves behind
    when it is forgotten is freed at once (``workflows.forgotten``).
    """
    gc.collect()
    gc.freeze()  # what was imported stays
    gc.set_threshold(*COLLECTIONS)


def worker_runtime(metrics: Address | None) -> Runtime:
    """A runtime that writes to the worker's own log, and serves metrics if asked to.

    Raises:
        SettingsError: nothing can listen at that address.
    """
    # Fields of the core's lines may quote failures of complaints: only its own sentences are passed on.
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio.core"), prepend_target_on_message=False, append_log_fields_to_message=False
    )
    telemetry = TelemetryConfig(
        logging=LoggingConfig(TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding),
        metrics=_prometheus(metrics) if metrics else None,
        attach_service_name=False,
    )
    try:
        return Runtime(telemetry=telemetry)
    except ValueError as wrong:
        reason = str(wrong).rpartition(": ")[2].partition(" (os error")[0].lower()
        raise SettingsError(f"COMPLAINTS_WORKER_METRICS_ADDRESS: {metrics} cannot be used ({reason}).") from None


def _prometheus(address: Address) -> PrometheusConfig:
    return PrometheusConfig(
        bind_address=str(address),
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
        histogram_bucket_overrides={BANK_REQUESTS.given_name: SECONDS},
    )


def begin_counting(client: Client, runtime: Runtime) -> None:
    """Show every counter as zero: Prometheus sees no increase in one that appears with its first count."""
    meter = runtime.metric_meter.with_additional_attributes(
        {"namespace": client.namespace, "task_queue": TASK_QUEUE, "workflow_type": WORKFLOW_TYPE}
    )
    for metric, values in COUNTED.items():
        counter = meter.create_counter(metric.given_name, metric.help)
        for value in values:
            counter.add(0, metric.labels(str(value)))
