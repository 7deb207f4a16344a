"""Provisional credits: ordered for more time, told to the customer, and at the decision final or taken back.

Regulation E (12 CFR 1005.11(c)(2)) gives more time only to a firm that credits the amount in dispute meanwhile. What
the decision leaves to the customer is final and never taken back. The rest is debited on the day that a notice names:
the time of the rule is counted when the notice is sent, for the day in it, and again when it is delivered; the later
day counts, and the debit is ordered as that day ends, so that the customer has the use of the money as long as either
reading gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, compensation, credit_amounts, errands
from domain.casefile import CaseFile, Credit, CreditState, Errand, ErrandKind, Proposal
from domain.clockrules import ClockKind
from domain.counting import runs_out
from domain.decisions import ExtendDeadline
from domain.effects import LedgerEntry, LetterKind
from domain.model import Money
from domain.refusals import Refusal, refuse

KIND = "provisional_credit"
"""How the ledger and the closing record name such a payment."""


def standing(file: CaseFile) -> Credit | None:
    """The credit that is not settled yet; there is never more than one."""
    return next((credit for credit in file.credits if not credit.settled), None)


def suffices(file: CaseFile) -> bool:
    """Whether a rung that needs a credit has it already: one is booked, or earlier ones left nothing in dispute."""
    credit = standing(file)
    if credit:
        return credit.state is CreditState.CREDITED
    return file.complaint.amount is not None and credit_amounts.most(file) is None


def check(file: CaseFile, message: ExtendDeadline) -> Iterator[Refusal]:
    """A credit of the amount in dispute, approved by somebody with authority over it, before the complaint is decided.

    Where the complaint names no amount, it is what the approver says. One approver is enough: what becomes final needs
    a proposal that promises it, with the approvals of every compensation.
    """
    proposal = file.cycle.proposal
    if proposal and proposal.settled:
        yield refuse("decided_already", proposal=proposal.id)
    credit = standing(file)
    if credit and (message.credit or not suffices(file)):
        yield refuse("credit_stands", credit=credit.id, money=credit.money, state=credit.state.replace("_", " "))
    elif message.credit:
        yield from credit_amounts.check(file, message.credit)
        if not file.complaint.complainant.customer_number:
            yield refuse("customer_unknown_to_ledger")
        yield from compensation.check_grant(file, message.credit, message.by)
    elif not suffices(file):
        yield refuse("credit_missing", sums=credit_amounts.in_words(file))


def order(file: CaseFile, message: ExtendDeadline, now: datetime) -> Credit:
    """Have the ledger credit the customer."""
    assert message.credit is not None
    credit = Credit(
        id=f"credit-{len(file.credits) + 1}", money=message.credit, clock=message.clock, by=message.by, ordered_at=now
    )
    file.credits.append(credit)
    pay(file, credit, now)
    return credit


def pay(file: CaseFile, credit: Credit, now: datetime) -> None:
    """Order the booking; ordered again, after a person found why the last one was wrong, it is another order."""
    suffix = f"-{credit.attempt}" if credit.attempt > 1 else ""
    errand = Errand(id=f"{credit.id}{suffix}", kind=ErrandKind.CREDIT, ordered_at=now, subject=credit.id)
    errands.order(file, errand)


def find_out_why(file: CaseFile, credit: Credit, now: datetime) -> None:
    """A wrong booking is undone: nothing is credited again before its cause is known."""
    credit.attempt += 1
    errands.open_task(
        file, f"{AGAIN}{credit.id}", f"the booking of {credit.id} was reversed: find out why, then retry", now
    )


AGAIN = "again-"
"""How tasks begin about a credit whose wrong booking was reversed."""


def booked(file: CaseFile, credit: Credit, entry: LedgerEntry | None, now: datetime) -> None:
    """The ledger, or a person, credited the customer: they are told, and what was decided meanwhile takes effect."""
    credit.entry, credit.credited_at, credit.state = entry, _since(credit, entry, now), CreditState.CREDITED
    errands.letter(file, LetterKind.PROVISIONAL_CREDIT, f"letter-{credit.id}", now, credit.id)
    number = file.credits.index(credit) + 1
    clocks.start_duties(file, ClockKind.CREDIT_NOTICE, number, f"notice of {credit.id}", credit.credited_at, now)
    if credit.decided_at:
        _conclude(file, credit, now)


def _since(credit: Credit, entry: LedgerEntry | None, now: datetime) -> datetime:
    """When it was booked by the ledger's clock, as far as that can be: after the order, and before the answer."""
    return entry.booked_at if entry and credit.ordered_at <= entry.booked_at <= now else now


def told(file: CaseFile, credit: Credit, now: datetime) -> None:
    """The customer knows of the credit."""
    credit.told_at = now
    number = file.credits.index(credit) + 1
    kind = ClockKind.CREDIT_NOTICE
    mine = (clock.id for clock in file.clocks if clock.kind == kind and f"{clock.id}-".startswith(f"{kind}-{number}-"))
    clocks.meet(file, now, *mine)


def decide(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """The firm has decided: what the customer keeps covers the remedies of money, so that nothing is paid twice."""
    credit = standing(file)
    if credit and credit.decided_at is None:
        credit.proposal = proposal.id
        kept = credit_amounts.kept_by(proposal, credit.money)
        if kept:
            credit_amounts.cover(proposal, kept)
        leave(file, credit, kept, now)


def leave(file: CaseFile, credit: Credit, kept: Money | None, now: datetime) -> None:
    """It is decided how much the customer keeps. A credit that is still on its way is concluded once it is booked."""
    credit.kept, credit.decided_at = kept, now
    credit.debit = credit_amounts.less(credit.money, kept)
    if credit.state is CreditState.CREDITED:
        _conclude(file, credit, now)


def _conclude(file: CaseFile, credit: Credit, now: datetime) -> None:
    if credit.debit is None:
        credit.state = CreditState.FINAL
        file.write(now, "credit_final", f"{credit.id}: {credit.money}")
        return
    credit.state = CreditState.TO_BE_REVERSED
    day = name_the_day(file, credit, now)
    errands.letter(file, LetterKind.CREDIT_REVERSAL, f"letter-debit-{credit.id}", now, credit.id)
    file.write(now, "credit_to_be_reversed", f"{credit.id}: {credit.debit} at {clocks.shown(file, day)}")


def name_the_day(file: CaseFile, credit: Credit, now: datetime) -> datetime:
    """The day of the debit, as the notice names it that is sent now: a notice that bounced names a new one."""
    credit.debit_on = _debit_day(file, credit, now)
    return credit.debit_on


def _debit_day(file: CaseFile, credit: Credit, since: datetime) -> datetime:
    rule, clock = file.pinned().provisional_credit, clocks.find(file, credit.clock)
    assert rule is not None and clock is not None
    return runs_out(clocks.calendar_of(file, clock), since, rule.debit_after).at


def announced(file: CaseFile, credit: Credit, now: datetime) -> None:
    """The customer knows the day: the debit waits for it, and for the rule's whole time from now on."""
    assert credit.debit_on is not None
    credit.announced_at = now
    credit.debit_on = max(credit.debit_on, _debit_day(file, credit, now))


def to_be_debited(file: CaseFile) -> Iterator[tuple[Credit, datetime]]:
    """Credits whose day was announced and has not come yet, with the instant at which it ends."""
    for credit in file.credits:
        announced = credit.state is CreditState.TO_BE_REVERSED and credit.announced_at
        if announced and credit.debit_on and not errands.find(file, f"debit-{credit.id}"):
            yield credit, credit.debit_on


def debit(file: CaseFile, credit: Credit, now: datetime) -> None:
    """The day that the notice named ends: have the ledger take the money back, or a person where a person gave it."""
    errand = Errand(id=f"debit-{credit.id}", kind=ErrandKind.DEBIT, ordered_at=now, subject=credit.id)
    errands.order(file, errand)
    if credit.entry is None:
        errands.impossible(file, errand, "it was credited by hand", now)


def debited(file: CaseFile, credit: Credit, entry: LedgerEntry | None, now: datetime) -> None:
    """The money is taken back, by the ledger or by hand; if the ledger took another sum, a person puts it right."""
    if entry and entry.money != credit.debit:
        what = f"{entry.money} of {credit.id} was taken back, not {credit.debit}: put it right"
        errands.open_task(file, f"{WRONG}{credit.id}", what, now)
        return
    credit.debit_entry, credit.reversed_at = entry, now
    credit.state = CreditState.PART_FINAL if credit.kept else CreditState.REVERSED


WRONG = "wrong-debit-"
"""How tasks begin about a credit of which the ledger took back another sum."""


def left(file: CaseFile, credit: Credit, now: datetime) -> None:
    """What was to be taken back is left to the customer after all."""
    credit.kept, credit.debit, credit.state = credit.money, None, CreditState.FINAL
    file.write(now, "credit_final", f"{credit.id}: {credit.money}")


def give_up(file: CaseFile, credit: Credit, now: datetime) -> None:
    """It cannot be made, and nothing rests on it: the extension that needed it lapses."""
    credit.state = CreditState.GIVEN_UP
    file.extensions = [extension for extension in file.extensions if extension.errand != credit.id]
    errands.settle_task(file, f"{DECIDE}{credit.id}", "it was not made", now)
    file.write(now, "credit_given_up", credit.id)


DECIDE = "decide-"
"""How tasks begin about a credit that a withdrawal left undecided."""


def withdrawn(file: CaseFile, now: datetime) -> None:
    """A withdrawal decides nothing about money: the credit stays until a person with authority over it says."""
    credit = standing(file)
    if credit and credit.decided_at is None:
        role = compensation.roles_over(file, credit.money)[0]
        what = f"withdrawn: 'done' leaves {credit.id} ({credit.money}) to the customer, 'not_needed' takes it back"
        errands.open_task(file, f"{DECIDE}{credit.id}", what, now, role)


def revived(file: CaseFile, now: datetime) -> None:
    """The customer does not stand by the withdrawal: the next determination decides."""
    for credit in file.credits:
        errands.settle_task(file, f"{DECIDE}{credit.id}", "the complaint goes on", now)
