"""The case file: everything that is known of one complaint, as carried through its whole life."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.calendar import CountFrom, Span
from domain.complaint import Complaint, RegulatorReferral
from domain.decisions import Answer, Assess, Position, ProposeResolution, Receipt, RemedyKind
from domain.effects import CustomerRecord, LedgerEntry, LetterKind
from domain.model import Channel, Evidence, Identifier, Instant, Money, Outcome, Record, Staff
from domain.rulepack import PinnedRules


class ClockMove(Record):
    """A recorded change of a clock's due time."""

    at: Instant
    from_due: Instant
    to_due: Instant
    reason: str
    by: Staff | None = None


class Clock(Record):
    """One clock. A breach is written once, at the instant, and stays."""

    id: str
    kind: str
    subject: str
    """What it measures, in words."""
    started_at: Instant
    due_at: Instant
    span: Span | None
    """Its length by the rule; empty when the due time was set by a person or an authority."""
    count_from: CountFrom = CountFrom.NEXT_DAY
    provisional: bool = False
    rung: int = 0
    warn_at: list[Instant] = []
    warned_at: list[Instant] = []
    met_at: Instant | None = None
    stopped_at: Instant | None = None
    breached_at: Instant | None = None
    breach_written_at: Instant | None = None
    moves: list[ClockMove] = []

    @property
    def running(self) -> bool:
        """Whether what it measures is still to be done."""
        return self.met_at is None and self.stopped_at is None

    @property
    def ticking(self) -> bool:
        """Whether it can still run out."""
        return self.running and self.breached_at is None

    @property
    def state(self) -> str:
        """running, met, breached, met late, stopped."""
        if self.breached_at:
            return "met late" if self.met_at else "breached"
        return "met" if self.met_at else "stopped" if self.stopped_at else "running"


class Extension(Record):
    """An approved extension that takes effect when its notice is delivered before the old deadline."""

    clock: str
    to_due: Instant
    provisional: bool
    span: Span
    rung: int
    reason: str
    by: Staff
    errand: str


class TierChange(Record):
    """A step up the ladder."""

    at: Instant
    to_tier: int
    reason: str
    by: Staff | None = None


class Ownership(Record):
    """Who answers for the complaint, from when on."""

    owner: Staff
    since: Instant
    tier: int
    """Tier of the complaint when it was taken over."""
    assigned_by: Staff | None = None


class InvestigationState(StrEnum):
    """Where an investigation is."""

    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    DECLINED = "declined"
    SETTLED = "settled"
    RECALLED = "recalled"


class Finding(Record):
    """One answer of a department, in part or final."""

    at: Instant
    by: Staff
    final: bool
    text: str
    responsibility: str
    root_cause: str | None = None


class Investigation(Record):
    """A question to a department."""

    id: Identifier
    department: Identifier
    question: str
    cycle: int
    requested_at: Instant
    requested_by: Staff
    state: InvestigationState = InvestigationState.DISPATCHED
    accepted_by: Staff | None = None
    remind_at: Instant | None = None
    climb_at: Instant | None = None
    findings: list[Finding] = []
    ended_at: Instant | None = None

    @property
    def open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.ended_at is None


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


class CallAttempt(Record):
    """One call to the customer."""

    at: Instant
    by: Staff
    day_part: str
    reached: bool
    solved: bool | None = None
    satisfied: bool | None = None
    said: str | None = None


class Cycle(Record):
    """One passage from assessment to call-back. A dissatisfied customer starts the next, one tier up."""

    number: int
    started_at: Instant
    assessment: Assess | None = None
    proposals: list[Proposal] = []
    answered_at: Instant | None = None
    """When the final response was delivered."""
    calls: list[CallAttempt] = []
    unreachable_confirmed_by: Staff | None = None
    callback_at: Instant | None = None
    """When the call-back had its outcome."""

    @property
    def proposal(self) -> Proposal | None:
        """The latest proposal."""
        return self.proposals[-1] if self.proposals else None


class ErrandKind(StrEnum):
    """What the workflow has done by the bank's systems."""

    LOOKUP = "lookup"
    LETTER = "letter"
    INVESTIGATION = "investigation"
    REMEDY = "remedy"
    NOTICE = "notice"
    PAYOUT = "payout"
    REVERSAL = "reversal"
    ARCHIVE = "archive"


class Errand(Record):
    """One effect outside: ordered once, retried until done, or given to a person when impossible."""

    id: str
    kind: ErrandKind
    ordered_at: Instant
    subject: str = ""
    """Id of the investigation, remedy or proposal it is about."""
    letter: LetterKind | None = None
    channels: list[Channel] = []
    """Channels still to be tried, best first."""
    to: str = ""
    notice: str = ""
    text: str = ""
    due: Instant | None = None
    done_at: Instant | None = None
    proof: str | None = None
    """The other system's own id of what it did."""
    impossible: str | None = None
    """Why no machine can do it; a person has a task for it."""
    trouble_told: bool = False
    attempt: int = 1
    """Counts how often a person had it tried again; a letter is then a new letter."""

    @property
    def pending(self) -> bool:
        """Whether the machine still has to do it."""
        return self.done_at is None and self.impossible is None


class PersonTask(Record):
    """Something that only a person can settle."""

    id: Identifier
    what: str
    role: str
    """Role or department whose turn it is."""
    opened_at: Instant
    errand: str | None = None
    investigation: str | None = None
    settled_at: Instant | None = None
    settlement: str | None = None


class Contact(Record):
    """The customer contacted the bank again."""

    at: Instant
    kind: str
    channel: Channel
    summary: str
    people: int


class Withdrawal(Record):
    """The customer withdrew."""

    at: Instant
    reason: str
    by: Staff | None = None
    revived_at: Instant | None = None


class Quarantined(Record):
    """A message that could not be read or used. Its content stays in the Temporal history."""

    at: Instant
    name: str
    reason: str


class Entry(Record):
    """One line of the journal."""

    number: int
    at: Instant
    what: str
    note: str
    by: Staff | None = None
    message: dict[str, Any] | None = None


class CaseFile(Record):
    """Everything about one complaint. Carried whole through continue-as-new."""

    complaint: Complaint
    opened_at: Instant
    rules: PinnedRules | None = None
    customer: CustomerRecord | None = None
    acknowledged_at: Instant | None = None
    identity_verified_at: Instant | None = None
    failed_identity_checks: int = 0
    tier: int = 1
    tier_changes: list[TierChange] = []
    owners: list[Ownership] = []
    recused: list[Identifier] = []
    cycles: list[Cycle] = []
    clocks: list[Clock] = []
    extensions: list[Extension] = []
    investigations: list[Investigation] = []
    early_facts: list[dict[str, Any]] = []
    """Facts about investigations that were not requested yet."""
    contacts: list[Contact] = []
    contact_count: int = 0
    regulators: list[RegulatorReferral] = []
    people: int = 1
    media: bool = False
    vulnerable: bool = False
    evidence: list[Evidence] = []
    progress_at: Instant | None = None
    progress_letters: int = 0
    last_progress_at: Instant | None = None
    errands: list[Errand] = []
    tasks: list[PersonTask] = []
    withdrawals: list[Withdrawal] = []
    quarantine: list[Quarantined] = []
    quarantined: int = 0
    journal: list[Entry] = []
    journal_length: int = 0
    handled: dict[str, str] = Field(default={}, description="Digest of every accepted message by its id")
    receipts: dict[str, Receipt] = Field(default={}, description="Receipts of accepted decisions by message id")
    archived_entries: int = 0
    """Length of the journal when the complaint was archived."""
    outcome: Outcome | None = None
    closed_at: Instant | None = None

    @property
    def cycle(self) -> Cycle:
        """The present cycle."""
        return self.cycles[-1]

    @property
    def owner(self) -> Staff | None:
        """Who answers for the complaint now."""
        return self.owners[-1].owner if self.owners else None

    @property
    def withdrawn(self) -> bool:
        """Whether a withdrawal stands."""
        return bool(self.withdrawals) and self.withdrawals[-1].revived_at is None

    def pinned(self) -> PinnedRules:
        """The rules; only called once they are resolved."""
        if self.rules is None:
            raise RuntimeError("the rule pack is not resolved yet")
        return self.rules

    def write(
        self, at: datetime, what: str, note: str, by: Staff | None = None, message: dict[str, Any] | None = None
    ) -> None:
        """Add a line to the journal."""
        self.journal.append(Entry(number=self.journal_length, at=at, what=what, note=note, by=by, message=message))
        self.journal_length += 1
