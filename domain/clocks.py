"""Clocks side by side: started, warned of, met, stopped, moved on the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import spreading
from domain.calendar import Calendar, Due, Span
from domain.casefile import CaseFile, Clock, ClockMove
from domain.clockrules import ClockKind, ClockRule
from domain.counting import PLAIN, Counting, runs_out
from domain.model import Staff
from domain.refusals import Refusal, refuse
from domain.staff import listed

LAWS = {ClockKind.LAW, ClockKind.REFERRAL}
"""What the law, or an authority that passed the complaint on, allows for the answer."""
REPLY_KINDS = LAWS | {ClockKind.PROMISE}
"""The committed reply deadline: these have a timer of their own."""
INVESTIGATION = "investigation"
ACCEPTANCE = "acceptance"
TAKE_OVER = "take_over"
TIER = "tier"


def find(file: CaseFile, clock_id: str) -> Clock | None:
    """The clock with an id."""
    return next((clock for clock in file.clocks if clock.id == clock_id), None)


def against_changing(file: CaseFile, clock_id: str, now: datetime) -> Iterator[Refusal]:
    """The clock that shall be changed is there, ticks, and has not run out."""
    clock = find(file, clock_id)
    if clock is None:
        running = [clock.id for clock in file.clocks if clock.ticking]
        yield refuse("no_such_clock", clock=clock_id, known=listed(running))
        return
    if not clock.running or clock.paused:
        yield refuse("clock_not_running", clock=clock.id, state=clock.state)
    if clock.breached_at or clock.due_at <= now:
        yield refuse("clock_run_out", clock=clock.id, due=shown(file, clock.due_at))


def rule_of(file: CaseFile, clock: Clock) -> ClockRule | None:
    """The rule that a clock follows; none for clocks that have their times elsewhere, such as departments."""
    return file.pinned().clock_rule(clock.pack, clock.kind)


def calendar_of(file: CaseFile, clock: Clock) -> Calendar:
    """The calendar by which a clock counts."""
    return file.pinned().calendar_of(clock.pack)


def start(
    file: CaseFile, clock_id: str, kind: ClockKind, subject: str, since: datetime, now: datetime, pack: str = ""
) -> Clock:
    """Start a clock of a rule pack: of the leading one, unless another is named."""
    rule = file.pinned().clock_rule(pack, kind)
    if rule is None:
        raise RuntimeError(f"the rule pack {pack or file.pinned().pack.name} has no clock {kind}")
    clock = start_span(file, clock_id, kind, subject, since, rule.length, rule.counting, pack)
    _plan_warnings(file, clock, now)
    return clock


def start_span(
    file: CaseFile,
    clock_id: str,
    kind: str,
    subject: str,
    since: datetime,
    span: Span,
    counting: Counting = PLAIN,
    pack: str = "",
) -> Clock:
    """Start a clock of any length."""
    due = runs_out(file.pinned().calendar_of(pack), since, span, counting)
    clock = Clock(
        id=clock_id, kind=kind, pack=pack, subject=subject, started_at=since, due_at=due.at, span=span,
        counting=counting, provisional=due.provisional,
    )  # fmt: skip
    file.clocks.append(clock)
    return clock


def start_duties(file: CaseFile, kind: ClockKind, number: int, subject: str, since: datetime, now: datetime) -> None:
    """Start the clocks of one kind of every rule pack that has it, side by side."""
    leading = file.pinned().pack.name
    for pack, _ in file.pinned().duties(kind):
        if pack == leading:
            start(file, f"{kind}-{number}", kind, subject, since, now)
        else:
            start(file, f"{kind}-{number}-{pack}", kind, f"{subject} ({pack})", since, now, pack)


def recounted(file: CaseFile, clock: Clock) -> Due:
    """When a clock runs out, counted anew from its log: start, length, pauses, and the last time set by hand."""
    if clock.span is not None:
        return runs_out(calendar_of(file, clock), clock.started_at, clock.span, clock.counting, clock.intervals)
    return Due(at=clock.moves[-1].to_due, provisional=clock.provisional)


def warning_points(file: CaseFile, clock: Clock) -> list[tuple[datetime, Span]]:
    """When a clock warns at the latest, and how long that is before it runs out."""
    rule, calendar, made_up = rule_of(file, clock), calendar_of(file, clock), clock.counting.makeup_days
    return [(calendar.before(clock.due_at, span, made_up), span) for span in (rule.warn_before if rule else [])]


def _plan_warnings(file: CaseFile, clock: Clock, now: datetime) -> None:
    """Plan what is still to come; a warning that had its turn already is not given again."""
    reach = spreading.reach(file, clock.span)
    ahead = [at for at, _ in warning_points(file, clock) if at > now and not _had_its_turn(clock.warned_at, at, reach)]
    since = max(clock.started_at, now)
    turns = (spreading.turn(file, clock.id, at, since, clock.span) for at in ahead)
    clock.warn_at = sorted(turns) if clock.ticking else []


def _had_its_turn(given: list[datetime], at: datetime, reach: timedelta) -> bool:
    return any(before >= at - reach for before in given)


def move(file: CaseFile, clock: Clock, due: Due, reason: str, by: Staff | None, now: datetime) -> None:
    """Give a clock a new due time, on the record."""
    clock.moves.append(ClockMove(at=now, from_due=clock.due_at, to_due=due.at, reason=reason, by=by))
    clock.due_at, clock.provisional = due.at, due.provisional
    _plan_warnings(file, clock, now)


def fix(file: CaseFile, clock: Clock, due: Due, reason: str, by: Staff | None, now: datetime) -> None:
    """Give a clock a due time that a person, an authority or another clock sets, whatever its length was."""
    clock.span = None
    move(file, clock, due, reason, by, now)


def meet(file: CaseFile, now: datetime, *clock_ids: str) -> None:
    """What the clocks measure has been done."""
    for clock in file.clocks:
        if clock.id in clock_ids and clock.running:
            go_on(file, clock, now)
            clock.met_at, clock.warn_at = now, []


def meet_kinds(file: CaseFile, now: datetime, *kinds: str) -> None:
    """What all clocks of these kinds measure has been done."""
    meet(file, now, *(clock.id for clock in file.clocks if clock.kind in kinds))


def stop(file: CaseFile, now: datetime, *kinds: str) -> None:
    """What the clocks of these kinds measure is not needed any more; of all kinds when none is named."""
    drop(file, now, *(clock.id for clock in file.clocks if not kinds or clock.kind in kinds))


def drop(file: CaseFile, now: datetime, *clock_ids: str) -> None:
    """What these clocks measure is not needed any more."""
    for clock in file.clocks:
        if clock.id in clock_ids and clock.running:
            go_on(file, clock, now)
            clock.stopped_at, clock.warn_at = now, []


def go_on(file: CaseFile, clock: Clock, now: datetime) -> None:
    """End the present pause of a clock, if it stands still: its due time is counted anew with the interval left out."""
    if not clock.paused:
        return
    pause = clock.pauses[-1]
    pause.until = now
    reason = f"stood still from {shown(file, pause.since)} to {shown(file, now)}: {pause.reason_code}"
    move(file, clock, recounted(file, clock), reason, pause.by, now)


def start_cycle_clocks(file: CaseFile, since: datetime, now: datetime) -> None:
    """Law and promise of a cycle. The promise is never later than any law."""
    number = file.cycle.number
    start_duties(file, ClockKind.LAW, number, "final response, by law", since, now)
    start(file, f"promise-{number}", ClockKind.PROMISE, "final response, as promised", since, now)
    keep_promise_within_laws(file, "", now)
    file.progress_at = runs_out(file.pinned().calendar, now, file.pinned().pack.progress_every).at


def soonest_law(file: CaseFile) -> Clock | None:
    """Of the laws that can still run out, the one that does so first."""
    laws = (clock for clock in file.clocks if clock.kind in LAWS and clock.ticking)
    return min(laws, key=lambda clock: clock.due_at, default=None)


def keep_promise_within_laws(file: CaseFile, reason: str, now: datetime) -> None:
    """The promise is never later than any law that ticks: an earlier law moves it."""
    promised, first = promise(file), soonest_law(file)
    if first and promised.ticking and first.due_at < promised.due_at:
        why = ", ".join(part for part in (reason, f"as {first.id}") if part)
        fix(file, promised, Due(at=first.due_at, provisional=first.provisional), why, None, now)


def law(file: CaseFile) -> Clock:
    """The law's clock of the present cycle; of several, the one that runs out first."""
    latest = next(clock for clock in reversed(file.clocks) if clock.kind == ClockKind.LAW)
    cycle = (clock for clock in file.clocks if clock.kind == ClockKind.LAW and clock.started_at == latest.started_at)
    return min(cycle, key=lambda clock: (not clock.running, clock.due_at))


def promise(file: CaseFile) -> Clock:
    """The promise clock of the present cycle."""
    return next(clock for clock in reversed(file.clocks) if clock.kind == ClockKind.PROMISE)


def next_reply_deadline(file: CaseFile) -> Clock | None:
    """The committed reply deadline: the promise, and after its breach the law."""
    ticking = [clock for clock in file.clocks if clock.kind in REPLY_KINDS and clock.ticking]
    return min(ticking, key=lambda clock: clock.due_at, default=None)


def next_word(file: CaseFile) -> datetime:
    """What the complainant can count on next: promise, law, and when both are broken the next progress letter."""
    deadline = next_reply_deadline(file)
    return deadline.due_at if deadline else file.progress_at or promise(file).due_at


def shown(file: CaseFile, instant: datetime) -> str:
    """An instant by the firm's wall clock, with its zone."""
    return f"{file.pinned().calendar.local(instant):%Y-%m-%d %H:%M %Z}"
