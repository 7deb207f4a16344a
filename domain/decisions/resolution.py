"""Decisions about the resolution: proposal, compensation, the customer's answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.decisions.base import Decision
from domain.model import Channel, Identifier, LongText, Model, Money, Responsibility, ShortText


class RemedyKind(StrEnum):
    """What the bank does to put things right."""

    REFUND = "refund"
    COMPENSATION = "compensation"
    FEE_WAIVER = "fee_waiver"
    VOUCHER = "voucher"
    APOLOGY = "apology"
    CORRECTION = "correction"
    EXPERT_EXPLANATION = "expert_explanation"
    MARKETING_BLOCK = "marketing_block"
    RETRAINING = "retraining"
    PROCESS_FIX = "process_fix"


MONEY_KINDS = frozenset({RemedyKind.REFUND, RemedyKind.COMPENSATION, RemedyKind.FEE_WAIVER, RemedyKind.VOUCHER})


INTERNAL_KINDS = frozenset({RemedyKind.RETRAINING, RemedyKind.PROCESS_FIX})
"""Carried out whatever the customer answers: they mend the bank, not the customer's account."""


class ProposedRemedy(Model):
    """One remedy of a proposal: concrete and feasible."""

    kind: RemedyKind
    """What it is."""
    description: ShortText
    """What will be done, as the customer reads it."""
    money: Money | None = None
    """For refund, compensation, fee waiver and voucher; and only for those."""
    department: Identifier | None = None
    """Who carries it out; needed for corrections, explanations, blocks, retraining and process fixes."""

    @model_validator(mode="after")
    def _money_and_department_fit_the_kind(self) -> Self:
        if (self.money is not None) != (self.kind in MONEY_KINDS):
            raise ValueError(f"{self.kind} {'needs money' if self.kind in MONEY_KINDS else 'carries no money'}")
        if self.kind not in MONEY_KINDS | {RemedyKind.APOLOGY} and self.department is None:
            raise ValueError(f"{self.kind} needs the department that carries it out")
        return self


class Position(StrEnum):
    """Whether the bank finds the complaint justified."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class PointAnswer(Model):
    """The answer to one point of the assessment."""

    point: ShortText
    """The point, word for word as assessed."""
    answer: LongText
    """What the bank says to it."""


class ProposeResolution(Decision):
    """How the bank wants to settle the complaint, and the substance of its final response."""

    NAME = "propose_resolution"

    position: Position
    """Upheld, partly upheld, not upheld."""
    responsibility: Responsibility
    """Who is answerable, after investigation."""
    reasons: LongText
    """Why, with the facts found; goes into the final response."""
    answers: list[PointAnswer] = Field(min_length=1, max_length=20)
    """One for every point of the assessment."""
    remedies: list[ProposedRemedy] = Field(default=[], max_length=20)
    """What will be done; may be empty when a misunderstanding is explained."""
    root_cause: ShortText | None = None
    """The fault in the process, for the case library."""
    final_position: bool = False
    """The bank's last word, after an offer was not accepted: answered without the customer's consent, and without
    the remedies that need it. Where there are such remedies, it is offered once more before."""


class Verdict(StrEnum):
    """What an approver decides."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


class DecideCompensation(Decision):
    """Approve, reject or return the money in a proposal, before anything is promised to the customer."""

    NAME = "decide_compensation"

    proposal: Identifier
    """Id of the proposal, such as proposal-1."""
    decision: Verdict
    """Approve, reject, or return with a lower cap."""
    cap: Money | None = None
    """With return: the most that may be proposed again."""
    reason: ShortText
    """Why."""

    @model_validator(mode="after")
    def _cap_goes_with_return(self) -> Self:
        if (self.cap is not None) != (self.decision is Verdict.RETURN):
            raise ValueError("a cap goes with return, and return needs a cap")
        return self


class Answer(StrEnum):
    """What the customer says to an offer."""

    ACCEPT = "accept"
    REJECT = "reject"
    COUNTER = "counter"


class RecordCustomerAnswer(Decision):
    """The customer's answer to the offer: the recorded consent without which nothing is paid."""

    NAME = "record_customer_answer"

    proposal: Identifier
    """Id of the proposal."""
    answer: Answer
    """Accept, reject or counter."""
    channel: Channel
    """How the customer answered."""
    wording: ShortText
    """What they said; with a counter, what they want instead."""
