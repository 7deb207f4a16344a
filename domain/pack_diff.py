"""What if another rule pack had applied: the same complaint opened under both, and what comes out differently.

Complaints are opened as :func:`domain.intake.open_file` always opens them: nothing is worked out in a second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic.main import IncEx

from domain import clocks
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
WORDS: Mapping[str, IncEx | bool] = {
    "reference": True, "narrative": True, "summary": True, "wishes": True, "promises": True, "complainant": True,
    "subject": True, "evidence": True, "happened_on": True, "regulator": {"their_reference"},
}  # fmt: skip
"""What a complaint says and who says it: it moves no clock and no tier."""
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

    def find(self, clock_id: str) -> Clock | None:
        """The clock of this id, as it was recorded."""
        return next((clock for clock in self.clocks if clock.id == clock_id), None)


def alike(complaint: Complaint) -> str:
    """A key that complaints have in common which come out alike under every pack, as long as they are open."""
    return f"{complaint.complainant.language} {complaint.model_dump_json(exclude=WORDS)}"


def under(rules: PinnedRules, complaint: Complaint, past: Past | None = None) -> Under:
    """Open a complaint under a pack at the instant of its receipt, and let it go as it went in fact.

    A closed complaint keeps what happened to it: as many rungs as were climbed, where the pack's ladder has them;
    pauses for reasons that the pack allows; a date that was agreed with the complainant, up to the law's.
    """
    file = open_case(complaint, complaint.received_at)
    open_file(file, rules, complaint.received_at)
    compared = [clock for clock in file.clocks if clock.kind in COMPARED]
    if past:
        _relive(file, compared, past)
    ended = {clock.id: end for clock in compared if past and (end := _ended(file, clock, past))}
    return Under(tier=file.tier, due={clock.id: clock.due_at for clock in compared}, ended=ended)


def _relive(file: CaseFile, compared: list[Clock], past: Past) -> None:
    for clock in compared:
        if clock.span and (recorded := past.find(clock.id)):
            _count_anew(file, clock, recorded)
    law, promise = clocks.law(file), clocks.promise(file)
    extended, promised = past.find(law.id), past.find(promise.id)
    if law.rung:
        promise.due_at = law.due_at
    elif promised and _agreed(promised) and not (extended and extended.rung):
        promise.due_at = promised.due_at
    promise.due_at = min(promise.due_at, law.due_at)


def _agreed(promise: Clock) -> bool:
    """Whether a person set the date, and not a rule."""
    return promise.span is None and bool(promise.moves and promise.moves[-1].by)


def _count_anew(file: CaseFile, clock: Clock, recorded: Clock) -> None:
    rule = clocks.rule_of(file, clock)
    assert rule is not None
    allowed = {one.reason for one in rule.may_pause_for}
    clock.pauses = [pause for pause in recorded.pauses if pause.until and pause.reason_code in allowed]
    clock.rung = min(recorded.rung, len(rule.ladder))
    clock.span = rule.ladder[clock.rung - 1].length if clock.rung else rule.length
    clock.due_at = clocks.recounted(file, clock).at if clock.span else recorded.due_at


def _ended(file: CaseFile, clock: Clock, past: Past) -> Ended | None:
    recorded = past.find(clock.id) or past.find(clocks.law(file).id)
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
