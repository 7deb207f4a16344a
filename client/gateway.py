"""Opening, telling and asking complaints. Whoever uses this needs to know neither Temporal nor the workflow."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.failures import PATIENCE, Refused, plainly, through_a_roll_over
from domain.clock_view import ClockView
from domain.complaint import Complaint
from domain.decisions import DECISIONS, Decision, Receipt
from domain.facts import FACTS, Fact
from domain.model import Model
from domain.reading import Unreadable, read, require_filled
from domain.reopening import ClosedBefore
from domain.tasks import OpenTask
from workflows.names import OUTCOME, STAGE, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

DIGEST = "content"
"""Memo with the digest of the complaint as opened: tells a repetition from another complaint of the same number."""

LARGEST = 1_000_000
"""Bytes of a complaint. The server takes 2 MB in one piece, and what is added later travels with the complaint."""

HOW_TO_ACT = """Beside this stands the **case sheet**: where the complaint is, whose turn it is, what to send.

To act, use **More Actions**:

- **Send an Update**: decisions of people. The answer comes at once: a receipt, or the reason of refusal.
- **Send a Signal**: facts from departments and systems.

Choose the message by its name and paste its JSON from *Next messages*, with the placeholders filled in.

**Request Cancellation** is the customer's withdrawal: the handling stops, the call-back still comes. **Terminate** and
**Reset** break the promises made to the customer; they are not for complaints.
"""
"""What the Temporal UI shows beside the case sheet."""


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
    """Open a complaint. The same reference again is the same complaint, and the receipt says so.

    Raises:
        Refused: too large, or refused by the server.
        ServerNotThere: the server does not answer.
    """
    key, content = workflow_id(complaint.reference), _content(complaint)
    if len(content) > LARGEST:
        raise Refused("too_large", f"This complaint has {len(content):,} bytes, and may have {LARGEST:,} at most.")
    try:
        async with plainly(client, complaint.reference):
            await client.start_workflow(
                WORKFLOW_TYPE,
                complaint,
                id=key,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"Complaint {complaint.reference}",
                static_details=HOW_TO_ACT,
                memo={DIGEST: _checksum(content)},
            )
    except WorkflowAlreadyStartedError:
        return await _opened_before(client, complaint)
    return OpenReceipt(
        reference=complaint.reference, workflow_id=key, opened=True, stage="received", note="The complaint is open."
    )


def refused(before: ClosedBefore) -> OpenReceipt:
    """The receipt of a complaint whose reference the archive knows: its workflow would not handle it either."""
    reference = before.closed.reference
    return OpenReceipt(
        reference=reference, workflow_id=workflow_id(reference), opened=False, stage="closed",
        same_content=before.same_content, note=f"{before.sentence}{_sameness(before.same_content)}",
    )  # fmt: skip


def read_complaint(content: bytes) -> Complaint:
    """Read the JSON of a complaint. One that does not say when it was received is received now."""
    try:
        given = json.loads(content)
        if isinstance(given, dict):
            return read(Complaint, {"received_at": datetime.now(UTC).isoformat()} | given)
        raise Unreadable("it must be a JSON object")
    except (Unreadable, ValueError) as wrong:
        reason = wrong if isinstance(wrong, Unreadable) else f"this is not valid JSON{_place(wrong)}"
        raise Refused("unreadable", f"This complaint could not be read: {reason}.") from None


def _place(wrong: ValueError) -> str:
    if not isinstance(wrong, json.JSONDecodeError):
        return ""
    return f" ({wrong.msg[:1].lower()}{wrong.msg[1:]} at line {wrong.lineno} column {wrong.colno})"


def digest(complaint: Complaint) -> str:
    """Checksum of a complaint's content; a repetition may come with another time of receipt."""
    return _checksum(_content(complaint))


def _content(complaint: Complaint) -> bytes:
    return complaint.model_dump_json(exclude={"received_at"}).encode()


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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
    size = len(json.dumps(content, ensure_ascii=False).encode())
    if size > LARGEST:
        raise Refused("too_large", f"This {name} has {size:,} bytes, and may have {LARGEST:,} at most.")
    async with plainly(client, reference):
        if isinstance(message, Decision):
            update_id = uuid.uuid4().hex  # the same for every attempt: it counts once

            async def decide() -> Receipt:
                answer: Receipt = await handle.execute_update(
                    name, content, id=update_id, result_type=Receipt, rpc_timeout=PATIENCE
                )
                return answer

            return await through_a_roll_over(decide)
        await handle.signal(name, content, rpc_timeout=PATIENCE)
    return None


def read_message(name: str, payload: bytes | str | dict[str, Any]) -> Fact | Decision:
    """Read the JSON of a message by its name, before anything is sent."""
    kind = message_kind(name)
    try:
        message = read(kind, payload)
        require_filled(message)
        return message
    except Unreadable as wrong:
        raise Refused("unreadable", f"This {name} could not be read: {wrong}.") from None


def message_kind(name: str) -> type[Fact] | type[Decision]:
    """The model of a message, by its name."""
    kind = FACTS.get(name) or DECISIONS.get(name)
    if kind is None:
        known = [*FACTS, *DECISIONS]
        meant = get_close_matches(name, known, n=1)
        there = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(known)}."
        raise Refused("no_such_message", f"There is no message {name}; {there}")
    return kind


async def case_file(client: Client, reference: str) -> dict[str, Any]:
    """Everything that is known of a complaint."""
    answer: dict[str, Any] = await _ask(client, reference, "case_file", dict)
    return answer


async def deadlines(client: Client, reference: str) -> list[ClockView]:
    """Every clock of a complaint with its state and explanation."""
    answer: list[ClockView] = await _ask(client, reference, "deadlines", list[ClockView])
    return answer


async def open_tasks(client: Client, reference: str) -> list[OpenTask]:
    """Who must do what by when, with the ready-to-send JSON."""
    answer: list[OpenTask] = await _ask(client, reference, "open_tasks", list[OpenTask])
    return answer


async def _ask(client: Client, reference: str, query: str, result_type: type) -> Any:
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(workflow_id(reference))
    async with plainly(client, reference):
        return await handle.query(query, result_type=result_type, rpc_timeout=PATIENCE)


async def _describe(client: Client, reference: str) -> WorkflowExecutionDescription:
    async with plainly(client, reference):
        return await client.get_workflow_handle(workflow_id(reference)).describe(rpc_timeout=PATIENCE)
