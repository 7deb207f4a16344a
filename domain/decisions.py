"""Decisions: the updates that people send. Each is answered at once, with a receipt or with the reason of refusal."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from domain.model import (
    Channel,
    Evidence,
    Identifier,
    Instant,
    InvestigationId,
    LongText,
    Model,
    Money,
    Nature,
    Responsibility,
    ShortText,
    Staff,
)


class Decision(Model):
    """What all decisions carry."""

    NAME: ClassVar[str]

    by: Staff
    """Who decides."""
    message_id: Identifier | None = None
    """Chosen by the sender; the same id again returns the first receipt. The update id is used when empty."""


class VerifyIdentity(Decision):
    """The complainant (or their representative) is who they say they are, or could not prove it."""

    NAME = "verify_identity"

    verified: bool
    """False records a failed attempt; the complaint keeps waiting."""
    method: ShortText
    """How: app login, call-back to the number on file, identity card seen. Never the number itself."""
    authorisation: Evidence | None = None
    """The representative's signed authorisation or proof of inheritance; needed when somebody represents."""


class Assess(Decision):
    """Nature, responsibility, tier and the points that the answer must cover."""

    NAME = "assess"

    nature: Nature
    """What the complaint is about."""
    responsibility: Responsibility = Responsibility.UNDETERMINED
    """Who is answerable, as it looks now."""
    summary: ShortText
    """The complaint in the bank's words, as the customer confirmed it."""
    points: list[ShortText] = Field(min_length=1, max_length=20)
    """Every point that the final response must answer."""
    tier: int | None = Field(default=None, ge=1)
    """A higher tier, when the matter needs one. Tiers never fall."""
    vulnerable: bool = False
    """Whether the customer needs special care."""
    expert_needed: ShortText | None = None
    """The field of the expert who should explain, such as wealth products."""
    complained_of: list[Identifier] = Field(default=[], max_length=20)
    """Staff ids that turned out to be complained of; they are recused from now on."""
    investigation_needed: bool = True
    """False when the facts are clear without asking another department."""
    first_contact: bool = False
    """Solved on the spot: the short path through the same gates."""
    cooling_off_until: Instant | None = None
    """A pause agreed with the customer. Moves the promise, never the law."""


class RequestInvestigation(Decision):
    """Ask a department for the facts."""

    NAME = "request_investigation"

    department: Identifier
    """A department of the rule pack, such as technology."""
    question: LongText
    """What it should find out."""
    investigation: InvestigationId | None = None
    """Id for it; ``<department>-<number>`` when empty."""


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
    the remedies that need it."""


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


class ExtendDeadline(Decision):
    """More time, by the ladder of the rule pack: reason, approver, and notice delivered before the old deadline."""

    NAME = "extend_deadline"

    clock: Identifier
    """Id of the clock, as shown by the query ``deadlines``."""
    reason_code: Identifier
    """A reason that the ladder knows, such as complex; department for a department's own time."""
    reason: ShortText
    """Why, as the complainant will read it."""
    until: Instant | None = None
    """For a department's own time: the new due time. Rungs of a ladder have their length from the rule pack."""


class Escalate(Decision):
    """Lift the complaint to a higher tier."""

    NAME = "escalate"

    to_tier: int = Field(ge=2)
    """Which tier."""
    reason: ShortText
    """Why."""


class TakeOwnership(Decision):
    """From now on this person answers for the complaint."""

    NAME = "take_ownership"

    assigned_by: Staff | None = None
    """The supervisor who hands it over, when the new owner is not of a higher level than the present one."""


class RecordCallback(Decision):
    """One attempt of the mandatory satisfaction call-back."""

    NAME = "record_callback"

    reached: bool
    """Whether the customer was spoken to."""
    at: Instant | None = None
    """When; now if empty, and never in the future. Decides the day-part."""
    solved: bool | None = None
    """Reached: is it solved? A withdrawn complaint: does the customer stand by it?"""
    satisfied: bool | None = None
    """Reached: are you satisfied?"""
    said: ShortText | None = None
    """Reached: what the customer said."""

    @model_validator(mode="after")
    def _answers_go_with_reached(self) -> Self:
        answered = [self.solved is not None, self.satisfied is not None, self.said is not None]
        if answered != [self.reached] * 3:
            raise ValueError("solved, satisfied and said are all given when the customer was reached, else none")
        return self


class ConfirmUnreachable(Decision):
    """A supervisor confirms that enough attempts were made."""

    NAME = "confirm_unreachable"

    reason: ShortText
    """What was tried besides calling."""


class Withdraw(Decision):
    """The customer withdraws the complaint. It stops the clocks and is still called back."""

    NAME = "withdraw"

    channel: Channel
    """How the customer said so."""
    reason: ShortText
    """What they said."""


class Settlement(StrEnum):
    """How a person settles a task."""

    DONE = "done"
    RETRY = "retry"
    NOT_NEEDED = "not_needed"


class ResolveTask(Decision):
    """A person settles what automation could not, or reports a remedy as carried out."""

    NAME = "resolve_task"

    task: Identifier
    """Id of the task, as shown by the query ``open_tasks``."""
    settlement: Settlement
    """Done (by hand, with proof in the note), retry (the machine tries again), or not needed."""
    note: ShortText
    """What was done, or why it is not needed."""
    evidence: Evidence | None = None
    """Proof, where there is any."""
    complaint: dict[str, object] | None = None
    """For the task ``intake`` only: the complaint, corrected."""


class AddNote(Decision):
    """A remark for the file."""

    NAME = "add_note"

    text: LongText
    """The remark."""


DECISIONS: dict[str, type[Decision]] = {
    decision.NAME: decision
    for decision in (
        VerifyIdentity,
        Assess,
        RequestInvestigation,
        ProposeResolution,
        DecideCompensation,
        RecordCustomerAnswer,
        ExtendDeadline,
        Escalate,
        TakeOwnership,
        RecordCallback,
        ConfirmUnreachable,
        Withdraw,
        ResolveTask,
        AddNote,
    )
}
"""Every update of the public interface by its name."""


class Receipt(Model):
    """What the sender of an accepted decision gets back."""

    reference: Identifier
    """The complaint."""
    message: Identifier
    """Which message this answers."""
    at: Instant
    """When it was entered in the file."""
    repeated: bool = False
    """True when the same message had been accepted before; nothing was done twice."""
    stage: str
    """Stage of the complaint after it."""
    tier: int
    """Tier of the complaint after it."""
    note: str
    """What it brought about, in a sentence."""
