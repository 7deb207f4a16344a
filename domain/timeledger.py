"""Whose time it was: the whole life of a complaint divided among those who had it, to the microsecond.

Every moment from receipt on belongs to exactly one tier and one party. Where several have a claim to it, the first of
:class:`Party` gets it; departments that work side by side share it equally, and each one's own time is in
:func:`department_time` besides. The customer is waited for only where the file shows that the bank had asked and had
nothing else to do: after an identity check failed, while a delivered offer is unanswered, and between an unsuccessful
call and the next one that the rules allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from domain.casefile import CaseFile, Clock, ErrandKind, Remedy
from domain.clockrules import ClockKind
from domain.clocks import ACCEPTANCE, find
from domain.effects import LetterKind
from domain.errands import all_proposals
from domain.errands import find as find_errand
from domain.model import Model

TICK = timedelta(microseconds=1)


class Party(StrEnum):
    """Who can have a complaint, those whose claim goes first on top."""

    DEPARTMENT = "department"
    """A department that was asked, or that carries out a remedy."""
    APPROVAL = "approval"
    """Those who approve compensation."""
    SYSTEMS = "systems"
    """Letters, payments and orders on their way through the bank's systems."""
    CUSTOMER = "customer"
    """The customer, who was asked."""
    CALL_BACK = "call_back"
    """The call-back desk."""
    CLOSING = "closing"
    """The call-back is made; the last letters, open tasks and the archive."""
    INTAKE = "intake"
    """The complaint reached the bank, and was not in this system yet."""
    HANDLER = "handler"
    """The owner, or the tier that had to take it over: all that nobody else had."""


class TimeShare(Model):
    """Time of one party while the complaint was at one tier. Shares are disjoint and add up to the whole life."""

    tier: int
    """The tier."""
    party: Party
    """Whose time it was."""
    department: str | None = None
    """Which department, for a department."""
    time: timedelta
    """How long."""


class Claim(NamedTuple):
    """A party had the complaint for a while."""

    party: Party
    since: datetime
    until: datetime
    department: str | None = None


def time_ledger(file: CaseFile, until: datetime) -> list[TimeShare]:
    """The time from receipt until then, divided; empty when there is none."""
    since = file.complaint.received_at
    claims = list(_claims(file, until))
    edges = {edge for claim in claims for edge in (claim.since, claim.until)} | {step.at for step in file.tier_changes}
    cuts = sorted({since, until} | {edge for edge in edges if since < edge < until}) if since < until else []
    sums: defaultdict[tuple[int, Party, str | None], timedelta] = defaultdict(timedelta)
    for begin, end in pairwise(cuts):
        tier = max([step.to_tier for step in file.tier_changes if step.at <= begin], default=1)
        for party, department, time in _divided(claims, begin, end):
            sums[tier, party, department] += time
    return [
        TimeShare(tier=tier, party=party, department=department, time=time)
        for (tier, party, department), time in sums.items()
    ]


def _divided(claims: list[Claim], begin: datetime, end: datetime) -> Iterator[tuple[Party, str | None, timedelta]]:
    """Whose time a stretch is in which nobody's claim begins or ends."""
    having = [claim for claim in claims if claim.since <= begin and end <= claim.until]
    departments = sorted({claim.department for claim in having if claim.department})
    if departments:
        each, rest = divmod((end - begin) // TICK, len(departments))
        for place, department in enumerate(departments):
            yield Party.DEPARTMENT, department, (each + (place < rest)) * TICK
        return
    first = min((claim.party for claim in having), key=list(Party).index, default=Party.HANDLER)
    yield first, None, end - begin


def department_time(file: CaseFile, until: datetime) -> dict[str, timedelta]:
    """For how long each department had a question or remedy before it, whoever else had one at the same time."""
    stretches: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for claim in _department_claims(file, until):
        if claim.department and claim.since < claim.until:
            stretches[claim.department].append((claim.since, claim.until))
    return {name: _covered(sorted(mine)) for name, mine in sorted(stretches.items())}


def _covered(stretches: list[tuple[datetime, datetime]]) -> timedelta:
    whole, reached = timedelta(), stretches[0][0]
    for since, until in stretches:
        whole += max(until - max(since, reached), timedelta())
        reached = max(reached, until)
    return whole


def _claims(file: CaseFile, until: datetime) -> Iterator[Claim]:
    yield Claim(Party.INTAKE, file.complaint.received_at, file.opened_at)
    yield from _department_claims(file, until)
    yield from _letter_claims(file, until)
    yield from _clock_claims(file, until)
    yield from _unsuccessful_calls(file, until)
    verified = _earliest(file.identity_verified_at, _withdrawn_after(file, file.opened_at), until)
    if file.identity_failed_at:
        yield Claim(Party.CUSTOMER, file.identity_failed_at, verified)
    if file.outcome and file.cycle.callback_at:
        yield Claim(Party.CLOSING, file.cycle.callback_at, until)


def _department_claims(file: CaseFile, until: datetime) -> Iterator[Claim]:
    """Until the question or remedy is in a department's hands, it is on its way through the bank's systems."""
    for inquiry in file.investigations:
        acceptance = find(file, f"{ACCEPTANCE}-{inquiry.id}")
        accepted = acceptance.met_at if acceptance else None
        end = _earliest(inquiry.ended_at, until)
        there = _earliest(_done_at(file, f"dispatch-{inquiry.id}"), accepted, end)
        yield Claim(Party.SYSTEMS, inquiry.requested_at, there)
        yield Claim(Party.DEPARTMENT, there, end, inquiry.department)
    for remedy in _begun(file):
        assert remedy.started_at is not None
        end = _earliest(remedy.done_at, until)
        there = _earliest(_done_at(file, f"remedy-{remedy.id}"), end) if remedy.department else end
        yield Claim(Party.SYSTEMS, remedy.started_at, there)
        if remedy.department:
            yield Claim(Party.DEPARTMENT, there, end, remedy.department)


def _begun(file: CaseFile) -> Iterable[Remedy]:
    remedies = (remedy for proposal in all_proposals(file) for remedy in proposal.remedies)
    return (remedy for remedy in remedies if remedy.started_at)


def _letter_claims(file: CaseFile, until: datetime) -> Iterator[Claim]:
    """Letters for whose delivery the complaint waits. It waits for none once it is withdrawn."""
    acknowledged = _earliest(file.acknowledged_at, file.identity_verified_at, until)
    yield Claim(Party.SYSTEMS, file.opened_at, _earliest(acknowledged, _withdrawn_after(file, file.opened_at)))
    for errand in file.errands:
        if errand.kind is ErrandKind.LETTER and errand.letter is LetterKind.FINAL_RESPONSE:
            end = _earliest(errand.done_at, _withdrawn_after(file, errand.ordered_at), until)
            yield Claim(Party.SYSTEMS, errand.ordered_at, end)


def _clock_claims(file: CaseFile, until: datetime) -> Iterator[Claim]:
    """What a clock measures that is somebody's own: approving, answering an offer, calling back."""
    for clock in file.clocks:
        end = _earliest(clock.met_at, clock.stopped_at, until)
        match clock.kind:
            case ClockKind.APPROVAL:
                yield Claim(Party.APPROVAL, clock.started_at, end)
            case ClockKind.CALL_BACK:
                yield Claim(Party.CALL_BACK, clock.started_at, end)
            case ClockKind.OFFER:
                yield from _offer_claims(file, clock, end)
            case _:
                pass


def _offer_claims(file: CaseFile, clock: Clock, end: datetime) -> Iterator[Claim]:
    delivered = _earliest(_done_at(file, f"letter-{clock.id}"), end)
    yield Claim(Party.SYSTEMS, clock.started_at, delivered)
    yield Claim(Party.CUSTOMER, delivered, end)


def _unsuccessful_calls(file: CaseFile, until: datetime) -> Iterator[Claim]:
    """An archived file has its rules no more: then the time is the call-back desk's."""
    if file.rules is None:
        return
    spacing = timedelta(hours=file.rules.pack.call_back.spacing.hours)
    for cycle in file.cycles:
        for call in cycle.calls:
            if not call.reached:
                yield Claim(Party.CUSTOMER, call.at, _earliest(call.at + spacing, cycle.callback_at, until))


def _done_at(file: CaseFile, errand_id: str) -> datetime | None:
    errand = find_errand(file, errand_id)
    return errand.done_at if errand else None


def _withdrawn_after(file: CaseFile, instant: datetime) -> datetime | None:
    return min((withdrawal.at for withdrawal in file.withdrawals if withdrawal.at >= instant), default=None)


def _earliest(*instants: datetime | None) -> datetime:
    return min(instant for instant in instants if instant)
