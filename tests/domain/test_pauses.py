"""Guarantees proved here, for clocks that stand still:

- only where the rule of the clock allows it, for its reasons, by the owner; a refusal names the rule;
- the days on whose end the clock stood still are left out: over nights, weekends and changes of the clock, in one pause
  or in several, and nothing else moves the due time;
- a clock that stands still does not warn, does not run out and is not extended, and nobody is late for it;
- whoever waits for the answer is told, and told the new day when it goes on;
- a pause ends with what the clock measures: with the final response, with a withdrawal.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import clocks, letters, timekeeping
from domain.calendar import BusinessDays, Hours
from domain.clock_view import view
from domain.clockrules import ClockKind
from domain.effects import LetterKind
from domain.model import Language, Staff
from domain.permitted import also_permitted
from domain.pinned import PinnedRules
from domain.sheet import sheet
from domain.tasks import open_tasks, reply_due
from tests.domain import said, stages
from tests.domain.cases import Case
from tests.domain.people import ENGINEER, EXECUTIVE, MANAGER, TELLER
from tests.domain.pinned import changed, clock, due, pausing

LAW: dict[str, Any] = {"clock": "law-1", "reason_code": "outside_appraisal", "reason": "an expert looks at it"}
PROMISE = LAW | {"clock": "promise-1"}
ON: dict[str, Any] = {"clock": "law-1", "reason": "the appraisal has arrived"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def handled(pinned: PinnedRules | None = None, received: str = "2026-03-02T10:00:00+08:00") -> Case:
    """Received, acknowledged, verified, and owned at the top: no tier's time runs out on the way."""
    case = Case(said.complaint(received_at=received), pinned or pausing(ClockKind.LAW, ClockKind.PROMISE))
    case.do_all()
    case.must("verify_identity")
    case.must("escalate", to_tier=3)
    case.must("take_ownership", MANAGER)
    return case


def stood_still(case: Case, since: str, until: str, clock_id: str = "law-1") -> None:
    """A clock stands still for a while."""
    case.wait_until(at(since))
    case.must("pause_clock", **LAW | {"clock": clock_id})
    case.wait_until(at(until))
    case.must("resume_clock", **ON | {"clock": clock_id})


# Who, which and why ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "names"),
    [
        ({"clock": "sundial"}, "no_such_clock", "law-1"),
        ({"clock": "acknowledgement"}, "clock_not_running", "met"),
        ({"clock": "promise-1"}, "never_pauses", "Complaint handling policy"),
        ({"clock": "tier-1"}, "never_pauses", "no rule"),
        ({"reason_code": "awaiting_customer"}, "no_reason_to_pause", "outside_appraisal (CBIRC order 2020 no. 3"),
    ],
)  # fmt: skip
def test_a_pause_that_no_rule_allows_is_refused_by_that_rule(content: dict[str, Any], code: str, names: str) -> None:
    case = stages.investigating()
    before = case.file.model_dump_json()
    answer = case.send("pause_clock", **LAW | content)
    assert (getattr(answer, "code", None), names in getattr(answer, "sentence", "")) == (code, True), answer
    assert case.file.model_dump_json() == before


@pytest.mark.parametrize("name", ["pause_clock", "resume_clock"])
@pytest.mark.parametrize(("by", "code"), [(ENGINEER, "role_may_not"), (MANAGER, "not_owner")])
def test_only_the_owner_pauses_and_lets_go_on(name: str, by: Staff, code: str) -> None:
    case = stages.investigating()
    if name == "resume_clock":
        case.must("pause_clock", **LAW)
    assert case.refused(name, by, **LAW if name == "pause_clock" else ON) == code


def test_what_stands_still_is_not_paused_again_and_what_goes_on_is_not_resumed() -> None:
    case = stages.investigating()
    assert case.refused("resume_clock", **ON) == "not_paused"
    case.must("pause_clock", **LAW)
    assert case.refused("pause_clock", **LAW) == "clock_not_running"
    case.must("resume_clock", **ON)
    assert case.refused("resume_clock", **ON) == "not_paused"


def test_a_clock_that_ran_out_is_not_paused_any_more() -> None:
    case = handled()
    case.wait(days=16)
    assert case.refused("pause_clock", **LAW) == "clock_run_out"


def test_a_time_that_was_set_by_hand_does_not_stand_still() -> None:
    case = handled()
    case.must("assess", cooling_off_until="2026-03-16T18:00:00+08:00")
    assert case.refused("pause_clock", **PROMISE) == "fixed_time"


def test_a_clock_whose_extension_is_on_its_way_is_not_paused_and_one_that_stands_still_is_not_extended() -> None:
    case = stages.investigating()
    case.must("pause_clock", **LAW)
    extension = {"clock": "law-1", "reason_code": "complex"}
    assert case.refused("extend_deadline", MANAGER, **extension) == "clock_not_running"
    case.must("resume_clock", **ON)
    case.must("extend_deadline", MANAGER, **extension)
    assert case.refused("pause_clock", **LAW) == "extension_pending"


# How long -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "ends"),
    [
        ("2026-03-03T09:00:00+08:00", "2026-03-03T18:00:00+08:00", "2026-03-17"),  # within one day: nothing
        ("2026-03-03T09:00:00+08:00", "2026-03-03T23:59:59+08:00", "2026-03-17"),  # over by the last second: nothing
        ("2026-03-03T23:59:59+08:00", "2026-03-04T00:00:00+08:00", "2026-03-18"),  # only in the last second: one day
        ("2026-03-03T23:59:58+08:00", "2026-03-04T00:00:00+08:00", "2026-03-18"),  # over one midnight: one day
        ("2026-03-03T09:00:00+08:00", "2026-03-04T09:00:00+08:00", "2026-03-18"),
        ("2026-03-06T18:00:00+08:00", "2026-03-09T09:00:00+08:00", "2026-03-20"),  # a weekend is two calendar days
        ("2026-03-03T09:00:00+08:00", "2026-03-08T09:00:00+08:00", "2026-03-22"),
        ("2026-03-17T23:00:00+08:00", "2026-03-18T00:30:00+08:00", "2026-03-18"),  # in its last hour
    ],
)
def test_every_day_that_ended_in_a_pause_is_left_out(since: str, until: str, ends: str) -> None:
    case = handled()
    stood_still(case, since, until)
    assert due(case, "law-1") == f"{ends} 23:59:59"


def test_a_weekend_in_a_pause_is_no_business_day_that_was_lost() -> None:
    case = handled(changed(pausing(ClockKind.LAW), ClockKind.LAW, length=BusinessDays(business_days=10)))
    before = due(case, "law-1")
    stood_still(case, "2026-03-06T18:00:00+08:00", "2026-03-09T09:00:00+08:00")
    assert (before, due(case, "law-1")) == ("2026-03-16 23:59:59", "2026-03-17 23:59:59")
    explained = [line.split() for line in view(case.file, clock(case, "law-1")).explanation]
    assert [words[:2] for words in explained if "paused" in words[-1]] == [["Fri", "2026-03-06"]]
    assert [words[:2] for words in explained if "weekend" in words[-1]] == [
        ["Sat", "2026-03-07"], ["Sun", "2026-03-08"], ["Sat", "2026-03-14"], ["Sun", "2026-03-15"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("received", "since", "until", "due_at"),
    [
        # 8 March 2026 has 23 hours in New York, and 1 November 2026 has 25: each is one day
        ("2026-03-02T10:00:00-05:00", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00", "2026-03-18 23:59:59"),
        ("2026-03-02T10:00:00-05:00", "2026-03-08T00:00:00-05:00", "2026-03-08T23:59:59-04:00", "2026-03-17 23:59:59"),
        ("2026-10-26T10:00:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-10 23:59:59"),
        ("2026-10-26T10:00:00-04:00", "2026-10-31T23:00:00-04:00", "2026-11-02T00:30:00-05:00", "2026-11-12 23:59:59"),
    ],
)
def test_a_pause_over_a_change_of_the_clocks_leaves_whole_days_out(
    received: str, since: str, until: str, due_at: str
) -> None:
    case = handled(pausing(ClockKind.LAW, pack="us-cfpb"), received)
    stood_still(case, since, until)
    assert due(case, "law-1") == due_at


def test_hours_go_on_where_they_stood_still_to_the_second() -> None:
    hours = changed(pausing(ClockKind.LAW), ClockKind.LAW, length=Hours(hours=100))
    case = handled(hours)
    before = clock(case, "law-1").due_at
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-03T10:30:07+08:00")
    assert clock(case, "law-1").due_at - before == timedelta(hours=1, minutes=30, seconds=7)


def test_two_pauses_leave_both_out_and_each_is_on_the_record() -> None:
    case = handled()
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-05T09:00:00+08:00")
    stood_still(case, "2026-03-10T09:00:00+08:00", "2026-03-11T09:00:00+08:00")
    law = clock(case, "law-1")
    assert due(case, "law-1") == "2026-03-20 23:59:59"
    assert [move.reason for move in law.moves] == [
        "stood still from 2026-03-03 09:00 CST to 2026-03-05 09:00 CST: outside_appraisal",
        "stood still from 2026-03-10 09:00 CST to 2026-03-11 09:00 CST: outside_appraisal",
    ]
    assert [move.by for move in law.moves] == [pause.by for pause in law.pauses]
    assert case.wrote("clock_resumed") == 2
    assert clocks.recounted(case.file, law).at == law.due_at


def test_an_extension_after_a_pause_keeps_the_days_that_were_left_out() -> None:
    case = handled()
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-05T09:00:00+08:00")
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    assert due(case, "law-1") == "2026-04-03 23:59:59"  # 30 days from 2 March, and two


# While it stands still ------------------------------------------------------------------------------------------------


def still() -> Case:
    """Law and promise stand still from the third day on."""
    case = handled()
    case.wait_until(at("2026-03-04T09:00:00+08:00"))
    case.must("pause_clock", **LAW)
    case.do_all()
    return case


def test_what_stands_still_does_not_warn_run_out_or_climb() -> None:
    case = still()
    case.wait(days=60)
    assert {(one.state, one.breached_at) for one in case.file.clocks if one.kind in clocks.REPLY_KINDS} == {
        ("paused", None)
    }
    assert [one for one in case.file.clocks if one.kind in clocks.REPLY_KINDS and one.warned_at] == []
    assert timekeeping.next_due(case.file, reply=True) is None


def test_its_warnings_are_planned_anew_when_it_goes_on() -> None:
    case = still()
    assert clock(case, "law-1").warn_at == []
    case.wait_until(at("2026-03-14T09:00:00+08:00"))
    case.must("resume_clock", **ON)
    law = clock(case, "law-1")
    assert due(case, "law-1") == "2026-03-27 23:59:59"
    assert [law.due_at - warning for warning in law.warn_at] == [timedelta(days=5), timedelta(days=2)]


def test_no_reply_is_due_as_long_as_all_that_could_run_out_stands_still() -> None:
    case = handled()
    case.must("pause_clock", **LAW)
    assert reply_due(case.file) is None
    case.wait(days=30)
    assert reply_due(case.file) is None
    assert {task.due for task in open_tasks(case.file) if task.message == "assess"} == {None}
    case.must("resume_clock", **ON)
    assert reply_due(case.file) == clock(case, "promise-1").due_at


def test_the_sheet_and_the_query_say_since_when_it_stands_still() -> None:
    case = still()
    shown = sheet(case.file, case.now + timedelta(days=30)).replace("\u00a0", " ").replace("\u2011", "-")
    [row] = [line for line in shown.splitlines() if line.startswith("| final response, by law")]
    assert "since 2026-03-04 09:00 CST" in row
    assert "paused" in row
    law = view(case.file, clock(case, "law-1"))
    assert law.state == "paused"
    assert law.explanation[-2:] == [
        "still since 2026-03-04 09:00 CST: outside_appraisal",
        "would be due 2026-03-17 23:59 CST (2026-03-17 15:59:59 UTC)",
    ]


def test_the_owner_has_the_task_to_let_it_go_on_ready_to_be_sent() -> None:
    case = still()
    [task] = [task for task in open_tasks(case.file) if task.id == "resume-law-1"]
    assert (task.person, task.role, task.due) == (MANAGER.id, MANAGER.role, None)
    assert task.what == "let law-1 go on once outside_appraisal is over"
    ready = {name: content for name, content in task.ready.items() if name != "by"}
    case.must(task.message, Staff.model_validate(task.ready["by"]), **ready | {"reason": "it has arrived"})
    assert [task for task in open_tasks(case.file) if task.message == "resume_clock"] == []


def test_whoever_must_take_the_complaint_over_lets_it_go_on_then() -> None:
    case = stages.investigating()
    case.must("pause_clock", **LAW)
    case.must("escalate", to_tier=3)
    [task] = [task for task in open_tasks(case.file) if task.id == "resume-law-1"]
    assert (task.person, task.role) == (None, "manager")


def test_a_pause_is_offered_where_a_clock_may_stand_still_and_only_there() -> None:
    case = stages.investigating()
    assert also_permitted(case.file)["pause_clock"] == {
        "by": TELLER.model_dump(), "clock": "law-1", "reason_code": "outside_appraisal", "reason": "<why>",
    }  # fmt: skip
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    assert "pause_clock" not in also_permitted(case.file)
    case.do_all()
    case.must("pause_clock", **LAW)
    assert "pause_clock" not in also_permitted(case.file)


# Telling --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_the_complainant_is_told_of_the_pause_and_of_the_new_day(language: Language) -> None:
    spoken = said.COMPLAINT["complainant"] | {"language": language}
    case = stages.investigating(said.complaint(complainant=spoken))
    case.must("pause_clock", **LAW)
    letter = case.errand("letter-pause-1")
    subject, body = letters.compose(case.file, LetterKind.PAUSE_NOTICE, letter)
    assert "an expert looks at it" in body
    assert case.file.complaint.reference in subject + body
    case.wait(days=1)
    told = case.file.progress_letters
    case.must("resume_clock", **ON)
    assert case.file.progress_letters == told + 1
    _, body = letters.compose(case.file, LetterKind.PROGRESS, case.errand(f"letter-progress-{told + 1}"))
    assert letters.day(case.file, clock(case, "promise-1").due_at, language) in body


def test_the_new_day_is_told_when_the_promise_stood_still_too() -> None:
    case = still()
    case.wait_until(at("2026-03-06T09:00:00+08:00"))
    case.must("resume_clock", **ON)
    _, body = letters.compose(
        case.file, LetterKind.PROGRESS, case.errand(f"letter-progress-{case.file.progress_letters}")
    )
    assert letters.day(case.file, clock(case, "promise-1").due_at, Language.ENGLISH) == "16 March 2026"
    assert "16 March 2026" in body


def test_nobody_is_told_where_the_rule_does_not_have_it() -> None:
    case = handled()
    case.must("pause_clock", **LAW | {"reason_code": "our_own"})
    case.wait(days=1)
    case.must("resume_clock", **ON)
    assert [errand.id for errand in case.file.errands if errand.letter == LetterKind.PAUSE_NOTICE] == []
    assert case.file.progress_letters == 0


# Law and promise ------------------------------------------------------------------------------------------------------


def test_a_promise_that_stood_still_longer_than_the_law_ends_with_the_law() -> None:
    case = handled()
    stood_still(case, "2026-03-03T09:00:00+08:00", "2026-03-08T09:00:00+08:00", "promise-1")
    assert due(case, "promise-1") == due(case, "law-1") == "2026-03-17 23:59:59"
    assert clock(case, "promise-1").moves[-1].reason == "as law-1"


def test_the_promise_stands_still_with_the_last_law_and_goes_on_with_it() -> None:
    case = handled()
    case.wait_until(at("2026-03-05T09:00:00+08:00"))
    case.must("pause_clock", **LAW)
    assert clock(case, "promise-1").state == "paused"
    assert case.refused("resume_clock", **ON | {"clock": "promise-1"}) == "not_paused"
    case.wait_until(at("2026-03-10T09:00:00+08:00"))
    case.must("resume_clock", **ON)
    assert due(case, "law-1") == "2026-03-22 23:59:59"
    assert due(case, "promise-1") == "2026-03-19 23:59:59"


def test_a_promise_that_an_extension_set_is_kept_with_the_law_when_it_goes_on() -> None:
    case = handled()
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    stood_still(case, "2026-03-05T09:00:00+08:00", "2026-03-10T09:00:00+08:00")
    assert due(case, "promise-1") == due(case, "law-1") == "2026-04-06 23:59:59"


# The end of what it measures ------------------------------------------------------------------------------------------


def test_a_final_response_ends_the_pause_and_keeps_the_clock() -> None:
    case = stages.offered()
    case.must("pause_clock", **LAW)
    case.wait(days=2)
    case.must("record_customer_answer")
    case.do_all()
    case.must("resolve_task", task="remedy-1-2", evidence=None)
    case.do_all()
    law = clock(case, "law-1")
    assert (law.state, law.pauses[-1].until) == ("met", law.met_at)
    assert law.due_at == clocks.recounted(case.file, law).at
    assert case.file.cycle.answered_at
    assert [task.id for task in open_tasks(case.file) if task.message == "resume_clock"] == []


def test_a_withdrawal_ends_the_pause() -> None:
    case = stages.investigating()
    case.must("pause_clock", **LAW)
    case.wait(days=2)
    case.must("withdraw")
    law = clock(case, "law-1")
    assert (law.state, law.pauses[-1].until) == ("stopped", case.now)
    assert [task.id for task in open_tasks(case.file) if task.message == "resume_clock"] == []
    case.wait(days=40)
    assert law.breached_at is None


def test_a_new_cycle_has_a_clock_that_may_stand_still_again() -> None:
    case = stages.investigating()
    case.must("pause_clock", **LAW)
    case.must("withdraw")
    case.do_all()
    case.wait_until(at("2026-03-05T10:00:00+08:00"))
    case.must("record_callback", solved=False, satisfied=False)
    assert clock(case, "law-2").state == "running"
    case.must("take_ownership", EXECUTIVE)
    assert case.refused("resume_clock", **ON) == "not_paused"
    case.must("pause_clock", **LAW | {"clock": "law-2"})
    assert (clock(case, "law-1").state, clock(case, "law-2").state) == ("stopped", "paused")
