"""Opening, telling and asking complaints. Whoever uses this needs to know neither Temporal nor the workflow."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.connection import ServerNotThere
from domain.complaint import Complaint
from domain.decisions import DECISIONS, Decision, Receipt
from domain.facts import FACTS, Fact
from domain.model import Model
from domain.reading import Unreadable, read
from workflows.names import OUTCOME, STAGE, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

PATIENCE = timedelta(seconds=15)
"""Updates and queries are answered at once; a worker that is busy replaying may need a moment."""

DIGEST = "content"
"""Memo with the digest of the complaint as opened: tells a repetition from another complaint of the same number."""


class Refused(Exception):
    """A message or complaint was not accepted: a code for machines and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class WorkerNotThere(Exception):
    """The server is there, but no worker answers for the complaint. The text is one sentence."""


class OpenReceipt(Model):
    """What whoever opens a complaint gets back. Opening it again is not an error."""

    reference: str
    """The complaint."""
    workflow_id: str
    """The workflow that handles it."""
    opened: bool
    """True when this call opened it; false when it was open, or closed, before."""
    stage: str
    """Where it is now."""
    same_content: bool | None = None
    """Opened before: whether that was the very same complaint; empty when nobody can tell any more."""
    note: str
    """What happened, in a sentence."""


async def open_complaint(client: Client, complaint: Complaint) -> OpenReceipt:
    """Open a complaint. The same reference again is the same complaint, and the receipt says so."""
    key = workflow_id(complaint.reference)
    try:
        async with _plainly(client, complaint.reference):
            await client.start_workflow(
                WORKFLOW_TYPE,
                complaint,
                id=key,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"Complaint {complaint.reference}",
                memo={DIGEST: digest(complaint)},
            )
    except WorkflowAlreadyStartedError:
        return await _opened_before(client, complaint)
    return OpenReceipt(
        reference=complaint.reference, workflow_id=key, opened=True, stage="received", note="The complaint is open."
    )


def digest(complaint: Complaint) -> str:
    """Checksum of a complaint's content."""
    return hashlib.sha256(complaint.model_dump_json().encode()).hexdigest()


async def _opened_before(client: Client, complaint: Complaint) -> OpenReceipt:
    found = await _describe(client, complaint.reference)
    recorded = await found.memo_value(DIGEST, None, type_hint=str)
    same = None if recorded is None else recorded == digest(complaint)
    return OpenReceipt(
        reference=complaint.reference,
        workflow_id=found.id,
        opened=False,
        stage=_stage(found),
        same_content=same,
        note=f"{_state(found)}{_sameness(same)}",
    )


def _state(found: WorkflowExecutionDescription) -> str:
    if found.status is WorkflowExecutionStatus.RUNNING:
        return f"A complaint of this reference is open already, at stage '{_stage(found)}'"
    ending = found.typed_search_attributes.get(OUTCOME) or (found.status.name.lower() if found.status else "unknown")
    return f"A complaint of this reference was closed before ({ending})"


def _sameness(same: bool | None) -> str:
    match same:
        case None:
            return "; whether its content is the same cannot be told."
        case True:
            return ", with the same content."
        case False:
            return ", and its content is different: a new complaint needs a reference of its own."


def _stage(found: WorkflowExecutionDescription) -> str:
    closed = found.status is not WorkflowExecutionStatus.RUNNING
    return found.typed_search_attributes.get(STAGE) or ("closed" if closed else "received")


async def send(client: Client, reference: str, name: str, payload: bytes | str | dict[str, Any]) -> Receipt | None:
    """Send one message of the public interface. Decisions come back with a receipt, facts without.

    Raises:
        Refused: unreadable, no such message, no such complaint, closed, or refused by the complaint itself.
        WorkerNotThere: the complaint exists, but nobody works on it at the moment.
    """
    message = read_message(name, payload)
    handle = client.get_workflow_handle(workflow_id(reference))
    content = message.model_dump(mode="json", exclude_unset=True)
    async with _plainly(client, reference):
        if isinstance(message, Decision):
            receipt: Receipt = await handle.execute_update(name, content, result_type=Receipt, rpc_timeout=PATIENCE)
            return receipt
        await handle.signal(name, content, rpc_timeout=PATIENCE)
    return None


def read_message(name: str, payload: bytes | str | dict[str, Any]) -> Fact | Decision:
    """Read the JSON of a message by its name, before anything is sent."""
    kind = FACTS.get(name) or DECISIONS.get(name)
    if kind is None:
        raise Refused("no_such_message", f"There is no message {name}; there are {', '.join([*FACTS, *DECISIONS])}.")
    try:
        return read(kind, payload)
    except Unreadable as wrong:
        raise Refused("unreadable", f"This {name} could not be read: {wrong}.") from None


async def case_file(client: Client, reference: str) -> dict[str, Any]:
    """Everything that is known of a complaint."""
    answer: dict[str, Any] = await _ask(client, reference, "case_file")
    return answer


async def deadlines(client: Client, reference: str) -> list[dict[str, Any]]:
    """Every clock of a complaint with its state and explanation."""
    answer: list[dict[str, Any]] = await _ask(client, reference, "deadlines")
    return answer


async def open_tasks(client: Client, reference: str) -> list[dict[str, Any]]:
    """Who must do what by when, with the ready-to-send JSON."""
    answer: list[dict[str, Any]] = await _ask(client, reference, "open_tasks")
    return answer


async def _ask(client: Client, reference: str, query: str) -> Any:
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(workflow_id(reference))
    async with _plainly(client, reference):
        return await handle.query(query, rpc_timeout=PATIENCE)


async def _describe(client: Client, reference: str) -> WorkflowExecutionDescription:
    async with _plainly(client, reference):
        return await client.get_workflow_handle(workflow_id(reference)).describe(rpc_timeout=PATIENCE)


@asynccontextmanager
async def _plainly(client: Client, reference: str) -> AsyncIterator[None]:
    """Turn what the SDK raises into a refusal, or into the one thing that is not there."""
    try:
        yield
    except WorkflowUpdateFailedError as failed:
        raise _refusal(failed.cause) from None
    except WorkflowQueryFailedError as failed:
        raise Refused("query_failed", f"The complaint {reference} cannot be shown: {failed.message}.") from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise _nobody(reference) from None
    except RPCError as wrong:
        raise _plain(client, reference, wrong) from None


def _refusal(cause: BaseException) -> Refused:
    if isinstance(cause, ApplicationError):
        return Refused(cause.type or "refused", cause.message)
    return Refused("refused", str(cause))


def _plain(client: Client, reference: str, wrong: RPCError) -> Exception:
    match wrong.status:
        case RPCStatusCode.NOT_FOUND if "completed" in wrong.message:
            return Refused("closed", f"The complaint {reference} is closed; nothing can be added to it.")
        case RPCStatusCode.NOT_FOUND:
            return Refused("not_found", f"There is no complaint {reference}.")
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED | RPCStatusCode.FAILED_PRECONDITION:
            return _nobody(reference)
        case RPCStatusCode.UNAVAILABLE:
            address = client.service_client.config.target_host
            return ServerNotThere(f"The Temporal server at {address} stopped answering; try again.")
        case _:
            return Refused(wrong.status.name.lower(), f"The Temporal server refused: {wrong.message}.")


def _nobody(reference: str) -> WorkerNotThere:
    return WorkerNotThere(
        f"No worker answered for the complaint {reference} within {PATIENCE.seconds} s; start worker.py and try again "
        "(a message with the same message_id counts once)."
    )
