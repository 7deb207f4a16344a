"""Compensation approval: limits per role and currency, four eyes, cumulative per complaint; decided before anything is
promised to the customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from domain import clocks, errands
from domain.casefile import Approval, CaseFile, Proposal, ProposalStatus
from domain.clockrules import ClockKind
from domain.credit_amounts import beyond_remedies
from domain.decisions import DecideCompensation, Verdict
from domain.model import Money, Staff, total
from domain.refusals import Refusal, refuse
from domain.rulepack import Limit
from domain.staff import has_handled, listed, takes_part


def asked_for(proposal: Proposal) -> dict[str, Decimal]:
    """Money in a proposal, per currency."""
    return total([remedy.money for remedy in proposal.remedies if remedy.money])


def committed(file: CaseFile, besides: Proposal | None = None) -> dict[str, Decimal]:
    """Money already promised for good in this complaint, or left to the customer of a credit, per currency."""
    promised = [
        remedy.money
        for proposal in errands.all_proposals(file)
        if proposal is not besides and proposal.agreed
        for remedy in proposal.remedies
        if remedy.money and not remedy.dropped
    ]
    return total(promised + (_left(file) if file.pinned().procedure >= 2 else []))


def _left(file: CaseFile) -> list[Money]:
    """What credits left to the customer beside every remedy."""
    kept = (beyond_remedies(file, credit) for credit in file.credits if credit.settled)
    return [money for money in kept if money]


def cumulative(file: CaseFile, proposal: Proposal) -> dict[str, Decimal]:
    """What the complaint would cost in all, in the currencies of the proposal: splitting does not help."""
    before = committed(file, proposal)
    return {currency: amount + before.get(currency, Decimal(0)) for currency, amount in asked_for(proposal).items()}


def limits_for(file: CaseFile, currency: str) -> list[Limit]:
    """Authority in a currency, lowest first."""
    return [limit for limit in file.pinned().pack.authority.limits if limit.currency == currency]


def _covers(limit: Limit, amount: Decimal) -> bool:
    return limit.up_to is None or amount <= limit.up_to


def may_approve(file: CaseFile, role: str, proposal: Proposal) -> bool:
    """Whether a role's authority covers the whole sum in every currency."""
    return _reaches(file, role, cumulative(file, proposal))


def _reaches(file: CaseFile, role: str, sums: dict[str, Decimal]) -> bool:
    return all(
        any(limit.role == role and _covers(limit, amount) for limit in limits_for(file, currency))
        for currency, amount in sums.items()
    )


def approver_roles(file: CaseFile, proposal: Proposal) -> list[str]:
    """The roles that may approve, lowest authority first."""
    return _roles(file, cumulative(file, proposal))


def _roles(file: CaseFile, sums: dict[str, Decimal]) -> list[str]:
    roles = dict.fromkeys(limit.role for limit in file.pinned().pack.authority.limits)
    return [role for role in roles if _reaches(file, role, sums)]


def next_approver_role(file: CaseFile, proposal: Proposal) -> str:
    """Whose turn it is: the lowest sufficient authority, and the next one up for every approver who was too slow."""
    roles = approver_roles(file, proposal)
    return roles[min(proposal.authority_level, len(roles) - 1)]


def needs_second(file: CaseFile, proposal: Proposal) -> Money | None:
    """The four-eyes threshold that the sum exceeds, if any."""
    sums = cumulative(file, proposal)
    thresholds = file.pinned().pack.authority.four_eyes_above
    return next((money for money in thresholds if sums.get(money.currency, Decimal(0)) > money.amount), None)


def ask_for_approval(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """Start the approver's time and tell them."""
    clock = clocks.start(
        file, f"{ClockKind.APPROVAL}-{proposal.id}-{proposal.authority_level + 1}", ClockKind.APPROVAL,
        f"approval of {proposal.id}", now, now,
    )  # fmt: skip
    role = next_approver_role(file, proposal)
    errands.notice(file, f"notice-{clock.id}", role, "approval", f"{proposal.id} awaits approval", now, clock.due_at)


def too_slow(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """The approver let the time run out: the next authority is asked too."""
    proposal.authority_level += 1
    file.write(now, "next_authority", f"{proposal.id}: {next_approver_role(file, proposal)} is asked")
    ask_for_approval(file, proposal, now)


def check_decide(file: CaseFile, message: DecideCompensation, now: datetime) -> Iterator[Refusal]:
    """Somebody with the authority, who neither proposed nor handled nor is complained of."""
    yield from takes_part(file, message.by)
    proposal = file.cycle.proposal
    if proposal is None or proposal.id != message.proposal:
        current = proposal.id if proposal else "none"
        yield refuse("no_such_proposal", proposal=message.proposal, current=current)
        return
    if proposal.status is not ProposalStatus.AWAITING_APPROVAL:
        yield refuse("nothing_to_approve", proposal=proposal.id, status=proposal.status)
    if message.by.id == proposal.by.id:
        yield refuse("own_proposal", person=message.by.id)
    if has_handled(file, message.by):
        yield refuse("handler_approves", person=message.by.id)
    yield from _check_authority(file, cumulative(file, proposal), message.by)
    threshold = needs_second(file, proposal)
    if any(approval.by.id == message.by.id for approval in proposal.approvals):
        yield refuse("approved_by_you_already", person=message.by.id, threshold=threshold)
    if message.cap:
        yield from _check_cap(proposal, message.cap)


def _check_authority(file: CaseFile, cost: dict[str, Decimal], by: Staff) -> Iterator[Refusal]:
    if _reaches(file, by.role, cost):
        return
    who = listed(_roles(file, cost))
    limits = [limit for limit in file.pinned().pack.authority.limits if limit.role == by.role]
    if not limits:
        yield refuse("no_authority", role=by.role, who=who)
    sums = ", ".join(f"{amount:,f} {currency}" for currency, amount in cost.items())
    shown = listed([f"{limit.up_to:,f} {limit.currency}" if limit.up_to else limit.currency for limit in limits])
    yield refuse("not_enough_authority", role=by.role, limit=shown, sum=sums, who=who)


def check_grant(file: CaseFile, money: Money, by: Staff) -> Iterator[Refusal]:
    """Money that one person grants: within their authority over the whole complaint, and not by who handles it."""
    if not limits_for(file, money.currency):
        yield refuse("currency_without_authority", currency=money.currency)
    if has_handled(file, by):
        yield refuse("handler_approves", person=by.id)
    yield from _check_authority(file, _with(file, money), by)


def roles_over(file: CaseFile, money: Money) -> list[str]:
    """The roles that may grant a sum, lowest authority first."""
    return _roles(file, _with(file, money))


def _with(file: CaseFile, money: Money) -> dict[str, Decimal]:
    return {money.currency: money.amount + committed(file).get(money.currency, Decimal(0))}


def _check_cap(proposal: Proposal, cap: Money) -> Iterator[Refusal]:
    amount = asked_for(proposal).get(cap.currency)
    if amount is None or cap.amount >= amount:
        currency, asked = next(iter(asked_for(proposal).items()))
        yield refuse("cap_not_lower", currency=currency, sum=f"{asked:,f} {currency}")


def decide(file: CaseFile, message: DecideCompensation, now: datetime) -> str:
    """Enter the verdict."""
    proposal = file.cycle.proposal
    assert proposal is not None
    proposal.approvals.append(
        Approval(at=now, by=message.by, decision=message.decision, reason=message.reason, cap=message.cap)
    )
    match message.decision:
        case Verdict.APPROVE:
            return _approve(file, proposal, now)
        case Verdict.REJECT:
            proposal.status = ProposalStatus.REJECTED
        case Verdict.RETURN:
            proposal.status = ProposalStatus.RETURNED
    _stop_approval_time(file, proposal, now)
    return f"{proposal.id} is {proposal.status}; the owner proposes again."


def _approve(file: CaseFile, proposal: Proposal, now: datetime) -> str:
    approvers = {approval.by.id for approval in proposal.approvals if approval.decision == Verdict.APPROVE}
    if needs_second(file, proposal) and len(approvers) < 2:
        return f"Approved by the first of two; {listed(approver_roles(file, proposal))} must approve it too."
    proposal.status = ProposalStatus.APPROVED
    _stop_approval_time(file, proposal, now)
    return f"{proposal.id} is approved and goes to the customer."


def _stop_approval_time(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    started = (clock.id for clock in file.clocks if clock.id.startswith(f"{ClockKind.APPROVAL}-{proposal.id}-"))
    clocks.meet(file, now, *started)


def cap(file: CaseFile) -> dict[str, Decimal]:
    """The lowest cap per currency with which approvers returned proposals in this cycle."""
    caps: dict[str, Decimal] = {}
    for proposal in file.cycle.proposals:
        for approval in proposal.approvals:
            if approval.cap:
                known = caps.get(approval.cap.currency, approval.cap.amount)
                caps[approval.cap.currency] = min(known, approval.cap.amount)
    return caps
