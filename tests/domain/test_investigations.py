"""Guarantees proved here, for the departments that hold the facts:

- the handler stays responsible until a department accepted; declining gives the question back to the owner;
- answers are taken in whatever order they come: before the question, in parts, twice, late;
- a silent department is reminded, then its head is told, then the complaint climbs;
- more time moves the reminder too, and never goes past the promise;
- what somebody complained of reports counts for nothing.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import clocks, tasks, timekeeping
from domain.casefile import InvestigationState
from domain.clocks import find
from domain.counting import runs_out
from domain.decisions import RequestInvestigation
from domain.model import Staff, Stage
from domain.reading import Unreadable
from tests.domain import said, stages
from tests.domain.cases import Case
from tests.domain.people import ACCUSED, ENGINEER, OTHER_TELLER, SUPERVISOR, TELLER

TECHNOLOGY = "technology-1"


def turns(case: Case) -> list[str]:
    return [task.id for task in tasks.open_tasks(case.file)]


def sent(case: Case, notice: str) -> list[str]:
    return [errand.to for errand in case.file.errands if errand.notice == notice]


def test_only_the_owner_asks_and_only_departments_that_exist() -> None:
    case = stages.assessed()
    assert case.refused("request_investigation", OTHER_TELLER) == "not_owner"
    assert case.refused("request_investigation", department="garden") == "department_unknown"
    case.must("request_investigation", investigation="q-1")
    assert case.refused("request_investigation", investigation="q-1") == "investigation_exists"


def test_several_departments_are_asked_side_by_side_and_all_must_answer() -> None:
    case = stages.investigating()
    case.must("request_investigation", department="branch")
    case.must("request_investigation")
    assert [inquiry.id for inquiry in case.file.investigations] == [TECHNOLOGY, "branch-1", "technology-2"]
    case.tell("investigation_result")
    assert case.stage == Stage.INVESTIGATING
    assert case.refused("propose_resolution") == "investigations_open"


def test_a_department_is_responsible_once_it_accepted() -> None:
    case = stages.investigating()
    case.tell("investigation_accepted")
    inquiry = case.file.investigations[0]
    assert (inquiry.state, inquiry.accepted_by) == (InvestigationState.ACCEPTED, ENGINEER)
    acceptance = find(case.file, f"acceptance-{TECHNOLOGY}")
    assert acceptance is not None
    assert acceptance.state == "met"


def test_an_answer_in_parts_is_kept_and_the_final_one_ends_it() -> None:
    case = stages.investigating()
    case.tell("investigation_result", final=False)
    assert case.stage == Stage.INVESTIGATING
    case.tell("investigation_result")
    case.tell("investigation_result", finding="found more")
    assert [finding.final for finding in case.file.investigations[0].findings] == [False, True, True]
    assert case.stage == Stage.PROPOSING


def test_the_same_fact_twice_is_one_fact() -> None:
    case = stages.investigating()
    result = said.fact("investigation_result", final=False)
    case.learn(result)
    before = case.file.model_dump_json()
    case.learn(result)
    assert case.file.model_dump_json() == before


def test_one_message_id_for_two_facts_is_kept_and_shown() -> None:
    case = stages.investigating()
    case.tell("investigation_result", message_id="m-1", final=False)
    case.tell("investigation_result", message_id="m-1", finding="something else")
    assert case.file.quarantined == 1
    assert len(case.file.investigations[0].findings) == 1


def test_an_answer_that_comes_before_the_question_waits_for_it() -> None:
    case = stages.assessed()
    case.tell("investigation_result")
    assert "unrelated-technology-1" in turns(case)
    case.must("request_investigation")
    assert case.stage == Stage.PROPOSING
    assert case.file.early_facts == []
    assert not any(turn.startswith("unrelated") for turn in turns(case))


@pytest.mark.parametrize("length", [40, 41])
def test_the_longest_id_leaves_room_for_the_ids_of_its_tasks(length: int) -> None:
    case = stages.assessed()
    name = "q" * length
    if length > 40:
        with pytest.raises(Unreadable, match="investigation: string should have at most 40 characters"):
            said.fact("investigation_accepted", investigation=name)
        return
    case.tell("investigation_result", investigation=name)
    case.must("request_investigation", investigation=name)
    case.give_up(f"dispatch-{name}")
    assert f"impossible-dispatch-{name}" in turns(case)


def test_a_declined_question_comes_back_to_the_owner() -> None:
    case = stages.investigating()
    case.tell("investigation_declined", suggested_department="operations")
    assert f"declined-{TECHNOLOGY}" in turns(case)
    case.must("request_investigation", department="operations")
    assert f"declined-{TECHNOLOGY}" not in turns(case)


def test_a_declined_question_that_was_only_noted_is_still_the_owners_turn() -> None:
    case = stages.investigating()
    case.tell("investigation_declined")
    case.must("resolve_task", TELLER, task=f"declined-{TECHNOLOGY}", settlement="not_needed")
    assert case.stage == Stage.INVESTIGATING
    assert turns(case) == ["request_investigation"]


def test_what_somebody_complained_of_reports_counts_for_nothing() -> None:
    case = stages.investigating()
    case.tell("investigation_result", Staff(id=ACCUSED, role="department_staff"))
    assert case.stage == Stage.INVESTIGATING
    assert case.file.investigations[0].findings == []
    assert f"set-aside-{TECHNOLOGY}" in turns(case)


# Silence ----------------------------------------------------------------------------------------------------


def test_a_department_that_does_not_accept_is_reminded_of_accepting_and_later_of_answering() -> None:
    case = stages.investigating()
    case.wait(hours=8)
    assert sent(case, "reminder") == ["technology"]
    case.tell("investigation_accepted")
    case.wait(days=3)
    assert sent(case, "reminder") == ["technology", "technology"]


def test_silence_is_reminded_then_told_to_the_head_then_the_complaint_climbs() -> None:
    case = stages.investigating()
    case.tell("investigation_accepted")
    due = find(case.file, f"investigation-{TECHNOLOGY}")
    assert due is not None
    case.wait_until(due.due_at - timedelta(seconds=1))
    assert (sent(case, "reminder"), sent(case, "head_informed")) == (["technology"], [])
    case.wait(seconds=1)
    assert sent(case, "head_informed") == ["head-of-technology"]
    assert f"overdue-{TECHNOLOGY}" in turns(case)
    case.wait(days=1, seconds=1)
    assert "technology silent" in [change.reason for change in case.file.tier_changes]


@pytest.mark.parametrize("late", [0, 5], ids=["at the instant", "past midnight"])
def test_the_time_until_it_climbs_does_not_depend_on_when_the_lateness_is_noticed(late: int) -> None:
    case = stages.investigating()
    due = find(case.file, f"investigation-{TECHNOLOGY}")
    assert due is not None
    timekeeping.run_out(case.file, due.due_at + timedelta(seconds=late))
    climbs = runs_out(
        case.file.pinned().calendar, due.due_at, case.file.pinned().pack.departments["technology"].climb_after
    )
    assert case.file.investigations[0].climb_at == climbs.at


def test_a_supervisor_can_go_on_without_the_answer() -> None:
    case = stages.investigating()
    case.wait(days=4)
    case.must("resolve_task", SUPERVISOR, task=f"overdue-{TECHNOLOGY}", settlement="not_needed")
    assert case.file.investigations[0].state is InvestigationState.SETTLED
    assert case.stage == Stage.PROPOSING


# More time ----------------------------------------------------------------------------------------------------


def test_more_time_is_the_owners_to_give_and_moves_the_reminder() -> None:
    case = stages.investigating()
    case.tell("investigation_accepted")
    case.tell("investigation_extension_requested")
    assert f"more-time-{TECHNOLOGY}" in turns(case)
    wanted = {"clock": f"investigation-{TECHNOLOGY}", "reason_code": "department", "until": "2026-03-09T17:00:00+08:00"}
    assert case.refused("extend_deadline", OTHER_TELLER, **wanted) == "not_owner"
    case.must("extend_deadline", TELLER, **wanted)
    assert f"more-time-{TECHNOLOGY}" not in turns(case)
    case.wait(days=3)
    assert sent(case, "reminder") == []
    case.wait(days=1, hours=8)
    assert sent(case, "reminder") == ["technology"]


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (None, "until_missing"),
        ("2026-03-03T10:00:00+08:00", "until_too_early"),
        ("2026-03-15T10:00:00+08:00", "until_past_promise"),
    ],
)
def test_more_time_is_longer_than_the_old_and_within_the_promise(until: str | None, code: str) -> None:
    case = stages.investigating()
    clock = f"investigation-{TECHNOLOGY}"
    assert case.refused("extend_deadline", TELLER, clock=clock, reason_code="department", until=until) == code


def test_a_late_department_gets_no_more_time() -> None:
    case = stages.investigating()
    case.wait(days=4)
    until = (case.now + timedelta(days=1)).isoformat()
    clock = f"investigation-{TECHNOLOGY}"
    assert case.refused("extend_deadline", TELLER, clock=clock, reason_code="department", until=until) == (
        "clock_run_out"
    )


def test_the_question_and_its_clocks_go_with_the_order() -> None:
    case = stages.investigating()
    assert {clock.kind for clock in case.file.clocks} >= {clocks.ACCEPTANCE, clocks.INVESTIGATION}
    assert case.errand(f"dispatch-{TECHNOLOGY}").subject == TECHNOLOGY


def test_the_interface_takes_the_longest_request() -> None:
    message = said.decision("request_investigation", investigation="q" * 40)
    assert isinstance(message, RequestInvestigation)
