"""Guarantees proved here, for deadlines counted through a year whose holidays were not published:

- as long as one ticks, the calendars are read again as often as the pack says; nothing is read for anything else;
- nothing new leaves no trace: no entry of the journal, no task, no next action, nothing for the archive;
- once the year is published every such clock is counted anew, once and on the record, even if its time stays the same,
  with one entry of the journal; what is not provisional never moves, whatever the later data say;
- the promise never ends later than any law, an offer never before the day it named; a new day of the answer is told;
- departments' clocks, extensions on their way, clocks that stand still and packs side by side follow the same rule.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain import clocks, provisional, requests, timekeeping
from domain.calendar import BusinessDays, Calendar, CalendarDays
from domain.casefile import CaseFile, Clock, ErrandKind
from domain.clockrules import ClockKind, Rung
from domain.counting import Counting, Roll
from domain.effects import Calendars, CalendarsQuery
from domain.pinned import Beside, PinnedRules
from tests.domain import said
from tests.domain.cases import Case, rules
from tests.domain.people import MANAGER
from tests.domain.pinned import APPRAISAL, changed, clock, due, published

RECEIVED = "2026-12-21T10:00:00+08:00"
TEN = BusinessDays(business_days=10)
NEW_YEAR = {date(2027, 1, day): "New Year's Day" for day in (1, 2, 3)}
LONGER = NEW_YEAR | {date(2027, 1, 4): "New Year's Day", date(2027, 1, 5): "New Year's Day"}


def estimated(**law: Any) -> PinnedRules:
    """The law counts business days through 2027, of which only the holidays by statute are known."""
    pinned = changed(rules(), ClockKind.LAW, **{"length": TEN} | law)
    calendar = pinned.calendar.model_copy(
        update={"holidays": kept(pinned.calendar, {date(2027, 1, 1): "New Year's Day"})}
    )
    return published(pinned.model_copy(update={"calendar": calendar}), 2025, 2026)


def kept(calendar: Calendar, more: dict[date, str]) -> dict[date, str]:
    return {day: name for day, name in calendar.holidays.items() if day.year < 2027} | more


def handled(pinned: PinnedRules, received: str = RECEIVED) -> Case:
    """Owned at the top, so that no tier's time runs out on the way."""
    case = Case(said.complaint(received_at=received), pinned)
    case.do_all()
    case.must("verify_identity")
    case.must("escalate", to_tier=3)
    case.must("take_ownership", MANAGER)
    case.do_all()
    return case


def news(case: Case, holidays: dict[date, str], *years: int, pack: str = "cn-banking") -> Calendars:
    """What the packs say of these years now."""
    calendar = case.file.pinned().calendar.model_copy(update={"holidays": holidays, "published": list(years)})
    return Calendars(by_pack={pack: calendar})


def read(case: Case, answer: Calendars) -> None:
    """A week later the calendars are read."""
    case.wait(days=8)
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, answer)


def test_the_calendars_are_read_again_as_often_as_the_pack_says_and_nothing_new_leaves_no_trace() -> None:
    case = handled(estimated(length=BusinessDays(business_days=40)))
    opened = case.file.opened_at
    read_at: list[timedelta] = []
    for _ in range(3):
        before = case.file.model_copy(deep=True)
        at = provisional.read_again_at(case.file)
        assert at is not None
        case.wait_until(at)
        [errand] = case.pending(ErrandKind.CALENDARS)
        assert errand.ordered_at == case.now
        assert provisional.read_again_at(case.file) is None
        read_at.append(case.now - opened)
        lines = case.file.journal_length
        case.do(errand.id)
        assert case.file.journal_length == lines
        assert traces(case.file) == traces(before)
    assert [at.days for at in read_at] == [7, 14, 21]


def traces(file: CaseFile) -> Any:
    return [
        [clock.moves for clock in file.clocks],
        file.rules,
        [one for one in file.errands if one.kind == "calendars"],
    ]


def test_the_leading_packs_policy_says_how_often() -> None:
    pinned = estimated()
    rule = pinned.pack.calendar.model_copy(update={"recheck_every": CalendarDays(calendar_days=2)})
    case = handled(pinned.model_copy(update={"pack": pinned.pack.model_copy(update={"calendar": rule})}))
    case.wait(days=3)
    assert len(case.pending(ErrandKind.CALENDARS)) == 1


def test_it_asks_for_the_years_that_are_missing_and_nothing_else() -> None:
    case = handled(estimated())
    case.wait(days=8)
    [errand] = case.pending(ErrandKind.CALENDARS)
    asked = requests.request(case.file, errand, "complaint-CB-2026-0001")
    assert asked == CalendarsQuery(jurisdiction=None, years={"cn-banking": [2027]})


def test_nothing_is_read_for_a_complaint_whose_deadlines_are_certain() -> None:
    case = handled(published(rules(), 2025, 2026), said.RECEIVED.isoformat())
    case.wait(days=60)
    assert [errand for errand in case.file.errands if errand.kind is ErrandKind.CALENDARS] == []


def test_nothing_is_read_any_more_once_no_such_deadline_ticks() -> None:
    case = handled(estimated())
    case.must("withdraw")
    assert provisional.read_again_at(case.file) is None


def test_a_reading_is_the_machines_own_and_nobodys_next_action() -> None:
    case = handled(estimated())
    chores = [due.label for due in timekeeping.upcoming(case.file) if due.chore]
    assert chores == ["calendars"]
    at = provisional.read_again_at(case.file)
    assert at is not None
    case.wait_until(at)
    assert [due.label for due in timekeeping.upcoming(case.file) if due.chore] == ["check on calendars-1"]


def test_a_published_year_moves_what_was_counted_through_it_once_on_the_record() -> None:
    case = handled(estimated())
    assert (due(case, "law-1"), clock(case, "law-1").provisional) == ("2027-01-05 23:59:59", True)
    read(case, news(case, LONGER, 2026, 2027))
    law = clock(case, "law-1")
    assert (due(case, "law-1"), law.provisional) == ("2027-01-07 23:59:59", False)
    assert [(move.reason, move.by, move.at) for move in law.moves] == [("calendar of 2027 published", None, case.now)]
    [entry] = [entry for entry in case.file.journal if entry.what == "calendar_published"]
    assert entry.note == "calendar of 2027 published; counted anew: law-1"
    assert [law.due_at - warning for warning in law.warn_at] == [timedelta(days=5), timedelta(days=2)]
    assert provisional.read_again_at(case.file) is None


def test_a_time_that_stays_the_same_is_on_the_record_too() -> None:
    case = handled(estimated())
    before = clock(case, "law-1").due_at
    read(case, news(case, {date(2027, 1, 1): "New Year's Day"}, 2026, 2027))
    law = clock(case, "law-1")
    assert (law.due_at, law.provisional) == (before, False)
    assert [(move.from_due, move.to_due) for move in law.moves] == [(before, before)]


def test_years_that_were_published_before_stay_as_they_were_recorded() -> None:
    case = handled(estimated())
    promised, days = clock(case, "promise-1").model_copy(deep=True), case.file.pinned().calendar.holidays
    changed_later = {date(2026, 12, 24): "a day off that nobody knew of"}
    read(case, news(case, LONGER | changed_later, 2026, 2027))
    now = case.file.pinned().calendar
    assert {day: name for day, name in now.holidays.items() if day.year < 2027} == {
        day: name for day, name in days.items() if day.year < 2027
    }
    assert now.published == [2025, 2026, 2027]
    assert clock(case, "promise-1") == promised
    assert all(clocks.recounted(case.file, one).at == one.due_at for one in case.file.clocks)


def test_a_later_reading_of_the_same_year_moves_nothing_again() -> None:
    case = handled(estimated())
    read(case, news(case, LONGER, 2027))
    file = case.file.model_copy(deep=True)
    provisional.order_reading(case.file, case.now)
    case.answer("calendars-1", news(case, NEW_YEAR, 2027))
    assert (case.file.clocks, case.file.rules, case.file.journal) == (file.clocks, file.rules, file.journal)


def test_each_of_two_years_is_recorded_when_it_is_published() -> None:
    case = handled(estimated(length=BusinessDays(business_days=300)))
    assert provisional.query(case.file).years == {"cn-banking": [2027, 2028]}
    read(case, news(case, LONGER, 2027))
    assert clock(case, "law-1").provisional
    assert provisional.query(case.file).years == {"cn-banking": [2028]}
    read(case, news(case, {}, 2028))
    law = clock(case, "law-1")
    assert not law.provisional
    assert [move.reason for move in law.moves] == ["calendar of 2027 published", "calendar of 2028 published"]


def test_a_year_that_was_already_over_is_counted_again_like_any_other() -> None:
    case = handled(estimated())
    case.wait_until(datetime.fromisoformat("2027-01-05T12:00:00+08:00"))
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, news(case, LONGER, 2026, 2027))
    assert (clock(case, "law-1").state, due(case, "law-1")) == ("running", "2027-01-07 23:59:59")


def test_a_breach_stands_whatever_is_published_later() -> None:
    case = handled(estimated())
    case.wait_until(datetime.fromisoformat("2027-01-06T12:00:00+08:00"))
    law = clock(case, "law-1").model_copy(deep=True)
    assert law.state == "breached"
    for errand in case.pending(ErrandKind.CALENDARS):
        case.answer(errand.id, news(case, LONGER, 2027))
    assert clock(case, "law-1") == law


# Promise and offer ----------------------------------------------------------------------------------------------------


def promising() -> PinnedRules:
    """Law and promise both count business days; the promise is cut to the law where it would be later."""
    return changed(estimated(), ClockKind.PROMISE, length=BusinessDays(business_days=8), warn_before=[])


def test_the_new_day_of_the_answer_is_told() -> None:
    case = handled(promising())
    assert due(case, "promise-1") == "2026-12-31 23:59:59"
    case = handled(promising(), "2026-12-22T10:00:00+08:00")
    assert (due(case, "promise-1"), clock(case, "promise-1").provisional) == ("2027-01-04 23:59:59", True)
    told = case.file.progress_letters
    read(case, news(case, LONGER, 2027))
    assert due(case, "promise-1") == "2027-01-06 23:59:59"
    assert len(clock(case, "promise-1").moves) == 1
    assert case.file.progress_letters > told
    assert case.file.last_progress_at == case.now


def test_nobody_is_told_of_a_day_that_stays() -> None:
    case = handled(promising(), "2026-12-22T10:00:00+08:00")
    case.wait(days=8)
    told = case.file.progress_letters
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, news(case, {date(2027, 1, 1): "New Year's Day"}, 2027))
    assert case.file.progress_letters == told


def test_a_promise_set_to_the_law_becomes_certain_with_it_and_stays_where_it_was_told() -> None:
    pinned = changed(estimated(), ClockKind.PROMISE, length=BusinessDays(business_days=11))
    case = handled(pinned)
    assert (due(case, "promise-1"), clock(case, "promise-1").provisional) == (due(case, "law-1"), True)
    read(case, news(case, LONGER, 2027))
    assert (due(case, "law-1"), due(case, "promise-1")) == ("2027-01-07 23:59:59", "2027-01-05 23:59:59")
    assert not clock(case, "promise-1").provisional
    assert [move.reason for move in clock(case, "promise-1").moves] == ["as law-1", "calendar of 2027 published"]


def worked() -> PinnedRules:
    """By statute 1 January is off; what the government publishes has a weekend worked, so that the law ends earlier."""
    return changed(estimated(makeup_days=True), ClockKind.PROMISE, length=CalendarDays(calendar_days=15))


def earlier(case: Case) -> Calendars:
    answer = news(case, {}, 2027).by_pack["cn-banking"]
    made_up = {date(2027, 1, 2): "New Year's Day", date(2027, 1, 3): "New Year's Day"}
    return Calendars(by_pack={"cn-banking": answer.model_copy(update={"makeup_days": made_up})})


def test_a_law_that_ends_earlier_takes_the_promise_with_it_in_one_move() -> None:
    case = handled(worked())
    assert (due(case, "law-1"), due(case, "promise-1")) == ("2027-01-05 23:59:59", "2027-01-05 23:59:59")
    read(case, earlier(case))
    assert (due(case, "law-1"), due(case, "promise-1")) == ("2027-01-02 23:59:59", "2027-01-02 23:59:59")
    assert clock(case, "promise-1").moves[-1].reason == "calendar of 2027 published, as law-1"
    assert len(clock(case, "promise-1").moves) == 1


@pytest.mark.parametrize(("published_days", "ends"), [({}, "2027-01-05 23:59:59"), (LONGER, "2027-01-07 23:59:59")])
def test_an_offer_never_ends_before_the_day_that_it_named(published_days: dict[date, str], ends: str) -> None:
    case = handled(changed(estimated(), ClockKind.OFFER, length=TEN, warn_before=[]))
    start = datetime.fromisoformat(RECEIVED)
    clocks.start(case.file, "offer-proposal-1", ClockKind.OFFER, "answer of the customer", start, case.now)
    read(case, news(case, published_days, 2027))
    assert due(case, "offer-proposal-1") == ends
    assert not clock(case, "offer-proposal-1").provisional


# Others ---------------------------------------------------------------------------------------------------------------


def test_a_departments_time_and_reminder_move_too() -> None:
    case = handled(estimated())
    case.must("assess")
    case.wait_until(datetime.fromisoformat("2026-12-31T09:00:00+08:00"))
    case.must("request_investigation")
    case.do("dispatch-technology-1")
    assert due(case, "investigation-technology-1") == "2027-01-06 23:59:59"
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, news(case, LONGER, 2027))
    assert due(case, "investigation-technology-1") == "2027-01-08 23:59:59"
    remind_at = case.file.investigations[0].remind_at
    assert remind_at is not None
    assert case.pinned.calendar.local(remind_at).date() == date(2027, 1, 7)


def test_an_extension_on_its_way_is_counted_anew_with_its_clock() -> None:
    rung = rules().pack.clocks[ClockKind.LAW].ladder[0]
    ladder: list[Rung] = [rung.model_copy(update={"length": BusinessDays(business_days=12)})]
    case = handled(estimated(ladder=ladder))
    case.wait(days=8)
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    assert case.pinned.calendar.local(case.file.extensions[0].to_due).date() == date(2027, 1, 7)
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, news(case, LONGER, 2027))
    case.do_all()
    law = clock(case, "law-1")
    assert due(case, "law-1") == "2027-01-11 23:59:59"
    assert not law.provisional
    assert clocks.recounted(case.file, law).at == law.due_at


def test_a_clock_that_stood_still_is_counted_anew_with_its_pause() -> None:
    case = handled(changed(estimated(), ClockKind.LAW, may_pause_for=[APPRAISAL]), "2026-12-22T10:00:00+08:00")
    case.must("pause_clock", clock="law-1", reason_code=APPRAISAL.reason, reason="an expert")
    case.wait(days=8)
    assert case.pending(ErrandKind.CALENDARS) == []
    case.must("resume_clock", clock="law-1", reason="it has arrived")
    case.wait_until(min(one.due_at for one in case.file.clocks if one.ticking and one.provisional) - timedelta(days=1))
    [errand] = case.pending(ErrandKind.CALENDARS)
    case.answer(errand.id, news(case, LONGER, 2027))
    law = clock(case, "law-1")
    assert (law.state, law.provisional) == ("running", False)
    assert clocks.recounted(case.file, law).at == law.due_at
    assert law.intervals != []


def test_only_a_clock_that_ticks_has_the_calendars_read() -> None:
    case = handled(changed(estimated(), ClockKind.LAW, may_pause_for=[APPRAISAL]))
    case.must("pause_clock", clock="law-1", reason_code=APPRAISAL.reason, reason="an expert")
    assert provisional.read_again_at(case.file) is None
    case.must("resume_clock", clock="law-1", reason="it has arrived")
    assert provisional.read_again_at(case.file) is not None


def beside() -> PinnedRules:
    """A second pack whose law alone waits for 2027."""
    pinned = published(rules(), 2025, 2026)
    other = estimated()
    clocks_ = {ClockKind.LAW: other.pack.clocks[ClockKind.LAW]}
    name = "uk-disp"
    text = other.pack.reply.outside_remedies[other.language]
    more = Beside(
        name=name, version="1", clocks=clocks_, calendar=other.calendar, outside_remedies=text, letters={},
        provisional_credit=None, consent=other.pack.consent,
    )  # fmt: skip
    return pinned.model_copy(update={"beside": [more]})


def test_each_pack_is_asked_for_its_own_years_and_keeps_its_own_calendar() -> None:
    case = handled(beside())
    assert provisional.query(case.file).years == {"uk-disp": [2027]}
    leading = case.file.pinned().calendar
    read(case, news(case, LONGER, 2027, pack="uk-disp"))
    assert clock(case, "law-1-uk-disp").moves[0].reason == "calendar of 2027 published"
    assert case.file.pinned().calendar == leading
    assert 2027 in case.file.pinned().beside[0].calendar.published


def test_a_count_that_rolls_back_into_a_published_year_is_as_provisional_as_what_it_looked_at() -> None:
    back = Counting(roll=Roll.PREVIOUS_WORKING_DAY)
    start = datetime.fromisoformat("2026-12-21T10:00:00+08:00")
    file = handled(estimated()).file
    made: Clock = clocks.start_span(file, "x", "regulator", "x", start, CalendarDays(calendar_days=11), back)
    assert file.pinned().calendar.local(made.due_at).date() == date(2026, 12, 31)
    assert made.provisional


def test_a_reading_that_fails_for_days_becomes_a_task_and_is_nobodys_once_it_came_back() -> None:
    case = handled(estimated())
    case.wait(days=9)
    assert "trouble-calendars-1" in [task.id for task in case.file.tasks if not task.settled_at]
    case.answer("calendars-1", news(case, LONGER, 2027))
    assert "trouble-calendars-1" not in [task.id for task in case.file.tasks if not task.settled_at]


@pytest.mark.parametrize("settlement", ["done", "retry", "not_needed"])
def test_a_reading_that_is_impossible_is_settled_by_a_person_and_another_follows(settlement: str) -> None:
    case = handled(estimated(length=BusinessDays(business_days=40)))
    case.wait(days=8)
    case.give_up("calendars-1")
    case.wait(days=8)
    assert case.pending(ErrandKind.CALENDARS) == []
    case.must("resolve_task", task="impossible-calendars-1", settlement=settlement)
    assert len(case.pending(ErrandKind.CALENDARS)) == 1
