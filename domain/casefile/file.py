"""The case file: everything about one complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, computed_field

from domain.casefile.clock import Clock, Extension
from domain.casefile.credit import Credit
from domain.casefile.errand import Errand, PersonTask
from domain.casefile.handled import Handled
from domain.casefile.investigation import Investigation
from domain.casefile.proposal import Proposal
from domain.complaint import Complaint, RegulatorReferral
from domain.decisions import Assess, Receipt
from domain.effects import CustomerRecord
from domain.model import Channel, Evidence, Identifier, Instant, Outcome, Record, Staff
from domain.pinned import PinnedRules


class TierChange(Record):
    """A step up the ladder."""

    at: Instant
    """When."""
    to_tier: int
    """To which tier."""
    reason: str
    """Why: decision, amount, regulator, breach and the like."""
    by: Staff | None = None
    """Who decided; empty when a rule did."""


class Ownership(Record):
    """Who answers for the complaint, from when on."""

    owner: Staff
    """Who."""
    since: Instant
    """From when on."""
    tier: int
    """Tier of the complaint when it was taken over."""
    assigned_by: Staff | None = None
    """The supervisor who handed it over, if one did."""


class CallAttempt(Record):
    """One call to the customer."""

    at: Instant
    """When."""
    by: Staff
    """Who called."""
    day_part: str
    """In which part of the day."""
    reached: bool
    """Whether the customer was spoken to."""
    solved: bool | None = None
    """Whether it is solved, as the customer says."""
    satisfied: bool | None = None
    """Whether the customer is satisfied."""
    said: str | None = None
    """What the customer said."""


class Cycle(Record):
    """One passage from assessment to call-back. A dissatisfied customer starts the next, one tier up."""

    number: int
    """Counted from 1."""
    started_at: Instant
    """When it began."""
    assessment: Assess | None = None
    """The assessment that stands."""
    proposals: list[Proposal] = []
    """Every proposal, the latest last."""
    answered_at: Instant | None = None
    """When the final response was delivered."""
    calls: list[CallAttempt] = []
    """Every call."""
    unreachable_confirmed_by: Staff | None = None
    """The supervisor who confirmed that the customer cannot be reached."""
    callback_at: Instant | None = None
    """When the call-back had its outcome."""

    @property
    def proposal(self) -> Proposal | None:
        """The latest proposal."""
        return self.proposals[-1] if self.proposals else None


class Contact(Record):
    """The customer contacted the bank again."""

    at: Instant
    """When."""
    kind: str
    """chase, correction, new_information, other."""
    channel: Channel
    """How."""
    summary: str
    """What they said."""
    people: int
    """How many came."""


class Withdrawal(Record):
    """The customer withdrew."""

    at: Instant
    """When it was received."""
    reason: str
    """What the customer said, or why the workflow was cancelled."""
    by: Staff | None = None
    """Who recorded it; empty for a cancel request."""
    revived_at: Instant | None = None
    """When the customer turned out not to stand by it."""


class Quarantined(Record):
    """A message that could not be read or used. Its content stays in the Temporal history."""

    at: Instant
    """When it came."""
    name: str
    """Its name, as the sender gave it."""
    reason: str
    """Why it could not be read or used."""


class Entry(Record):
    """One line of the journal."""

    number: int
    """Counted from 0 over the whole life."""
    at: Instant
    """When."""
    what: str
    """What happened: the name of a message, or of what the machine did."""
    note: str
    """What it brought, without personal data."""
    by: Staff | None = None
    """Who did it, if a person did."""
    message: dict[str, Any] | None = None
    """The message as it was accepted, without its sender."""


STATE_VERSION = 1
"""Of the shape of the case file. A change that a default cannot express raises it: see docs/upgrades.md."""


class CaseFile(Record):
    """Everything about one complaint. Carried whole through continue-as-new."""

    state_version: int = Field(default=STATE_VERSION, le=STATE_VERSION)
    """Version of its shape. A worker refuses a newer one: it would carry on less than was handed to it."""
    complaint: Complaint
    """The complaint as received."""
    opened_at: Instant
    """When its workflow began."""
    rules: PinnedRules | None = None
    """The pinned rule pack and calendar."""
    calendars_read_at: Instant | None = None
    """When years that were not published were last asked for; empty for never since the complaint was opened."""
    customer: CustomerRecord | None = None
    """What the customer directory knows."""
    acknowledged_at: Instant | None = None
    """When the acknowledgement was delivered."""
    identity_verified_at: Instant | None = None
    """When the identity was verified."""
    failed_identity_checks: int = 0
    """How often it could not be."""
    identity_failed_at: Instant | None = None
    """When it first could not be: from then on the customer is waited for."""
    tier: int = 1
    """The present tier; it never falls."""
    tier_changes: list[TierChange] = []
    """Every step up the ladder."""
    owners: list[Ownership] = []
    """Everybody who answered for it, the present one last."""
    recused: list[Identifier] = []
    """Staff ids complained of."""
    cycles: list[Cycle] = []
    """Every cycle, the present one last."""
    clocks: list[Clock] = []
    """Every clock that was ever started."""
    extensions: list[Extension] = []
    """Extensions that wait for their notice or their provisional credit."""
    credits: list[Credit] = []
    """Every provisional credit."""
    investigations: list[Investigation] = []
    """Every question to a department."""
    early_facts: list[dict[str, Any]] = []
    """Facts about investigations that were not requested yet."""
    contacts: list[Contact] = []
    """The latest contacts of the customer."""
    contact_count: int = 0
    """How often the customer contacted the bank again."""
    regulators: list[RegulatorReferral] = []
    """Regulators that are involved."""
    people: int = 1
    """The largest number of people who came together."""
    media: bool = False
    """Whether press or social media are involved."""
    vulnerable: bool = False
    """Whether the customer needs special care."""
    evidence: list[Evidence] = []
    """References to documents and recordings."""
    progress_at: Instant | None = None
    """When the next progress letter goes out."""
    progress_letters: int = 0
    """How many went out."""
    last_progress_at: Instant | None = None
    """When the last one was ordered."""
    errands: list[Errand] = []
    """Every effect outside."""
    tasks: list[PersonTask] = []
    """Every task for a person, open or settled."""
    withdrawals: list[Withdrawal] = []
    """Every withdrawal, the latest last."""
    quarantine: list[Quarantined] = []
    """The latest messages that could not be read."""
    quarantined: int = 0
    """How many there were in all."""
    journal: list[Entry] = []
    """The journal; older entries of a long one are in the archive."""
    journal_length: int = 0
    """Length of the whole journal."""
    handled: Handled = Field(default_factory=Handled)
    """Which messages were accepted."""
    receipts: dict[str, Receipt] = {}
    """Receipts of the latest decisions by message id."""
    weight: int = 0
    """Bytes of what messages have left in the file, nearly; weighed anew with every run."""
    archived_entries: int = 0
    """Length of the journal when the complaint was archived."""
    outcome: Outcome | None = None
    """How it ended, once a call-back has said so."""
    closed_at: Instant | None = None
    """When it was closed."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def zone(self) -> str | None:
        """Time zone in which its days are counted; empty until the rules are known."""
        return self.rules.calendar.zone if self.rules else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rule_packs(self) -> list[str]:
        """Name and version of its rule packs, the leading one first; empty until they are known."""
        return self.rules.packs if self.rules else []

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


HIDDEN = {"state_version", "rules", "handled", "receipts", "weight"}
"""Fields that only the workflow needs: the query ``case_file`` leaves them out."""
