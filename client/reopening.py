"""Bringing a complaint back that was ended by force: a new run of its workflow, from the last step that it took.

This is Temporal's reset, from the place where it does no harm: after that step nothing was decided, sent or paid. The
new run has everything the old one knew, takes in again what came with that step and after it, and asks the bank for
whatever was on its way under the same idempotency keys. What that very step had ordered may have another due time now;
then the bank refuses its key, and a person looks at it. A closed complaint only needs its record in the archive.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus

from activities.interface import archive_complaint, keep_journal_page
from client import gateway
from client.failures import PATIENCE, Refused, plainly
from client.records import in_archive
from domain.effects import ArchiveOrder, JournalPage
from domain.model import Model
from workflows.names import workflow_id

if TYPE_CHECKING:
    from activities.archive import Archive

STEPS = (EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
"""Where a new run can go on: where a step was ordered, or begun."""


class Reopened(Model):
    """A complaint that was brought back."""

    reference: str
    """The complaint."""
    run_id: str
    """The run in which it goes on."""
    run_id_before: str
    """The run that was ended."""
    ended: str
    """How that one was ended."""
    note: str
    """What happened, in a sentence."""


async def reopen(client: Client, reference: str, reason: str, by: str) -> Reopened:
    """Bring a complaint back; its journal says who did it and why.

    Raises:
        Refused: it is open, properly closed, unknown, or was started with a time limit that has run out.
        WorkerNotThere: it is brought back, and nobody has written down why.
        ArchiveNotThere: it was closed, and whether it was archived cannot be told.
    """
    async with plainly(client, reference):
        ended = await client.get_workflow_handle(workflow_id(reference)).describe(rpc_timeout=PATIENCE)
        _refuse_what_goes_on(reference, ended)
        if ended.status is WorkflowExecutionStatus.COMPLETED:
            return await _archived_again(client, reference, ended)
        run_id = await _reset(client, ended, reason)
    assert ended.status is not None
    how = ended.status.name.lower()
    text = f"Brought back after it was {how}: {reason}"
    note = {"by": {"id": by, "role": "supervisor"}, "text": text, "message_id": f"reopened-{ended.run_id}"}
    await gateway.send(client, reference, "add_note", note)
    return Reopened(
        reference=reference, run_id=run_id, run_id_before=ended.run_id, ended=how, note="It goes on where it was."
    )


def _refuse_what_goes_on(reference: str, ended: WorkflowExecutionDescription) -> None:
    if ended.status is WorkflowExecutionStatus.RUNNING:
        raise Refused("open", f"The complaint {reference} is open; there is nothing to bring back.")
    if ended.status is WorkflowExecutionStatus.TIMED_OUT:
        raise Refused(
            "timed_out",
            f"The complaint {reference} was started with a time limit, and a new run would have it too: open it under "
            "a new reference with its received_at, and have its sender set no workflow timeout.",
        )


async def _reset(client: Client, ended: WorkflowExecutionDescription, reason: str) -> str:
    last = 0
    async for event in client.get_workflow_handle(ended.id, run_id=ended.run_id).fetch_history_events():
        if event.event_type in STEPS:
            last = event.event_id
    request = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=ended.id, run_id=ended.run_id),
        workflow_task_finish_event_id=last
        + 1,  # one that was taken is taken again; one that was not, for the first time
        reason=reason,
        request_id=uuid4().hex,
    )
    return (await client.workflow_service.reset_workflow_execution(request, timeout=PATIENCE)).run_id


async def _archived_again(client: Client, reference: str, ended: WorkflowExecutionDescription) -> Reopened:
    """Give the archive once more what it was given by every run that the server still has."""
    if await in_archive(lambda archive: archive.known([reference])) != set():
        raise Refused("closed", f"The complaint {reference} was closed by its call-back, and is in the archive.")
    orders = [order async for order in _given_to_the_archive(client, ended.id)]

    async def keep(archive: Archive) -> None:
        for order in orders:
            if isinstance(order, ArchiveOrder):
                await archive.archive_complaint(order)
            else:
                await archive.keep_journal_page(order)

    await in_archive(keep)
    return Reopened(
        reference=reference, run_id=ended.run_id, run_id_before=ended.run_id, ended="completed",
        note="It is archived again, as it was closed.",
    )  # fmt: skip


async def _given_to_the_archive(client: Client, key: str) -> AsyncIterator[ArchiveOrder | JournalPage]:
    kinds = {archive_complaint.__name__: ArchiveOrder, keep_journal_page.__name__: JournalPage}
    async for run in client.list_workflows(f"WorkflowId = '{key}'", rpc_timeout=PATIENCE):
        async for event in client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history_events():
            ordered = event.activity_task_scheduled_event_attributes
            if kind := kinds.get(ordered.activity_type.name):
                (order,) = await client.data_converter.decode(ordered.input.payloads, [kind])
                yield order
