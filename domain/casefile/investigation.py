"""Questions to departments and their answers, as they stand in the case file."""

from __future__ import annotations

from enum import StrEnum

from domain.model import Identifier, Instant, Record, Staff


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
    """When it came."""
    by: Staff
    """Who found it."""
    final: bool
    """Whether it is the department's last word."""
    text: str
    """What was found."""
    responsibility: str
    """Who is answerable, as the department sees it."""
    root_cause: str | None = None
    """The fault in the process, if one was found."""


class Investigation(Record):
    """A question to a department."""

    id: Identifier
    """Its id, such as technology-1."""
    department: Identifier
    """Who is asked."""
    question: str
    """What to find out."""
    cycle: int
    """In which cycle it was asked."""
    requested_at: Instant
    """When."""
    requested_by: Staff
    """Who asked."""
    state: InvestigationState = InvestigationState.DISPATCHED
    """Where it is."""
    accepted_by: Staff | None = None
    """Who took it on; until then the handler stays responsible."""
    remind_at: Instant | None = None
    """When the department is reminded."""
    climb_at: Instant | None = None
    """When the complaint climbs because the department stays silent."""
    findings: list[Finding] = []
    """Every answer, also late ones."""
    ended_at: Instant | None = None
    """When no further answer was awaited."""

    @property
    def open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.ended_at is None
