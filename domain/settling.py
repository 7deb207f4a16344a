"""What people settle by hand, what the machine reports back, and withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import (
    clocks,
    crediting,
    credits,
    errands,
    extensions,
    intake,
    investigations,
    provisional,
    remedies,
    resolution,
)
from domain.casefile import CaseFile, Errand, ErrandKind, InvestigationState, PersonTask, Withdrawal
from domain.clockrules import ClockKind
from domain.decisions import ResolveTask, Settlement
from domain.effects import (
    Acknowledged,
    ArchiveReceipt,
    Calendars,
    CustomerRecord,
    LedgerEntry,
    LetterKind,
    LetterOutcome,
)
from domain.model import Staff
from domain.refusals import Refusal, refuse
from domain.rulepack import Power
from domain.staff import listed, role_of, takes_part

Outcome = CustomerRecord | LetterOutcome | LedgerEntry | Acknowledged | ArchiveReceipt | Calendars
"""What a system of the bank answers to an errand."""


def withdraw(file: CaseFile, reason: str, by: Staff | None, now: datetime) -> None:
    """The customer withdraws: clocks and handling stop, what was accepted is still owed, the call-back remains."""
    file.withdrawals.append(Withdrawal(at=now, reason=reason, by=by))
    file.write(now, "withdrawn", "the procedure ends the day the withdrawal is received", by)
    file.progress_at = None
    if not file.cycle.answered_at:
        regulators = () if file.pinned().procedure >= 2 else (ClockKind.REGULATOR,)
        clocks.stop(file, now, clocks.TIER, clocks.TAKE_OVER, *STOPPED_BY_WITHDRAWAL, *regulators)
    investigations.recall_all(file, now)
    resolution.void(file, now)
    credits.withdrawn(file, now)
    file.extensions = []


STOPPED_BY_WITHDRAWAL = (
    ClockKind.ACKNOWLEDGEMENT, ClockKind.LAW, ClockKind.PROMISE, ClockKind.REFERRAL, ClockKind.SHORT_SETTLEMENT,
    ClockKind.APPROVAL, ClockKind.OFFER, ClockKind.REPORT, clocks.INVESTIGATION, clocks.ACCEPTANCE,
)  # fmt: skip
"""Clock kinds that measure the handling; remedies accepted before, a regulator's question and the call-back go on."""


def errand_answered(file: CaseFile, errand: Errand, outcome: Outcome, now: datetime) -> None:
    """Enter what a system of the bank answered, and let it have its effect."""
    match outcome:
        case LetterOutcome():
            if errands.letter_answered(file, errand, outcome, now):
                letter_delivered(file, errand, now)
            else:
                crediting.letter_sent_again(file, errand, now)
        case LedgerEntry() if errand.kind in (ErrandKind.CREDIT, ErrandKind.DEBIT):
            crediting.answered(file, errand, outcome, now)
        case LedgerEntry() if errand.kind is ErrandKind.REVERSAL:
            errands.done(file, errand, outcome.entry, now)
            _find_out_why(file, errand, now)
        case LedgerEntry():
            remedies.booked(file, errand, outcome, now)
        case CustomerRecord():
            errands.done(file, errand, "known" if outcome.known else "unknown", now)
            intake.know_customer(file, outcome, now)
        case Acknowledged():
            errands.done(file, errand, outcome.ticket, now)
        case Calendars():
            provisional.read(file, errand, outcome, now)
        case ArchiveReceipt():
            errands.done(file, errand, f"stored {outcome.stored_at:%Y-%m-%d %H:%M}Z", now)


def _find_out_why(file: CaseFile, reversal: Errand, now: datetime) -> None:
    credit = errands.credit(file, reversal.subject)
    if credit:
        credits.find_out_why(file, credit, now)
    else:
        remedies.find_out_why(file, reversal, now)


def letter_delivered(file: CaseFile, errand: Errand, now: datetime) -> None:
    """A letter is in the customer's hands."""
    match errand.letter:
        case LetterKind.ACKNOWLEDGEMENT:
            intake.acknowledged(file, now)
        case LetterKind.EXTENSION_NOTICE:
            extensions.take_effect(file, errand.id, now)
        case LetterKind.FINAL_RESPONSE | LetterKind.SHORT_SETTLEMENT if _of_this_cycle(file, errand):
            resolution.answered(file, now)
        case LetterKind.PROVISIONAL_CREDIT | LetterKind.CREDIT_REVERSAL:
            crediting.letter_delivered(file, errand, now)
        case _:
            pass


def _of_this_cycle(file: CaseFile, errand: Errand) -> bool:
    return errand.id == f"letter-final-{file.cycle.number}" and not file.withdrawn


def open_task(file: CaseFile, task_id: str) -> PersonTask | None:
    """The open task with an id."""
    return next((task for task in file.tasks if task.id == task_id and task.settled_at is None), None)


def check_resolve(file: CaseFile, message: ResolveTask, now: datetime) -> Iterator[Refusal]:
    """The task is open, the person's to settle, and settled in a way that it allows."""
    yield from takes_part(file, message.by)
    task = open_task(file, message.task)
    if task is None:
        yield refuse("no_such_task", task=message.task)
        return
    yield from _check_whose(file, task, message)
    errand = errands.find(file, task.errand) if task.errand else None
    retriable = errand is not None or task.id.startswith(("pay-again-", credits.AGAIN, "reply-"))
    if message.settlement is Settlement.RETRY and not retriable:
        yield refuse("retry_impossible", task=task.id)
    if message.settlement is Settlement.NOT_NEEDED and _owed(file, task, errand):
        yield refuse("remedy_owed")
    by_hand = _needs_proof(file, errand) or task.id.startswith(("pay-again-", credits.AGAIN, credits.WRONG))
    if message.settlement is Settlement.DONE and by_hand and message.evidence is None:
        yield refuse("proof_missing")
    yield from crediting.check_leaving(file, task, errand, message)


def _needs_proof(file: CaseFile, errand: Errand | None) -> bool:
    """Whether what a person did in its stead has to be shown: money that moved, and a letter that was given by hand."""
    if errand is None:
        return False
    by_hand = errand.kind is ErrandKind.LETTER and errand.impossible and file.pinned().procedure >= 2
    return bool(by_hand) or errand.kind in _MONEY


_MONEY = {ErrandKind.PAYOUT, ErrandKind.REVERSAL, ErrandKind.CREDIT, ErrandKind.DEBIT}
_OWED = {ErrandKind.PAYOUT, ErrandKind.REVERSAL, ErrandKind.REMEDY, ErrandKind.ARCHIVE}
_OWED_LETTERS = {LetterKind.ACKNOWLEDGEMENT, LetterKind.FINAL_RESPONSE, LetterKind.FINAL_POSITION}


def _owed(file: CaseFile, task: PersonTask, errand: Errand | None) -> bool:
    """What must not be dropped: the complaint waits for it. A withdrawn one waits for no letter but of credits."""
    if task.id.startswith(("remedy-", "pay-again-", credits.WRONG)) or crediting.rests_on(file, task, errand):
        return True
    letters = crediting.LETTERS if file.withdrawn else crediting.LETTERS | _OWED_LETTERS
    return errand is not None and (errand.kind in _OWED or errand.letter in letters)


def _check_whose(file: CaseFile, task: PersonTask, message: ResolveTask) -> Iterator[Refusal]:
    """Supervisors may settle every task; departments their remedies, owners and their role what is addressed to it."""
    role = role_of(file, message.by)
    if role is None or Power.SUPERVISE in role.powers or message.by.role == task.role:
        return
    if task.role in file.pinned().pack.departments and Power.INVESTIGATE in role.powers:
        return
    if message.by == file.owner and not task.errand and not task.investigation:
        return
    whose = f"the department {task.role}" if task.role in file.pinned().pack.departments else task.role
    supervisors = [name for name, role in file.pinned().pack.roles.items() if Power.SUPERVISE in role.powers]
    yield refuse("not_your_department", role=message.by.role, who=listed(dict.fromkeys([whose, *supervisors])))


def resolve(file: CaseFile, message: ResolveTask, now: datetime) -> str:
    """Enter what a person did where the machine could not."""
    task = open_task(file, message.task)
    assert task is not None
    errands.settle_task(file, task.id, message.settlement, now)
    if message.evidence:
        file.evidence.append(message.evidence)
    if task.errand and (errand := errands.find(file, task.errand)):
        return _settle_errand(file, errand, message, now)
    if task.investigation and (inquiry := investigations.find(file, task.investigation)) and inquiry.open:
        return _settle_investigation(file, task, inquiry.id, message, now)
    return _settle_rest(file, task, message, now)


def _settle_errand(file: CaseFile, errand: Errand, message: ResolveTask, now: datetime) -> str:
    if not errand.impossible:
        return "Noted; the machine goes on trying."
    if message.settlement is Settlement.RETRY:
        errands.retry(file, errand)
        errand.trouble_told, errand.ordered_at = False, now
        crediting.letter_sent_again(file, errand, now)
        return f"{errand.id} is tried again."
    errand.impossible = None
    errands.done(file, errand, f"{message.settlement} by {message.by.id}", now)
    if errand.kind is ErrandKind.LETTER and message.settlement is Settlement.DONE:
        letter_delivered(file, errand, now)
    if errand.kind in (ErrandKind.CREDIT, ErrandKind.DEBIT):
        crediting.settle_errand(file, errand, message.settlement, now)
    file.extensions = [extension for extension in file.extensions if extension.errand != errand.id]
    if errand.kind is ErrandKind.PAYOUT:
        remedies.done(file, errands.remedy(file, errand.subject), now)
    if errand.kind is ErrandKind.REVERSAL:
        _find_out_why(file, errand, now)
    return f"{errand.id} is settled by hand."


def _settle_investigation(
    file: CaseFile, task: PersonTask, inquiry_id: str, message: ResolveTask, now: datetime
) -> str:
    if task.id.startswith("more-time-"):
        return "No more time is given."
    investigations.end(file, errands.investigation(file, inquiry_id), InvestigationState.SETTLED, now)
    return f"{inquiry_id} is settled; the complaint goes on without its answer."


def _settle_rest(file: CaseFile, task: PersonTask, message: ResolveTask, now: datetime) -> str:
    if task.id.startswith("remedy-"):
        remedies.done(file, errands.remedy(file, task.id.removeprefix("remedy-")), now)
        return "The remedy is carried out."
    if task.id.startswith("pay-again-"):
        remedy_id = task.id.removeprefix("pay-again-")
        if message.settlement is Settlement.RETRY:
            remedies.pay_again(file, remedy_id, now)
            return "The payment is made again."
        remedies.done(file, errands.remedy(file, remedy_id), now)
        return "The payment was made by hand."
    if task.id.startswith(crediting.TASKS):
        return crediting.settle_task(file, task, message.settlement, now)
    if task.id.startswith(f"{ClockKind.REGULATOR}-"):
        if message.settlement is Settlement.NOT_NEEDED and file.pinned().procedure >= 2:
            clocks.drop(file, now, task.id)
            return "The regulator needs no answer."
        clocks.meet(file, now, task.id)
        return "The regulator is answered."
    if task.id.startswith("reply-"):
        resolution.order_final_response(file, now)
        return "The final response is checked again."
    return "Settled."
