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
