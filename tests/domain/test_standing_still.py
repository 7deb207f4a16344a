"""Guarantees proved here, for clocks that stand still:

- they do not warn, do not run out and are not extended, and nobody is late for them;
- whoever waits for the answer is told, and told the new day when it goes on;
- the promise stands still with the last law and is never later than a law that ticks;
- a pause ends with what the clock measures: with the final response, with a withdrawal.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import clocks, letters, timekeeping
from domain.clock_view import view
from domain.effects import LetterKind
from domain.model import Language, Staff
from domain.permitted import also_permitted
from domain.sheet import sheet
from domain.tasks import open_tasks, reply_due
from tests.domain import said, stages
from tests.domain.people import EXECUTIVE, MANAGER, TELLER
from tests.domain.pinned import clock, due
from tests.domain.standing import LAW, ON, at, handled, still, stood_still

# While it stands still ------------------------------------------------------------------------------------------------


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
    assert [(law.due_at - warning).days for warning in law.warn_at] == [5, 2]


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
