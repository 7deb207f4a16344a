"""How a clock explains itself: its state, its source, and every day of its count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from domain.calendar import BusinessDays, BusinessHours, Calendar, Due, Hours, Span
from domain.casefile import CaseFile, Clock
from domain.clockrules import ClockRule, Source
from domain.clocks import calendar_of, rule_of, warning_points
from domain.counting import AfterHours, CountedDay, CountFrom, Counting, DayEnd, Interval, Roll, count
from domain.model import Model
from domain.spans import in_words

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""In English whatever the machine speaks; and asking it for each day of a count took half of the time."""
NOT_COUNTED = "not counted"
"""Stands where the number of a day would stand."""
PLACES = {"moved to a working day": "due", "business hours": "counted"}


class ClockView(Model):
    """A clock as the query ``deadlines`` shows it."""

    id: str
    """Its id, as extend_deadline names it."""
    kind: str
    """Its kind."""
    pack: str = ""
    """The rule pack that it comes from."""
    subject: str
    """What it measures, in words."""
    state: str
    """running, paused, met, met late, breached, stopped."""
    started_at: datetime
    """From when it counts."""
    due_at: datetime
    """When it runs out, in UTC; of a paused clock, when it would have run out."""
    due_local: str
    """The due time by the wall clock of the clock's calendar."""
    provisional: bool
    """Whether holidays of a year it was counted through were not published."""
    warned_at: list[datetime]
    """Early warnings given."""
    warnings: list[str]
    """Early warnings still to come: when, how long before the end by the rule, and how much earlier by their turn."""
    met_at: datetime | None
    """When what it measures was done."""
    breached_at: datetime | None
    """The instant at which it ran out, if it did."""
    source: str | None
    """Citation and status of the rule."""
    moves: list[str]
    """Every recorded change of the due time: when, from, to, why, by whom."""
    explanation: list[str]
    """The day-by-day count."""


def view(file: CaseFile, clock: Clock) -> ClockView:
    """A clock with its source and its day-by-day explanation."""
    rule, calendar = rule_of(file, clock), calendar_of(file, clock)
    return ClockView(
        id=clock.id, kind=clock.kind, pack=clock.pack or file.pinned().pack.name, subject=clock.subject,
        state=clock.state, started_at=clock.started_at, due_at=clock.due_at,
        due_local=local(calendar, clock.due_at), provisional=clock.provisional, warned_at=clock.warned_at,
        warnings=[_warning(file, clock, at) for at in clock.warn_at], met_at=clock.met_at,
        breached_at=clock.breached_at, source=_source(rule, clock), moves=_moves(calendar, clock),
        explanation=list(explain(calendar, clock)),
    )  # fmt: skip


def _source(rule: ClockRule | None, clock: Clock) -> str | None:
    """The source of the rung that was climbed, or of the rule."""
    if rule is None:
        return None
    return cited(rule.ladder[clock.rung - 1].source if clock.rung else rule.source)


def cited(source: Source) -> str:
    """A source with its status."""
    return f"{source.citation} [{source.status}]"


def _warning(file: CaseFile, clock: Clock, turn: datetime) -> str:
    points = {at: in_words(span) for at, span in warning_points(file, clock)}
    at = min((at for at in points if at >= turn), default=turn)
    words = [f"{points[at]} before"] if at in points else []
    words += [f"{at - turn} earlier in this complaint's own turn"] if turn < at else []
    return ": ".join([local(calendar_of(file, clock), turn), *([" and ".join(words)] if words else [])])


def _moves(calendar: Calendar, clock: Clock) -> list[str]:
    return [
        f"{local(calendar, move.at)}: {local(calendar, move.from_due)} -> {local(calendar, move.to_due)}: {move.reason}"
        + (f", by {move.by}" if move.by else "")
        for move in clock.moves
    ]


def local(calendar: Calendar, instant: datetime) -> str:
    """An instant by the calendar's wall clock, with its zone."""
    wall_clock = calendar.local(instant)
    return f"{str(wall_clock)[:16]} {wall_clock.tzname()}"


def both(calendar: Calendar, instant: datetime) -> str:
    """An instant by the calendar's wall clock and in UTC."""
    return f"{local(calendar, instant)} ({str(instant.astimezone(UTC))[:19]} UTC)"


def explain(calendar: Calendar, clock: Clock) -> Iterator[str]:
    """Every day of the count: counted, or skipped and why."""
    yield starts(calendar, clock.started_at)
    if clock.span is None:
        yield "counts no days: its time was set"
    else:
        yield from day_lines(calendar, clock.started_at, clock.span, clock.counting, clock.intervals)
    for pause in clock.pauses:
        since = local(calendar, pause.since)
        still = f"stood still from {since} to {local(calendar, pause.until)}" if pause.until else f"still since {since}"
        yield f"{still}: {pause.reason_code}"
    would_be = "would be " if clock.paused else ""
    yield would_be + falls_due(calendar, Due(at=clock.due_at, provisional=clock.provisional))


def starts(calendar: Calendar, instant: datetime) -> str:
    """The first line of a count."""
    return f"starts {both(calendar, instant)}"


def day_lines(
    calendar: Calendar, start: datetime, span: Span, counting: Counting, pauses: Iterable[Interval]
) -> Iterator[str]:
    """How a clock counts, and a line for each of its days."""
    yield f"counts {length_of(calendar, span, counting)}"
    yield from (day_line(line) for line in count(calendar, start, span, counting, pauses))


def falls_due(calendar: Calendar, due: Due) -> str:
    """The last line of a count."""
    return f"due {both(calendar, due.at)}" + (" (provisional)" if due.provisional else "")


def length_of(calendar: Calendar, span: Span, counting: Counting) -> str:
    """A length and how its days are counted, in words: whatever the rule says beyond plain days."""
    if isinstance(span, BusinessHours) and calendar.opens and calendar.closes:
        return f"{in_words(span)}: from {calendar.opens:%H:%M} to {calendar.closes:%H:%M} on working days"
    return "; ".join([in_words(span), *([] if isinstance(span, Hours) else _ways(calendar, span, counting))])


def _ways(calendar: Calendar, span: Span, counting: Counting) -> Iterator[str]:
    closes = f" ({calendar.closes:%H:%M})" if calendar.closes else ""
    yield "the day itself is day one" if counting.count_from is CountFrom.SAME_DAY else "the next day is day one"
    if counting.after_hours is AfterHours.NEXT_WORKING_DAY:
        yield f"what comes after close of business{closes} or on a day off counts as of the next working day"
    if counting.ends is DayEnd.CLOSE_OF_BUSINESS:
        yield f"the last day ends at close of business{closes}"
    if counting.roll is not Roll.NONE:
        yield f"a last day off moves to the {counting.roll.replace('_', ' ')}"
    if isinstance(span, BusinessDays) and calendar.makeup_days:
        worked = calendar.makeup_worked if counting.makeup_days is None else counting.makeup_days
        yield f"make-up working days {'count' if worked else 'do not count'}"


def day_line(line: CountedDay) -> str:
    """One day of the count, as people read it."""
    day, number, why, holiday = line
    place = f"day {number}" if number else PLACES.get(why, NOT_COUNTED)
    name = f": {holiday}" if holiday else ""
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}  {place.ljust(len(NOT_COUNTED))}  {why}{name}"
