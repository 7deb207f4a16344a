"""The mandatory satisfaction call-back: product policy from the handbooks, not law. No complaint closes without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import clocks, credits, errands, progress, tiers
from domain.casefile import CallAttempt, CaseFile, Cycle
from domain.clockrules import ClockKind
from domain.decisions import ConfirmUnreachable, RecordCallback
from domain.model import Outcome
from domain.refusals import Refusal, refuse
from domain.remedies import owed
from domain.rulepack import DayPart, Power
from domain.staff import may, roles_with, took_part_before


def due_to_begin(file: CaseFile) -> bool:
    """Whether everything is done and said, so that the customer can be asked."""
    return (file.cycle.answered_at is not None or file.withdrawn) and not owed(file)


def begin(file: CaseFile, now: datetime) -> None:
    """Start the call-back's time and tell the call-back staff."""
    if clocks.find(file, _clock_id(file)):
        return
    clock = clocks.start(file, _clock_id(file), ClockKind.CALL_BACK, "satisfaction call-back", now, now)
    latest = ClockKind.CALL_BACK_LATEST
    clocks.start(file, f"{latest}-{file.cycle.number}", latest, "call-back, at the latest", now, now)
    role = roles_with(file, Power.CALL_BACK)[0]
    file.write(now, "callback_due", clock.id)
    text = "call the customer: is it solved, are you satisfied?"
    errands.notice(file, f"notice-{clock.id}", role, "callback", text, now, clock.due_at)


def _clock_id(file: CaseFile) -> str:
    return f"{ClockKind.CALL_BACK}-{file.cycle.number}"


def began_at(file: CaseFile) -> datetime | None:
    """When the present call-back was due to begin."""
    clock = clocks.find(file, _clock_id(file))
    return clock.started_at if clock else None


def _begun(file: CaseFile) -> Iterator[Refusal]:
    if file.cycle.callback_at or file.outcome:
        yield refuse("callback_made")
    if began_at(file) is None:
        yield refuse("not_calling_back", stage="still being handled")


def check_record(file: CaseFile, message: RecordCallback, now: datetime) -> Iterator[Refusal]:
    """Somebody independent calls, after everything is done, in the hours in which customers are called."""
    yield from may(file, message.by, Power.CALL_BACK, "call the customer back")
    yield from _begun(file)
    if took_part_before(file, message.by):
        yield refuse("callback_not_independent", person=message.by.id)
    at, since = message.at or now, began_at(file)
    if at > now:
        yield refuse("call_in_future")
    if since and at < since:
        yield refuse("call_before_response", since=clocks.shown(file, since))
    if _day_part(file, at) is None:
        parts = ", ".join(f"{part.name} {part.from_hour}-{part.to_hour}" for part in _rules(file))
        yield refuse("outside_day_parts", time=clocks.shown(file, at), parts=parts)
    if not message.reached:
        yield from _check_spacing(file, at)


def _check_spacing(file: CaseFile, at: datetime) -> Iterator[Refusal]:
    if not file.cycle.calls:
        return
    last = file.cycle.calls[-1].at
    following = last + timedelta(hours=file.pinned().pack.call_back.spacing.hours)
    if at < following:
        yield refuse("too_soon", last=clocks.shown(file, last), next=clocks.shown(file, following))


def _rules(file: CaseFile) -> list[DayPart]:
    return file.pinned().pack.call_back.day_parts


def _day_part(file: CaseFile, at: datetime) -> DayPart | None:
    hour = file.pinned().calendar.local(at).hour
    return next((part for part in _rules(file) if part.from_hour <= hour < part.to_hour), None)


def record(file: CaseFile, message: RecordCallback, now: datetime) -> str:
    """Enter an attempt; when the customer was reached, it has its outcome."""
    at = message.at or now
    part = _day_part(file, at)
    assert part is not None
    file.cycle.calls.append(
        CallAttempt(at=at, by=message.by, day_part=part.name, reached=message.reached, solved=message.solved,
                    satisfied=message.satisfied, said=message.said)
    )  # fmt: skip
    if not message.reached:
        return f"Not reached: {_attempts(file)}."
    _conclude(file, now)
    if file.withdrawn:
        return _withdrawal_confirmed(file, bool(message.solved), now)
    return _answered(file, bool(message.solved and message.satisfied), now)


def _conclude(file: CaseFile, now: datetime) -> None:
    file.cycle.callback_at = now
    number = file.cycle.number
    clocks.meet(file, now, f"{ClockKind.CALL_BACK}-{number}", f"{ClockKind.CALL_BACK_LATEST}-{number}")


def _answered(file: CaseFile, satisfied: bool, now: datetime) -> str:
    if satisfied:
        file.outcome = Outcome.SATISFIED
        return "Solved and satisfied; the complaint can be closed."
    if file.tier >= file.pinned().pack.top_tier:
        file.outcome = Outcome.UNRESOLVED
        return "Not satisfied at the top tier; the final position names the outside remedies, recorded as unresolved."
    new_cycle(file, file.tier + 1, "dissatisfied", now)
    return f"Not satisfied; the complaint goes on at tier {file.tier}, in cycle {file.cycle.number}."


def _withdrawal_confirmed(file: CaseFile, stands: bool, now: datetime) -> str:
    if stands:
        file.outcome = Outcome.WITHDRAWN
        return "The customer stands by the withdrawal; the complaint can be closed."
    file.withdrawals[-1].revived_at = now
    credits.revived(file, now)
    new_cycle(file, file.tier + 1, "withdrawal not confirmed", now)
    if file.acknowledged_at is None:
        kind = ClockKind.ACKNOWLEDGEMENT
        clocks.start(file, f"{kind}-{file.cycle.number}", kind, "acknowledgement", now, now)
    return f"The customer does not stand by the withdrawal; the complaint goes on at tier {file.tier}."


def new_cycle(file: CaseFile, tier: int, reason: str, now: datetime) -> None:
    """Begin again, one tier up, with clocks of its own; what came before stays on record."""
    file.cycles.append(Cycle(number=file.cycle.number + 1, started_at=now))
    file.write(now, "new_cycle", reason)
    clocks.start_cycle_clocks(file, now, now)
    progress.tell(file, now)  # tells the customer the new date
    clocks.stop(file, now, clocks.TIER)
    before = file.tier
    tiers.climb(file, tier, reason, now)
    if file.tier == before:
        tiers.call_for_owner(file, reason, now)


def _counting(file: CaseFile) -> tuple[int, int]:
    unreached = [call for call in file.cycle.calls if not call.reached]
    return len(unreached), len({call.day_part for call in unreached})


def _attempts(file: CaseFile) -> str:
    made, parts = _counting(file)
    rule = file.pinned().pack.call_back
    return f"{made} of {rule.attempts} attempts, {parts} of {rule.different_day_parts} day-parts"


def enough_attempts(file: CaseFile) -> bool:
    """Whether a supervisor may confirm that the customer cannot be reached."""
    made, parts = _counting(file)
    rule = file.pinned().pack.call_back
    return made >= rule.attempts and parts >= rule.different_day_parts


def check_unreachable(file: CaseFile, message: ConfirmUnreachable, now: datetime) -> Iterator[Refusal]:
    """A supervisor who neither handled nor called confirms, after enough attempts in different day-parts."""
    yield from may(file, message.by, Power.SUPERVISE, "confirm that a customer cannot be reached")
    yield from _begun(file)
    called = {call.by.id for call in file.cycle.calls}
    if took_part_before(file, message.by) or message.by.id in called:
        yield refuse("not_independent_supervisor", person=message.by.id)
    if not enough_attempts(file):
        made, parts = _counting(file)
        rule = file.pinned().pack.call_back
        yield refuse("not_enough_attempts", made=made, needed=rule.attempts, parts=parts,
                     parts_needed=rule.different_day_parts)  # fmt: skip


def unreachable(file: CaseFile, message: ConfirmUnreachable, now: datetime) -> str:
    """Enter the supervisor's confirmation."""
    file.cycle.unreachable_confirmed_by = message.by
    _conclude(file, now)
    file.outcome = Outcome.WITHDRAWN if file.withdrawn else Outcome.UNREACHABLE
    return "Confirmed as unreachable; the complaint can be closed."
