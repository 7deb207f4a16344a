"""Clocks side by side: started, warned of, met, breached once at the instant, extended by the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.calendar import CountFrom, Due, Span
from domain.casefile import CaseFile, Clock, ClockMove, Extension
from domain.decisions import ExtendDeadline
from domain.model import Model, Staff
from domain.refusals import Refusal, refuse
from domain.rulepack import ClockKind, Rung
from domain.staff import listed, owner_acts, takes_part

REPLY_KINDS = {ClockKind.LAW, ClockKind.PROMISE}
"""The committed reply deadline: these have a timer of their own."""
INVESTIGATION = "investigation"
ACCEPTANCE = "acceptance"
TAKE_OVER = "take_over"
TIER = "tier"


class ClockView(Model):
    """A clock as the query ``deadlines`` shows it."""

    id: str
    """Its id, as extend_deadline names it."""
    kind: str
    """Its kind."""
    subject: str
    """What it measures, in words."""
    state: str
    """running, met, met late, breached, stopped."""
    started_at: datetime
    """From when it counts."""
    due_at: datetime
    """When it runs out, in UTC."""
    due_local: str
    """The due time by the firm's wall clock."""
    provisional: bool
    """Whether holidays of a year it was counted through were not published."""
    warned_at: list[datetime]
    """Early warnings given."""
    met_at: datetime | None
    """When what it measures was done."""
    breached_at: datetime | None
    """The instant at which it ran out, if it did."""
    source: str | None
    """Citation and status of the rule."""
    moves: list[str]
    """Every recorded change of the due time."""
    explanation: list[str]
    """The day-by-day count."""


def find(file: CaseFile, clock_id: str) -> Clock | None:
    """The clock with an id."""
    return next((clock for clock in file.clocks if clock.id == clock_id), None)


def start(file: CaseFile, clock_id: str, kind: ClockKind, subject: str, since: datetime, now: datetime) -> Clock:
    """Start a clock of the rule pack."""
    rule = file.pinned().pack.clocks[kind]
    clock = start_span(file, clock_id, kind, subject, since, rule.length, rule.count_from)
    _plan_warnings(file, clock, now)
    return clock


def start_span(
    file: CaseFile,
    clock_id: str,
    kind: str,
    subject: str,
    since: datetime,
    span: Span,
    count_from: CountFrom = CountFrom.NEXT_DAY,
) -> Clock:
    """Start a clock of any length."""
    due = file.pinned().calendar.after(since, span, count_from)
    clock = Clock(
        id=clock_id, kind=kind, subject=subject, started_at=since, due_at=due.at, span=span, count_from=count_from,
        provisional=due.provisional,
    )  # fmt: skip
    file.clocks.append(clock)
    return clock


def _plan_warnings(file: CaseFile, clock: Clock, now: datetime) -> None:
    rule = file.pinned().pack.clocks.get(ClockKind(clock.kind)) if clock.kind in set(ClockKind) else None
    before = (file.pinned().calendar.before(clock.due_at, span) for span in (rule.warn_before if rule else []))
    clock.warn_at = sorted(at for at in before if at > now)


def move(file: CaseFile, clock: Clock, due: Due, reason: str, by: Staff | None, now: datetime) -> None:
    """Give a clock a new due time, on the record."""
    clock.moves.append(ClockMove(at=now, from_due=clock.due_at, to_due=due.at, reason=reason, by=by))
    clock.due_at, clock.provisional = due.at, due.provisional
    _plan_warnings(file, clock, now)


def meet(file: CaseFile, now: datetime, *clock_ids: str) -> None:
    """What the clocks measure has been done."""
    for clock in file.clocks:
        if clock.id in clock_ids and clock.running:
            clock.met_at, clock.warn_at = now, []


def stop(file: CaseFile, now: datetime, *kinds: str) -> None:
    """What the clocks of these kinds measure is not needed any more; of all kinds when none is named."""
    for clock in file.clocks:
        if clock.running and (not kinds or clock.kind in kinds):
            clock.stopped_at, clock.warn_at = now, []


def start_cycle_clocks(file: CaseFile, since: datetime, now: datetime) -> None:
    """Law and promise of a cycle. The promise is never later than the law."""
    number = file.cycle.number
    law = start(file, f"law-{number}", ClockKind.LAW, "final response, by law", since, now)
    promise = start(file, f"promise-{number}", ClockKind.PROMISE, "final response, as promised", since, now)
    if promise.due_at > law.due_at:
        promise.due_at = law.due_at
        _plan_warnings(file, promise, now)
    file.progress_at = file.pinned().calendar.after(now, file.pinned().pack.progress_every).at


def law(file: CaseFile) -> Clock:
    """The law clock of the present cycle."""
    return next(clock for clock in reversed(file.clocks) if clock.kind == ClockKind.LAW)


def promise(file: CaseFile) -> Clock:
    """The promise clock of the present cycle."""
    return next(clock for clock in reversed(file.clocks) if clock.kind == ClockKind.PROMISE)


def next_reply_deadline(file: CaseFile) -> Clock | None:
    """The committed reply deadline: the promise, and after its breach the law."""
    ticking = [clock for clock in file.clocks if clock.kind in REPLY_KINDS and clock.ticking]
    return min(ticking, key=lambda clock: clock.due_at, default=None)


def next_rung(file: CaseFile, clock: Clock) -> Rung | None:
    """The next step of the ladder by which the rule lets a clock be extended, if there is one left."""
    ladder = file.pinned().pack.clocks[ClockKind(clock.kind)].ladder if clock.kind in set(ClockKind) else []
    return ladder[clock.rung] if clock.rung < len(ladder) else None


def check_extension(file: CaseFile, message: ExtendDeadline, now: datetime) -> Iterator[Refusal]:
    """More time is given by the ladder: reason code, approver, notice before the old deadline (art. 18)."""
    yield from takes_part(file, message.by)
    clock = find(file, message.clock)
    if clock is None:
        yield refuse(
            "no_such_clock", clock=message.clock, known=listed([clock.id for clock in file.clocks if clock.ticking])
        )
        return
    if not clock.running:
        yield refuse("clock_not_running", clock=clock.id, state=clock.state)
    if clock.breached_at or clock.due_at <= now:
        yield refuse("clock_run_out", clock=clock.id, due=shown(file, clock.due_at))
    if clock.kind == INVESTIGATION:
        yield from _check_department_time(file, clock, message)
    else:
        yield from _check_ladder(file, clock, message)


def _check_department_time(file: CaseFile, clock: Clock, message: ExtendDeadline) -> Iterator[Refusal]:
    yield from owner_acts(file, message.by, "give a department more time")
    if message.until is None:
        yield refuse("until_missing")
    elif message.until <= clock.due_at:
        yield refuse("until_too_early", due=shown(file, clock.due_at))
    elif (reply := next_reply_deadline(file)) and message.until > reply.due_at:
        yield refuse("until_past_promise", due=shown(file, reply.due_at))


def _check_ladder(file: CaseFile, clock: Clock, message: ExtendDeadline) -> Iterator[Refusal]:
    rung = next_rung(file, clock)
    if rung is None:
        yield refuse("ladder_climbed" if clock.rung else "no_ladder", clock=clock.id)
        return
    if message.until is not None:
        yield refuse("until_not_allowed")
    if message.reason_code not in rung.reason_codes:
        yield refuse("reason_code_unknown", code=message.reason_code, known=listed(rung.reason_codes))
    if message.by.role not in rung.approver_roles:
        yield refuse("not_this_approver", who=listed(rung.approver_roles), role=message.by.role)
    if any(extension.clock == clock.id for extension in file.extensions):
        yield refuse("extension_pending", clock=clock.id)


def grant_department_time(file: CaseFile, message: ExtendDeadline, now: datetime) -> Clock:
    """Move a department's own clock; takes effect at once."""
    clock = find(file, message.clock)
    assert clock is not None and message.until is not None
    move(file, clock, Due(at=message.until), message.reason, message.by, now)
    return clock


def plan_extension(file: CaseFile, message: ExtendDeadline, errand: str) -> Extension:
    """Note an approved extension that waits for the delivery of its notice."""
    clock = find(file, message.clock)
    rung = next_rung(file, clock) if clock else None
    assert clock is not None and rung is not None
    due = file.pinned().calendar.after(clock.started_at, rung.length, clock.count_from)
    extension = Extension(
        clock=clock.id, to_due=due.at, provisional=due.provisional, span=rung.length, rung=clock.rung + 1,
        reason=message.reason, by=message.by, errand=errand,
    )  # fmt: skip
    file.extensions.append(extension)
    return extension


def notice_delivered(file: CaseFile, errand: str, now: datetime) -> None:
    """The notice of an extension is in the complainant's hands: the extension takes effect, if it is still in time."""
    extension = next((extension for extension in file.extensions if extension.errand == errand), None)
    if extension is None:
        return
    file.extensions.remove(extension)
    clock = find(file, extension.clock)
    if clock is None or not clock.ticking or now > clock.due_at:
        file.write(now, "extension_lapsed", f"notice of the extension of {extension.clock} came too late")
        return
    _shift_promise(file, clock, extension, now)
    move(file, clock, Due(at=extension.to_due, provisional=extension.provisional), extension.reason, extension.by, now)
    clock.rung, clock.span = extension.rung, extension.span
    file.write(now, "deadline_extended", f"{clock.id} now due {shown(file, clock.due_at)}", extension.by)


def _shift_promise(file: CaseFile, law_clock: Clock, extension: Extension, now: datetime) -> None:
    """The date that the notice tells the complainant is the new promise."""
    promised = promise(file)
    if law_clock.kind == ClockKind.LAW and promised.ticking:
        due = Due(at=extension.to_due, provisional=extension.provisional)
        move(file, promised, due, extension.reason, extension.by, now)


def promised_after(file: CaseFile, extension_errand: str) -> datetime:
    """The reply time that the notice of an extension tells the complainant."""
    extension = next((extension for extension in file.extensions if extension.errand == extension_errand), None)
    return extension.to_due if extension else next_word(file)


def next_word(file: CaseFile) -> datetime:
    """What the complainant can count on next: promise, law, and when both are broken the next progress letter."""
    deadline = next_reply_deadline(file)
    return deadline.due_at if deadline else file.progress_at or promise(file).due_at


def shown(file: CaseFile, instant: datetime) -> str:
    """An instant by the firm's wall clock, with its zone."""
    return f"{file.pinned().calendar.local(instant):%Y-%m-%d %H:%M %Z}"


def view(file: CaseFile, clock: Clock) -> ClockView:
    """A clock with its source and its day-by-day explanation."""
    rule = file.pinned().pack.clocks.get(ClockKind(clock.kind)) if clock.kind in set(ClockKind) else None
    return ClockView(
        id=clock.id, kind=clock.kind, subject=clock.subject, state=clock.state, started_at=clock.started_at,
        due_at=clock.due_at, due_local=shown(file, clock.due_at), provisional=clock.provisional,
        warned_at=clock.warned_at, met_at=clock.met_at, breached_at=clock.breached_at,
        source=f"{rule.source.citation} [{rule.source.status}]" if rule else None,
        moves=[f"{shown(file, move.at)}: {shown(file, move.from_due)} -> {shown(file, move.to_due)}: {move.reason}"
               for move in clock.moves],
        explanation=list(explain(file, clock)),
    )  # fmt: skip


def explain(file: CaseFile, clock: Clock) -> Iterator[str]:
    """Every day of the count: counted, or skipped and why."""
    calendar = file.pinned().calendar
    yield f"starts {shown(file, clock.started_at)}"
    if clock.span is not None:
        first = calendar.local(clock.started_at).date()
        for day in calendar.count(first, clock.span, clock.count_from):
            number = f"day {day.number}" if day.number else "skipped"
            yield f"{day.day:%a %Y-%m-%d} {number} ({day.name or day.why})"
    yield f"due {shown(file, clock.due_at)}" + (" (provisional)" if clock.provisional else "")
