"""Which workers the server gives complaints to. With worker versioning, that is for an operator to say."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio.api.deployment.v1 import WorkerDeploymentVersion as Wire
from temporalio.api.enums.v1 import TaskQueueType, WorkerDeploymentVersionStatus, WorkerVersioningMode
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode

from client.connection import PATIENCE
from client.failures import Refused
from workflows.names import TASK_QUEUE

WORKFLOW_TASKS = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
ACTIVITY_TASKS = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


class NotYet(Exception):
    """The server gives this version nothing as long as its workers have not all come."""


@dataclass(frozen=True)
class Routing:
    """Whom the task queue of complaints gives work to, and who asked for it in the last minutes."""

    current: WorkerDeploymentVersion | None
    """The version that gets it; workers without versioning when empty."""
    ramping: WorkerDeploymentVersion | None
    """A version that gets a share of it."""
    pollers: tuple[PollerInfo, ...]
    """Everybody who asked."""

    def serves(self, version: WorkerDeploymentVersion | None) -> bool:
        """Whether a worker of this version, or one without a version, is given new complaints."""
        return version in (self.current, self.ramping) if version else self.current is None


async def routing(client: Client, kind: TaskQueueType.ValueType = WORKFLOW_TASKS) -> Routing:
    """Ask the server about one kind of tasks.

    Raises:
        RPCError: the server, or the namespace, is not there.
    """
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=TASK_QUEUE), task_queue_type=kind
    )
    answer = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
    told = answer.versioning_info
    return Routing(
        current=_version(told.current_deployment_version),
        ramping=_version(told.ramping_deployment_version),
        pollers=tuple(answer.pollers),
    )


def version_of(poller: PollerInfo) -> WorkerDeploymentVersion | None:
    """The version that a worker asks for work with, if it has one."""
    options = poller.deployment_options
    versioned = options.worker_versioning_mode == WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
    return WorkerDeploymentVersion(options.deployment_name, options.build_id) if versioned else None


def written(version: WorkerDeploymentVersion | None) -> str:
    """A version as people write it: ``DEPLOYMENT:BUILD``."""
    return f"{version.deployment_name}:{version.build_id}" if version else "workers without versioning"


def idle(version: WorkerDeploymentVersion | None, found: Routing) -> str | None:
    """Why a worker of this version gets no new work, and what to do; nothing when it gets some."""
    if found.serves(version):
        return None
    said = f"Complaints are given to {written(found.current)}, and not to {written(version)}"
    if version:
        return f"{said}; to change that: starter.py setup --current-version {written(version)}"
    assert found.current
    return f"{said}; to change that: starter.py setup --current-version {found.current.deployment_name}:"


async def set_current(client: Client, deployment: str, build: str) -> WorkerDeploymentVersion | None:
    """Give complaints to this build from now on, to workers without versioning when it is empty; return who had them.

    Raises:
        NotYet: its workers have not come, or not for every kind of work that those before them do; says so.
        Refused: the server does not want it.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build, identity="starter.py setup"
    )
    try:
        answer = await client.workflow_service.set_worker_deployment_current_version(request, timeout=PATIENCE)
    except RPCError as wrong:
        if wrong.status is RPCStatusCode.NOT_FOUND:
            raise NotYet(f"No worker of {deployment}:{build} has asked for work yet; start it") from None
        if wrong.status is RPCStatusCode.FAILED_PRECONDITION:
            raise NotYet(f"The server waits ({wrong.message}); start workers of it for all the work") from None
        raise Refused("current_version", f"The server does not set the current version: {wrong.message}.") from None
    return _version(answer.previous_deployment_version)


async def builds(client: Client, deployment: str) -> dict[str, str]:
    """What the server knows of each build of a deployment: inactive, ramping, current, draining or drained.

    Raises:
        RPCError: there is no such deployment.
    """
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment)
    answer = await client.workflow_service.describe_worker_deployment(request, timeout=PATIENCE)
    known = answer.worker_deployment_info.version_summaries
    return {one.deployment_version.build_id: _status(one.status) for one in known}


def _status(status: WorkerDeploymentVersionStatus.ValueType) -> str:
    return WorkerDeploymentVersionStatus.Name(status).removeprefix("WORKER_DEPLOYMENT_VERSION_STATUS_").lower()


def _version(told: Wire) -> WorkerDeploymentVersion | None:
    return WorkerDeploymentVersion(told.deployment_name, told.build_id) if told.build_id else None
