"""The tier ladder: what lifts a complaint, who takes it over. Tiers never fall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, errands
from domain.casefile import CaseFile, Ownership, TierChange
from domain.decisions import Escalate, TakeOwnership
from domain.model import Staff
from domain.refusals import Refusal, refuse
from domain.rulepack import Entry, Power
from domain.staff import may, owned_at_tier, role_of, supervisor_role, takes_part, tier_role


def entry_tier(file: CaseFile) -> tuple[int, str]:
    """The highest tier whose entry conditions hold, and which condition it was."""
    for number in range(file.pinned().pack.top_tier, 1, -1):
        reason = _entered_by(file, file.pinned().pack.tiers[number - 1].entry)
        if reason:
            return number, reason
    return 1, ""


def _entered_by(file: CaseFile, entry: Entry) -> str | None:
    amount = file.complaint.amount
    earlier = len(file.customer.earlier_complaints) if file.customer else 0
    conditions = {
        "regulator": entry.regulator and bool(file.regulators),
        "media": entry.media and file.media,
        "people": entry.people_from is not None and file.people >= entry.people_from,
        "amount": amount is not None
        and any(limit.currency == amount.currency and amount.amount >= limit.amount for limit in entry.amount_from),
        "vulnerable": entry.vulnerable and file.vulnerable,
        "contacts": entry.contacts_from is not None and file.contact_count >= entry.contacts_from,
        "earlier_complaints": entry.earlier_complaints_from is not None and earlier >= entry.earlier_complaints_from,
    }
    return next((name for name, holds in conditions.items() if holds), None)


def climb(file: CaseFile, to_tier: int, reason: str, now: datetime, by: Staff | None = None) -> None:
    """Lift the complaint, never beyond the top and never down; somebody of the new tier must take it over."""
    to_tier = min(to_tier, file.pinned().pack.top_tier)
    if to_tier <= file.tier:
        return
    file.tier = to_tier
    file.tier_changes.append(TierChange(at=now, to_tier=to_tier, reason=reason, by=by))
    file.write(now, "escalated", f"tier {to_tier}: {reason}", by)
    clocks.stop(file, now, clocks.TIER, clocks.TAKE_OVER)
    call_for_owner(file, reason, now)


def climb_if_entered(file: CaseFile, now: datetime) -> None:
    """Lift the complaint to the tier whose entry conditions now hold."""
    climb(file, *entry_tier(file), now)


def call_for_owner(file: CaseFile, reason: str, now: datetime) -> None:
    """Ask the tier to take the complaint over, unless somebody who reaches it owns it already."""
    if owned_at_tier(file):
        _start_tier_time(file, now)
        return
    tier = file.pinned().pack.tiers[file.tier - 1]
    number = 1 + sum(clock.kind == clocks.TAKE_OVER for clock in file.clocks)
    clock = clocks.start_span(
        file, f"{clocks.TAKE_OVER}-{number}", clocks.TAKE_OVER, f"ownership by {tier.name}", now, tier.take_over_within
    )
    role = tier_role(file, file.tier)
    text = f"tier {file.tier} ({reason}): somebody must take ownership"
    kind = "escalation" if file.tier_changes else "assignment"
    errands.notice(file, f"notice-{clock.id}", role, kind, text, now, clock.due_at)


def _start_tier_time(file: CaseFile, now: datetime) -> None:
    clocks.meet(file, now, *(clock.id for clock in file.clocks if clock.kind == clocks.TAKE_OVER))
    tier = file.pinned().pack.tiers[file.tier - 1]
    if tier.answer_within is None or file.cycle.answered_at:
        return
    if any(clock.kind == clocks.TIER and clock.ticking for clock in file.clocks):
        return
    number = 1 + sum(clock.kind == clocks.TIER for clock in file.clocks)
    clocks.start_span(file, f"{clocks.TIER}-{number}", clocks.TIER, f"answer by {tier.name}", now, tier.answer_within)


def check_escalate(file: CaseFile, message: Escalate, now: datetime) -> Iterator[Refusal]:
    """Handlers and supervisors may lift a complaint; only upwards."""
    yield from takes_part(file, message.by)
    role = role_of(file, message.by)
    if role and not {Power.HANDLE, Power.SUPERVISE} & set(role.powers):
        yield from may(file, message.by, Power.HANDLE, "escalate")
    if file.outcome:
        yield refuse("callback_made")
    if message.to_tier > file.pinned().pack.top_tier:
        yield refuse("no_such_tier", top=file.pinned().pack.top_tier, tier=message.to_tier)
    if message.to_tier <= file.tier:
        yield refuse("tier_falls", tier=file.tier)


def escalate(file: CaseFile, message: Escalate, now: datetime) -> str:
    """Lift the complaint because somebody decided so."""
    climb(file, message.to_tier, "decision", now, message.by)
    return f"The complaint is at tier {file.tier}; {tier_role(file, file.tier)} must take ownership."


def check_take_ownership(file: CaseFile, message: TakeOwnership, now: datetime) -> Iterator[Refusal]:
    """A new handler is of a higher level or the right expert, or is assigned by a supervisor."""
    yield from may(file, message.by, Power.HANDLE, "own a complaint")
    role = role_of(file, message.by)
    reach = (role.tier or 0) if role else 0
    if reach < file.tier:
        yield refuse("role_below_tier", role=message.by.role, reach=reach, tier=file.tier)
    if file.owner == message.by and owned_at_tier(file):
        yield refuse("already_owner", person=message.by)
    if message.assigned_by is not None and message.assigned_by.id != message.by.id:
        yield from may(file, message.assigned_by, Power.SUPERVISE, "assign an owner")
    elif owned_at_tier(file) and not _may_take_over(file, message.by):
        yield refuse("handover_needs_higher", owner=file.owner)


def _may_take_over(file: CaseFile, person: Staff) -> bool:
    new, old = role_of(file, person), role_of(file, file.owner) if file.owner else None
    assessment = file.cycle.assessment
    expert = bool(new and new.expert and assessment and assessment.expert_needed)
    return expert or (new is not None and old is not None and (new.tier or 0) > (old.tier or 0))


def take_ownership(file: CaseFile, message: TakeOwnership, now: datetime) -> str:
    """The person answers for the complaint from now on."""
    own(file, message.by, now, message.assigned_by)
    return f"{message.by} owns the complaint at tier {file.tier}."


def own(file: CaseFile, person: Staff, now: datetime, assigned_by: Staff | None = None) -> None:
    """Hand the complaint to a person, and start the tier's time."""
    file.owners.append(Ownership(owner=person, since=now, tier=file.tier, assigned_by=assigned_by))
    _start_tier_time(file, now)


def recuse(file: CaseFile, staff_ids: list[str], now: datetime) -> None:
    """People complained of take no part any more; an owner among them loses the complaint."""
    new = [person for person in staff_ids if person not in file.recused]
    file.recused.extend(new)
    if file.owner and file.owner.id in new:
        file.write(now, "owner_recused", "the owner is complained of")
        clocks.stop(file, now, clocks.TIER)
        call_for_owner(file, "owner recused", now)


def alert(file: CaseFile, errand_id: str, kind: str, text: str, now: datetime, due: datetime | None = None) -> None:
    """Tell the early-warning desk, which is the supervisor's."""
    errands.notice(file, errand_id, supervisor_role(file), kind, text, now, due)
