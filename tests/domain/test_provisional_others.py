"""Guarantees proved here, for what follows when a year is published that deadlines were waiting for:

- the promise never ends later than any law, an offer never before the day it named; a new day of the answer is told;
- departments' clocks, extensions on their way, clocks that stand still and packs side by side follow the same rule;
- a reading that fails or is impossible is a person's task until it comes back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain import clocks, provisional
from domain.calendar import BusinessDays, CalendarDays
from domain.casefile import Clock, ErrandKind
from domain.clockrules import ClockKind, Rung
from domain.counting import Counting, Roll
from domain.effects import Calendars
from domain.pinned import Beside, PinnedRules
from tests.domain.cases import Case, rules
from tests.domain.people import MANAGER
from tests.domain.pinned import APPRAISAL, changed, clock, due, published
from tests.domain.unpublished import LONGER, RECEIVED, TEN, estimated, handled, news, read

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
