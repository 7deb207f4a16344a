"""Keeps every worker in step: whoever takes a complaint over takes its events in as they were taken in before.

Two things would part them. First, a query that reaches a worker which does not know the complaint brings its whole
history, with events at the end that belong to a workflow task which has not started. SDK Core has the workflow take
these in for the answer's sake, at the time of the task before; what the workflow then does is recorded as soon as the
task starts. Whoever replays the history takes the events in at the time of their own task, does not arrive at the
recorded commands, and the complaint is stuck. So that step is not taken: the query fails, the worker forgets the
complaint, and whoever asked is to ask again.

Second, a task that recorded nothing, after another one that recorded nothing, and before a decision: SDK Core takes it
for a heartbeat. A worker that takes over then gets its events together with the decision, the decision first, at the
decision's time; a replay of the longer history gets them apart, as they came (temporalio/sdk-python, issue 1591). So no
two tasks in a row record nothing: the second one says again in which stage the complaint is.
"""

from __future__ import annotations

from typing import Any

from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Interceptor, OutboundInterceptor, QueryWorkflowInput, WorkflowQueryFailedError
from temporalio.converter import (
    SerializationContext,
    StorageDriverStoreContext,
    encode_typed_search_attribute_value,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

from domain.model import Stage
from workflows import names
from workflows.forgotten import let_go

REMOVED = "remove_from_cache"
ASIDE = {"query_workflow", REMOVED}
"""Jobs that are no part of a workflow task."""
ASK_AGAIN = "another worker is just taking this over; ask again"
ATTEMPTS = 4
MANY = 8
"""A refused decision leaves a task of its own, which recorded nothing and is not replayed, where the server would have
to send more than ten events again (``history.discardSpeculativeWorkflowTaskMaximumEventsCount``): these, and the
task's own."""
UNNEEDED = ("isinstance", "issubclass")
"""Replaced by the sandbox so that they see through stand-ins of modules. All modules of ours are passed through and
have no stand-in, and a complaint asks them so often that the detour was a seventh of its time."""


class SandboxInStep(SandboxedWorkflowRunner):
    """The sandbox of the SDK, with every workflow kept in step with its tasks."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Make a workflow that takes in nothing before its time."""
        inner: Any = super().create_instance(det)
        replaced = inner.importer.restricted_builtins
        replaced[:] = [one for one in replaced if one[0] not in UNNEEDED]
        return InStep(inner)


class InStep(WorkflowInstance):
    """A workflow that takes events in with the task to which they belong, and not before."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._task: tuple[int, int] | None = None
        """Start of the last task that was taken in, and the length of the history then."""
        self._silent = True
        """Whether the task before may have recorded nothing."""
        self._stage = encode_typed_search_attribute_value(names.STAGE, Stage.RECEIVED)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Take a step, unless it comes before its time."""
        aside = {job.WhichOneof("variant") for job in act.jobs} & ASIDE
        if aside:
            done = self._inner.activate(act)
            if REMOVED in aside:
                let_go(self._inner)
            return done
        if self._is_early(act):
            return _not_yet()
        self._task = (act.timestamp.ToNanoseconds(), act.history_length)
        completion = self._inner.activate(act)
        if completion.HasField("successful"):
            self._leave_a_trace(act, completion)
        return completion

    def _leave_a_trace(self, act: WorkflowActivation, completion: WorkflowActivationCompletion) -> None:
        """Have something recorded, where this task and the one before would record nothing."""
        commands = completion.successful.commands
        recorded = sum(1 for command in commands if not _refuses(command))
        self._note_the_stage(act, completion)
        if not recorded and all(job.WhichOneof("variant") == "do_update" for job in act.jobs):
            return  # The server forgets a task in which every decision was refused.
        if not recorded and self._silent:
            again = commands.add().upsert_workflow_search_attributes.search_attributes
            again.indexed_fields[names.STAGE.name].CopyFrom(self._stage)
            recorded = 1
        self._silent = not 0 < recorded < MANY

    def _note_the_stage(self, act: WorkflowActivation, completion: WorkflowActivationCompletion) -> None:
        told = [job.initialize_workflow.search_attributes for job in act.jobs if job.HasField("initialize_workflow")]
        told += [
            command.upsert_workflow_search_attributes.search_attributes
            for command in completion.successful.commands
            if command.HasField("upsert_workflow_search_attributes")
        ]
        for attributes in told:
            if stage := attributes.indexed_fields.get(names.STAGE.name):
                self._stage.CopyFrom(stage)

    def _is_early(self, act: WorkflowActivation) -> bool:
        """Whether the history has grown, and no task has started since: every task has a start of its own."""
        if act.is_replaying or self._task is None:
            return False
        started, length = self._task
        return act.timestamp.ToNanoseconds() == started and act.history_length != length

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        """None: the converter treats every payload alike. To ask the sandbox took a quarter of a worker's time."""
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """None: no payload is stored elsewhere."""
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        """As the workflow says."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """As the workflow says."""
        return self._inner.get_thread_id()


def _refuses(command: WorkflowCommand) -> bool:
    return command.WhichOneof("variant") == "update_response" and command.update_response.HasField("rejected")


def _not_yet() -> WorkflowActivationCompletion:
    completion = WorkflowActivationCompletion()
    completion.failed.failure.message = ASK_AGAIN
    completion.failed.force_cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE
    return completion


class AsksAgain(Interceptor):
    """A client that asks again, where a query came before its time."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """Ask through this."""
        return _Patient(next)


class _Patient(OutboundInterceptor):
    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        for _ in range(ATTEMPTS - 1):
            try:
                return await super().query_workflow(input)
            except WorkflowQueryFailedError as failed:
                if failed.message != ASK_AGAIN:
                    raise
        return await super().query_workflow(input)
