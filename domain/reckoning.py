"""What a clock of a rule pack would come to, without any complaint: counted, explained, and with what may change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.calendar import Calendar, Due, Hours, Span
from domain.clock_view import cited, day_lines, falls_due, local, starts
from domain.clockrules import ClockKind, ClockRule, Need, Source
from domain.counting import Interval, runs_out
from domain.model import Model
from domain.spans import in_words

FROM_RECEIPT = (ClockKind.ACKNOWLEDGEMENT, ClockKind.LAW, ClockKind.PROMISE, ClockKind.SHORT_SETTLEMENT)
"""The clocks that start when a complaint is received."""


class Extension(Model):
    """What one rung of the ladder would give."""

    rung: int
    """Its number, from 1."""
    length: str | None
    """Length of the whole clock, in words; empty where the time that the notice names counts."""
    due_at: datetime | None
    """When the clock would run out, in UTC."""
    due_local: str | None
    """The same by the wall clock of the calendar."""
    provisional: bool
    """Whether holidays of a year it was counted through are not published."""
    reason_codes: list[str]
    """Reasons that allow it."""
    approver_roles: list[str]
    """Who may grant it."""
    needs: Need
    """What must have happened before the old deadline."""
    source: str
    """Citation and status."""


class MayPause(Model):
    """A reason for which the clock may stand still."""

    reason: str
    """Its code."""
    tell: bool
    """Whether the complainant must be told at once."""
    source: str
    """Citation and status."""


class Reckoned(Model):
    """A clock that starts at an instant."""

    kind: ClockKind
    """Which clock."""
    length: str
    """Its length, in words."""
    started_at: datetime
    """From when it counts."""
    due_at: datetime
    """When it runs out, in UTC."""
    due_local: str
    """The same by the wall clock of the calendar."""
    provisional: bool
    """Whether holidays of a year it was counted through are not published."""
    source: str
    """Citation and status of the rule, or of the rung."""
    explanation: list[str]
    """The day-by-day count."""
    warnings: list[str]
    """Its early warnings, and how much earlier a complaint may have its turn."""
    extensions: list[Extension]
    """Its ladder."""
    may_pause_for: list[MayPause]
    """Reasons for which it may stand still; none means never."""


def reckon(
    kind: ClockKind,
    rule: ClockRule,
    calendar: Calendar,
    since: datetime,
    rung: int = 0,
    pauses: Sequence[Interval] = (),
    spread: Hours | None = None,
) -> Reckoned:
    """Count a clock out from its start, after so many rungs of its ladder, standing still during the pauses.

    The spread is the rule pack's.

    Raises:
        LookupError: the ladder has no such rung, or the rung names no length.
    """
    span, source = _rung(rule, rung) if rung else (rule.length, rule.source)
    due = runs_out(calendar, since, span, rule.counting, pauses)
    days = day_lines(calendar, since, span, rule.counting, pauses)
    return Reckoned(
        kind=kind, length=in_words(span), started_at=since, due_at=due.at, due_local=local(calendar, due.at),
        provisional=due.provisional, source=cited(source),
        explanation=[starts(calendar, since), *days, falls_due(calendar, due)],
        warnings=list(_warnings(rule, calendar, due, None if isinstance(span, Hours) else spread)),
        extensions=list(_extensions(rule, calendar, since, pauses)), may_pause_for=list(_pauses(rule)),
    )  # fmt: skip


def _warnings(rule: ClockRule, calendar: Calendar, due: Due, spread: Hours | None) -> Iterator[str]:
    earlier = f", or up to {in_words(spread)} earlier, each complaint in its turn" if spread else ""
    for span in rule.warn_before:
        yield f"{in_words(span)} before: {local(calendar, calendar.before(due.at, span, rule.makeup_days))}{earlier}"


def _pauses(rule: ClockRule) -> Iterator[MayPause]:
    return (MayPause(reason=one.reason, tell=one.tell, source=cited(one.source)) for one in rule.may_pause_for)


def _rung(rule: ClockRule, number: int) -> tuple[Span, Source]:
    if number > len(rule.ladder):
        raise LookupError(f"its ladder has {len(rule.ladder) or 'no'} rung{'s' * (len(rule.ladder) != 1)}")
    rung = rule.ladder[number - 1]
    if rung.length is None:
        raise LookupError(f"rung {number} names no length: the time counts that the notice names")
    return rung.length, rung.source


def _extensions(
    rule: ClockRule, calendar: Calendar, since: datetime, pauses: Sequence[Interval]
) -> Iterator[Extension]:
    for number, rung in enumerate(rule.ladder, start=1):
        due: Due | None = None
        if rung.length is not None:
            due = runs_out(calendar, since, rung.length, rule.counting, pauses)
        yield Extension(
            rung=number, length=in_words(rung.length) if rung.length else None, due_at=due.at if due else None,
            due_local=local(calendar, due.at) if due else None, provisional=bool(due and due.provisional),
            reason_codes=rung.reason_codes, approver_roles=rung.approver_roles, needs=rung.needs,
            source=cited(rung.source),
        )  # fmt: skip
