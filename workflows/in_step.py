"""Keeps what a query has brought early from being recorded in an order that no replay can follow.

A query that reaches a worker which does not know the complaint brings its whole history, with events at the end that
belong to a workflow task which has not started. SDK Core has the workflow take these in for the answer's sake, and
whatever else the task brings afterwards: in two steps. Whoever replays the history takes all of it in at once, in
another order, and does not arrive at the recorded commands: from then on the complaint would be stuck. So the second
step is not taken; the task fails, the worker forgets the complaint, and the next attempt begins with the whole history.
"""

from __future__ import annotations

from typing import Any

from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

ASIDE = ("query_workflow", "remove_from_cache")
"""Jobs that are no part of a workflow task."""
AGAIN = "a query was ahead of this task; it begins anew from the whole history"


class SandboxInStep(SandboxedWorkflowRunner):
    """The sandbox of the SDK, with every workflow kept in step with its tasks."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Make a workflow that takes its tasks in whole."""
        return InStep(super().create_instance(det))


class InStep(WorkflowInstance):
    """A workflow that takes each task in whole, or begins anew."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._ahead = False
        self._task: tuple[int, int] | None = None
        """Start of the last task that was taken in, and the length of the history then."""

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Take a step, unless a query was ahead of it."""
        if any(job.WhichOneof("variant") in ASIDE for job in act.jobs):
            return self._inner.activate(act)
        if self._is_early(act):
            self._ahead = True
        elif self._ahead:
            # Whether this is the same task or a later one cannot be told; beginning anew is right in either case.
            return _again()
        self._task = (act.timestamp.ToNanoseconds(), act.history_length)
        return self._inner.activate(act)

    def _is_early(self, act: WorkflowActivation) -> bool:
        """Whether the history has grown, and no task has started since: every task has a start of its own."""
        if act.is_replaying or self._task is None:
            return False
        started, length = self._task
        return act.timestamp.ToNanoseconds() == started and act.history_length != length

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        """As the workflow says."""
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """As the workflow says."""
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> Info:
        """As the workflow says."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """As the workflow says."""
        return self._inner.get_thread_id()


def _again() -> WorkflowActivationCompletion:
    completion = WorkflowActivationCompletion()
    completion.failed.failure.message = AGAIN
    completion.failed.force_cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE
    return completion
