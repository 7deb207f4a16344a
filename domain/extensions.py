"""More time: by the ladder of the rule, or from the owner for a department.

A rung of the ladder takes effect when what it needs has happened before the old deadline: the notice is delivered, or
the amount in dispute is credited. Otherwise nothing is extended, and the breach stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import credits, errands
from domain.calendar import Due
from domain.casefile import CaseFile, Clock, Extension
from domain.clockrules import Need, Rung
from domain.clocks import (
    INVESTIGATION,
    LAWS,
    against_changing,
    calendar_of,
    find,
    fix,
    move,
    next_reply_deadline,
    next_word,
    promise,
    rule_of,
    shown,
)
from domain.counting import runs_out
from domain.decisions import ExtendDeadline
from domain.effects import LetterKind
from domain.investigations import more_time
from domain.refusals import Refusal, refuse
from domain.staff import listed, owner_acts, takes_part


def next_rung(file: CaseFile, clock: Clock) -> Rung | None:
    """The next step of the ladder by which the rule lets a clock be extended, if there is one left."""
    rule = rule_of(file, clock)
    ladder = rule.ladder if rule else []
    return ladder[clock.rung] if clock.rung < len(ladder) else None


def check(file: CaseFile, message: ExtendDeadline, now: datetime) -> Iterator[Refusal]:
    """More time is given by the ladder: reason code, approver, and what the rung needs before the old deadline."""
    yield from takes_part(file, message.by)
    yield from against_changing(file, message.clock, now)
    clock = find(file, message.clock)
    if clock is None:
        return
    if clock.kind == INVESTIGATION:
        yield from _check_department_time(file, clock, message)
    else:
        yield from _check_ladder(file, clock, message)
    yield from _check_credit(file, clock, message)


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
    yield from _check_until(file, clock, rung, message)
    if message.reason_code not in rung.reason_codes:
        yield refuse("reason_code_unknown", code=message.reason_code, known=listed(rung.reason_codes))
    if message.by.role not in rung.approver_roles:
        yield refuse("not_this_approver", who=listed(rung.approver_roles), role=message.by.role)
    if any(extension.clock == clock.id for extension in file.extensions):
        yield refuse("extension_pending", clock=clock.id)


def _check_credit(file: CaseFile, clock: Clock, message: ExtendDeadline) -> Iterator[Refusal]:
    rung = next_rung(file, clock)
    if rung and rung.needs is Need.PROVISIONAL_CREDIT:
        yield from credits.check(file, message)
    elif message.credit:
        yield refuse("credit_not_needed", clock=clock.id)


def _check_until(file: CaseFile, clock: Clock, rung: Rung, message: ExtendDeadline) -> Iterator[Refusal]:
    if rung.length is not None:
        if message.until is not None:
            yield refuse("until_not_allowed")
    elif message.until is None:
        yield refuse("until_names_the_time", clock=clock.id)
    elif message.until <= clock.due_at:
        yield refuse("until_too_early", due=shown(file, clock.due_at))


def extend(file: CaseFile, message: ExtendDeadline, now: datetime) -> str:
    """Give a department more time at once, or order what the rung needs before it takes effect."""
    clock = find(file, message.clock)
    assert clock is not None
    if clock.kind == INVESTIGATION:
        assert message.until is not None
        fix(file, clock, Due(at=message.until), message.reason, message.by, now)
        more_time(file, clock.id.removeprefix(f"{INVESTIGATION}-"), clock.due_at, now)
        return f"{clock.id} is now due {shown(file, clock.due_at)}."
    rung = next_rung(file, clock)
    assert rung is not None
    return (_with_credit if rung.needs is Need.PROVISIONAL_CREDIT else _with_notice)(file, message, now)


def _with_credit(file: CaseFile, message: ExtendDeadline, now: datetime) -> str:
    """The credit is ordered; where one stands already, that is all that the rung needs."""
    if message.credit:
        credit = credits.order(file, message, now)
        due = shown(file, plan(file, message, credit.id).to_due)
        return f"Approved until {due}, once {credit.id} is booked before the old deadline."
    errand = file.credits[-1].id
    plan(file, message, errand)
    take_effect(file, errand, now)
    return f"{message.clock} is extended: {errand} stands."


def _with_notice(file: CaseFile, message: ExtendDeadline, now: datetime) -> str:
    number = 1 + sum(errand.letter is LetterKind.EXTENSION_NOTICE for errand in file.errands)
    letter = errands.letter(file, LetterKind.EXTENSION_NOTICE, f"letter-extension-{number}", now, message.clock)
    letter.text = message.reason
    extension = plan(file, message, letter.id)
    due = shown(file, extension.to_due)
    return f"Approved until {due}, once its notice is delivered before the old deadline."


def plan(file: CaseFile, message: ExtendDeadline, errand: str) -> Extension:
    """Note an approved extension that waits for what it needs."""
    clock = find(file, message.clock)
    rung = next_rung(file, clock) if clock else None
    assert clock is not None and rung is not None
    due = _due(file, clock, rung, message)
    extension = Extension(
        clock=clock.id, to_due=due.at, provisional=due.provisional, span=rung.length, rung=clock.rung + 1,
        reason=message.reason, by=message.by, errand=errand, needs=rung.needs,
    )  # fmt: skip
    file.extensions.append(extension)
    return extension


def _due(file: CaseFile, clock: Clock, rung: Rung, message: ExtendDeadline) -> Due:
    if rung.length is not None:
        return runs_out(calendar_of(file, clock), clock.started_at, rung.length, clock.counting, clock.intervals)
    assert message.until is not None
    return Due(at=message.until)


def take_effect(file: CaseFile, errand: str, now: datetime) -> None:
    """What an extension needs has happened: it takes effect, if it is still in time."""
    extension = next((extension for extension in file.extensions if extension.errand == errand), None)
    if extension is None:
        return
    file.extensions.remove(extension)
    clock = find(file, extension.clock)
    if clock is None or not clock.ticking or now > clock.due_at:
        _lapsed(file, extension, now)
        return
    _shift_promise(file, clock, extension, now)
    due = Due(at=extension.to_due, provisional=extension.provisional)
    clock.rung, clock.span = extension.rung, extension.span
    move(file, clock, due, extension.reason, extension.by, now)
    file.write(now, "deadline_extended", f"{clock.id} now due {shown(file, clock.due_at)}", extension.by)


def lapse(file: CaseFile, clock: Clock, now: datetime) -> None:
    """A clock ran out before what its extension needs has happened: the breach stands, and the record says so."""
    for extension in [one for one in file.extensions if one.clock == clock.id]:
        file.extensions.remove(extension)
        _lapsed(file, extension, now)


def _lapsed(file: CaseFile, extension: Extension, now: datetime) -> None:
    what = "notice" if extension.needs is Need.NOTICE else "credit"
    file.write(now, "extension_lapsed", f"{extension.clock}: its {what} did not come in time", extension.by)


def _shift_promise(file: CaseFile, clock: Clock, extension: Extension, now: datetime) -> None:
    """The date that the notice tells the complainant is the new promise."""
    promised = promise(file)
    if clock.kind in LAWS and promised.ticking:
        at = _answer_by(file, extension)
        if at != promised.due_at:
            due = Due(at=at, provisional=extension.provisional)
            fix(file, promised, due, extension.reason, extension.by, now)


def _answer_by(file: CaseFile, extension: Extension) -> datetime:
    """When the complainant can expect the answer after an extension: other laws still bind."""
    others = [clock for clock in file.clocks if clock.kind in LAWS and clock.ticking and clock.id != extension.clock]
    return min([extension.to_due, *(clock.due_at for clock in others)])


def promised_after(file: CaseFile, extension_errand: str) -> datetime:
    """The reply time that the notice of an extension tells the complainant."""
    extension = next((extension for extension in file.extensions if extension.errand == extension_errand), None)
    return _answer_by(file, extension) if extension else next_word(file)
