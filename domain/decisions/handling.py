"""Decisions of those who handle a complaint: identity, assessment, investigation, time, tier, ownership."""

from __future__ import annotations

from pydantic import Field

from domain.decisions.base import Decision
from domain.model import (
    Evidence,
    Identifier,
    Instant,
    InvestigationId,
    LongText,
    Money,
    Nature,
    Responsibility,
    ShortText,
    Staff,
)

HIGHEST = 99
"""More tiers than any bank has."""


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
    tier: int | None = Field(default=None, ge=1, le=HIGHEST)
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


class ExtendDeadline(Decision):
    """More time, by the ladder of the rule pack: reason, approver, and notice or credit before the old deadline."""

    NAME = "extend_deadline"

    clock: Identifier
    """Id of the clock, as shown by the query ``deadlines``."""
    reason_code: Identifier
    """A reason that the ladder knows, such as complex; department for a department's own time."""
    reason: ShortText
    """Why, as the complainant will read it."""
    until: Instant | None = None
    """The new due time, for a department's own time and for rungs whose rule names no length; other rungs have theirs
    from the rule pack."""
    credit: Money | None = None
    """The provisional credit, for rungs that need one: the amount in dispute, less what the rule lets be withheld."""


class PauseClock(Decision):
    """A clock stands still: only where its rule allows it, for a reason that the rule names."""

    NAME = "pause_clock"

    clock: Identifier
    """Id of the clock, as shown by the query ``deadlines``."""
    reason_code: Identifier
    """A reason that the clock's rule names, such as outside_appraisal."""
    reason: ShortText
    """Why, as the complainant will read it."""


class ResumeClock(Decision):
    """A paused clock goes on. The time that it stood still is left out of its count."""

    NAME = "resume_clock"

    clock: Identifier
    """Id of the clock."""
    reason: ShortText
    """Why it goes on."""


class Escalate(Decision):
    """Lift the complaint to a higher tier."""

    NAME = "escalate"

    to_tier: int = Field(ge=2, le=HIGHEST)
    """Which tier."""
    reason: ShortText
    """Why."""


class TakeOwnership(Decision):
    """From now on this person answers for the complaint."""

    NAME = "take_ownership"

    assigned_by: Staff | None = None
    """The supervisor who hands it over, when the new owner is not of a higher level than the present one."""
