"""What the clocks of a rule pack must keep to, for every kind of complaint that they tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from domain.clockrules import (
    REQUIRED_CLOCKS,
    ClockKind,
    ClockRule,
    MetBy,
    Need,
    PauseRule,
    Rung,
    SourceStatus,
)
from domain.counting import AfterHours, CountFrom, DayEnd, Roll
from domain.rulepack import RulePack
from domain.spans import LONGEST_CLOSURE, fits_within, in_words, surely_shorter
from domain.toml_lines import KeyPath
from domain.wording import Problem

_CALL_BACKS = (ClockKind.CALL_BACK, ClockKind.CALL_BACK_LATEST)


def check_clocks(pack: RulePack) -> Iterator[Problem]:
    """Everything in the clocks of a pack that contradicts itself, or that no law or policy carries."""
    for kind in ClockKind:
        if kind in REQUIRED_CLOCKS and kind not in pack.clocks:
            yield ("clocks", kind), "is missing: every complaint needs this clock"
    for kind, clock in pack.clocks.items():
        yield from _check_clock(pack, kind, clock)
    law = pack.clocks.get(ClockKind.LAW)
    if law and not fits_within(pack.progress_every, law.length):
        yield ("progress_every",), "is longer than the law's time to answer: the customer must hear of progress before"
    yield from _check_law(pack)
    yield from _check_promise(pack)
    yield from _check_call_back_clocks(pack)
    yield from _check_credit(pack)


def _check_clock(pack: RulePack, kind: ClockKind, clock: ClockRule) -> Iterator[Problem]:
    path: KeyPath = ("clocks", kind)
    yield from _check_length(pack, path, clock)
    for name in clock.kinds:
        for_kind = clock.for_kind(name)
        if for_kind:
            yield from _check_length(pack, (*path, "kinds", name), for_kind)
        if name in clock.not_for:
            yield (*path, "not_for"), f"{name} has a length of its own under kinds: keep one of the two"
    if clock.not_for and kind in REQUIRED_CLOCKS:
        yield (*path, "not_for"), "does not belong here: every complaint needs this clock, remove it"
    if bool(clock.regulators) != (kind is ClockKind.REFERRAL):
        yield (*path, "regulators"), "names the authorities of a referral, and belongs to that clock alone: mend it"
    if clock.met_by is not MetBy.FINAL_RESPONSE and kind is not ClockKind.LAW:
        yield (*path, "met_by"), "belongs to the law's clock alone: remove it"
    at_once = clock.count_from is CountFrom.SAME_DAY and clock.after_hours is AfterHours.SAME_DAY
    if at_once and clock.ends is DayEnd.CLOSE_OF_BUSINESS:
        yield (*path, "ends"), 'would run out before it starts: set after_hours = "next_working_day"'


def _check_length(pack: RulePack, path: KeyPath, clock: ClockRule) -> Iterator[Problem]:
    yield from _check_ladder(pack, path, clock)
    for at, warning in enumerate(clock.warn_before):
        if not surely_shorter(warning, clock.length):
            yield (
                (*path, "warn_before", at),
                f"{in_words(warning)} may be as long as the clock ({in_words(clock.length)}): warn less early",
            )


def _check_ladder(pack: RulePack, path: KeyPath, clock: ClockRule) -> Iterator[Problem]:
    lengths = [clock.length, *(rung.length for rung in clock.ladder)]
    for at, (before, length) in enumerate(pairwise(lengths)):
        if before is None:
            yield (*path, "ladder", at - 1, "length"), "is missing: only the last rung may leave its time to the notice"
        elif length is not None and not surely_shorter(before, length):
            yield (
                (*path, "ladder", at, "length"),
                f"{in_words(length)} is not surely longer than {in_words(before)} before it: rungs must grow",
            )
    for at, rung in enumerate(clock.ladder):
        yield from _check_rung(pack, (*path, "ladder", at), rung)


def _check_rung(pack: RulePack, path: KeyPath, rung: Rung) -> Iterator[Problem]:
    yield from _unknown_roles(pack, (*path, "approver_roles"), rung.approver_roles)
    if rung.needs is Need.PROVISIONAL_CREDIT and pack.provisional_credit is None:
        yield (*path, "needs"), "asks for a provisional credit, but the pack has no rules of it: add provisional_credit"


def _unknown_roles(pack: RulePack, path: KeyPath, names: Iterable[str]) -> Iterator[Problem]:
    for at, name in enumerate(names):
        if name not in pack.roles:
            yield (*path, at), f"{name} is no role of this pack: use one of {', '.join(sorted(pack.roles))}"


def _check_law(pack: RulePack) -> Iterator[Problem]:
    law = pack.clocks.get(ClockKind.LAW)
    if law is None:
        return
    yield from _check_law_pauses(("clocks", "law"), law.may_pause_for)
    for name, variant in law.kinds.items():
        yield from _check_law_pauses(("clocks", "law", "kinds", name), variant.may_pause_for or [])


def _check_law_pauses(path: KeyPath, pauses: list[PauseRule]) -> Iterator[Problem]:
    for at, pause in enumerate(pauses):
        if pause.source.status is not SourceStatus.READ:
            yield (*path, "may_pause_for", at), "lets the law pause on a source that nobody has read: remove it"


def _check_promise(pack: RulePack) -> Iterator[Problem]:
    law, promise = pack.clocks.get(ClockKind.LAW), pack.clocks.get(ClockKind.PROMISE)
    if law is None or promise is None:
        return
    head_start = _head_start(law, promise)
    for name in (None, *sorted({*law.kinds, *promise.kinds})):
        by_law, promised = law.for_kind(name), promise.for_kind(name)
        if by_law and promised:
            yield from _check_promise_of_kind(name, by_law, promised, head_start)


def _head_start(law: ClockRule, promise: ClockRule) -> int:
    """By how many days, at the most, the law's clock may be ahead of the promise's by the way that they count."""
    days = int(law.count_from is CountFrom.SAME_DAY) - int(promise.count_from is CountFrom.SAME_DAY)
    days += int(law.ends is DayEnd.CLOSE_OF_BUSINESS) - int(promise.ends is DayEnd.CLOSE_OF_BUSINESS)
    if (law.after_hours, promise.after_hours) == (AfterHours.SAME_DAY, AfterHours.NEXT_WORKING_DAY):
        days += 1 + LONGEST_CLOSURE
    if law.roll is not promise.roll:
        days += LONGEST_CLOSURE * ((law.roll is Roll.PREVIOUS_WORKING_DAY) + (promise.roll is Roll.NEXT_WORKING_DAY))
    return max(days, 0)


def _check_promise_of_kind(name: str | None, law: ClockRule, promise: ClockRule, head_start: int) -> Iterator[Problem]:
    path: KeyPath = ("clocks", "promise", "kinds", name) if name else ("clocks", "promise")
    if not fits_within(promise.length, law.length, head_start):
        yield (
            (*path, "length"),
            f"{in_words(promise.length)} can run out after the law's {in_words(law.length)}: promise less",
        )
    final = law.ladder[-1].length if law.ladder else law.length
    for at, rung in enumerate(promise.ladder):
        if final and (rung.length is None or not fits_within(rung.length, final, head_start)):
            yield (*path, "ladder", at, "length"), f"can run out after the law's last {in_words(final)}"


def _check_call_back_clocks(pack: RulePack) -> Iterator[Problem]:
    for kind in _CALL_BACKS:
        if kind in pack.clocks and pack.clocks[kind].source.status is not SourceStatus.POLICY:
            yield ("clocks", kind, "source", "status"), "must be policy: no statute is known that demands a call-back"
    first, last = (pack.clocks.get(kind) for kind in _CALL_BACKS)
    if first and last and not fits_within(first.length, last.length):
        yield ("clocks", "call_back", "length"), f"can outlast call_back_latest ({in_words(last.length)}): shorten it"


def _check_credit(pack: RulePack) -> Iterator[Problem]:
    """A provisional credit is told to the complainant in time; without consent the law's own times must be there."""
    if pack.provisional_credit and ClockKind.CREDIT_NOTICE not in pack.clocks:
        yield ("clocks", ClockKind.CREDIT_NOTICE), "is missing: the complainant must be told of a provisional credit"
    if pack.provisional_credit and ClockKind.LAW in pack.clocks:
        yield from _check_ladders_with_credit(pack.clocks[ClockKind.LAW])
    if pack.provisional_credit and pack.consent.needed:
        yield ("consent", "needed"), "must be false: what becomes of a provisional credit cannot wait for an answer"
    if pack.consent.needed:
        return
    if pack.consent.source is None:
        yield ("consent", "source"), "is missing: name the rule that has errors corrected without asking"
    for kind in (ClockKind.CORRECTION, ClockKind.REPORT):
        if kind not in pack.clocks:
            yield ("clocks", kind), "is missing: what is done without consent needs its own time"


def _check_ladders_with_credit(law: ClockRule) -> Iterator[Problem]:
    """Where a law has provisional credits, no kind of complaint has more time without one."""
    ladders: dict[KeyPath, list[Rung] | None] = {(): law.ladder}
    ladders |= {("kinds", name): variant.ladder for name, variant in law.kinds.items()}
    for path, ladder in ladders.items():
        if ladder and all(rung.needs is not Need.PROVISIONAL_CREDIT for rung in ladder):
            yield (
                ("clocks", "law", *path, "ladder", 0, "needs"),
                'must be "provisional_credit" on one rung: the pack has rules of it, and gives more time without',
            )
