"""Parallel department investigations: request, the four answers, reminder, head informed, climb."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, errands, room, spreading, tiers
from domain.casefile import LIVE, CaseFile, Errand, ErrandKind, Finding, Investigation, InvestigationState, Proposal
from domain.counting import runs_out
from domain.decisions import RequestInvestigation
from domain.facts import (
    EvidenceAdded,
    Fact,
    InvestigationAccepted,
    InvestigationDeclined,
    InvestigationExtensionRequested,
    InvestigationResult,
)
from domain.model import Staff
from domain.refusals import Refusal, refuse
from domain.staff import listed, owner_acts, took_part_before

About = InvestigationAccepted | InvestigationDeclined | InvestigationExtensionRequested | InvestigationResult
"""Facts about one investigation."""


def find(file: CaseFile, investigation_id: str) -> Investigation | None:
    """The investigation with an id."""
    return next((inquiry for inquiry in file.investigations if inquiry.id == investigation_id), None)


def still_open(file: CaseFile) -> list[Investigation]:
    """Investigations whose answer is awaited."""
    return [inquiry for inquiry in file.investigations if inquiry.open]


def check_request(file: CaseFile, message: RequestInvestigation, now: datetime) -> Iterator[Refusal]:
    """The owner asks a department that the rule pack knows, before a proposal is under way."""
    yield from owner_acts(file, message.by, "ask a department")
    if file.cycle.assessment is None:
        yield refuse("assessment_first")
    pack = file.pinned().pack
    if message.department not in pack.departments:
        yield refuse(
            "department_unknown", pack=pack.name, department=message.department, known=listed(pack.departments)
        )
    if message.investigation and find(file, message.investigation):
        yield refuse("investigation_exists", investigation=message.investigation)
    if file.cycle.answered_at:
        yield refuse("answered_already")
    yield from proposal_not_live(file.cycle.proposal)


def proposal_not_live(proposal: Proposal | None) -> Iterator[Refusal]:
    """Nothing new is started while a proposal is being decided or carried out; the bank's last word is its last."""
    if proposal and (proposal.status in LIVE or proposal.settled):
        yield refuse("proposal_under_way", proposal=proposal.id, status=proposal.status)


def request(file: CaseFile, message: RequestInvestigation, now: datetime) -> str:
    """Open the investigation, start the department's clocks and dispatch the question."""
    inquiry = Investigation(
        id=message.investigation or _next_id(file, message.department), department=message.department,
        question=message.question, cycle=file.cycle.number, requested_at=now, requested_by=message.by,
    )  # fmt: skip
    file.investigations.append(inquiry)
    _start_clocks(file, inquiry, now)
    errands.order(
        file,
        Errand(id=f"dispatch-{inquiry.id}", kind=ErrandKind.INVESTIGATION, ordered_at=now, subject=inquiry.id),
    )
    for task in [task for task in file.tasks if task.id.startswith("declined-")]:
        errands.settle_task(file, task.id, f"{message.department} was asked", now)
    _take_in_early_facts(file, inquiry, now)
    return f"{inquiry.id} is on its way to {file.pinned().pack.departments[inquiry.department].name}."


def _next_id(file: CaseFile, department: str) -> str:
    taken = {inquiry.id for inquiry in file.investigations}
    number = 1
    while f"{department}-{number}" in taken:
        number += 1
    return f"{department}-{number}"


def _start_clocks(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    rule = file.pinned().pack.departments[inquiry.department]
    name = rule.name
    clocks.start_span(file, f"{clocks.ACCEPTANCE}-{inquiry.id}", clocks.ACCEPTANCE, f"acceptance by {name}", now,
                      rule.accept_within)  # fmt: skip
    answer = clocks.start_span(file, f"{clocks.INVESTIGATION}-{inquiry.id}", clocks.INVESTIGATION, f"answer of {name}",
                               now, rule.answer_within)  # fmt: skip
    inquiry.remind_at = _remind_at(file, inquiry, answer.due_at, now)


def _remind_at(file: CaseFile, inquiry: Investigation, due: datetime, now: datetime) -> datetime | None:
    """When the department has its turn to be reminded; none when that is over, or it was reminded in that turn."""
    rule = file.pinned().pack.departments[inquiry.department]
    at = file.pinned().calendar.before(due, rule.remind_before)
    reach = spreading.reach(file, rule.answer_within)
    if at <= now or any(one.ordered_at >= at - reach for one in _reminders(file, inquiry)):
        return None
    return spreading.turn(file, inquiry.id, at, now, rule.answer_within)


def _reminders(file: CaseFile, inquiry: Investigation) -> list[Errand]:
    return [errand for errand in file.errands if errand.id.startswith(f"notice-reminder-{inquiry.id}-")]


def more_time(file: CaseFile, investigation_id: str, due: datetime, now: datetime) -> None:
    """The owner gave the department more time: it is reminded before the new due time."""
    plan_reminder(file, investigation_id, due, now)
    errands.settle_task(file, f"more-time-{investigation_id}", "granted", now)


def plan_reminder(file: CaseFile, investigation_id: str, due: datetime, now: datetime) -> None:
    """The department's due time has moved, and its reminder moves with it."""
    inquiry = errands.investigation(file, investigation_id)
    inquiry.remind_at = _remind_at(file, inquiry, due, now)


def _take_in_early_facts(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    """Answers that came before the question was put."""
    mine = [fact for fact in file.early_facts if fact["message"]["investigation"] == inquiry.id]
    file.early_facts = [fact for fact in file.early_facts if fact not in mine]
    errands.settle_task(file, f"unrelated-{inquiry.id}", "the investigation was requested", now)
    for fact in mine:
        kind = next(about for about in _KINDS if fact["name"] == about.NAME)
        learn(file, kind.model_validate(fact["message"]), now)


_KINDS: tuple[type[About], ...] = (
    InvestigationAccepted,
    InvestigationDeclined,
    InvestigationExtensionRequested,
    InvestigationResult,
)


def learn(file: CaseFile, fact: About, now: datetime) -> None:
    """Take in a department's answer; what fits no investigation is kept until one is requested, and shown."""
    inquiry = find(file, fact.investigation)
    if inquiry is None:
        file.early_facts.append({"name": fact.NAME, "message": fact.model_dump(mode="json")})
        errands.open_task(
            file, f"unrelated-{fact.investigation}", f"{fact.NAME} names {fact.investigation}, which nobody requested",
            now,
        )  # fmt: skip
        return
    if fact.by.id in file.recused:
        _set_aside(file, inquiry, fact, now)
        return
    match fact:
        case InvestigationAccepted():
            _accepted(file, inquiry, fact, now)
        case InvestigationDeclined():
            _declined(file, inquiry, fact, now)
        case InvestigationExtensionRequested():
            _asks_for_time(file, inquiry, fact, now)
        case InvestigationResult():
            _answered(file, inquiry, fact, now)


def _set_aside(file: CaseFile, inquiry: Investigation, fact: Fact, now: datetime) -> None:
    """An answer of somebody complained of counts for nothing; the department must send another person."""
    file.write(now, "answer_set_aside", f"{inquiry.id}: the sender is complained of")
    errands.open_task(
        file, f"set-aside-{inquiry.id}", f"{inquiry.id} was answered by a person complained of: ask for another", now
    )


def _accepted(file: CaseFile, inquiry: Investigation, fact: InvestigationAccepted, now: datetime) -> None:
    if inquiry.open and inquiry.state is InvestigationState.DISPATCHED:
        inquiry.state, inquiry.accepted_by = InvestigationState.ACCEPTED, fact.by
        clocks.meet(file, now, f"{clocks.ACCEPTANCE}-{inquiry.id}")


def _declined(file: CaseFile, inquiry: Investigation, fact: InvestigationDeclined, now: datetime) -> None:
    if not inquiry.open:
        return
    end(file, inquiry, InvestigationState.DECLINED, now)
    hint = f"; it suggests {fact.suggested_department}" if fact.suggested_department else ""
    role = file.owner.role if file.owner else None
    errands.open_task(file, f"declined-{inquiry.id}", f"{inquiry.id} was declined{hint}: ask another", now, role)


def _asks_for_time(
    file: CaseFile, inquiry: Investigation, fact: InvestigationExtensionRequested, now: datetime
) -> None:
    if inquiry.open:
        errands.open_task(
            file, f"more-time-{inquiry.id}", f"{inquiry.id} asks for time until {clocks.shown(file, fact.until)}", now,
            file.owner.role if file.owner else None, investigation=inquiry.id,
        )  # fmt: skip


def _answered(file: CaseFile, inquiry: Investigation, fact: InvestigationResult, now: datetime) -> None:
    """Every finding is kept, also one that comes late; the first final one ends the investigation."""
    if room.takes(file, len(fact.model_dump_json().encode())):
        inquiry.findings.append(_finding(fact, fact.finding, now))
        file.evidence.extend(fact.evidence)
    else:
        room.journal_only(file, now)
        if (fact.final and inquiry.open) or _unknown_until_now(file, fact.by):
            inquiry.findings.append(_finding(fact, room.IN_JOURNAL, now))
    if not inquiry.open:
        return
    _accepted(
        file, inquiry, InvestigationAccepted(message_id=fact.message_id, investigation=inquiry.id, by=fact.by), now
    )
    if fact.final:
        clocks.meet(file, now, f"{clocks.INVESTIGATION}-{inquiry.id}")
        end(file, inquiry, InvestigationState.ANSWERED, now)


def _finding(fact: InvestigationResult, text: str, now: datetime) -> Finding:
    return Finding(at=now, by=fact.by, final=fact.final, text=text, responsibility=fact.responsibility,
                   root_cause=fact.root_cause)  # fmt: skip


def _unknown_until_now(file: CaseFile, person: Staff) -> bool:
    """Whether the file must remember that this person took part, so that they do not call back."""
    return not took_part_before(file, person) and room.takes(file, room.FOLLOWS, room.REGULATORS)


def end(file: CaseFile, inquiry: Investigation, state: InvestigationState, now: datetime) -> None:
    """No further answer is awaited."""
    inquiry.state, inquiry.ended_at = state, now
    inquiry.remind_at = inquiry.climb_at = None
    for kind in (clocks.ACCEPTANCE, clocks.INVESTIGATION):
        clock = clocks.find(file, f"{kind}-{inquiry.id}")
        if clock and clock.running:
            clock.stopped_at = now
    for task in ("more-time", "overdue", "set-aside"):
        errands.settle_task(file, f"{task}-{inquiry.id}", state, now)


def recall_all(file: CaseFile, now: datetime) -> None:
    """The customer withdrew: departments may stop."""
    for inquiry in still_open(file):
        end(file, inquiry, InvestigationState.RECALLED, now)
        text = f"{inquiry.id} is not needed any more: the complaint was withdrawn"
        errands.notice(file, f"notice-recalled-{inquiry.id}", inquiry.department, "withdrawn", text, now)


def add_evidence(file: CaseFile, fact: EvidenceAdded, now: datetime) -> None:
    """A document joins the file."""
    file.evidence.append(fact.evidence)


def remind(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    """The department has not accepted in time, or its answer is due soon."""
    accepting = inquiry.state is InvestigationState.DISPATCHED
    clock = clocks.find(file, f"{clocks.ACCEPTANCE if accepting else clocks.INVESTIGATION}-{inquiry.id}")
    due = clock.due_at if clock else None
    number = 1 + len(_reminders(file, inquiry))
    text = f"{inquiry.id} is not accepted yet" if accepting else f"{inquiry.id} is due soon"
    errands.notice(file, f"notice-reminder-{inquiry.id}-{number}", inquiry.department, "reminder", text, now, due)
    file.write(now, "department_reminded", inquiry.id)


def overdue(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    """The department is late: its head is informed, and the complaint will climb."""
    rule = file.pinned().pack.departments[inquiry.department]
    clock = clocks.find(file, f"{clocks.INVESTIGATION}-{inquiry.id}")
    # From the deadline itself: noticed a second after midnight, it would be a day more.
    late_since = clock.due_at if clock else now
    inquiry.climb_at = runs_out(file.pinned().calendar, late_since, rule.climb_after).at
    errands.notice(
        file, f"notice-head-{inquiry.id}", f"head-of-{inquiry.department}", "head_informed", f"{inquiry.id} is late",
        now, inquiry.climb_at,
    )  # fmt: skip
    errands.open_task(
        file, f"overdue-{inquiry.id}", f"{inquiry.id} is late: get the answer, or settle it to go on without", now,
        investigation=inquiry.id,
    )  # fmt: skip
    file.write(now, "head_informed", inquiry.id)


def silent(file: CaseFile, inquiry: Investigation, now: datetime) -> None:
    """The department stays silent: the complaint climbs."""
    inquiry.climb_at = None
    tiers.climb(file, file.tier + 1, f"{inquiry.department} silent", now)
