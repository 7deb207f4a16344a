"""Clocks as they stand in the case file."""

from __future__ import annotations

from domain.calendar import Span
from domain.clockrules import Need
from domain.counting import Counting, Interval
from domain.model import Instant, Record, Staff


class ClockMove(Record):
    """A recorded change of a clock's due time."""

    at: Instant
    """When it was moved."""
    from_due: Instant
    """Due time before."""
    to_due: Instant
    """Due time after."""
    reason: str
    """Why."""
    by: Staff | None = None
    """Who decided; empty when an authority or the machine did."""


class ClockPause(Record):
    """A time during which a clock stood still."""

    since: Instant
    """From when on."""
    until: Instant | None = None
    """When it went on; empty while it stands still."""
    reason_code: str
    """The rule's reason."""
    by: Staff
    """Who decided."""
    follows: str | None = None
    """The clock that it stands still with, and goes on with; empty when it was paused itself."""


class Clock(Record):
    """One clock. A breach is written once, at the instant, and stays."""

    id: str
    """Its id, such as law-1 or investigation-technology-1."""
    kind: str
    """Its kind, as in the rule pack, or investigation, acceptance, take_over, tier."""
    pack: str = ""
    """The rule pack beside the leading one that it comes from; empty for the leading one."""
    subject: str
    """What it measures, in words."""
    started_at: Instant
    """From when it counts."""
    due_at: Instant
    """When it runs out."""
    span: Span | None
    """Its length by the rule; empty when the due time was set by a person or an authority."""
    counting: Counting = Counting()
    """How its days are counted."""
    provisional: bool = False
    """Whether holidays of a year it was counted through were not published."""
    rung: int = 0
    """How many rungs of its ladder were climbed."""
    warn_at: list[Instant] = []
    """Early warnings still to come."""
    warned_at: list[Instant] = []
    """Early warnings given."""
    met_at: Instant | None = None
    """When what it measures was done."""
    stopped_at: Instant | None = None
    """When what it measures was no longer needed."""
    breached_at: Instant | None = None
    """The instant at which it ran out, if it did."""
    breach_written_at: Instant | None = None
    """When the breach was written."""
    moves: list[ClockMove] = []
    """Every change of its due time."""
    pauses: list[ClockPause] = []
    """When it stood still."""

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def waits_for_somebody(self) -> bool:
        """Whether somebody has to let it go on; what stands still with another clock goes on with it."""
        return self.running and self.paused and self.pauses[-1].follows is None

    @property
    def intervals(self) -> list[Interval]:
        """The times during which it stood still, without the present one."""
        return [Interval(pause.since, pause.until) for pause in self.pauses if pause.until]

    @property
    def running(self) -> bool:
        """Whether what it measures is still to be done."""
        return self.met_at is None and self.stopped_at is None

    @property
    def ticking(self) -> bool:
        """Whether it can still run out."""
        if self.met_at or self.stopped_at or self.breached_at:
            return False
        return not self.pauses or self.pauses[-1].until is not None

    @property
    def state(self) -> str:
        """running, paused, met, breached, met late, stopped."""
        if self.breached_at:
            return "met late" if self.met_at else "breached"
        if self.running and self.paused:
            return "paused"
        return "met" if self.met_at else "stopped" if self.stopped_at else "running"


class Extension(Record):
    """An approved extension that takes effect when what it needs has happened before the old deadline."""

    clock: str
    """Which clock."""
    to_due: Instant
    """Due time once it takes effect."""
    provisional: bool
    """Whether that time is provisional."""
    span: Span | None
    """Length of the whole clock once it takes effect; empty when the notice names the time."""
    rung: int
    """Which rung of the ladder."""
    reason: str
    """Why, as the complainant reads it."""
    by: Staff
    """Who approved it."""
    errand: str
    """The letter that tells the complainant, or the provisional credit."""
    needs: Need = Need.NOTICE
    """What must have happened for it to take effect."""
