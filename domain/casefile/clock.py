"""Clocks as they stand in the case file."""

from __future__ import annotations

from domain.calendar import CountFrom, Span
from domain.model import Instant, Record, Staff


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
