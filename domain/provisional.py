"""Deadlines counted through years whose holidays were not published yet, looked after until they are.

As long as such a clock ticks, the calendars are read again, as often as the leading pack says. When a year is published
its days are recorded with the complaint, and every clock that was counted through it is counted anew, once and on the
record. Years that were published before stay as they were recorded: a clock that is not provisional never moves.
Departments' clocks and extensions whose notice is on its way are counted anew like all others; a clock that stands
still is too, and ends later by its pause when it goes on.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from domain import clocks, errands, investigations, progress, spreading
from domain.calendar import Due, Span
from domain.casefile import CaseFile, Clock, Errand, ErrandKind, Extension
from domain.clockrules import ClockKind
from domain.counting import runs_out, unpublished
from domain.effects import Calendars, CalendarsQuery

PROMISE = ClockKind.PROMISE
Years = dict[str, set[int]]
"""Years by the name of a rule pack."""


def read_again_at(file: CaseFile) -> datetime | None:
    """When the calendars are read again; never while nothing depends on it, or while they are being read."""
    waits = any(clock.provisional and clock.ticking for clock in file.clocks) and _missing(file)
    if not waits or any(errand.kind is ErrandKind.CALENDARS and errand.done_at is None for errand in file.errands):
        return None
    rules, since = file.pinned(), file.calendars_read_at or file.opened_at
    every = rules.pack.calendar.recheck_every
    return spreading.turn(file, "calendars", runs_out(rules.calendar, since, every).at, since, every)


def order_reading(file: CaseFile, now: datetime) -> None:
    """Have the calendars read again."""
    file.calendars_read_at = now
    number = 1 + sum(errand.kind is ErrandKind.CALENDARS for errand in file.errands)
    errands.order(file, Errand(id=f"calendars-{number}", kind=ErrandKind.CALENDARS, ordered_at=now))


def query(file: CaseFile) -> CalendarsQuery:
    """Which calendars to read, and which years of them were not published."""
    years = {pack: sorted(missing) for pack, missing in _missing(file).items()}
    return CalendarsQuery(jurisdiction=file.complaint.jurisdiction, years=years)


def _missing(file: CaseFile) -> Years:
    years: Years = defaultdict(set)
    for clock in _counted(file):
        years[_pack(file, clock)] |= _unpublished(file, clock, clock.span)
    return {pack: missing for pack, missing in years.items() if missing}


def _counted(file: CaseFile) -> list[Clock]:
    """Provisional clocks that can still run out, now or when they go on, the promise last as it follows the laws."""
    waiting = [clock for clock in file.clocks if clock.provisional and clock.span and clock.running]
    return sorted((clock for clock in waiting if not clock.breached_at), key=lambda clock: clock.kind == PROMISE)


def _pack(file: CaseFile, clock: Clock) -> str:
    return clock.pack or file.pinned().pack.name


def _unpublished(file: CaseFile, clock: Clock, span: Span | None) -> set[int]:
    if span is None:
        return set()
    return unpublished(clocks.calendar_of(file, clock), clock.started_at, span, clock.counting, clock.intervals)


def read(file: CaseFile, errand: Errand, answer: Calendars, now: datetime) -> None:
    """The calendars were read. It leaves a trace only where a year that clocks were waiting for is published now."""
    file.errands.remove(errand)
    errands.settle_task(file, f"trouble-{errand.id}", "done by the machine after all", now)
    missing = _missing(file)
    found = {pack: missing.get(pack, set()) & set(read.published) for pack, read in answer.by_pack.items()}
    if any(found.values()):
        _publish(file, answer, found, now)


def _publish(file: CaseFile, answer: Calendars, found: Years, now: datetime) -> None:
    """Record the days of the years, and count anew what was counted through them."""
    told = clocks.next_word(file)
    waiting = [clock for clock in _counted(file) if _through(file, clock, clock.span, found)]
    extensions = [(one, clock) for one in file.extensions if (clock := clocks.find(file, one.clock))]
    extended = [(one, clock) for one, clock in extensions if _through(file, clock, one.span, found)]
    file.rules = file.pinned().with_published(answer.by_pack, found)
    reason = f"calendar of {' and '.join(map(str, sorted(set().union(*found.values()))))} published"
    for extension, clock in extended:
        _count_extension(file, extension, clock)
    for clock in waiting:
        _count(file, clock, reason, now)
    _follow_laws(file, reason, now)
    file.write(now, "calendar_published", f"{reason}; counted anew: {', '.join(clock.id for clock in waiting)}")
    if file.progress_at and clocks.next_word(file) != told:
        progress.tell(file, now)


def _through(file: CaseFile, clock: Clock, span: Span | None, found: Years) -> bool:
    return bool(_unpublished(file, clock, span) & found.get(_pack(file, clock), set()))


def _count(file: CaseFile, clock: Clock, reason: str, now: datetime) -> None:
    """Count a clock anew. The promise ends with the first law at the latest, an offer not before the day it named."""
    due, law = clocks.recounted(file, clock), clocks.soonest_law(file)
    if clock.kind == PROMISE and clock.ticking and law and law.due_at < due.at:
        clocks.fix(file, clock, Due(at=law.due_at, provisional=law.provisional), f"{reason}, as {law.id}", None, now)
    elif clock.kind == ClockKind.OFFER and due.at < clock.due_at:
        clocks.fix(file, clock, Due(at=clock.due_at), f"{reason}; it stands as it was offered", None, now)
    else:
        clocks.move(file, clock, due, reason, None, now)
    if clock.kind == clocks.INVESTIGATION:
        investigations.plan_reminder(file, clock.id.removeprefix(f"{clocks.INVESTIGATION}-"), clock.due_at, now)


def _count_extension(file: CaseFile, extension: Extension, clock: Clock) -> None:
    assert extension.span is not None
    due = runs_out(clocks.calendar_of(file, clock), clock.started_at, extension.span, clock.counting, clock.intervals)
    extension.to_due, extension.provisional = due.at, due.provisional


def _follow_laws(file: CaseFile, reason: str, now: datetime) -> None:
    """A promise that was set to the time of a law is as certain as the laws are, and never later than any."""
    clocks.keep_promise_within_laws(file, reason, now)
    promised = clocks.promise(file)
    uncertain = any(clock.provisional and clock.ticking for clock in file.clocks if clock.kind in clocks.LAWS)
    if promised.ticking and promised.provisional and promised.span is None and not uncertain:
        clocks.move(file, promised, Due(at=promised.due_at), reason, None, now)
