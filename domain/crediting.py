"""What the ledger and people do about provisional credits, and what follows from it for extensions and remedies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import compensation, credits, errands, extensions, remedies
from domain.casefile import CaseFile, Credit, Errand, ErrandKind, PersonTask
from domain.decisions import ResolveTask, Settlement
from domain.effects import LedgerEntry, LetterKind
from domain.refusals import Refusal

TASKS = (credits.AGAIN, credits.WRONG, credits.DECIDE)
"""How the tasks about credits begin."""
LETTERS = {LetterKind.PROVISIONAL_CREDIT, LetterKind.CREDIT_REVERSAL}
"""The letters about credits: also owed to a customer who withdrew."""


def of(file: CaseFile, credit_id: str) -> Credit:
    """The credit with an id; it exists."""
    credit = errands.credit(file, credit_id)
    assert credit is not None
    return credit


def answered(file: CaseFile, errand: Errand, entry: LedgerEntry, now: datetime) -> None:
    """The ledger booked a credit or its debit. A credit of another sum is reversed, and a person looks at it."""
    credit = of(file, errand.subject)
    errands.done(file, errand, entry.entry, now)
    if errand.kind is ErrandKind.DEBIT:
        credits.debited(file, credit, entry, now)
    elif entry.money == credit.money:
        _stands(file, credit, entry, now)
    else:
        remedies.reverse(file, credit.id, credit.attempt, entry, now)


def _stands(file: CaseFile, credit: Credit, entry: LedgerEntry | None, now: datetime) -> None:
    """The customer has the money: the extension that needed it takes effect, if in time, and what it covers is done."""
    credits.booked(file, credit, entry, now)
    extensions.take_effect(file, credit.id, now)
    for proposal in errands.all_proposals(file):
        if proposal.id == credit.proposal:
            remedies.covered(file, proposal, now)


def letter_delivered(file: CaseFile, letter: Errand, now: datetime) -> None:
    """The customer knows of a credit, or of the day on which it is taken back."""
    told = credits.told if letter.letter is LetterKind.PROVISIONAL_CREDIT else credits.announced
    told(file, of(file, letter.subject), now)


def letter_sent_again(file: CaseFile, letter: Errand, now: datetime) -> None:
    """The notice of a debit goes out once more: the day in it is counted anew."""
    if letter.letter is LetterKind.CREDIT_REVERSAL:
        credits.name_the_day(file, of(file, letter.subject), now)


def rests_on(file: CaseFile, task: PersonTask, errand: Errand | None) -> bool:
    """Whether a decision gave the customer a credit that a task is about, so that it cannot be dropped."""
    credit = _about(file, task, errand)
    making = task.id.startswith(credits.AGAIN) or (errand is not None and errand.kind is ErrandKind.CREDIT)
    return credit is not None and making and credit.kept is not None


def check_leaving(file: CaseFile, task: PersonTask, errand: Errand | None, message: ResolveTask) -> Iterator[Refusal]:
    """Who leaves a credit to the customer beside a proposal grants money, and needs the authority for it."""
    credit = _about(file, task, errand)
    undecided = task.id.startswith(credits.DECIDE) and message.settlement is Settlement.DONE
    waived = errand is not None and errand.kind is ErrandKind.DEBIT and message.settlement is Settlement.NOT_NEEDED
    if credit and (undecided or waived):
        yield from compensation.check_grant(file, credit.money, message.by)


def _about(file: CaseFile, task: PersonTask, errand: Errand | None) -> Credit | None:
    prefix = next((prefix for prefix in TASKS if task.id.startswith(prefix)), None)
    if errand:
        return errands.credit(file, errand.subject)
    return errands.credit(file, task.id.removeprefix(prefix)) if prefix else None


def settle_errand(file: CaseFile, errand: Errand, settlement: Settlement, now: datetime) -> None:
    """A person credited or debited by hand, or it is not done: then there is no credit, or it is left."""
    credit = of(file, errand.subject)
    match errand.kind, settlement:
        case ErrandKind.CREDIT, Settlement.DONE:
            _stands(file, credit, None, now)
        case ErrandKind.CREDIT, _:
            credits.give_up(file, credit, now)
        case _, Settlement.DONE:
            credits.debited(file, credit, None, now)
        case _:
            credits.left(file, credit, now)


def settle_task(file: CaseFile, task: PersonTask, settlement: Settlement, now: datetime) -> str:
    """A person found out why a booking was wrong, put a wrong debit right, or decided after a withdrawal."""
    credit = _about(file, task, None)
    assert credit is not None
    if task.id.startswith(credits.WRONG):
        credits.debited(file, credit, None, now)
    elif task.id.startswith(credits.DECIDE):
        credits.leave(file, credit, credit.money if settlement is Settlement.DONE else None, now)
    elif settlement is Settlement.RETRY:
        credits.pay(file, credit, now)
    elif settlement is Settlement.DONE:
        _stands(file, credit, None, now)
    else:
        credits.give_up(file, credit, now)
    return f"{credit.id} is {credit.state.replace('_', ' ')}."
