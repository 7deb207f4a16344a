"""Guarantees proved here, for deadlines counted through a year whose holidays were not published:

- as long as one ticks, the calendars are read again as often as the pack says; nothing is read for anything else;
- nothing new leaves no trace: no entry of the journal, no task, no next action, nothing for the archive;
- once the year is published every such clock is counted anew, once and on the record, even if its time stays the same,
  with one entry of the journal; what is not provisional never moves, whatever the later data say.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from domain import clocks, provisional, requests, timekeeping
from domain.calendar import BusinessDays, CalendarDays
from domain.casefile import CaseFile, ErrandKind
from domain.effects import CalendarsQuery
from tests.domain import said
from tests.domain.cases import rules
from tests.domain.pinned import clock, due, published
from tests.domain.unpublished import LONGER, NEW_YEAR, estimated, handled, news, read


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
    assert [(law.due_at - warning).days for warning in law.warn_at] == [5, 2]
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
