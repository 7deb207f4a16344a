"""Effects outside, and tasks for people, as they stand in the case file."""

from __future__ import annotations

from enum import StrEnum

from domain.effects import LetterKind
from domain.model import Channel, Identifier, Instant, Record


class ErrandKind(StrEnum):
    """What the workflow has done by the bank's systems."""

    LOOKUP = "lookup"
    LETTER = "letter"
    INVESTIGATION = "investigation"
    REMEDY = "remedy"
    NOTICE = "notice"
    PAYOUT = "payout"
    REVERSAL = "reversal"
    CREDIT = "credit"
    DEBIT = "debit"
    """A provisional credit is taken back, on the day that its notice named."""
    ARCHIVE = "archive"
    CALENDARS = "calendars"


class Errand(Record):
    """One effect outside: ordered once, retried until done, or given to a person when impossible."""

    id: str
    """Its id; part of the idempotency key."""
    kind: ErrandKind
    """What is done."""
    ordered_at: Instant
    """When it was ordered, or ordered again."""
    subject: str = ""
    """Id of the investigation, remedy, credit or proposal it is about."""
    letter: LetterKind | None = None
    """Which letter."""
    channels: list[Channel] = []
    """Channels still to be tried, best first."""
    to: str = ""
    """Whom a notice goes to."""
    notice: str = ""
    """What kind of notice."""
    text: str = ""
    """What a notice says, or what a letter adds."""
    due: Instant | None = None
    """By when the addressee of a notice must act."""
    done_at: Instant | None = None
    """When it was done."""
    proof: str | None = None
    """The other system's own id of what it did."""
    impossible: str | None = None
    """Why no machine can do it; a person has a task for it."""
    trouble_told: bool = False
    """Whether a person was told that it keeps failing."""
    attempt: int = 1
    """Counts how often a person had it tried again; a letter is then a new letter."""

    @property
    def pending(self) -> bool:
        """Whether the machine still has to do it."""
        return self.done_at is None and self.impossible is None


class PersonTask(Record):
    """Something that only a person can settle."""

    id: Identifier
    """Its id, as resolve_task names it."""
    what: str
    """What to do, without personal data."""
    role: str
    """Role or department whose turn it is."""
    opened_at: Instant
    """Since when."""
    errand: str | None = None
    """The errand that it is about."""
    investigation: str | None = None
    """The investigation that it is about."""
    settled_at: Instant | None = None
    """When it was settled."""
    settlement: str | None = None
    """How it was settled."""
