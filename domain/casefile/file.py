"""The case file: everything about one complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from domain.casefile.clock import Clock, Extension
from domain.casefile.errand import Errand, PersonTask
from domain.casefile.investigation import Investigation
from domain.casefile.proposal import Proposal
from domain.complaint import Complaint, RegulatorReferral
from domain.decisions import Assess, Receipt
from domain.effects import CustomerRecord
from domain.model import Channel, Evidence, Identifier, Instant, Outcome, Record, Staff
from domain.rulepack import PinnedRules


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


HIDDEN = {"rules", "handled", "receipts"}
"""Fields that only the workflow needs: the query ``case_file`` leaves them out."""
