"""Whose turn it is: every open task with its due time and the ready-to-send message, derived from the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain import callback, clocks, compensation
from domain.casefile import CaseFile, Clock, Investigation, InvestigationState, PersonTask, ProposalStatus
from domain.clockrules import ClockKind
from domain.decisions import DECISIONS
from domain.investigations import still_open
from domain.messages import by, ready_facts, resolve_task
from domain.model import Model, Stage
from domain.remedies import owed
from domain.rulepack import Power
from domain.staff import owned_at_tier, roles_with, supervisor_role, tier_role
from domain.stages import stage

INTAKE = "intake"
"""Id of the task to correct a complaint that could not be read."""
TAKE = "take_ownership"


class OpenTask(Model):
    """Something that a person or department must do."""

    id: str
    """Stable while the task is open."""
    what: str
    """What to do, without personal data."""
    role: str
    """Role, or department, whose turn it is."""
    person: str | None = None
    """Staff id, when it is a certain person's turn."""
    department: str | None = None
    """Department, when it is a department's turn."""
    due: datetime | None = None
    """By when."""
    message: str
    """Name of the message that settles it."""
    message_type: str
    """signal or update."""
    ready: dict[str, Any]
    """The message, with placeholders in angle brackets for what only the sender knows."""


def open_tasks(file: CaseFile) -> list[OpenTask]:
    """Everything that waits for somebody, the soonest due first."""
    if file.rules is None or file.closed_at:
        return [_person_task(file, task) for task in file.tasks if task.settled_at is None]
    tasks = [*_owner_tasks(file), *_investigation_tasks(file), *_callback_tasks(file)]
    tasks += [_person_task(file, task) for task in file.tasks if task.settled_at is None]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or file.opened_at, task.message != TAKE, task.id))


def intake_task(why: str) -> OpenTask:
    """The only task of a complaint that could not be read, or whose rules could not be resolved."""
    role = "supervisor"
    ready = resolve_task(INTAKE, role) | {"complaint": {}}
    return OpenTask(
        id=INTAKE, what=f"correct the complaint: {why}", role=role, message="resolve_task", message_type="update",
        ready=ready,
    )  # fmt: skip


def _task(file: CaseFile, message: str, what: str, role: str, ready: dict[str, Any], **more: Any) -> OpenTask:
    kind = "update" if message in DECISIONS else "signal"
    values = {"id": message, "due": None} | more
    return OpenTask(what=what, role=role, message=message, message_type=kind, ready={"by": by(role)} | ready, **values)


def reply_due(file: CaseFile) -> datetime | None:
    """When the reply that is still owed is due: the promise, after its breach the law, and past once that is broken.

    Empty while the clock that counts stands still: nobody knows the day before it goes on.
    """
    deadline = clocks.next_reply_deadline(file)
    owed = [clock for clock in file.clocks if clock.kind in clocks.REPLY_KINDS and clock.running]
    if deadline or any(clock.paused for clock in owed):
        return deadline.due_at if deadline else None
    return max((clock.due_at for clock in owed), default=None)


def _due(file: CaseFile, kind: str) -> datetime | None:
    return min((clock.due_at for clock in file.clocks if clock.kind == kind and clock.running), default=None)


def _owner_tasks(file: CaseFile) -> Iterator[OpenTask]:
    """Tasks of whoever owns the complaint, or should. It is taken over before the first of them is due."""
    if file.outcome:
        return
    tasks = list(_owned_tasks(file))
    if not owned_at_tier(file):
        dues = [_due(file, clocks.TAKE_OVER), *(task.due for task in tasks)]
        due = min((due for due in dues if due), default=None)
        yield _task(file, TAKE, f"take ownership at tier {file.tier}", tier_role(file, file.tier), {}, due=due)
    yield from tasks


def _owned_tasks(file: CaseFile) -> Iterator[OpenTask]:
    for clock in file.clocks:
        if clock.waits_for_somebody:
            yield _resume(file, clock)
    if file.withdrawn or file.cycle.answered_at:
        return
    if file.identity_verified_at is None:
        ready = {"verified": True, "method": "<how>"}
        if file.complaint.representative:
            ready |= {"authorisation": {"uri": "<where it is kept>", "description": "signed authorisation"}}
        yield _owners(file, "verify_identity", "verify who complains", ready)
        return
    yield from _handling(file)


def _owners(file: CaseFile, message: str, what: str, ready: dict[str, Any], **more: Any) -> OpenTask:
    owner = file.owner if owned_at_tier(file) else None
    role = owner.role if owner else tier_role(file, file.tier)
    more = {"due": reply_due(file), "person": owner.id if owner else None} | more
    if owner:
        ready = {"by": owner.model_dump()} | ready
    return _task(file, message, what, role, ready, **more)


def _resume(file: CaseFile, clock: Clock) -> OpenTask:
    """A clock that stands still is let go on as soon as its reason is over."""
    what = f"let {clock.id} go on once {clock.pauses[-1].reason_code} is over"
    ready = {"clock": clock.id, "reason": "<why>"}
    return _owners(file, "resume_clock", what, ready, id=f"resume-{clock.id}", due=None)


def _handling(file: CaseFile) -> Iterator[OpenTask]:
    where = stage(file)
    if where is Stage.IDENTITY_VERIFIED:
        yield _owners(file, "assess", "assess the complaint", _ready_assessment(file))
    elif where is Stage.ASSESSED or (where is Stage.INVESTIGATING and not still_open(file)):
        ready = {"department": "<department>", "question": "<what to find out>"}
        yield _owners(file, "request_investigation", "ask the departments that hold the facts", ready)
    elif where is Stage.PROPOSING:
        yield _owners(file, "propose_resolution", _why_propose(file), _ready_proposal(file))
    elif where is Stage.APPROVING:
        yield from _approval(file)
    elif where is Stage.OFFERED and file.cycle.proposal and file.cycle.proposal.status is ProposalStatus.OFFERED:
        ready = {"proposal": file.cycle.proposal.id, "answer": "accept", "channel": "phone", "wording": "<their words>"}
        due = _due(file, ClockKind.OFFER)
        yield _owners(file, "record_customer_answer", "record what the customer says to the offer", ready, due=due)


def _ready_assessment(file: CaseFile) -> dict[str, Any]:
    return {
        "nature": "<nature>", "responsibility": "undetermined", "summary": file.complaint.summary,
        "points": ["<point to be answered>"], "investigation_needed": True,
    }  # fmt: skip


def _why_propose(file: CaseFile) -> str:
    last = file.cycle.proposal
    return f"propose a resolution ({last.id} was {last.status})" if last else "propose a resolution"


def _ready_proposal(file: CaseFile) -> dict[str, Any]:
    points = file.cycle.assessment.points if file.cycle.assessment else []
    return {
        "position": "<upheld, partly_upheld or not_upheld>", "responsibility": "<responsibility>",
        "reasons": "<why, with the facts found>", "remedies": [],
        "answers": [{"point": point, "answer": "<answer>"} for point in points],
    }  # fmt: skip


def _approval(file: CaseFile) -> Iterator[OpenTask]:
    proposal = file.cycle.proposal
    if proposal:
        role = compensation.next_approver_role(file, proposal)
        sums = ", ".join(f"{amount:,f} {currency}" for currency, amount in compensation.asked_for(proposal).items())
        may = " or ".join(compensation.approver_roles(file, proposal))
        ready = {"proposal": proposal.id, "decision": "approve", "reason": "<why>"}
        what = f"decide on {sums} ({may} may)"
        yield _task(file, "decide_compensation", what, role, ready, due=_due(file, ClockKind.APPROVAL))


def _investigation_tasks(file: CaseFile) -> Iterator[OpenTask]:
    for inquiry in file.investigations:
        if inquiry.open:
            yield _department_task(file, inquiry)


def _department_task(file: CaseFile, inquiry: Investigation) -> OpenTask:
    accepting = inquiry.state is InvestigationState.DISPATCHED
    message = "investigation_accepted" if accepting else "investigation_result"
    clock = clocks.find(file, f"{clocks.ACCEPTANCE if accepting else clocks.INVESTIGATION}-{inquiry.id}")
    return _task(
        file, message, f"{'accept' if accepting else 'answer'} {inquiry.id}", "department_staff",
        ready_facts(inquiry.id)[message], id=inquiry.id, department=inquiry.department, due=clock and clock.due_at,
    )  # fmt: skip


def _callback_tasks(file: CaseFile) -> Iterator[OpenTask]:
    if not callback.due_to_begin(file) or file.outcome or callback.began_at(file) is None:
        return
    ready = {"reached": True, "solved": True, "satisfied": True, "said": "<what the customer said>"}
    role = roles_with(file, Power.CALL_BACK)[0]
    due = _due(file, ClockKind.CALL_BACK)
    yield _task(file, "record_callback", "call the customer back", role, ready, due=due)
    if callback.enough_attempts(file):
        ready = {"reason": "<what was tried besides>"}
        what = "confirm that the customer cannot be reached"
        yield _task(file, "confirm_unreachable", what, supervisor_role(file), ready, due=due)


def _person_task(file: CaseFile, task: PersonTask) -> OpenTask:
    departments = file.rules.pack.departments if file.rules else {}
    department = task.role if task.role in departments else None
    role = "department_staff" if department else task.role
    due = None
    if department and any(f"remedy-{remedy.id}" == task.id for remedy in owed(file)):
        clock = clocks.find(file, task.id)
        due = clock.due_at if clock else None
    return OpenTask(
        id=task.id, what=task.what, role=role, department=department, due=due, message="resolve_task",
        message_type="update", ready=resolve_task(task.id, role),
    )  # fmt: skip
