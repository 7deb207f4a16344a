"""Guarantees proved here, for every clock of every shipped rule pack, wherever it starts and however often it pauses:

- counted anew from the log alone, a clock runs out when it was said to: after every step of a complaint, and after the
  whole file was stored and read;
- the last line of its explanation is the day on which it runs out, and its numbers have no gaps;
- a pause never shortens a clock, leaves out no more days than midnights passed, and the order of pauses is nothing;
- the promise is never later than any law that ticks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.pack_files import load
from domain import clocks, extensions
from domain.calendar import Calendar, CalendarDays, Hours, Months, Span, Weeks
from domain.casefile import CaseFile, Clock
from domain.clock_view import view
from domain.clockrules import ClockKind, ClockRule
from domain.counting import AfterHours, CountedDay, CountFrom, Counting, DayEnd, Interval, Roll, count, end_of, runs_out
from domain.effects import Calendars
from domain.model import Staff
from domain.pinned import PinnedRules
from tests.domain import said
from tests.domain.cases import PACKS, Case, rules
from tests.domain.people import MANAGER, with_role
from tests.domain.pinned import APPRAISAL, PACK_NAMES, changed, published

TURNS = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1),
    date(2027, 3, 14), date(2027, 3, 28), date(2028, 2, 28), date(2028, 2, 29), date(2025, 12, 31), date(2026, 12, 31),
    date(2027, 12, 31), date(2026, 2, 14), date(2026, 9, 30), date(2026, 1, 31), date(2026, 12, 24),
]  # fmt: skip
"""Days around which clocks change, years turn, leap days lie, and holidays are many."""
days = st.one_of(
    st.builds(lambda day, more: day + timedelta(days=more), st.sampled_from(TURNS), st.integers(-20, 2)),
    st.dates(date(2025, 1, 1), date(2028, 6, 30)),
)
times = st.one_of(st.sampled_from([time(0), time(0, 30), time(1, 30), time(17), time(23, 59, 59)]), st.times())
packs = st.sampled_from(PACK_NAMES)


@cache
def lengths(pack: str) -> list[tuple[ClockRule, Span]]:
    """Every length that a clock of a pack may have, for any kind of complaint and after any rung."""
    shipped = load(PACKS / f"{pack}.toml").pack
    kinds = (None, *shipped.kinds)
    ruled = [for_kind for rule in shipped.clocks.values() for kind in kinds if (for_kind := rule.for_kind(kind))]
    return [
        (rule, length) for rule in ruled for length in (rule.length, *(rung.length for rung in rule.ladder)) if length
    ]


countings = st.builds(
    Counting, count_from=st.sampled_from(CountFrom), after_hours=st.sampled_from(AfterHours),
    ends=st.sampled_from(DayEnd), roll=st.sampled_from(Roll), makeup_days=st.sampled_from([None, True, False]),
).filter(
    lambda counting: (counting.count_from, counting.after_hours, counting.ends)
    != (CountFrom.SAME_DAY, AfterHours.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS)
)  # fmt: skip
"""Every way of counting that a pack may ask for."""


@st.composite
def counts(draw: st.DrawFn) -> tuple[Calendar, datetime, Span, Counting, list[Interval]]:
    """A length of a shipped pack, counted as its rule or as any other would, with up to three pauses."""
    name = draw(packs)
    rule, span = draw(st.sampled_from(lengths(name)))
    calendar = rules(name).calendar.model_copy(update={"closes": time(17)})
    local = datetime.combine(draw(days), draw(times), ZoneInfo(calendar.zone))
    start = local.astimezone(UTC)
    counting = draw(st.one_of(st.just(rule.counting), countings))
    return calendar, start, span, counting, draw(pauses(start, runs_out(calendar, start, span, counting).at))


@st.composite
def pauses(draw: st.DrawFn, start: datetime, due: datetime) -> list[Interval]:
    """Pauses one after another, each begun before the clock ran out."""
    found: list[Interval] = []
    since = start
    for _ in range(draw(st.integers(0, 3))):
        since += timedelta(seconds=draw(st.integers(0, 4 * 86_400)))
        until = since + timedelta(seconds=draw(st.one_of(st.integers(0, 20 * 86_400), st.sampled_from([1, 86_400]))))
        if since >= due:
            break
        found.append(Interval(since, until))
        due += until - since
        since = until
    return found


Counted = tuple[Calendar, datetime, Span, Counting, list[Interval]]
counted = given(counts())


@counted
def test_the_last_line_is_the_day_on_which_it_runs_out(drawn: Counted) -> None:
    calendar, _, span, counting, _ = drawn
    if isinstance(span, Hours):
        assert list(count(*drawn)) == []
        return
    *_, last = count(*drawn)
    due = runs_out(*drawn)
    assert due.at == end_of(calendar, last.day, counting)
    assert due.at.tzinfo is UTC
    assert due.at >= drawn[1] or counting.roll is Roll.PREVIOUS_WORKING_DAY


@counted
def test_numbers_have_no_gaps_and_no_day_is_left_out(drawn: Counted) -> None:
    lines = list(count(*drawn))
    numbers = [line.number for line in lines if line.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    forward = [line.day for line in lines if line.why != "moved to a working day"]
    until_last = forward[: 1 + next((at for at, line in enumerate(lines) if line.number == len(numbers)), 0)]
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(until_last))


@counted
def test_a_pause_never_shortens_and_leaves_out_no_more_days_than_midnights_passed(drawn: Counted) -> None:
    calendar, start, span, counting, stood_still = drawn
    without = runs_out(calendar, start, span, counting)
    assert runs_out(*drawn).at >= without.at
    paused = sum(line.why == "paused" for line in count(*drawn))
    assert paused <= sum(ends_of_day(calendar, counting, pause) for pause in stood_still)
    if isinstance(span, Hours):
        assert runs_out(*drawn).at - without.at == sum((to - since for since, to in stood_still), timedelta())
    elif counting.roll is Roll.NONE and isinstance(span, CalendarDays | Weeks | Months):
        assert _last(count(*drawn)).day - _last(count(*drawn[:4])).day == timedelta(days=paused)


def _last(lines: Any) -> CountedDay:
    *_, last = lines
    found: CountedDay = last
    return found


def ends_of_day(calendar: Calendar, counting: Counting, pause: Interval) -> int:
    """How many days ended during a pause, by the wall clock."""
    first, last = calendar.local(pause.since).date(), calendar.local(pause.until).date()
    every = (first + timedelta(days=more) for more in range((last - first).days + 1))
    return sum(pause.since <= end_of(calendar, day, counting) < pause.until for day in every)


@given(counts(), st.randoms())
def test_the_order_of_pauses_is_nothing(drawn: Counted, chance: Any) -> None:
    shuffled = chance.sample(drawn[4], len(drawn[4]))
    assert runs_out(*drawn[:4], shuffled) == runs_out(*drawn)
    assert list(count(*drawn[:4], shuffled)) == list(count(*drawn))


@counted
def test_a_clock_that_was_stored_counts_the_same(drawn: Counted) -> None:
    calendar, start, span, counting, stood_still = drawn
    due = runs_out(*drawn)
    stored = Clock(
        id="law-1", kind="law", subject="of a test", started_at=start, due_at=due.at, span=span, counting=counting,
        pauses=[{"since": since, "until": to, "reason_code": "x", "by": MANAGER} for since, to in stood_still],
    )  # fmt: skip
    read = Clock.model_validate_json(stored.model_dump_json())
    assert runs_out(again(calendar), read.started_at, span_of(read), read.counting, read.intervals) == due


@cache
def _again(stored: str) -> Calendar:
    return Calendar.model_validate_json(stored)


def again(calendar: Calendar) -> Calendar:
    """The calendar as it is read from where it was stored."""
    return _again(calendar.model_dump_json())


def span_of(clock: Clock) -> Span:
    assert clock.span is not None
    return clock.span


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
    case = Case(said.complaint(received_at=start.isoformat(), happened_on=None), pinned(pack, years))
    case.do_all()
    case.must("verify_identity")
    case.must("escalate", to_tier=case.pinned.pack.top_tier)
    case.must("take_ownership", MANAGER)
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
