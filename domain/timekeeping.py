"""What falls due and what happens then: warnings, breaches written at the instant, reminders, climbing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from domain import (
    clocks,
    compensation,
    credits,
    errands,
    extensions,
    investigations,
    progress,
    provisional,
    resolution,
    tiers,
)
from domain.casefile import CaseFile, Clock, Credit, Errand, Investigation
from domain.clockrules import ClockKind

PROMISES = {
    ClockKind.ACKNOWLEDGEMENT,
    ClockKind.LAW,
    ClockKind.PROMISE,
    ClockKind.REGULATOR,
    ClockKind.CALL_BACK,
    ClockKind.CALL_BACK_LATEST,
    ClockKind.REFERRAL,
    ClockKind.CREDIT_NOTICE,
    ClockKind.CORRECTION,
    ClockKind.REPORT,
}
"""Clocks kept towards customer, law and regulator; the others are the bank's own."""


class Due(NamedTuple):
    """Something that falls due. It is made anew for every look at what comes next, and so of what is there already."""

    at: datetime
    what: str
    """What falls due; empty when a clock runs out."""
    act: Callable[[CaseFile, Any, datetime], None]
    """What happens then, to whom it concerns."""
    of: Clock | Investigation | Errand | Credit | None = None
    """Whom it concerns; nothing for the complaint as a whole."""
    reply: bool = False
    """Whether it is the committed reply deadline, which has a timer of its own."""
    chore: bool = False
    """Whether it concerns the machine alone, and nobody who looks for what happens next."""

    @property
    def label(self) -> str:
        """What it is called in summaries."""
        return f"{self.what} {self.of.id}".strip() if self.of else self.what


SOONEST = attrgetter("at")


def upcoming(file: CaseFile) -> Iterator[Due]:
    """Everything that will fall due, in no order."""
    for clock in file.clocks:
        if clock.ticking:
            yield _running_out(clock)
            if clock.warn_at:
                yield Due(clock.warn_at[0], "warning", _warn, clock)
    for inquiry in file.investigations:
        if inquiry.remind_at:
            yield Due(inquiry.remind_at, "reminder", _remind, inquiry)
        if inquiry.climb_at:
            yield Due(inquiry.climb_at, "silence", investigations.silent, inquiry)
    if file.progress_at:
        yield Due(progress.turn(file, file.progress_at), "progress letter", _tell_progress)
    if read_at := provisional.read_again_at(file):
        yield Due(read_at, "calendars", _read_calendars, chore=True)
    for credit, day in credits.to_be_debited(file):
        yield Due(day, "debit of", credits.debit, credit)
    yield from _checks(file)


def _checks(file: CaseFile) -> Iterator[Due]:
    """Looks at errands that take long."""
    for errand in file.errands:
        if errand.pending and not errand.trouble_told:
            yield Due(errands.still_failing_at(file, errand), "check on", _tell_trouble, errand, chore=True)


def _running_out(clock: Clock) -> Due:
    return Due(clock.due_at, "", _run_out, clock, clock.kind in clocks.REPLY_KINDS)


def next_due(file: CaseFile, reply: bool) -> Due | None:
    """The next thing on the alarm, or on the reply deadline's own timer. Asked whenever anything has happened."""
    if reply:
        ticking = (clock for clock in file.clocks if clock.kind in clocks.REPLY_KINDS and clock.ticking)
        return min(map(_running_out, ticking), key=SOONEST, default=None)
    return min((due for due in upcoming(file) if not due.reply), key=SOONEST, default=None)


def run_out(file: CaseFile, now: datetime) -> None:
    """Let everything happen that has fallen due, in order of time."""
    while (due := min(upcoming(file), key=SOONEST, default=None)) and due.at <= now:
        due.act(file, due.of, now)


def _remind(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    inquiry.remind_at = None
    investigations.remind(file, inquiry, now)


def _tell_progress(file: CaseFile, _: None, now: datetime) -> None:
    progress.tell(file, now)


def _read_calendars(file: CaseFile, _: None, now: datetime) -> None:
    provisional.order_reading(file, now)


def _warn(file: CaseFile, clock: Clock, now: datetime) -> None:
    clock.warn_at.pop(0)
    clock.warned_at.append(now)
    text = f"{clock.subject} is due {clocks.shown(file, clock.due_at)}"
    tiers.alert(file, f"notice-warning-{clock.id}-{len(clock.warned_at)}", "warning", text, now, clock.due_at)
    file.write(now, "early_warning", clock.id)


def _tell_trouble(file: CaseFile, errand: Errand, now: datetime) -> None:
    """An errand takes long: its system keeps failing."""
    errand.trouble_told = True
    file.write(now, "still_failing", errand.id)
    errands.open_task(file, f"trouble-{errand.id}", f"{errand.id} keeps failing; the machine goes on trying", now)


def _run_out(file: CaseFile, clock: Clock, now: datetime) -> None:
    if clock.kind == ClockKind.OFFER:
        clock.stopped_at = now
        resolution.expire(file, clock.id.removeprefix(f"{ClockKind.OFFER}-"), now)
        return
    if clock.kind == ClockKind.SHORT_SETTLEMENT:
        clock.stopped_at = now
        file.write(now, "short_settlement_over", "the ordinary final response is due")
        return
    _breach(file, clock, now)
    _escalate(file, clock, now)


def _breach(file: CaseFile, clock: Clock, now: datetime) -> None:
    """Write the breach once, at the instant: it happened when the time ran out, whoever noticed when."""
    clock.breached_at, clock.breach_written_at, clock.warn_at = clock.due_at, now, []
    file.write(now, "deadline_breached", f"{clock.id} ran out {clocks.shown(file, clock.due_at)}")
    extensions.lapse(file, clock, now)


def _escalate(file: CaseFile, clock: Clock, now: datetime) -> None:
    """What a breach brings about, by kind of clock."""
    match clock.kind:
        case ClockKind.LAW | ClockKind.REFERRAL | ClockKind.REGULATOR | ClockKind.CALL_BACK_LATEST:
            tiers.climb(file, file.pinned().pack.top_tier, f"{clock.kind} breached", now)
        case ClockKind.PROMISE | clocks.TIER:
            tiers.climb(file, file.tier + 1, f"{clock.kind} time used up", now)
        case ClockKind.APPROVAL:
            proposal = file.cycle.proposal
            if proposal:
                compensation.too_slow(file, proposal, now)
            return
        case clocks.INVESTIGATION:
            inquiry = errands.investigation(file, clock.id.removeprefix(f"{clocks.INVESTIGATION}-"))
            investigations.overdue(file, inquiry, now)
            return
        case clocks.ACCEPTANCE:
            inquiry = errands.investigation(file, clock.id.removeprefix(f"{clocks.ACCEPTANCE}-"))
            investigations.remind(file, inquiry, now)
            return
        case _:
            pass
    tiers.alert(file, f"notice-breach-{clock.id}", "breach", f"{clock.subject} ran out", now)
