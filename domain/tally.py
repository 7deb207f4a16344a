"""What has happened to a complaint so far, as counts. The difference of two tallies is what happened in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from domain.casefile import CaseFile, TierChange
from domain.metrics import BREACHES, CLOSED, ESCALATIONS, FAILING, IMPOSSIBLE, OPENED, QUARANTINED, Metric


class Happening(NamedTuple):
    """Something that is counted and logged, in code words only."""

    metric: Metric
    """Which metric counts it."""
    which: str = ""
    """Value of the metric's label."""


def tally(file: CaseFile) -> Counter[Happening]:
    """How often each thing has happened; never less than before, for everything counted stays in the file."""
    counted = Counter(_singly(file))
    counted[Happening(QUARANTINED)] = file.quarantined
    return counted


def _singly(file: CaseFile) -> Iterator[Happening]:
    yield Happening(OPENED, file.complaint.channel)
    for clock in file.clocks:
        if clock.breached_at:
            yield Happening(BREACHES, clock.kind)
    for change in file.tier_changes:
        yield Happening(ESCALATIONS, _reason(change))
    yield from _given_to_people(file)
    if file.closed_at and file.outcome:
        yield Happening(CLOSED, file.outcome)


def _reason(change: TierChange) -> str:
    """The reason in one word. Departments are the rule pack's own, so they are not told apart."""
    return "department_silent" if change.reason.endswith(" silent") else change.reason.replace(" ", "_")


def _given_to_people(file: CaseFile) -> Iterator[Happening]:
    """Tasks stay in the file when they are settled; an errand that becomes impossible again has another one."""
    kinds = {errand.id: errand.kind for errand in file.errands}
    for task in file.tasks:
        for prefix, metric in (("impossible-", IMPOSSIBLE), ("trouble-", FAILING)):
            if task.id.startswith(prefix) and (kind := kinds.get(task.id.removeprefix(prefix))):
                yield Happening(metric, kind)
