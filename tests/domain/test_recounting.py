"""Guarantees proved here, for every length of every shipped rule pack, wherever it starts and however often it pauses:

- the last line of its explanation is the day on which it runs out, and its numbers have no gaps;
- a pause never shortens a clock, leaves out no more days than midnights passed, and the order of pauses is nothing;
- counted from what was stored and read, a clock runs out at the same instant.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from activities.pack_files import load
from domain.calendar import Calendar, CalendarDays, Hours, Months, Span, Weeks
from domain.casefile import Clock
from domain.clockrules import ClockRule
from domain.counting import AfterHours, CountedDay, CountFrom, Counting, DayEnd, Interval, Roll, count, end_of, runs_out
from tests.domain.cases import PACKS, rules
from tests.domain.instants import days, packs, times
from tests.domain.people import MANAGER


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
