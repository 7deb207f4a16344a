"""Guarantees proved here, for whole complaints under every shipped rule pack, opened on any day:

- counted anew from the log alone, every clock runs out when it was said to, after every step: pauses, extensions,
  cooling-off, authorities that join, years that are published; and after the file was stored and read;
- the promise is never later than any law that ticks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import clocks, extensions
from domain.casefile import CaseFile, Clock
from domain.clock_view import view
from domain.clockrules import ClockKind
from domain.effects import Calendars
from domain.model import Staff
from domain.pinned import PinnedRules
from tests.domain import said
from tests.domain.cases import Case, rules
from tests.domain.instants import days, packs, times
from tests.domain.people import with_role
from tests.domain.pinned import APPRAISAL, PACK_NAMES, changed, owned_at_top, published

# Whole complaints -----------------------------------------------------------------------------------------------------

Step = tuple[str, int]
HAPPENINGS = [
    "wait", "wait", "wait", "pause", "pause", "pause", "go on", "go on", "extend", "deliver", "cool off", "regulator",
    "publish", "department",
]  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 400)), min_size=8, max_size=20)


@cache
def pinned(pack: str, years: tuple[int, ...] | None) -> PinnedRules:
    """The rules of a pack, when the clocks of the answer may stand still in it."""
    found = rules(pack)
    for kind in (ClockKind.LAW, ClockKind.PROMISE, ClockKind.REGULATOR):
        found = changed(found, kind, may_pause_for=[APPRAISAL.model_copy(update={"tell": False})])
    return found if years is None else published(found, *years)


def opened(pack: str, start: datetime, years: tuple[int, ...] | None) -> Case:
    """Owned at the top of its ladder."""
    case = owned_at_top(pinned(pack, years), start.isoformat())
    case.must("assess")
    return case


def step(case: Case, what: str, number: int) -> None:
    """Something happens, if it may."""
    answer_clocks = [clock.id for clock in case.file.clocks if clock.kind in {*clocks.REPLY_KINDS, "regulator"}]
    one = answer_clocks[number % len(answer_clocks)]
    match what:
        case "wait":
            case.wait(hours=1 + number % 100)
        case "pause":
            case.send("pause_clock", clock=one, reason_code=APPRAISAL.reason, reason="an expert looks at it")
        case "go on":
            case.send("resume_clock", clock=one, reason="it has arrived")
        case "extend":
            extend(case, one)
        case "deliver":
            case.do(*(errand.id for errand in case.pending() if errand.kind == "letter"))
        case "cool off":
            case.send("assess", cooling_off_until=(case.now + timedelta(hours=number)).isoformat())
        case "regulator":
            case.tell("regulator_contacted_us", their_reference=f"R-{number % 3}")
        case "department":
            case.send("request_investigation", department="technology", investigation=f"technology-{number % 3}")
        case "publish":
            publish(case, number)


def extend(case: Case, clock_id: str) -> None:
    """The next rung of a clock's ladder, by somebody who may."""
    found = clocks.find(case.file, clock_id)
    rung = extensions.next_rung(case.file, found) if found else None
    if found and rung:
        by = next(Staff(id=person.id, role=role) for role in rung.approver_roles for person in with_role(role))
        until = None if rung.length else (found.due_at + timedelta(days=5)).isoformat()
        case.send("extend_deadline", by, clock=clock_id, reason_code=rung.reason_codes[0], until=until)


def publish(case: Case, number: int) -> None:
    """The next missing year is published, with more or fewer days off than were expected."""
    for errand in case.pending():
        if errand.kind == "calendars":
            calendar = case.file.pinned().calendar
            year = next(year for year in range(2025, 2040) if year not in calendar.published)
            off = {date(year, 1, 1) + timedelta(days=day): "a holiday" for day in range(number % 40)}
            newer = calendar.model_copy(update={"holidays": off, "published": [*calendar.published, year]})
            case.answer(errand.id, Calendars(by_pack={case.pinned.pack.name: newer}))


def check(case: Case) -> None:
    """What holds at all times."""
    for clock in case.file.clocks:
        if counted_now(case, clock):
            assert clocks.recounted(case.file, clock).at == clock.due_at, (clock.id, clock.moves)
    promised = [clock.due_at for clock in case.file.clocks if clock.kind == ClockKind.PROMISE and clock.ticking]
    laws = [clock.due_at for clock in case.file.clocks if clock.kind in clocks.LAWS and clock.ticking]
    assert not promised or not laws or promised[0] <= min(laws)


def counted_now(case: Case, clock: Clock) -> bool:
    """Not what ended while a year was missing that was published later: it stays as it was when it ended."""
    ended = not clock.running or clock.breached_at is not None
    return not (clock.provisional and ended and case.file.rules != case.pinned)


@settings(max_examples=150, deadline=None)
@given(packs, days, times, st.sampled_from([None, (2025, 2026), (2025,)]), steps)
def test_counted_anew_after_every_step_it_runs_out_when_it_was_said_to(
    pack: str, day: date, clock: time, years: tuple[int, ...] | None, happens: list[Step]
) -> None:
    start = datetime.combine(day, clock, ZoneInfo(rules(pack).calendar.zone))
    case = opened(pack, start.astimezone(UTC), years)
    check(case)
    for what, number in happens:
        step(case, what, number)
        check(case)
    stored = CaseFile.model_validate_json(case.file.model_dump_json(exclude={"rules", "zone", "rule_packs"}))
    stored.rules = PinnedRules.model_validate_json(rules_text(case))
    assert [clocks.recounted(stored, one) for one in stored.clocks] == [
        clocks.recounted(case.file, one) for one in case.file.clocks
    ]
    for one in case.file.clocks:
        assert case.pinned.calendar.local(one.due_at).strftime("%Y-%m-%d %H:%M") in view(stored, one).explanation[-1]


def rules_text(case: Case) -> str:
    assert case.file.rules is not None
    return case.file.rules.model_dump_json()


@pytest.mark.parametrize("pack", PACK_NAMES)
def test_every_pack_takes_part(pack: str) -> None:
    case = opened(pack, said.RECEIVED, None)
    for what in ("pause", "wait", "go on"):
        step(case, what, 100)
    assert [clock.id for clock in case.file.clocks if clock.pauses and clock.moves]
