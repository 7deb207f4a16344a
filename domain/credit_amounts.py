"""How much a provisional credit must be, how much of it a decision leaves to the customer, and what that covers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.casefile import CaseFile, Credit, Proposal
from domain.decisions import Position, RemedyKind
from domain.errands import all_proposals
from domain.model import Money, total
from domain.refusals import Refusal, refuse

ZERO = Decimal(0)


def less(money: Money, taken: Money | None) -> Money | None:
    """What is left of a sum; nothing when nothing is."""
    amount = money.amount - (taken.amount if taken else ZERO)
    return Money(amount=amount, currency=money.currency) if amount > 0 else None


def most(file: CaseFile) -> Money | None:
    """What is in dispute: the amount of the complaint, without what earlier credits left to the customer."""
    money = file.complaint.amount
    kept = total([credit.kept for credit in file.credits if credit.kept])
    return _without(money, kept.get(money.currency, ZERO)) if money else None


def least(file: CaseFile) -> Money | None:
    """What must be credited at least: what is in dispute, without what the rule lets be withheld."""
    money = most(file)
    return _without(money, _withheld(file, money.currency)) if money else None


def _without(money: Money, amount: Decimal) -> Money | None:
    return less(money, Money(amount=amount, currency=money.currency) if amount else None)


def _withheld(file: CaseFile, currency: str) -> Decimal:
    rule = file.pinned().provisional_credit
    return total(rule.withhold_at_most if rule else []).get(currency, ZERO)


def check(file: CaseFile, credit: Money) -> Iterator[Refusal]:
    """The currency of the amount in dispute, and a sum between the least and the most that the rule allows."""
    amount = file.complaint.amount
    if amount is None:
        return
    upper, lower = most(file), least(file)
    if credit.currency != amount.currency:
        yield refuse("credit_currency", currency=amount.currency)
    elif upper is None or credit.amount > upper.amount:
        yield refuse("credit_too_high", most=upper or "nothing")
    elif lower and credit.amount < lower.amount:
        yield refuse("credit_too_low", least=lower, amount=upper)


def in_words(file: CaseFile) -> str:
    """What a credit may be, as a refusal says it."""
    upper, lower = most(file), least(file)
    if upper is None:
        return "the amount in dispute"
    return f"{lower} at least, and {upper} at most" if lower and lower != upper else str(upper)


def check_promised(file: CaseFile, position: Position, promised: dict[str, Decimal]) -> Iterator[Refusal]:
    """A credit that becomes final is money paid: the proposal promises at least as much, so that it is approved."""
    if position is not Position.UPHELD:
        return
    for credit in file.credits:
        if credit.decided_at is None and promised.get(credit.money.currency, ZERO) < credit.money.amount:
            yield refuse("credit_not_promised", credit=credit.id, money=credit.money)


def kept_by(proposal: Proposal, credit: Money) -> Money | None:
    """What the customer keeps: all when upheld, what is promised when partly upheld, nothing when not upheld."""
    if proposal.position is Position.NOT_UPHELD:
        return None
    if proposal.position is Position.UPHELD:
        return credit
    promised = total([remedy.money for remedy in proposal.remedies if remedy.money]).get(credit.currency, ZERO)
    return Money(amount=min(promised, credit.amount), currency=credit.currency) if promised else None


def cover(proposal: Proposal, kept: Money) -> None:
    """Set what the customer keeps against the remedies of money, refunds first: only the rest is paid."""
    rest: Money | None = kept
    for remedy in sorted(proposal.remedies, key=lambda remedy: remedy.kind is not RemedyKind.REFUND):
        if rest and remedy.money and remedy.money.currency == rest.currency:
            remedy.covered = Money(amount=min(rest.amount, remedy.money.amount), currency=rest.currency)
            rest = less(rest, remedy.covered)


def beyond_remedies(file: CaseFile, credit: Credit) -> Money | None:
    """What the customer keeps of a credit beside the remedies that it covers."""
    decided = [proposal for proposal in all_proposals(file) if proposal.id == credit.proposal]
    covered = total([remedy.covered for proposal in decided for remedy in proposal.remedies if remedy.covered])
    return _without(credit.kept, covered.get(credit.money.currency, ZERO)) if credit.kept else None
