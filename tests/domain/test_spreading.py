"""Guarantees proved here, for what leads up to the end of a day:

- an early warning comes within the rule pack's spread before its time, never later and never before its clock began;
- whoever asks again gets the same instant, and over many complaints the instants lie evenly: no night has one spike;
- deadlines and breaches are the same with and without a spread, and rules without one warn as they always did;
- nothing is said twice because its time was planned anew; what is counted in hours is not spread;
- reminders, letters of progress and looks at calendars have their turns too, on the same day as without.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import clocks, investigations, provisional, spreading, timekeeping
from domain.calendar import BusinessDays, CalendarDays, Due, Hours
from domain.casefile import CaseFile
from domain.clock_view import view
from domain.clockrules import ClockKind
from domain.pinned import PinnedRules
from tests.domain import said, stages
from tests.domain.broken_packs import Broken, assert_refused
from tests.domain.cases import Case, rules
from tests.domain.pinned import changed, clock, published, spread_over
from tests.domain.standing import handled

FOUR_HOURS = timedelta(hours=4)
SECOND = timedelta(seconds=1)
references = st.from_regex(r"[A-Z]{1,4}-[0-9]{1,8}", fullmatch=True)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
gaps = st.timedeltas(-timedelta(days=2), timedelta(days=60))


def of(reference: str, spread: int | None = 4) -> CaseFile:
    """A file of nothing but a reference and a spread."""
    return Case(said.complaint(reference=reference), spread_over(spread)).file


def many(count: int) -> list[str]:
    return [f"CB-2026-{number:05}" for number in range(count)]


# One turn -------------------------------------------------------------------------------------------------------------


@given(references, instants, gaps, st.integers(1, 12))
def test_a_turn_lies_within_the_spread_and_after_the_beginning(
    reference: str, at: datetime, gap: timedelta, hours: int
) -> None:
    file, since = of(reference, hours), at - gap
    turn = spreading.turn(file, "law-1", at, since, CalendarDays(calendar_days=15))
    assert at - timedelta(hours=hours) < turn <= at
    assert turn > since or turn == at
    assert turn == spreading.turn(of(reference, hours), "law-1", at, since, CalendarDays(calendar_days=15))


@given(references, instants)
def test_what_is_counted_in_hours_and_what_has_no_spread_stays_where_it_is(reference: str, at: datetime) -> None:
    since = at - timedelta(days=9)
    assert spreading.turn(of(reference), "tier-1", at, since, Hours(hours=8)) == at
    assert spreading.turn(of(reference, None), "law-1", at, since, BusinessDays(business_days=8)) == at


@pytest.mark.parametrize("room", [FOUR_HOURS * 9, timedelta(hours=1)], ids=["all of the spread", "an hour since"])
def test_the_turns_of_many_complaints_lie_evenly(room: timedelta) -> None:
    at = datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)
    file, span = of("CB-1"), CalendarDays(calendar_days=15)
    early: Counter[int] = Counter()
    for reference in many(5_000):
        file.complaint = file.complaint.model_copy(update={"reference": reference})
        early[int((at - spreading.turn(file, "law-1", at, at - room, span)) / min(room, FOUR_HOURS) * 20)] += 1
    assert sorted(early) == list(range(20))
    # A twentieth of 5,000 is 250; by chance alone one in a million twentieths is more than 75 away from it.
    assert all(175 < found < 325 for found in early.values())


def test_clocks_of_one_complaint_have_different_turns() -> None:
    file, at = of("CB-1"), datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)
    names = ("law-1", "law-1-uk-psd", "promise-1", "law-2")
    turns = {spreading.turn(file, name, at, at - FOUR_HOURS, None) for name in names}
    assert len(turns) == len(names)


# Warnings -------------------------------------------------------------------------------------------------------------


@given(references, st.integers(0, 30))
def test_early_warnings_are_spread_and_deadlines_are_not(reference: str, minutes: int) -> None:
    received = (said.RECEIVED + timedelta(minutes=minutes)).isoformat()
    case = Case(said.complaint(reference=reference, received_at=received), spread_over(4))
    plain = Case(said.complaint(reference=reference, received_at=received), spread_over(None))
    assert [one.due_at for one in case.file.clocks] == [one.due_at for one in plain.file.clocks]
    for spread, nominal in zip(case.file.clocks, plain.file.clocks, strict=True):
        assert len(spread.warn_at) == len(nominal.warn_at)
        for turn, at in zip(spread.warn_at, nominal.warn_at, strict=True):
            assert max(at - FOUR_HOURS, spread.started_at) < turn <= at


def test_rules_without_a_spread_warn_when_they_always_did() -> None:
    law = clock(Case(pinned=spread_over(None)), "law-1")
    assert [law.due_at - at for at in law.warn_at] == [timedelta(days=5), timedelta(days=2)]


def test_rules_that_were_pinned_before_there_was_a_spread_have_none() -> None:
    recorded = rules().pack.model_dump(mode="json")
    assert recorded.pop("spread") is not None
    assert type(rules().pack).model_validate(recorded).spread is None


def test_a_breach_is_written_at_the_instant_whatever_the_spread() -> None:
    breaches = []
    for pinned in (spread_over(None), spread_over(12)):
        case = handled(pinned)
        case.wait(days=20)
        breaches.append([(one.id, one.breached_at, one.breach_written_at) for one in case.file.clocks])
    assert breaches[0] == breaches[1]
    assert any(at for _, at, _ in breaches[0])


def test_a_warning_that_had_its_turn_is_not_given_again_when_the_clock_is_planned_anew() -> None:
    case = handled()
    law = clock(case, "law-1")
    case.wait_until(law.warn_at[0])
    nominal = law.due_at - timedelta(days=5)
    assert law.warned_at == [case.now] and case.now < nominal
    clocks.move(case.file, law, Due(at=law.due_at), "counted anew", None, case.now)
    assert [law.due_at - timedelta(days=2) - at < FOUR_HOURS for at in law.warn_at] == [True]
    clocks.move(case.file, law, Due(at=law.due_at + timedelta(days=9)), "extended", None, case.now)
    assert len(law.warn_at) == 2


def test_a_clock_says_when_it_warns_and_why_then() -> None:
    case = Case(said.complaint(reference="CB-2026-0001"))
    law = clock(case, "law-1")
    first, second = view(case.file, law).warnings
    early = law.due_at - timedelta(days=5) - law.warn_at[0]
    assert first == f"{clocks.shown(case.file, law.warn_at[0])}: 5 calendar days before and {early} earlier in this "\
        "complaint's own turn"  # fmt: skip
    assert "2 calendar days before" in second
    plain = Case(pinned=spread_over(None))
    assert view(plain.file, clock(plain, "law-1")).warnings[0] == "2026-03-12 23:59 CST: 5 calendar days before"


# What else waits for the end of a day ---------------------------------------------------------------------------------


def reminded_at(pinned: PinnedRules) -> datetime:
    case = stages.assessed_under(pinned)
    case.must("request_investigation")
    [inquiry] = case.file.investigations
    assert inquiry.remind_at
    return inquiry.remind_at


def test_the_reminder_of_a_department_has_its_turn_before_its_time() -> None:
    nominal, turn = reminded_at(spread_over(None)), reminded_at(spread_over(4))
    assert nominal - FOUR_HOURS < turn < nominal


def test_a_department_is_not_reminded_twice_because_its_answer_was_planned_anew() -> None:
    case = stages.assessed_under(spread_over(4))
    case.must("request_investigation")
    case.tell("investigation_accepted")
    [inquiry] = case.file.investigations
    assert inquiry.remind_at
    case.wait_until(inquiry.remind_at)
    due = clock(case, f"investigation-{inquiry.id}").due_at
    planned: list[datetime | None] = []
    for answer_by in (due, due + timedelta(days=2)):
        investigations.plan_reminder(case.file, inquiry.id, answer_by, case.now)
        planned.append(inquiry.remind_at)
    assert planned[0] is None
    assert planned[1]


def progress_days(pinned: PinnedRules) -> list[datetime]:
    """When letters of progress were sent, by the wall clock."""
    case = handled(pinned)
    case.wait(days=40)
    sent = [errand.ordered_at for errand in case.file.errands if errand.letter == "progress"]
    return [pinned.calendar.local(at) for at in sent]


def test_letters_of_progress_have_their_turns_on_the_days_on_which_they_were_promised() -> None:
    plain, spread = progress_days(spread_over(None)), progress_days(spread_over(12))
    assert [at.date() for at in plain] == [at.date() for at in spread] and len(plain) > 3
    assert all(turn < at for turn, at in zip(spread, plain, strict=True))


def test_the_time_of_the_next_letter_that_the_complainant_reads_stays_the_end_of_the_day() -> None:
    case = handled(spread_over(4))
    letter = next(due for due in timekeeping.upcoming(case.file) if due.label == "progress letter")
    assert case.file.progress_at
    assert case.file.progress_at - FOUR_HOURS < letter.at < case.file.progress_at
    assert case.pinned.calendar.local(case.file.progress_at).strftime("%H:%M:%S") == "23:59:59"


def test_calendars_are_read_again_in_turn() -> None:
    times = []
    for hours in (None, 4):
        pinned = published(changed(spread_over(hours), ClockKind.LAW, length=BusinessDays(business_days=15)))
        at = provisional.read_again_at(handled(pinned).file)
        assert at
        times.append(at)
    assert times[0] - FOUR_HOURS < times[1] < times[0]


# In the file of the rules ---------------------------------------------------------------------------------------------

SPREAD = "spread = { hours = 4 }"
BROKEN = {
    "another day": Broken(SPREAD, "spread = { hours = 13 }", "spread", "spread over 12 hours at most"),
    "days": Broken(SPREAD, "spread = { calendar_days = 1 }", "spread.calendar_days", "is not known here", "spread ="),
    "before the time begins": Broken(
        "warn_before = [{ hours = 4 }]",
        "warn_before = [{ hours = 20 }]",
        "spread",
        "may have a warning of acknowledgement come before its time begins",
        SPREAD,
    ),
    "a reminder before the question": Broken(
        "remind_before = { hours = 8 }",
        "remind_before = { hours = 45 }",
        "spread",
        "may have the reminder of call_centre come before its time begins",
        SPREAD,
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_spread_that_cannot_be_kept_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
