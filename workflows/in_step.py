"""Keeps what a query has brought early from being done early.

A query that reaches a worker which does not know the complaint brings its whole history, with events at the end that
belong to a workflow task which has not started. SDK Core has the workflow take these in for the answer's sake, and the
rest of the task later: in two steps. Whoever replays the history takes all of it in at once, in another order, and may
not arrive at the recorded commands: from then on the complaint would be stuck. So what came early waits here until its
task has come; the query is answered from before.
"""

from __future__ import annotations

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

ASIDE = ("query_workflow", "remove_from_cache")
"""Jobs that are no part of a workflow task."""


class SandboxInStep(SandboxedWorkflowRunner):
    """The sandbox of the SDK, with every workflow kept in step with its tasks."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Make a workflow that takes its tasks in whole."""
        return InStep(super().create_instance(det))


class InStep(WorkflowInstance):
    """A workflow that takes each task in whole, also when a query has brought the first part of it early."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._early: list[WorkflowActivationJob] = []
        self._task: tuple[int, int] | None = None
        """Start and history length of the last task that was taken in."""

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Take a step, or note for later what is not due yet."""
        if any(job.WhichOneof("variant") in ASIDE for job in act.jobs):
            return self._inner.activate(act)
        started, length = act.timestamp.ToNanoseconds(), act.history_length
        if not act.is_replaying and self._task and self._task[0] == started and self._task[1] != length:
            # A task that has started has a start of its own; these events have grown behind the last one.
            self._early += act.jobs
            nothing = WorkflowActivationCompletion()
            nothing.successful.SetInParent()
            return nothing
        self._task = (started, length)
        if self._early:
            whole = WorkflowActivation()
            whole.CopyFrom(act)
            del whole.jobs[:]
            whole.jobs.extend([*self._early, *act.jobs])
            self._early, act = [], whole
        return self._inner.activate(act)

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
