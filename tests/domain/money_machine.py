"""What always holds for money, whatever people, departments, systems and time do."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine, invariant

from domain import closing
from domain.casefile import CaseFile, Credit, ErrandKind, ProposalStatus
from domain.compensation import cumulative, may_approve, needs_second
from domain.errands import all_proposals
from domain.model import Money
from tests.domain.cases import Case

BY_HAND = ("impossible-payout", "impossible-credit", "impossible-debit", "impossible-reversal", "pay-again-", "again-",
           "wrong-debit-")  # fmt: skip
"""Tasks about money that a person may settle where no ledger sees it."""


class MoneyMachine(RuleBasedStateMachine):
    """A complaint whose money is watched."""

    case: Case

    def __init__(self) -> None:
        super().__init__()
        self.settled: dict[str, Credit] = {}

    @property
    def file(self) -> CaseFile:
        """The case file."""
        return self.case.file

    @invariant()
    def paid_with_approval_and_consent_once_and_no_more(self) -> None:
        for errand in self.file.errands:
            if errand.kind is not ErrandKind.PAYOUT:
                continue
            proposal = next(p for p in all_proposals(self.file) for r in p.remedies if r.id == errand.subject)
            approvers = {approval.by.id for approval in proposal.approvals if approval.decision == "approve"}
            if self.file.pinned().needs_consent:
                assert proposal.status is ProposalStatus.ACCEPTED, "paid without the customer's consent"
                assert proposal.answer == "accept"
            assert len(approvers) >= (2 if needs_second(self.file, proposal) else 1), "paid without approval"
            assert proposal.by.id not in approvers
            assert any(may_approve(self.file, a.by.role, proposal) for a in proposal.approvals)

    @invariant()
    def nothing_is_ordered_twice(self) -> None:
        ids = [errand.id for errand in self.file.errands]
        assert len(ids) == len(set(ids))
        for proposal in all_proposals(self.file):
            for remedy in proposal.remedies:
                mine = [errand for errand in self.file.errands if errand.subject == remedy.id]
                payouts = [errand for errand in mine if errand.kind is ErrandKind.PAYOUT]
                reversed_ = [errand for errand in mine if errand.kind is ErrandKind.REVERSAL and errand.done_at]
                assert len(payouts) <= 1 + len(reversed_), "paid twice"

    @invariant()
    def the_ledger_holds_what_was_approved_and_no_more(self) -> None:
        booked: dict[str, list[Money]] = {}
        for order, entry in self.case.ledger.values():
            assert order.approved_by
            if order.money == entry.money:  # any other booking is being reversed
                booked.setdefault(order.remedy, []).append(entry.money)
        for proposal in all_proposals(self.file):
            for remedy, approved in zip(proposal.remedies, proposal.content.remedies, strict=True):
                assert remedy.money == approved.money
                paid, payable = booked.get(remedy.id, []), remedy.payable
                by_hand = [payable] if payable and remedy.done_at and remedy.entry is None else []
                assert [*paid, *by_hand] in ([], [payable]), "paid twice, or not what was approved"

    @invariant()
    def in_the_end_the_customer_has_what_was_decided(self) -> None:
        said = [entry.message for entry in self.file.journal if entry.what == "resolve_task" and entry.message]
        by_hand = any(one["settlement"] == "done" and one["task"].startswith(BY_HAND) for one in said)
        if self.file.closed_at and not by_hand:
            booked = {currency: amount for currency, amount in self.case.account.items() if amount}
            assert booked == closing.paid(self.file)

    @invariant()
    def a_credit_that_is_settled_stays_as_it_is(self) -> None:
        assert all(credit.settled or not self.file.closed_at for credit in self.file.credits)
        assert sum(not credit.settled for credit in self.file.credits) <= 1, "two credits stand at once"
        for credit in self.file.credits:
            assert not credit.settled or self.settled.setdefault(credit.id, credit.model_copy()) == credit
            debits = [errand for errand in self.file.errands if errand.id == f"debit-{credit.id}"]
            assert not debits or (credit.announced_at and credit.debit_on and credit.debit_on <= debits[0].ordered_at)

    @invariant()
    def all_promised_money_was_within_somebodys_authority(self) -> None:
        for proposal in all_proposals(self.file):
            if (proposal.status is ProposalStatus.OFFERED or proposal.agreed) and cumulative(self.file, proposal):
                assert proposal.approvals, "money was promised that nobody approved"
