"""Facts: the signals that departments and systems send. Never refused; every one is kept in the file."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from domain.model import (
    Channel,
    Crowd,
    Evidence,
    Identifier,
    Instant,
    InvestigationId,
    LongText,
    Model,
    Responsibility,
    ShortText,
    Staff,
)


class Fact(Model):
    """What all facts carry. The same ``message_id`` twice is the same fact."""

    NAME: ClassVar[str]

    message_id: Identifier
    """Chosen by the sender, unique within the complaint; sending it again changes nothing."""
    sent_at: Instant | None = None
    """When the sender wrote it; for the record only."""


class InvestigationAccepted(Fact):
    """A department takes an investigation on. Until then the handler stays responsible."""

    NAME = "investigation_accepted"

    investigation: InvestigationId
    """Id of the investigation, such as technology-1."""
    by: Staff
    """Who accepts."""


class InvestigationDeclined(Fact):
    """A department says that the matter is not its own."""

    NAME = "investigation_declined"

    investigation: InvestigationId
    """Id of the investigation."""
    by: Staff
    """Who declines."""
    reason: ShortText
    """Why, in a sentence."""
    suggested_department: Identifier | None = None
    """Who should be asked instead."""


class InvestigationExtensionRequested(Fact):
    """A department needs more time. The owner grants it with ``extend_deadline``, or leaves it."""

    NAME = "investigation_extension_requested"

    investigation: InvestigationId
    """Id of the investigation."""
    by: Staff
    """Who asks."""
    until: Instant
    """The time asked for."""
    reason: ShortText
    """Why."""


class InvestigationResult(Fact):
    """What a department found: in part, or finally."""

    NAME = "investigation_result"

    investigation: InvestigationId
    """Id of the investigation."""
    by: Staff
    """Who investigated."""
    final: bool
    """False for an answer in parts; the investigation ends with the first final one."""
    finding: LongText
    """What was found."""
    responsibility: Responsibility = Responsibility.UNDETERMINED
    """Who is answerable, as the department sees it."""
    root_cause: ShortText | None = None
    """The fault in the process, if one was found."""
    evidence: list[Evidence] = Field(default=[], max_length=100)
    """Logs, recordings, contracts that show it."""


class EvidenceAdded(Fact):
    """A document or recording joins the file."""

    NAME = "evidence_added"

    evidence: Evidence
    """Reference to it."""
    by: Staff | None = None
    """Who added it; empty for a system."""
    investigation: InvestigationId | None = None
    """The investigation it belongs to, if any."""


class ContactKind(StrEnum):
    """Why a customer contacts the bank again."""

    CHASE = "chase"
    CORRECTION = "correction"
    NEW_INFORMATION = "new_information"
    OTHER = "other"


class CustomerContactedUs(Fact):
    """The customer called, wrote or came again."""

    NAME = "customer_contacted_us"

    channel: Channel
    """How."""
    kind: ContactKind = ContactKind.CHASE
    """A chase is answered with a progress letter; a correction asks for the summary to be confirmed anew."""
    summary: ShortText
    """What they said."""
    people: Crowd = 1
    """How many came."""
    media: bool = False
    """Whether press or social media are now involved."""
    by: Staff | None = None
    """Who took the contact; empty for a system."""


class RegulatorContactedUs(Fact):
    """A regulator asks about the complaint."""

    NAME = "regulator_contacted_us"

    regulator: ShortText
    """Which authority."""
    their_reference: Identifier
    """Its file number."""
    summary: ShortText
    """What it asks."""
    reply_due: Instant | None = None
    """When it wants its answer; the rule pack's time applies when it named none."""
    received_at: Instant | None = None
    """When its letter reached the bank, from which that time is counted; empty for now."""


FACTS: dict[str, type[Fact]] = {
    fact.NAME: fact
    for fact in (
        InvestigationAccepted,
        InvestigationDeclined,
        InvestigationExtensionRequested,
        InvestigationResult,
        EvidenceAdded,
        CustomerContactedUs,
        RegulatorContactedUs,
    )
}
"""Every signal of the public interface by its name."""
