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
    DECLINED = "declined"
    COUNTERED = "countered"
    EXPIRED = "expired"
    VOID = "void"


LIVE = {ProposalStatus.AWAITING_APPROVAL, ProposalStatus.APPROVED, ProposalStatus.OFFERED, ProposalStatus.ACCEPTED}


NOT_ACCEPTED = {ProposalStatus.DECLINED, ProposalStatus.COUNTERED, ProposalStatus.EXPIRED}


class Remedy(Record):
    """One remedy, from proposal to proof that it was carried out."""

    id: Identifier
    kind: RemedyKind
    description: str
    money: Money | None = None
    department: str | None = None
    started_at: Instant | None = None
    done_at: Instant | None = None
    dropped: bool = False
    entry: LedgerEntry | None = None
    attempt: int = 1
    """Counts payments that had to be reversed and made again."""

    @property
    def owed(self) -> bool:
        """Whether it was started and is not done yet."""
        return self.started_at is not None and self.done_at is None and not self.dropped


class Approval(Record):
    """One approver's verdict."""

    at: Instant
    by: Staff
    decision: str
    reason: str
    cap: Money | None = None


class Proposal(Record):
    """A proposed resolution: approved, offered, answered."""

    id: Identifier
    at: Instant
    content: ProposeResolution
    remedies: list[Remedy]
    status: ProposalStatus
    approvals: list[Approval] = []
    authority_level: int = 0
    """How often an approver was too slow, so that the next authority was asked."""
    answer: Answer | None = None
    answered_at: Instant | None = None
    answer_wording: str | None = None

    @property
    def by(self) -> Staff:
        """Who proposed it."""
        return self.content.by

    @property
    def position(self) -> Position:
        """Upheld, partly, not upheld."""
        return self.content.position

    @property
    def settled(self) -> bool:
        """Whether it needs no further answer: accepted, or the bank's last word."""
        last_word = self.content.final_position and self.status in NOT_ACCEPTED
        return self.status is ProposalStatus.ACCEPTED or last_word
