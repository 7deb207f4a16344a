"""What else may be sent: the messages beside the open tasks that the rules would accept at this point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain import clocks, compensation, credit_amounts, credits, extensions
from domain.casefile import CaseFile
from domain.clockrules import ClockKind, Need, Rung
from domain.examples import EXAMPLES
from domain.investigations import proposal_not_live
from domain.messages import by
from domain.rulepack import Power
from domain.staff import owned_at_tier, roles_with, tier_role
from domain.tasks import open_tasks

Ready = dict[str, Any]

AT_ANY_TIME = ("customer_contacted_us", "evidence_added", "regulator_contacted_us", "add_note")
ASSESSMENT = {
    "nature": "<nature>", "responsibility": "undetermined", "summary": "<the complaint in the bank's words>",
    "points": ["<point to be answered>"], "investigation_needed": True,
}  # fmt: skip


def also_permitted(file: CaseFile) -> dict[str, Ready]:
    """The messages that no open task asks for and that would be accepted now, with what the file knows filled in.

    Whoever sends one fills in the rest, and must still be the right person for it.
    """
    if file.rules is None or file.closed_at:
        return {}
    asked_for = {task.message for task in open_tasks(file)}
    found = {**dict(_handling(file)), **{name: EXAMPLES[name] for name in AT_ANY_TIME}}
    return {name: ready for name, ready in found.items() if name not in asked_for}


def _handling(file: CaseFile) -> Iterator[tuple[str, Ready]]:
    """What moves the complaint; nothing does after the call-back has its outcome."""
    if file.outcome:
        return
    owner = _owner(file)
    supervisor = roles_with(file, Power.SUPERVISE)[0]
    yield "take_ownership", {"by": by(tier_role(file, file.tier)), "assigned_by": by(supervisor)}
    if file.withdrawn:
        return
    if file.tier < file.pinned().pack.top_tier:
        yield "escalate", owner | {"to_tier": file.tier + 1, "reason": "<why>"}
    yield "withdraw", owner | {"channel": "phone", "reason": "<their reason>"}
    if extension := _extension(file):
        yield "extend_deadline", extension
    if owned_at_tier(file):
        yield from _standing_still(file, owner)
    if owned_at_tier(file) and not file.cycle.answered_at and not any(proposal_not_live(file.cycle.proposal)):
        yield from _investigating(file, owner)


def _standing_still(file: CaseFile, owner: Ready) -> Iterator[tuple[str, Ready]]:
    """The clock that a rule lets stand still; to let it go on is a task."""
    extended = {extension.clock for extension in file.extensions}
    for clock in file.clocks:
        rule = clocks.rule_of(file, clock)
        if rule and rule.may_pause_for and clock.ticking and clock.span and clock.id not in extended:
            code = rule.may_pause_for[0].reason
            yield "pause_clock", owner | {"clock": clock.id, "reason_code": code, "reason": "<why>"}


def _owner(file: CaseFile) -> Ready:
    owner = file.owner
    return {"by": owner.model_dump() if owner and owned_at_tier(file) else by(tier_role(file, file.tier))}


def _investigating(file: CaseFile, owner: Ready) -> Iterator[tuple[str, Ready]]:
    if file.identity_verified_at:
        yield "assess", owner | ASSESSMENT
    if file.cycle.assessment:
        yield "request_investigation", owner | {"department": "<department>", "question": "<what to find out>"}


def _extension(file: CaseFile) -> Ready | None:
    """The next rung of the law's ladder, as long as its clock runs."""
    clock = next((clock for clock in file.clocks if clock.kind == ClockKind.LAW and clock.ticking), None)
    rung = extensions.next_rung(file, clock) if clock else None
    if clock is None or rung is None or any(extension.clock == clock.id for extension in file.extensions):
        return None
    message = {"clock": clock.id, "reason_code": rung.reason_codes[0], "reason": "<why>"}
    if rung.needs is Need.NOTICE:
        return {"by": by(rung.approver_roles[0])} | message
    return _with_credit(file, rung, message)


def _with_credit(file: CaseFile, rung: Rung, message: Ready) -> Ready | None:
    """An extension that needs a provisional credit: of all that is in dispute, by the first role that may grant it."""
    if credits.suffices(file):
        return {"by": by(rung.approver_roles[0])} | message
    money = credit_amounts.most(file)
    able = compensation.roles_over(file, money) if money else rung.approver_roles
    role = next((role for role in rung.approver_roles if role in able), None)
    known = file.complaint.complainant.customer_number is not None
    if role is None or not known or credits.standing(file) or (file.cycle.proposal and file.cycle.proposal.settled):
        return None
    sum_ = money.model_dump(mode="json") if money else {"amount": "<sum>", "currency": "<currency>"}
    return {"by": by(role)} | message | {"credit": sum_}
