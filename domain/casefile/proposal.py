"""Proposed resolutions with their remedies, as they stand in the case file."""

from __future__ import annotations

from enum import StrEnum

from domain.decisions import Answer, Position, ProposeResolution, RemedyKind
from domain.effects import LedgerEntry
from domain.model import Identifier, Instant, Money, Record, Staff


class ProposalStatus(StrEnum):
    """Where a proposal is."""

    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"
    RETURNED = "returned"
    APPROVED = "approved"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DETERMINED = "determined"
    DECLINED = "declined"
    COUNTERED = "countered"
    EXPIRED = "expired"
    STATED = "stated"
    VOID = "void"


LIVE = {ProposalStatus.AWAITING_APPROVAL, ProposalStatus.APPROVED, ProposalStatus.OFFERED, ProposalStatus.ACCEPTED,
        ProposalStatus.DETERMINED}  # fmt: skip


NOT_ACCEPTED = {ProposalStatus.DECLINED, ProposalStatus.COUNTERED, ProposalStatus.EXPIRED}


class Remedy(Record):
    """One remedy, from proposal to proof that it was carried out."""

    id: Identifier
    """Its id, such as 1-2."""
    kind: RemedyKind
    """What it is."""
    description: str
    """What is done, as the customer reads it."""
    money: Money | None = None
    """How much, for remedies of money."""
    department: str | None = None
    """Who carries it out."""
    started_at: Instant | None = None
    """When it was begun."""
    done_at: Instant | None = None
    """When it was carried out."""
    dropped: bool = False
    """Whether it was given up because the customer did not agree."""
    entry: LedgerEntry | None = None
    """The ledger's booking."""
    attempt: int = 1
    """Counts payments that had to be reversed and made again."""
    covered: Money | None = None
    """How much of it the customer has already, by a provisional credit that becomes final."""

    @property
    def payable(self) -> Money | None:
        """What is paid for it: its money without what a provisional credit covers."""
        if self.money is None or self.covered == self.money:
            return None
        paid = self.covered.amount if self.covered else 0
        return Money(amount=self.money.amount - paid, currency=self.money.currency)

    @property
    def owed(self) -> bool:
        """Whether it was started and is not done yet."""
        return self.started_at is not None and self.done_at is None and not self.dropped


class Approval(Record):
    """One approver's verdict."""

    at: Instant
    """When."""
    by: Staff
    """Who decided."""
    decision: str
    """approve, reject or return."""
    reason: str
    """Why."""
    cap: Money | None = None
    """With return: the most that may be proposed again."""


class Proposal(Record):
    """A proposed resolution: approved, offered, answered."""

    id: Identifier
    """Its id, such as proposal-1."""
    at: Instant
    """When it was proposed."""
    content: ProposeResolution
    """The proposal as it was sent."""
    remedies: list[Remedy]
    """Its remedies, with what became of them."""
    status: ProposalStatus
    """Where it is."""
    approvals: list[Approval] = []
    """Every verdict on it."""
    authority_level: int = 0
    """How often an approver was too slow, so that the next authority was asked."""
    answer: Answer | None = None
    """What the customer said."""
    answered_at: Instant | None = None
    """When."""
    answer_wording: str | None = None
    """In which words."""

    @property
    def by(self) -> Staff:
        """Who proposed it."""
        return self.content.by

    @property
    def position(self) -> Position:
        """Upheld, partly, not upheld."""
        return self.content.position

    @property
    def agreed(self) -> bool:
        """Whether all of its remedies are carried out: with consent, or by law without it."""
        return self.status in (ProposalStatus.ACCEPTED, ProposalStatus.DETERMINED)

    @property
    def settled(self) -> bool:
        """Whether it needs no further answer: accepted, decided by law without asking, or the bank's last word."""
        last_word = self.status is ProposalStatus.STATED or (
            self.content.final_position and self.status in NOT_ACCEPTED
        )
        return self.agreed or last_word
