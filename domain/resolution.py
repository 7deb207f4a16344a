"""From proposal to remedy: proposing, offering, the customer's answer, carrying out, the final response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, compensation, credit_amounts, determination, errands, letters
from domain.calendar import Due
from domain.casefile import (
    LIVE,
    NOT_ACCEPTED,
    CaseFile,
    Clock,
    InvestigationState,
    Proposal,
    ProposalStatus,
    Remedy,
)
from domain.clockrules import ClockKind
from domain.decisions import Answer, ProposeResolution, RecordCustomerAnswer
from domain.effects import LetterKind
from domain.investigations import proposal_not_live, still_open
from domain.refusals import Refusal, refuse
from domain.remedies import WITHOUT_CONSENT
from domain.rulepack import Power
from domain.staff import listed, may, owner_acts

ANSWERS = {
    Answer.ACCEPT: ProposalStatus.ACCEPTED,
    Answer.REJECT: ProposalStatus.DECLINED,
    Answer.COUNTER: ProposalStatus.COUNTERED,
}


def check_propose(file: CaseFile, message: ProposeResolution, now: datetime) -> Iterator[Refusal]:
    """A proposal is concrete, answers every point, uses no avoid-word, and stays within authority and cap."""
    yield from owner_acts(file, message.by, "propose")
    if file.cycle.assessment is None:
        yield refuse("assessment_first")
        return
    if file.cycle.answered_at:
        yield refuse("answered_already")
    yield from proposal_not_live(file.cycle.proposal)
    if file.pinned().procedure >= 2 and errands.waits_for_person(file, "correction"):
        yield refuse("correction_open")
    if waiting := still_open(file):
        yield refuse("investigations_open", investigations=listed([inquiry.id for inquiry in waiting], "and"))
    elif not findings_complete(file):
        yield refuse("findings_missing")
    if message.final_position and not any(offer.status in NOT_ACCEPTED for offer in file.cycle.proposals):
        yield refuse("final_position_too_early")
    yield from _check_points(file.cycle.assessment.points, message)
    yield from _check_words(file, message)
    yield from _check_money(file, message)


def _check_points(points: list[str], message: ProposeResolution) -> Iterator[Refusal]:
    answered = {answer.point for answer in message.answers}
    if missing := [point for point in points if point not in answered]:
        yield refuse("points_unanswered", points="; ".join(missing))
    if unknown := answered - set(points):
        yield refuse("points_unknown", points="; ".join(sorted(unknown)))


def _check_words(file: CaseFile, message: ProposeResolution) -> Iterator[Refusal]:
    texts = [message.reasons, *(answer.answer for answer in message.answers)]
    word = letters.avoid_word(file, *texts, *(remedy.description for remedy in message.remedies))
    if word:
        yield refuse("avoid_word", word=word)


def _check_money(file: CaseFile, message: ProposeResolution) -> Iterator[Refusal]:
    draft = _draft(file, message, file.opened_at)
    sums = compensation.asked_for(draft)
    yield from credit_amounts.check_promised(file, message.position, sums)
    for currency in sums:
        if not compensation.limits_for(file, currency):
            yield refuse("currency_without_authority", currency=currency)
    for currency, most in compensation.cap(file).items():
        if sums.get(currency, 0) > most:
            yield refuse("above_cap", cap=f"{most:,f} {currency}")
    if sums and not file.complaint.complainant.customer_number:
        yield refuse("customer_unknown_to_ledger")
    if sums and not compensation.approver_roles(file, draft):
        yield refuse("currency_without_authority", currency=" and ".join(sums))


def _draft(file: CaseFile, message: ProposeResolution, now: datetime) -> Proposal:
    number = 1 + len(errands.all_proposals(file))
    remedies = [
        Remedy(id=f"{number}-{place}", kind=remedy.kind, description=remedy.description, money=remedy.money,
               department=remedy.department)
        for place, remedy in enumerate(message.remedies, start=1)
    ]  # fmt: skip
    return Proposal(id=f"proposal-{number}", at=now, content=message, remedies=remedies, status=ProposalStatus.APPROVED)


def propose(file: CaseFile, message: ProposeResolution, now: datetime) -> str:
    """Put the proposal on the table; with money it needs approval first."""
    proposal = _draft(file, message, now)
    file.cycle.proposals.append(proposal)
    if not compensation.asked_for(proposal):
        return f"{proposal.id} promises no money and goes to the customer."
    proposal.status = ProposalStatus.AWAITING_APPROVAL
    compensation.ask_for_approval(file, proposal, now)
    return f"{proposal.id} awaits the approval of {compensation.next_approver_role(file, proposal)}."


def make_offer(file: CaseFile, now: datetime) -> None:
    """Offer the approved proposal to the customer, with the day until which it stands; or carry it out by law.

    A final position with nothing in it that the customer could agree to is stated, in the final response.
    """
    proposal = file.cycle.proposal
    if proposal is None or proposal.status is not ProposalStatus.APPROVED:
        return
    determination.determined(file, proposal, now)
    if not file.pinned().needs_consent:
        determination.decide_alone(file, proposal, now)
    elif file.pinned().procedure >= 2 and proposal.content.final_position and not _needs_consent(proposal):
        proposal.status = ProposalStatus.STATED
        file.write(now, "stated", proposal.id)
    else:
        _offer(file, proposal, now)


def _needs_consent(proposal: Proposal) -> bool:
    return any(remedy.kind not in WITHOUT_CONSENT for remedy in proposal.remedies)


def _offer(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    proposal.status = ProposalStatus.OFFERED
    offer = f"{ClockKind.OFFER}-{proposal.id}"
    clock = clocks.start(file, offer, ClockKind.OFFER, f"answer of the customer to {proposal.id}", now, now)
    if file.pinned().procedure >= 2:
        _leave_time_to_answer(file, clock, now)
    errands.letter(file, LetterKind.OFFER, f"letter-{offer}", now, proposal.id)
    file.write(now, "offered", proposal.id)


def _leave_time_to_answer(file: CaseFile, offer: Clock, now: datetime) -> None:
    """An offer stands no longer than until the last early warning of the reply deadline, so that a customer who says
    nothing is answered in time; unless that were too short for an offer, which is warned of itself."""
    deadline = clocks.next_reply_deadline(file)
    if deadline is None:
        return
    latest = max((at for at, _ in clocks.warning_points(file, deadline)), default=deadline.due_at)
    before = file.pinned().calendar.before
    warned_of = [before(latest, span, offer.counting.makeup_days) for _, span in clocks.warning_points(file, offer)]
    if now < min(warned_of, default=latest) and latest < offer.due_at:
        clocks.fix(file, offer, Due(at=latest), f"leaves time to answer before {deadline.id} runs out", None, now)


def check_answer(file: CaseFile, message: RecordCustomerAnswer, now: datetime) -> Iterator[Refusal]:
    """The customer answers the offer on the table, while it stands."""
    yield from may(file, message.by, Power.HANDLE, "record the customer's answer")
    proposal = file.cycle.proposal
    if proposal is None or proposal.id != message.proposal:
        yield refuse("no_such_proposal", proposal=message.proposal, current=proposal.id if proposal else "none")
        return
    if proposal.status is ProposalStatus.EXPIRED:
        clock = clocks.find(file, f"{ClockKind.OFFER}-{proposal.id}")
        yield refuse("offer_expired", due=clocks.shown(file, clock.due_at) if clock else "")
    if proposal.status is not ProposalStatus.OFFERED:
        yield refuse("not_offered", proposal=proposal.id, status=proposal.status)


def answer(file: CaseFile, message: RecordCustomerAnswer, now: datetime) -> str:
    """Enter the customer's answer: acceptance is the recorded consent."""
    proposal = file.cycle.proposal
    assert proposal is not None
    proposal.status = ANSWERS[message.answer]
    proposal.answer, proposal.answered_at, proposal.answer_wording = message.answer, now, message.wording
    clocks.meet(file, now, f"{ClockKind.OFFER}-{proposal.id}")
    if message.answer is Answer.ACCEPT:
        clocks.meet_kinds(file, now, ClockKind.SHORT_SETTLEMENT)
        return "Accepted; the remedies are being carried out."
    if proposal.settled:
        return "Not accepted; the bank's final position stands and the final response follows."
    return "Not accepted; the owner proposes again, escalates, or states the final position."


def expire(file: CaseFile, proposal_id: str, now: datetime) -> None:
    """The customer did not answer in time."""
    proposal = file.cycle.proposal
    if proposal and proposal.id == proposal_id and proposal.status is ProposalStatus.OFFERED:
        proposal.status = ProposalStatus.EXPIRED
        file.write(now, "offer_expired", proposal.id)


def reports_at_once(file: CaseFile) -> bool:
    """Whether the final response waits for no remedy: where nobody is asked, the law wants the result reported."""
    proposal = file.cycle.proposal
    return proposal is not None and proposal.status is ProposalStatus.DETERMINED


def order_final_response(file: CaseFile, now: datetime) -> None:
    """Send the final response, if nothing that it must contain is missing; else a person must mend it."""
    cycle = file.cycle
    subject = f"letter-final-{cycle.number}"
    if cycle.answered_at or errands.find(file, subject):
        return
    if settled_at_once(file):
        errands.letter(file, LetterKind.SHORT_SETTLEMENT, subject, now)
        return
    _, body = letters.compose(file, LetterKind.FINAL_RESPONSE)
    if missing := list(letters.missing_elements(file, body)):
        file.write(now, "response_incomplete", subject)
        errands.open_task(file, f"reply-{cycle.number}", f"the final response lacks: {', '.join(missing)}", now)
        return
    errands.letter(file, LetterKind.FINAL_RESPONSE, subject, now)


def settled_at_once(file: CaseFile) -> bool:
    """Whether the complainant accepted within the time in which a short letter is enough, in every regime."""
    windows = [clock for clock in file.clocks if clock.kind == ClockKind.SHORT_SETTLEMENT]
    return file.cycle.number == 1 and bool(windows) and all(clock.met_at for clock in windows)


def answered(file: CaseFile, now: datetime) -> None:
    """The final response is in the customer's hands: law, promise and regulator are kept."""
    file.cycle.answered_at = now
    file.progress_at = None
    clocks.meet_kinds(file, now, *clocks.REPLY_KINDS, ClockKind.REGULATOR, ClockKind.REPORT, clocks.TIER)
    for number in range(1, len(file.regulators) + 1):
        errands.settle_task(file, f"{ClockKind.REGULATOR}-{number}", "the final response was delivered", now)


def void(file: CaseFile, now: datetime) -> None:
    """The customer withdrew: what was not accepted yet is off the table; what was accepted is still owed."""
    proposal = file.cycle.proposal
    if proposal and proposal.status in LIVE and not proposal.agreed:
        proposal.status = ProposalStatus.VOID


def findings_complete(file: CaseFile) -> bool:
    """Whether the facts are there: assessed, asked where needed, and nobody still to answer."""
    assessment = file.cycle.assessment
    if assessment is None or still_open(file):
        return False
    answered_here = [
        inquiry
        for inquiry in file.investigations
        if inquiry.cycle == file.cycle.number
        and inquiry.state in (InvestigationState.ANSWERED, InvestigationState.SETTLED)
    ]
    return bool(answered_here) or not assessment.investigation_needed
