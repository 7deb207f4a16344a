"""What if another rule pack had applied: the same complaint opened under both, and what comes out differently.

Complaints are opened exactly as :func:`domain.intake.open_file` opens them, so that nothing is worked out in a second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain import clocks
from domain.calendar import Due
from domain.case import open_case
from domain.casefile import CaseFile, Clock
from domain.clockrules import ClockKind, MetBy
from domain.complaint import Complaint
from domain.intake import open_file
from domain.model import Instant, Model
from domain.pinned import PinnedRules

COMPARED = {
    ClockKind.ACKNOWLEDGEMENT, ClockKind.LAW, ClockKind.REFERRAL, ClockKind.PROMISE, ClockKind.SHORT_SETTLEMENT,
    ClockKind.REGULATOR,
}  # fmt: skip
"""The clocks that start when a complaint is received, or comes from an authority."""
WINDOWS = {ClockKind.SHORT_SETTLEMENT}
"""Clocks that nobody has to keep."""


class Ended(StrEnum):
    """What became of a clock."""

    KEPT = "kept"
    BROKEN = "broken"
    STOPPED = "stopped"
    """What it measures was no longer needed before it ran out."""


class Under(Model):
    """A complaint under one pack."""

    refused: str | None = None
    """Why the pack cannot be applied to it; then nothing else is known."""
    tier: int | None = None
    """The tier at which it enters."""
    due: dict[str, Instant] = {}
    """When its clocks run out, by their ids."""
    ended: dict[str, Ended] = {}
    """Of a closed complaint: what would have become of them, by when things were done in fact."""


class Difference(Model):
    """A complaint that comes out differently."""

    reference: str
    """The complaint."""
    received_at: Instant
    """When it was received."""
    what: list[str]
    """What is different, in words: law-1 due later, tier higher, promise-1 kept, then broken."""
    a: Under
    """Under the one pack."""
    b: Under
    """Under the other."""


@dataclass(frozen=True)
class Past:
    """How a closed complaint went, as it was recorded."""

    clocks: list[Clock]
    answered_at: datetime | None
    """When the first final response was delivered."""

    def of(self, clock_id: str) -> Clock | None:
        """The recorded clock of this id; of a clock that was not there, the law's."""
        found = {clock.id: clock for clock in self.clocks}
        return found.get(clock_id) or found.get(f"{ClockKind.LAW}-1")


def under(rules: PinnedRules, complaint: Complaint, past: Past | None = None) -> Under:
    """Open a complaint under a pack at the instant of its receipt, and let it go as it went in fact.

    A closed complaint keeps what happened to it: as many rungs as were climbed, where the pack's ladder has them;
    pauses for reasons that the pack allows; a date that was agreed with the complainant, up to the law's.
    """
    file = open_case(complaint, complaint.received_at)
    open_file(file, rules, complaint.received_at)
    compared = [clock for clock in file.clocks if clock.kind in COMPARED]
    tier = file.tier
    if past:
        _relive(file, past)
    ended = {clock.id: end for clock in compared if past and (end := _ended(file, clock, past))}
    return Under(tier=tier, due={clock.id: clock.due_at for clock in compared}, ended=ended)


def _relive(file: CaseFile, past: Past) -> None:
    law, promise = clocks.law(file), clocks.promise(file)
    if (recorded := past.of(law.id)) is None:
        return
    _count_anew(file, law, recorded)
    promised = past.of(promise.id)
    if law.rung:
        promise.due_at = law.due_at
    elif promised and promised.moves and promised.moves[-1].by:
        promise.due_at = min(promised.due_at, law.due_at)


def _count_anew(file: CaseFile, law: Clock, recorded: Clock) -> None:
    rule = clocks.rule_of(file, law)
    assert rule is not None
    allowed = {one.reason for one in rule.may_pause_for}
    law.pauses = [pause for pause in recorded.pauses if pause.until and pause.reason_code in allowed]
    law.rung = min(recorded.rung, len(rule.ladder))
    length = rule.ladder[law.rung - 1].length if law.rung else rule.length
    if length is None:
        law.due_at = recorded.due_at
        return
    law.span = length
    _set(law, clocks.recounted(file, law))


def _set(clock: Clock, due: Due) -> None:
    clock.due_at, clock.provisional = due.at, due.provisional


def _ended(file: CaseFile, clock: Clock, past: Past) -> Ended | None:
    recorded = past.of(clock.id)
    if recorded is None or clock.kind in WINDOWS:
        return None
    met_at = recorded.met_at
    rule = clocks.rule_of(file, clock)
    if clock.kind == ClockKind.LAW and rule and rule.met_by is MetBy.FINAL_RESPONSE:
        met_at = past.answered_at or met_at
    end = met_at or recorded.stopped_at
    if end is None or end > clock.due_at:
        return Ended.BROKEN
    return Ended.KEPT if met_at else Ended.STOPPED


def difference(complaint: Complaint, a: Under, b: Under) -> Difference | None:
    """What is different about a complaint under two packs, if anything is."""
    what = [*_refusals(a, b), *_tiers(a, b), *_dues(a, b), *_ends(a, b)]
    if not what:
        return None
    return Difference(reference=complaint.reference, received_at=complaint.received_at, what=what, a=a, b=b)


def _refusals(a: Under, b: Under) -> Iterator[str]:
    if a.refused and not b.refused:
        yield "refused by A only"
    if b.refused and not a.refused:
        yield "refused by B only"


def _tiers(a: Under, b: Under) -> Iterator[str]:
    if a.tier and b.tier and a.tier != b.tier:
        yield f"tier {'higher' if b.tier > a.tier else 'lower'}"


def _dues(a: Under, b: Under) -> Iterator[str]:
    if a.refused or b.refused:
        return
    for clock in _all(a.due, b.due):
        one, other = a.due.get(clock), b.due.get(clock)
        if one is None or other is None:
            yield f"{clock} under {'B' if one is None else 'A'} only"
        elif one != other:
            yield f"{clock} due {'later' if other > one else 'earlier'}"


def _ends(a: Under, b: Under) -> Iterator[str]:
    for clock in _all(a.ended, b.ended):
        one, other = a.ended.get(clock), b.ended.get(clock)
        if one and other and one is not other:
            yield f"{clock} {one} under A, {other} under B"


def _all(*keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for some in keys for key in some))
