"""The case: one aggregate that takes messages and the time, and answers with a receipt or a refusal.

Every change of a case file goes through here. A check never changes the file; a change follows only a passed check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from domain import (
    callback,
    compensation,
    errands,
    extensions,
    intake,
    investigations,
    pauses,
    progress,
    resolution,
    room,
    settling,
    stages,
    tiers,
)
from domain.casefile import CaseFile, Contact, Quarantined
from domain.complaint import Complaint, RegulatorReferral
from domain.decisions import (
    AddNote,
    Assess,
    ConfirmUnreachable,
    DecideCompensation,
    Decision,
    Escalate,
    ExtendDeadline,
    PauseClock,
    ProposeResolution,
    Receipt,
    RecordCallback,
    RecordCustomerAnswer,
    RequestInvestigation,
    ResolveTask,
    ResumeClock,
    TakeOwnership,
    VerifyIdentity,
    Withdraw,
)
from domain.facts import ContactKind, CustomerContactedUs, EvidenceAdded, Fact, RegulatorContactedUs
from domain.model import Staff, Stage
from domain.refusals import Refusal, refuse
from domain.rulepack import Power
from domain.staff import may, takes_part, tier_role

Check = Callable[[CaseFile, Any, datetime], Iterator[Refusal]]
Change = Callable[[CaseFile, Any, datetime], str]

KEPT_RECEIPTS = 200
"""Receipts kept word for word; an older decision sent again gets a new receipt that says it was accepted before."""
KEPT_EARLY_FACTS = 200
KEPT_CONTACTS = 50
KEPT_QUARANTINE = 50
AFTER_WITHDRAWAL = (RecordCallback, ConfirmUnreachable, ResolveTask, AddNote, TakeOwnership)


def _check_withdraw(file: CaseFile, message: Withdraw, now: datetime) -> Iterator[Refusal]:
    yield from may(file, message.by, Power.HANDLE, "record a withdrawal")
    yield from check_withdrawable(file)


def check_withdrawable(file: CaseFile) -> Iterator[Refusal]:
    """A complaint can be withdrawn until its call-back has an outcome."""
    if file.outcome is not None:
        yield refuse("not_withdrawable")


def _withdraw(file: CaseFile, message: Withdraw, now: datetime) -> str:
    settling.withdraw(file, message.reason, message.by, now)
    return "Withdrawn; the clocks stand still, and the customer is called back."


def _check_note(file: CaseFile, message: AddNote, now: datetime) -> Iterator[Refusal]:
    yield from takes_part(file, message.by)


def _note(file: CaseFile, message: AddNote, now: datetime) -> str:
    return "The remark is in the file."


RULES: dict[type[Decision], tuple[Check, Change]] = {
    VerifyIdentity: (intake.check_verify_identity, intake.verify_identity),
    Assess: (intake.check_assess, intake.assess),
    RequestInvestigation: (investigations.check_request, investigations.request),
    ProposeResolution: (resolution.check_propose, resolution.propose),
    DecideCompensation: (compensation.check_decide, compensation.decide),
    RecordCustomerAnswer: (resolution.check_answer, resolution.answer),
    ExtendDeadline: (extensions.check, extensions.extend),
    PauseClock: (pauses.check_pause, pauses.pause),
    ResumeClock: (pauses.check_resume, pauses.resume),
    Escalate: (tiers.check_escalate, tiers.escalate),
    TakeOwnership: (tiers.check_take_ownership, tiers.take_ownership),
    RecordCallback: (callback.check_record, callback.record),
    ConfirmUnreachable: (callback.check_unreachable, callback.unreachable),
    Withdraw: (_check_withdraw, _withdraw),
    ResolveTask: (settling.check_resolve, settling.resolve),
    AddNote: (_check_note, _note),
}
"""For every decision, what refuses it and what it changes."""


def open_case(complaint: Complaint, now: datetime) -> CaseFile:
    """A new case file; the rules come with :func:`domain.intake.open_file`."""
    return CaseFile(complaint=complaint, opened_at=now, weight=len(complaint.model_dump_json().encode()))


def digest(message: Fact | Decision) -> bytes:
    """What tells two messages of one id apart."""
    return sha256(f"{message.NAME}{_content(message)}".encode()).digest()


def _content(message: Fact | Decision) -> str:
    return message.model_dump_json(exclude={"message_id", "sent_at"})


def _weight(message: Fact | Decision) -> int:
    return len(_content(message).encode())


def refusal(file: CaseFile, message: Decision, message_id: str, now: datetime) -> Refusal | None:
    """Why a decision is not accepted now, or nothing. Changes nothing. A repeated decision is never refused."""
    match file.handled.same(message_id, digest(message)):
        case True:
            return None
        case False:
            return refuse("message_id_reused", message_id=message_id, message=message.NAME)
        case None:
            return next(_refusals(file, message, now), None)


def _refusals(file: CaseFile, message: Decision, now: datetime) -> Iterator[Refusal]:
    if file.rules is None:
        yield refuse("rules_not_resolved")
        return
    if file.closed_at:
        yield refuse("closed")
    if file.withdrawn and not isinstance(message, AFTER_WITHDRAWAL):
        yield refuse("withdrawn")
    check, _ = RULES[type(message)]
    yield from check(file, message, now)
    if not isinstance(message, AddNote) and not room.fits(file, *_demands(message)):
        yield refuse("file_full")


def decide(file: CaseFile, message: Decision, message_id: str, now: datetime) -> Receipt | Refusal:
    """Accept a decision and change the file, or answer with the reason of refusal and change nothing."""
    refused = refusal(file, message, message_id, now)
    if refused:
        return refused
    if message_id in file.handled:
        return _repeated(file, message, message_id, now)
    _enter(file, message, message_id, now, message.by)
    if not isinstance(message, AddNote):
        room.takes(file, *_demands(message))
    _, change = RULES[type(message)]
    note = change(file, message, now)
    receipt = Receipt(
        reference=file.complaint.reference, message=message_id, at=now, stage=stages.stage(file), tier=file.tier,
        note=note,
    )  # fmt: skip
    file.receipts[message_id] = receipt
    if len(file.receipts) > KEPT_RECEIPTS:
        del file.receipts[next(iter(file.receipts))]
    return receipt


def _demands(message: Decision) -> tuple[int, int]:
    """What a decision leaves in the file, and up to which weight of the file it is accepted."""
    ends = isinstance(message, (*AFTER_WITHDRAWAL, Withdraw))
    return _weight(message) + room.FOLLOWS, room.ENDING if ends else room.DECISIONS


def _repeated(file: CaseFile, message: Decision, message_id: str, now: datetime) -> Receipt:
    first = file.receipts.get(message_id)
    if first:
        return first.model_copy(update={"repeated": True})
    return Receipt(
        reference=file.complaint.reference, message=message_id, at=now, repeated=True, stage=stages.stage(file),
        tier=file.tier, note=f"This {message.NAME} was accepted before.",
    )  # fmt: skip


def _enter(file: CaseFile, message: Fact | Decision, message_id: str, now: datetime, by: Staff | None) -> None:
    file.handled.enter(message_id, digest(message))
    content = message.model_dump(mode="json", exclude={"by"}, exclude_defaults=True)
    file.write(now, message.NAME, "", by, content)


def learn(file: CaseFile, fact: Fact, now: datetime) -> None:
    """Take in a fact. Never refused: repeated ones change nothing, and what fits nowhere is kept and shown."""
    known = file.handled.same(fact.message_id, digest(fact))
    if known:
        return
    if known is False:
        quarantine(file, fact.NAME, f"message id {fact.message_id} was used for another message", now)
        return
    _enter(file, fact, fact.message_id, now, getattr(fact, "by", None))
    if file.closed_at:
        return
    match fact:
        case EvidenceAdded():
            _document(file, fact, now)
        case CustomerContactedUs():
            _contacted(file, fact, now)
        case RegulatorContactedUs():
            _regulator(file, fact, now)
        case _ if _early(file, fact) and not _kept_early(file, fact):
            quarantine(file, fact.NAME, "too many answers to questions that nobody asked", now)
        case _:
            investigations.learn(file, fact, now)  # type: ignore[arg-type]


def _early(file: CaseFile, fact: Fact) -> bool:
    """Whether it answers a question that has not been put."""
    return investigations.find(file, getattr(fact, "investigation", "")) is None


def _kept_early(file: CaseFile, fact: Fact) -> bool:
    return len(file.early_facts) < KEPT_EARLY_FACTS and room.takes(file, _weight(fact) + room.FOLLOWS)


def _document(file: CaseFile, fact: EvidenceAdded, now: datetime) -> None:
    if room.takes(file, _weight(fact)):
        investigations.add_evidence(file, fact, now)
    else:
        room.journal_only(file, now)


def _regulator(file: CaseFile, fact: RegulatorContactedUs, now: datetime) -> None:
    letter = RegulatorReferral(regulator=fact.regulator, their_reference=fact.their_reference, reply_due=fact.reply_due)
    known = intake.asked_before(file, letter) is not None
    if known or room.takes(file, _weight(fact) + room.FOLLOWS, room.REGULATORS):
        intake.regulator_involved(file, letter, min(fact.received_at or now, now), now)
    else:
        quarantine(file, fact.NAME, "the file is full: answer this regulator without a clock", now)


def _contacted(file: CaseFile, fact: CustomerContactedUs, now: datetime) -> None:
    """A chase is answered with a progress letter, a correction with a new assessment, everything else by a person;
    crowds and media climb."""
    file.contact_count += 1
    contact = Contact(at=now, kind=fact.kind, channel=fact.channel, summary=fact.summary, people=fact.people)
    file.contacts = [*file.contacts, contact][-KEPT_CONTACTS:]
    file.people, file.media = max(file.people, fact.people), file.media or fact.media
    role = file.owner.role if file.owner else None
    if fact.kind is ContactKind.CHASE and file.progress_at:
        if not progress.told_today(file, now):
            progress.tell(file, now)
    elif fact.kind is ContactKind.CORRECTION:
        errands.open_task(file, "correction", "the customer corrected the summary: assess anew", now, role)
    elif file.pinned().procedure >= 2:
        what = "the customer contacted us: see what it changes, and answer"
        errands.open_task(file, errands.CONTACT, what, now, role or tier_role(file, file.tier))
    if not file.withdrawn:
        tiers.climb_if_entered(file, now)


def quarantine(file: CaseFile, name: str, reason: str, now: datetime) -> None:
    """Keep and show a message that could not be read or used; its content stays in the Temporal history."""
    file.quarantined += 1
    file.quarantine = [*file.quarantine, Quarantined(at=now, name=name[:80], reason=reason[:500])][-KEPT_QUARANTINE:]
    file.write(now, "quarantined", f"{name[:80]}: {reason[:500]}")
    errands.open_task(file, "quarantine", "a message could not be read: find its sender and have it sent again", now)


def stage(file: CaseFile) -> Stage:
    """Where the complaint is in its life."""
    return stages.stage(file)
