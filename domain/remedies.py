"""Remedies carried out: paid once and as approved, done by departments, corrected where the ledger booked wrongly."""

from __future__ import annotations

from datetime import datetime

from domain import clocks, errands
from domain.casefile import CaseFile, Errand, ErrandKind, Proposal, Remedy
from domain.clockrules import ClockKind
from domain.decisions import INTERNAL_KINDS, MONEY_KINDS, RemedyKind
from domain.effects import LedgerEntry

WITHOUT_CONSENT = INTERNAL_KINDS | {RemedyKind.APOLOGY}
"""What mends the bank itself, and what it says: nobody has to agree to it."""
CORRECTING = MONEY_KINDS | {RemedyKind.CORRECTION}
"""What corrects an error; explanations and what mends the bank itself have no such haste."""


def start(file: CaseFile, now: datetime) -> None:
    """Carry out what was agreed; without consent only what mends the bank itself."""
    proposal = file.cycle.proposal
    if proposal is None or not proposal.settled:
        return
    for remedy in proposal.remedies:
        if remedy.started_at is None and not remedy.dropped:
            remedy.dropped = not (proposal.agreed or remedy.kind in WITHOUT_CONSENT)
            if not remedy.dropped:
                _start(file, remedy, now)
    covered(file, proposal, now)
    _corrected(file, now)


def _start(file: CaseFile, remedy: Remedy, now: datetime) -> None:
    remedy.started_at = now
    file.write(now, "remedy_started", f"{remedy.kind} {remedy.id}")
    if remedy.kind is RemedyKind.APOLOGY:
        remedy.done_at = now  # it stands in the final response, which follows
        return
    clocks.start(file, f"{ClockKind.REMEDY}-{remedy.id}", ClockKind.REMEDY, f"remedy {remedy.id}", now, now)
    if remedy.payable:
        _pay(file, remedy, now)
    elif not remedy.money:
        errand = Errand(id=f"remedy-{remedy.id}", kind=ErrandKind.REMEDY, ordered_at=now, subject=remedy.id)
        errands.order(file, errand)
        task = f"carry out {remedy.kind} {remedy.id}"
        errands.open_task(file, f"remedy-{remedy.id}", task, now, remedy.department)


def _pay(file: CaseFile, remedy: Remedy, now: datetime) -> None:
    suffix = f"-{remedy.attempt}" if remedy.attempt > 1 else ""
    errands.order(
        file, Errand(id=f"payout-{remedy.id}{suffix}", kind=ErrandKind.PAYOUT, ordered_at=now, subject=remedy.id)
    )


def covered(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """What a provisional credit covers whole is carried out as soon as the credit is booked."""
    if all(credit.credited_at for credit in file.credits if credit.proposal == proposal.id):
        for remedy in proposal.remedies:
            if remedy.owed and remedy.money and not remedy.payable:
                done(file, remedy, now)


def booked(file: CaseFile, errand: Errand, entry: LedgerEntry, now: datetime) -> None:
    """The ledger booked a payment; anything but what was approved is reversed, and a person looks at it."""
    remedy = errands.remedy(file, errand.subject)
    errands.done(file, errand, entry.entry, now)
    if entry.money == remedy.payable:
        remedy.entry = entry
        done(file, remedy, now)
        return
    reverse(file, remedy.id, remedy.attempt, entry, now)


def reverse(file: CaseFile, subject: str, attempt: int, entry: LedgerEntry, now: datetime) -> None:
    """The ledger booked something other than what was approved: have it reversed."""
    reversal = Errand(
        id=f"reversal-{subject}-{attempt}", kind=ErrandKind.REVERSAL, ordered_at=now, subject=subject, text=entry.entry
    )
    errands.order(file, reversal)
    file.write(now, "wrongly_booked", f"{entry.entry} is not what was approved for {subject}; it is reversed")


def find_out_why(file: CaseFile, reversal: Errand, now: datetime) -> None:
    """A wrong booking is undone, by machine or by hand: nothing is paid again before its cause is known."""
    remedy = errands.remedy(file, reversal.subject)
    remedy.attempt += 1
    errands.open_task(
        file, f"pay-again-{remedy.id}", f"payment {remedy.id} was reversed: find out why, then retry", now
    )


def pay_again(file: CaseFile, remedy_id: str, now: datetime) -> None:
    """A person found the cause of a wrong booking."""
    _pay(file, errands.remedy(file, remedy_id), now)


def done(file: CaseFile, remedy: Remedy, now: datetime) -> None:
    """A remedy is carried out."""
    remedy.done_at = now
    clocks.meet(file, now, f"{ClockKind.REMEDY}-{remedy.id}")
    errands.settle_task(file, f"remedy-{remedy.id}", "done", now)
    _corrected(file, now)


def _corrected(file: CaseFile, now: datetime) -> None:
    """The clock of the correction is kept when nothing is owed any more that corrects the error."""
    if not any(remedy.kind in CORRECTING for remedy in owed(file)):
        clocks.meet_kinds(file, now, ClockKind.CORRECTION)


def owed(file: CaseFile) -> list[Remedy]:
    """Remedies that are promised and not carried out yet."""
    return [remedy for proposal in errands.all_proposals(file) for remedy in proposal.remedies if remedy.owed]
