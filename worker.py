"""The worker process: carries out complaints until it is told to stop.

Connection by TEMPORAL_ADDRESS and its kin, the bank's systems by COMPLAINTS_*, tuning by COMPLAINTS_WORKER_*.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Literal, Self

import uvloop
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.runtime import Runtime
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.archive_schema import ArchiveUnavailable
from activities.bank import Activity, bank_activities
from activities.pack_files import check_selection, read_packs
from activities.settings import BankSettings, SettingsError, load_settings
from client.attributes import AttributesRefused, register_attributes
from client.connection import ServerNotThere, connect
from client.tracing import send_the_rest
from logs import log_as_json
from service.address import Listening
from service.book import Book
from service.health import health
from service.routing import watched_routing
from service.runtime import begin_counting, collect_seldom, worker_runtime
from workflows.complaint import ComplaintWorkflow
from workflows.names import TASK_QUEUE
from workflows.patrol import PatrolWorkflow

logger = logging.getLogger("complaints.worker")

STICKY = timedelta(seconds=2)
"""After a crash the complaints of this worker wait this long before another one takes them."""


class WorkerSettings(BaseSettings):
    """What an operator may tune, and the opt-in to worker versioning."""

    model_config = SettingsConfigDict(
        env_prefix="COMPLAINTS_WORKER_", populate_by_name=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    max_cached_workflows: int = Field(default=1_000, ge=0)
    """Complaints kept in memory; those beyond are replayed when their next message comes."""
    max_concurrent_workflow_tasks: int = Field(default=8, ge=1)
    """Steps of complaints at a time. One process takes them one after the other, each within two seconds: more would
    only time out together."""
    max_concurrent_activities: int = Field(default=100, ge=1)
    """Requests to the bank's systems at a time."""
    max_activities_per_second: float | None = Field(default=None, gt=0)
    """Limit that protects the bank's systems, over all workers together."""
    shutdown_grace: float = Field(default=30, gt=0)
    """Seconds in which running requests to the bank may finish after SIGTERM; longer than any of them takes."""
    log_level: Literal["info", "warning", "error"] = "info"
    """What is logged from; there is no debug level, because the SDK's lines of that level quote messages."""
    metrics_address: Listening = None
    """Where Prometheus reads the metrics, as HOST:PORT; none are kept without it."""
    book_every: float = Field(default=30, ge=1)
    """Seconds between two counts of the whole book of complaints for the metrics."""
    health_address: Listening = None
    """Where GET /live and GET /ready are answered, as HOST:PORT."""
    deployment_name: str | None = Field(default=None, validation_alias="TEMPORAL_DEPLOYMENT_NAME")
    """Name of the worker deployment; versioning is on when this and the build id are set."""
    build_id: str | None = Field(default=None, validation_alias="TEMPORAL_WORKER_BUILD_ID")
    """Build of this worker."""

    @model_validator(mode="after")
    def _versioning_needs_both(self) -> Self:
        if bool(self.deployment_name) != bool(self.build_id):
            raise ValueError("set TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID together, or neither")
        return self

    @property
    def deployment(self) -> WorkerDeploymentConfig | None:
        """Versioning with AUTO_UPGRADE: complaints live for months and go on with the newest build."""
        if not (self.deployment_name and self.build_id):
            return None
        return WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(self.deployment_name, self.build_id),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
        )


def load_worker_settings() -> WorkerSettings:
    """Read the tuning, or say in one sentence what is wrong with it."""
    try:
        return WorkerSettings()
    except ValidationError as wrong:
        error = wrong.errors(include_input=False, include_url=False)[0]
        name = "".join(f"COMPLAINTS_WORKER_{str(part).upper()}: " for part in error["loc"])
        raise SettingsError(f"{name}{error['msg'].removeprefix('Value error, ')}.") from None


def build_worker(client: Client, tuning: WorkerSettings, activities: Sequence[Activity]) -> Worker:
    """The worker, not yet started."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ComplaintWorkflow, PatrolWorkflow],
        activities=activities,
        max_cached_workflows=tuning.max_cached_workflows,
        max_concurrent_workflow_tasks=tuning.max_concurrent_workflow_tasks,
        max_concurrent_activities=tuning.max_concurrent_activities,
        max_task_queue_activities_per_second=tuning.max_activities_per_second,
        max_workflow_task_external_storage_concurrency=1,  # no payload is stored elsewhere: no task for each of them
        deployment_config=tuning.deployment,
        graceful_shutdown_timeout=timedelta(seconds=tuning.shutdown_grace),
        sticky_queue_schedule_to_start_timeout=STICKY,
    )


async def work(settings: BankSettings, tuning: WorkerSettings) -> None:
    """Carry out complaints until SIGTERM or SIGINT; then finish what is running. Telling it twice changes nothing."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    read_packs(settings.rulepacks)
    check_selection(settings.rulepacks)
    runtime = worker_runtime(tuning.metrics_address)
    Runtime.set_default(runtime)
    client = await connect()
    registered = await register_attributes(client)
    archive = settings.archive_url.get_secret_value()
    async with (
        health(client, archive, tuning.health_address) as state,
        bank_activities(settings) as activities,
        counting(client, runtime, tuning),
        watched_routing(client, tuning.deployment.version if tuning.deployment else None),
        build_worker(client, tuning, activities),
    ):
        collect_seldom()
        logger.info("worker ready", extra={"facts": {"namespace": client.namespace, "registered": registered}})
        await stop.wait()
        state.drain()
        logger.info("worker stopping: no new work, running work is finished")
    logger.info("worker stopped")


@asynccontextmanager
async def counting(client: Client, runtime: Runtime, tuning: WorkerSettings) -> AsyncIterator[None]:
    """Count the book for the metrics until the block is left."""
    if tuning.metrics_address is None:
        yield
        return
    begin_counting(client, runtime)
    keeping = asyncio.create_task(Book(client, runtime.metric_meter, timedelta(seconds=tuning.book_every)).keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def _open_standard_streams() -> None:
    """Who starts a worker with a standard stream closed shall not have a connection take its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def main() -> int:
    """Run the worker; 0 after a clean stop, 2 when it cannot start."""
    _open_standard_streams()
    log_as_json()
    try:
        tuning = load_worker_settings()
        log_as_json(tuning.log_level)
        uvloop.run(work(load_settings(), tuning))
    except (ServerNotThere, AttributesRefused, SettingsError, ArchiveUnavailable) as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    finally:
        send_the_rest()
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(code)
