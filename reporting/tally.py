"""Counting closed complaints: one pass, in little memory, so that fifty thousand take seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from heapq import nlargest
from math import ceil

from domain.figures import Breach, Figures
from domain.timekeeping import PROMISES
from domain.timeledger import Party
from reporting.results import (
    BreachCount,
    CompensationPaid,
    DepartmentUse,
    Quantiles,
    Results,
    Share,
    TimeUsed,
    WorstBreach,
)

MEASURES: dict[str, Callable[[Figures], bool | None]] = {
    "acknowledged_in_time": lambda one: one.kept.get("acknowledgement"),
    "answered_as_promised": lambda one: one.kept.get("promise"),
    "answered_within_law": lambda one: one.kept.get("law"),
    "regulator_answered_in_time": lambda one: one.kept.get("regulator"),
    "called_back_in_time": lambda one: one.kept.get("call_back"),
    "closed_in_time": lambda one: all(one.kept.values()) if one.kept else None,
    "called_back": lambda one: one.reached,
    "resolved": lambda one: one.solved,
    "satisfied": lambda one: one.satisfied,
    "satisfied_at_first": lambda one: None if one.satisfied is None else one.satisfied and one.cycles == 1,
    "contacted_again": lambda one: one.contacts > 0,
    "answered_again": lambda one: one.cycles > 1,
    "escalated": lambda one: bool(one.escalations),
    "compensated": lambda one: bool(one.compensation),
}
"""What is counted of each complaint; nothing where the question does not arise, and then it is in neither number."""

WORST = 10
"""Breaches listed by reference."""
NEVER = timedelta.max
Late = tuple[timedelta, str, Breach]


class Tally:
    """The counts over some complaints. Tallies of parts add up to the tally of the whole."""

    def __init__(self) -> None:
        self.closed = self.contacts = 0
        self.hits, self.asked = Counter[str](), Counter[str]()
        self.outcomes, self.natures = Counter[str](), Counter[str]()
        self.escalations, self.remedies = Counter[str](), Counter[str]()
        self.to_answer, self.to_close = list[timedelta](), list[timedelta]()
        self.late: defaultdict[str, list[timedelta]] = defaultdict(list)
        self.open_breaches = Counter[str]()
        self.elapsed = timedelta()
        self.time: defaultdict[tuple[int, Party, str | None], timedelta] = defaultdict(timedelta)
        self.own: defaultdict[str, list[timedelta]] = defaultdict(list)
        self.paid: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
        self.worst = list[Late]()

    def add(self, one: Figures) -> None:
        """Count one complaint."""
        self.closed += 1
        self.contacts += one.contacts
        for name, measure in MEASURES.items():
            if (held := measure(one)) is not None:
                self.asked[name] += 1
                self.hits[name] += held
        self.outcomes[one.outcome] += 1
        self.natures[one.nature or "not_assessed"] += 1
        self.escalations.update(one.escalations)
        self.remedies.update(one.remedies)
        self._add_times(one)
        self._add_breaches(one)
        for kind, sums in one.compensation.items():
            for currency, amount in sums.items():
                self.paid[kind, currency].append(amount)

    def _add_times(self, one: Figures) -> None:
        self.to_close.append(one.closed_at - one.received_at)
        if one.answered_at:
            self.to_answer.append(one.answered_at - one.received_at)
        for share in one.time:
            self.elapsed += share.time
            self.time[share.tier, share.party, share.department] += share.time
        for department, time in one.department_time.items():
            self.own[department].append(time)

    def _add_breaches(self, one: Figures) -> None:
        for breach in one.breaches:
            if breach.late is None:
                self.open_breaches[breach.kind] += 1
            else:
                self.late[breach.kind].append(breach.late)
            if breach.kind in PROMISES:
                self.worst.append((breach.late or NEVER, one.reference, breach))
        if len(self.worst) > 10 * WORST:
            self.worst = _worst(self.worst)

    def include(self, other: Tally) -> None:
        """Add the counts over other complaints."""
        self.closed += other.closed
        self.contacts += other.contacts
        self.elapsed += other.elapsed
        for name in ("hits", "asked", "outcomes", "natures", "escalations", "remedies", "open_breaches"):
            getattr(self, name).update(getattr(other, name))
        for name in ("to_answer", "to_close"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("late", "own", "paid"):
            for key, values in getattr(other, name).items():
                getattr(self, name)[key].extend(values)
        for cell, time in other.time.items():
            self.time[cell] += time
        self.worst = _worst([*self.worst, *other.worst])

    def results(self) -> Results:
        """What the counts say."""
        return Results(
            closed=self.closed,
            shares=self.shares(),
            time_to_answer=quantiles(self.to_answer),
            time_to_close=quantiles(self.to_close),
            outcomes=dict(self.outcomes.most_common()),
            natures=dict(self.natures.most_common()),
            repeat_contacts=self.contacts,
            escalations=dict(self.escalations.most_common()),
            breaches=self._breaches(),
            worst_breaches=[
                WorstBreach(reference=reference, clock=breach.clock, ran_out_at=breach.at, late=breach.late)
                for _, reference, breach in _worst(self.worst)
            ],
            elapsed=self.elapsed,
            time=[
                TimeUsed(tier=tier, party=party, department=department, time=time)
                for (tier, party, department), time in sorted(self.time.items(), key=lambda cell: -cell[1])
            ],
            departments=self._departments(),
            compensation=self._compensation(),
            remedies=dict(self.remedies.most_common()),
        )

    def shares(self) -> dict[str, Share]:
        """Every measure with its two numbers."""
        return {name: Share(count=self.hits[name], of=self.asked[name]) for name in MEASURES}

    def _breaches(self) -> dict[str, BreachCount]:
        kinds = sorted({*self.late, *self.open_breaches}, key=lambda kind: (kind not in PROMISES, kind))
        return {
            kind: BreachCount(
                count=len(self.late[kind]) + self.open_breaches[kind],
                never_done=self.open_breaches[kind],
                late=quantiles(self.late[kind]),
            )
            for kind in kinds
        }

    def _departments(self) -> list[DepartmentUse]:
        shared: defaultdict[str | None, timedelta] = defaultdict(timedelta)
        for (_, _, department), time in self.time.items():
            shared[department] += time
        return [
            DepartmentUse(
                department=name, complaints=len(own), shared=shared[name], own=sum(own, timedelta()),
                each=quantiles(own),
            )
            for name, own in sorted(self.own.items(), key=lambda item: -sum(item[1], timedelta()))
        ]  # fmt: skip

    def _compensation(self) -> list[CompensationPaid]:
        return [
            CompensationPaid(kind=kind, currency=currency, complaints=len(amounts), amount=sum(amounts, Decimal(0)))
            for (kind, currency), amounts in sorted(self.paid.items(), key=lambda item: (item[0][1], -sum(item[1])))
        ]


def together(tallies: Iterable[Tally]) -> Tally:
    """The tally of the whole."""
    whole = Tally()
    for tally in tallies:
        whole.include(tally)
    return whole


def quantiles(values: list[timedelta]) -> Quantiles:
    """Median and 90 % by nearest rank: values that really occurred."""
    ordered = sorted(values)

    def at(share: float) -> timedelta | None:
        return ordered[ceil(share * len(ordered)) - 1] if ordered else None

    return Quantiles(count=len(ordered), median=at(0.5), nine_of_ten=at(0.9))


def _worst(late: list[Late]) -> list[Late]:
    return nlargest(WORST, late, key=lambda one: (one[0], one[1]))
