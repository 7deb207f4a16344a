"""Pausing: only clocks whose rule allows it, for the reasons that it names. The log of intervals moves the due time.

When no time in law runs any more, the promise stands still with the last of them: it follows the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, errands, progress
from domain.calendar import Due
from domain.casefile import CaseFile, Clock, ClockPause
from domain.clockrules import ClockRule
from domain.decisions import PauseClock, ResumeClock
from domain.effects import LetterKind
from domain.refusals import Refusal, refuse
from domain.staff import listed, owner_acts


def check_pause(file: CaseFile, message: PauseClock, now: datetime) -> Iterator[Refusal]:
    """The owner pauses a ticking clock for a reason of its rule; a refusal names the rule."""
    yield from owner_acts(file, message.by, "pause a clock")
    yield from clocks.against_changing(file, message.clock, now)
    clock = clocks.find(file, message.clock)
    if clock is None:
        return
    yield from _check_reason(clock, clocks.rule_of(file, clock), message)
    if any(extension.clock == clock.id for extension in file.extensions):
        yield refuse("extension_pending", clock=clock.id)


def _check_reason(clock: Clock, rule: ClockRule | None, message: PauseClock) -> Iterator[Refusal]:
    reasons = [one.reason for one in rule.may_pause_for] if rule else []
    if not rule or not reasons:
        source = f"{rule.source.citation} [{rule.source.status}]" if rule else "no rule"
        yield refuse("never_pauses", clock=clock.id, rule=source)
    elif message.reason_code not in reasons:
        allowed = "; ".join(f"{one.reason} ({one.source.citation})" for one in rule.may_pause_for)
        yield refuse("no_reason_to_pause", clock=clock.id, code=message.reason_code, allowed=allowed)
    elif clock.span is None:
        yield refuse("fixed_time", clock=clock.id)


def pause(file: CaseFile, message: PauseClock, now: datetime) -> str:
    """Let the clock stand still from now on, and tell the complainant where the rule has it."""
    clock = clocks.find(file, message.clock)
    assert clock is not None
    _stand_still(clock, message, now)
    promised = clocks.promise(file)
    if clock.kind in clocks.LAWS and promised.ticking and clocks.soonest_law(file) is None:
        _stand_still(promised, message, now, clock.id)
    if _told(file, clock, message.reason_code):
        number = 1 + sum(errand.letter is LetterKind.PAUSE_NOTICE for errand in file.errands)
        letter = errands.letter(file, LetterKind.PAUSE_NOTICE, f"letter-pause-{number}", now, clock.id)
        letter.text = message.reason
    return f"{clock.id} stands still; resume_clock lets it go on."


def _stand_still(clock: Clock, message: PauseClock, now: datetime, follows: str | None = None) -> None:
    clock.pauses.append(ClockPause(since=now, reason_code=message.reason_code, by=message.by, follows=follows))
    clock.warn_at = []


def _release_promise(file: CaseFile, pause: ClockPause, now: datetime) -> None:
    """Let the promise go on with the law; one that was set by hand is then kept with the law."""
    promised, first = clocks.promise(file), clocks.soonest_law(file)
    if not promised.paused or promised.pauses[-1].follows is None:
        return
    clocks.go_on(file, promised, now)
    if promised.span is None and first and first.due_at > promised.due_at:
        due = Due(at=first.due_at, provisional=first.provisional)
        clocks.fix(file, promised, due, f"as {first.id}", pause.by, now)


def _told(file: CaseFile, clock: Clock, reason_code: str) -> bool:
    """Whether the complainant is told of a pause, and of the new time when it is over."""
    rule = clocks.rule_of(file, clock)
    return rule is not None and any(one.tell for one in rule.may_pause_for if one.reason == reason_code)


def check_resume(file: CaseFile, message: ResumeClock, now: datetime) -> Iterator[Refusal]:
    """The owner lets a paused clock go on."""
    yield from owner_acts(file, message.by, "let a clock go on")
    clock = clocks.find(file, message.clock)
    paused = [clock.id for clock in file.clocks if clock.waits_for_somebody]
    if clock is None or clock.id not in paused:
        yield refuse("not_paused", clock=message.clock, paused=listed(paused) or "none")


def resume(file: CaseFile, message: ResumeClock, now: datetime) -> str:
    """Let the clock go on, later by the interval, and tell the complainant the new time of the answer."""
    clock = clocks.find(file, message.clock)
    assert clock is not None
    pause = clock.pauses[-1]
    clocks.go_on(file, clock, now)
    _release_promise(file, pause, now)
    clocks.keep_promise_within_laws(file, "", now)
    file.write(now, "clock_resumed", f"{clock.id} now due {clocks.shown(file, clock.due_at)}")
    if clock.kind in clocks.REPLY_KINDS and _told(file, clock, pause.reason_code):
        progress.tell(file, now)
    return f"{clock.id} goes on and is now due {clocks.shown(file, clock.due_at)}."
