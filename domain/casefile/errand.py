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
