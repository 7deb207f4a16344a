"""Errands: every effect outside, ordered once and kept in the file until it is done or given to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.casefile import CaseFile, Credit, Errand, ErrandKind, Investigation, PersonTask, Proposal, Remedy
from domain.clocks import shown
from domain.counting import runs_out
from domain.effects import Delivery, LetterKind, LetterOutcome
from domain.model import Channel
from domain.staff import supervisor_role

CLOSE_TO_CUSTOMER = (Channel.APP, Channel.EMAIL, Channel.SMS, Channel.POST)
"""Channels by which a letter can go."""


DONE = {
    ErrandKind.LOOKUP: "customer_looked_up",
    ErrandKind.LETTER: "letter_delivered",
    ErrandKind.INVESTIGATION: "investigation_dispatched",
    ErrandKind.REMEDY: "remedy_dispatched",
    ErrandKind.NOTICE: "notice_sent",
    ErrandKind.PAYOUT: "payment_booked",
    ErrandKind.REVERSAL: "payment_reversed",
    ErrandKind.CREDIT: "credit_booked",
    ErrandKind.DEBIT: "credit_reversed",
    ErrandKind.ARCHIVE: "archived",
    ErrandKind.CALENDARS: "calendars_read",
}
"""What the journal says of an errand that is done."""


def find(file: CaseFile, errand_id: str) -> Errand | None:
    """The errand with an id."""
    return next((errand for errand in file.errands if errand.id == errand_id), None)


def order(file: CaseFile, errand: Errand) -> Errand:
    """Put an errand into the file, once: the same id again is the same errand."""
    known = find(file, errand.id)
    if known is None:
        file.errands.append(errand)
    return known or errand


def letter(file: CaseFile, kind: LetterKind, errand_id: str, now: datetime, subject: str = "") -> Errand:
    """Order a letter to the complainant or who represents them, by their best channel first."""
    wanted = [channel for channel in file.complaint.addressee.channels if channel in CLOSE_TO_CUSTOMER]
    channels = wanted + [Channel.POST] * (Channel.POST not in wanted)
    return order(
        file,
        Errand(id=errand_id, kind=ErrandKind.LETTER, ordered_at=now, subject=subject, letter=kind, channels=channels),
    )


def notice(
    file: CaseFile, errand_id: str, to: str, kind: str, text: str, now: datetime, due: datetime | None = None
) -> Errand:
    """Order a notice to a department, its head or a desk."""
    return order(
        file,
        Errand(
            id=errand_id, kind=ErrandKind.NOTICE, ordered_at=now, subject=to, to=to, notice=kind, text=text, due=due
        ),
    )


def key(file: CaseFile, errand: Errand) -> str:
    """Idempotency key of an errand; a letter that bounced is a new letter by the next channel."""
    again = f"/{errand.attempt}" if errand.attempt > 1 else ""
    suffix = f"/{errand.channels[0]}{again}" if errand.kind is ErrandKind.LETTER else ""
    return f"{file.complaint.reference}/{errand.id}{suffix}"


def investigation(file: CaseFile, investigation_id: str) -> Investigation:
    """The investigation with an id; it exists."""
    return next(inquiry for inquiry in file.investigations if inquiry.id == investigation_id)


def remedy(file: CaseFile, remedy_id: str) -> Remedy:
    """The remedy with an id; it exists."""
    return next(todo for proposal in all_proposals(file) for todo in proposal.remedies if todo.id == remedy_id)


def credit(file: CaseFile, credit_id: str) -> Credit | None:
    """The provisional credit with an id."""
    return next((credit for credit in file.credits if credit.id == credit_id), None)


def all_proposals(file: CaseFile) -> list[Proposal]:
    """Every proposal of every cycle."""
    return [proposal for cycle in file.cycles for proposal in cycle.proposals]


def proposal_of(file: CaseFile, todo: Remedy) -> Proposal:
    """The proposal that a remedy belongs to."""
    return next(proposal for proposal in all_proposals(file) if todo in proposal.remedies)


def done(file: CaseFile, errand: Errand, proof: str, now: datetime) -> None:
    """Note that an errand is done, with the other system's own id of it."""
    errand.done_at, errand.proof = now, proof
    file.write(now, DONE[errand.kind], f"{errand.id}: {proof}")
    settle_task(file, f"trouble-{errand.id}", "done by the machine after all", now)


def letter_answered(file: CaseFile, errand: Errand, outcome: LetterOutcome, now: datetime) -> bool:
    """Note the fate of a letter; a bounced one goes by the next channel. True when it was delivered."""
    if outcome.delivery is Delivery.DELIVERED:
        done(file, errand, f"{outcome.letter_id} by {errand.channels[0]} at {shown(file, outcome.at)}", now)
        return True
    bounced = errand.channels.pop(0)
    file.write(now, "letter_bounced", f"{errand.id} came back by {bounced}")
    if not errand.channels:
        errand.channels = [bounced]
        impossible(file, errand, "every channel bounced", now)
    return False


def impossible(file: CaseFile, errand: Errand, why: str, now: datetime) -> None:
    """No machine can do it: it becomes a task for a person, and the complaint goes on living."""
    errand.impossible = why
    file.write(now, f"{errand.kind}_impossible", f"{errand.id}: {why}")
    open_task(file, f"impossible-{errand.id}", f"{errand.id} could not be done ({why})", now, errand=errand.id)


def open_task(
    file: CaseFile, task_id: str, what: str, now: datetime, role: str | None = None, errand: str | None = None,
    investigation: str | None = None,
) -> None:  # fmt: skip
    """Give a person a task; one open task of an id is enough."""
    if waits_for_person(file, task_id):
        return
    file.tasks.append(
        PersonTask(
            id=task_id,
            what=what,
            role=role or supervisor_role(file),
            opened_at=now,
            errand=errand,
            investigation=investigation,
        )
    )


CONTACT = "contact"
"""Id of the task to see to what the customer told the bank."""
ORDINARY = ("remedy-", "more-time-", "declined-", "correction", CONTACT, "regulator-")
"""Tasks that owners and departments settle in the ordinary course."""


def needs_attention(file: CaseFile) -> bool:
    """Whether something waits that nobody works on in the ordinary course: which is over once there is an outcome."""
    ordinary = () if file.outcome and file.pinned().procedure >= 2 else ORDINARY
    return any(task.settled_at is None and not task.id.startswith(ordinary) for task in file.tasks)


def waits_for_person(file: CaseFile, task_id: str) -> bool:
    """Whether the task with an id is open."""
    return any(task.id == task_id and task.settled_at is None for task in file.tasks)


def settle_task(file: CaseFile, task_id: str, how: str, now: datetime) -> None:
    """Note that a task needs nobody any more."""
    for task in file.tasks:
        if task.id == task_id and task.settled_at is None:
            task.settled_at, task.settlement = now, how


def retry(file: CaseFile, errand: Errand) -> None:
    """The machine tries an impossible errand again."""
    errand.impossible = None
    errand.attempt += 1
    if errand.kind is ErrandKind.LETTER:
        wanted = [channel for channel in file.complaint.addressee.channels if channel in CLOSE_TO_CUSTOMER]
        errand.channels = wanted or [Channel.POST]


def still_failing_at(file: CaseFile, errand: Errand) -> datetime:
    """When people are told that a system keeps failing; a letter by post is on its way for days without that."""
    pack = file.pinned().pack
    if errand.kind is ErrandKind.LETTER and errand.channels[0] is Channel.POST and pack.patience_by_post:
        return runs_out(file.pinned().calendar, errand.ordered_at, pack.patience_by_post).at
    return errand.ordered_at + timedelta(hours=pack.patience.hours)
