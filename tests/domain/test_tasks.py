"""Guarantees proved here: in every stage somebody is told what to do, by when, and gets a message that only needs its
blanks filled in; and the person addressed may send it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import intake, timekeeping
from domain.case import open_case, refusal
from domain.clocks import find
from domain.decisions import DECISIONS, Decision, Receipt
from domain.facts import FACTS
from domain.model import Staff
from domain.reading import read
from domain.tasks import OpenTask, open_tasks, reply_due
from tests.domain import said, stages
from tests.domain.anything import fill_in
from tests.domain.cases import Case, rules
from tests.domain.people import MANAGER, TELLER, with_role

EVERY = {str(stage): bring for stage, bring in stages.ALONG.items()} | {
    "withdrawn": stages.withdrawn,
    "final_position": stages.final_position,
    "large_claim": stages.large_claim,
}
TURNS = {
    "received": ["verify_identity"],
    "acknowledged": ["verify_identity"],
    "identity_verified": ["assess"],
    "assessed": ["request_investigation"],
    "investigating": ["technology-1"],
    "proposing": ["propose_resolution"],
    "approving": ["decide_compensation"],
    "offered": ["record_customer_answer"],
    "remedying": ["remedy-1-2"],
    "final_position": ["remedy-2-1"],
    "large_claim": ["decide_compensation"],
    "replying": [],
    "calling_back": ["record_callback"],
    "withdrawn": ["record_callback"],
    "closing": [],
    "closed": [],
}


def sender(task: OpenTask) -> Staff:
    return Staff(id=task.person, role=task.role) if task.person else with_role(task.role)[0]


@pytest.mark.parametrize("where", TURNS)
def test_whose_turn_it_is(where: str) -> None:
    assert [task.id for task in open_tasks(EVERY[where]().file)] == TURNS[where]


@pytest.mark.parametrize("where", [where for where, turns in TURNS.items() if turns])
def test_the_ready_message_is_accepted_once_its_blanks_are_filled_in(where: str) -> None:
    case = EVERY[where]()
    for task in open_tasks(case.file):
        content = fill_in(task.ready, sender(task))
        assert task.message_type == ("update" if task.message in DECISIONS else "signal")
        if task.message in FACTS:
            case.learn(read(FACTS[task.message], content))
            continue
        message: Decision = read(DECISIONS[task.message], content)
        answer = case.decide(message)
        assert isinstance(answer, Receipt), answer


@pytest.mark.parametrize("where", [where for where, turns in TURNS.items() if turns])
def test_a_turn_of_the_ordinary_course_has_its_due_time(where: str) -> None:
    case = EVERY[where]()
    assert all(task.due and task.due > case.now for task in open_tasks(case.file))


def test_an_owner_who_missed_every_deadline_is_overdue_and_not_free_of_one() -> None:
    case = stages.proposing()
    case.wait(days=90)
    law, promise = (find(case.file, name) for name in ("law-1", "promise-1"))
    assert law and promise and law.breached_at and promise.breached_at
    assert reply_due(case.file) == law.due_at < case.now
    assert {task.due for task in open_tasks(case.file) if task.message == "propose_resolution"} == {law.due_at}
    assert reply_due(stages.calling_back().file) is None


def test_a_department_accepts_first_and_answers_then() -> None:
    case = stages.investigating()
    (accept,) = open_tasks(case.file)
    assert (accept.message, accept.department) == ("investigation_accepted", "technology")
    case.tell("investigation_accepted")
    (answer,) = open_tasks(case.file)
    assert answer.message == "investigation_result"


def test_the_owner_is_named_and_nobody_is_when_the_tier_wants_a_new_one() -> None:
    case = stages.identity_verified()
    (task,) = open_tasks(case.file)
    assert (task.person, task.role) == (TELLER.id, "first_line")
    case.must("escalate", to_tier=2)
    by_id = {task.id: task for task in open_tasks(case.file)}
    assert by_id["take_ownership"].role == "specialist"
    assert by_id["assess"].person is None


def test_who_takes_it_over_comes_before_what_only_an_owner_may_do() -> None:
    opened_late = said.RECEIVED + timedelta(days=90)
    file = open_case(said.complaint(received_by=None), opened_late)
    intake.open_file(file, rules(), opened_late)
    timekeeping.run_out(file, opened_late)
    file.identity_verified_at = opened_late
    assess = read(DECISIONS["assess"], fill_in(open_tasks(file)[1].ready, MANAGER))
    assert (refused := refusal(file, assess, "1", opened_late)) and refused.code == "tier_needs_owner"
    due = reply_due(file)
    assert due and due < opened_late
    assert [(task.id, task.due) for task in open_tasks(file)][:2] == [("take_ownership", due), ("assess", due)]


def test_a_representative_is_asked_for_the_authorisation() -> None:
    case = _represented()
    (task,) = open_tasks(case.file)
    assert set(task.ready["authorisation"]) == {"uri", "description"}
    content = fill_in(task.ready, TELLER)
    assert isinstance(case.decide(read(DECISIONS["verify_identity"], content)), Receipt)


def _represented() -> Case:
    return stages.acknowledged(said.complaint(representative={"name": "Li Lei", "capacity": "son"}))


def test_a_supervisor_is_asked_to_confirm_after_enough_attempts() -> None:
    case = stages.calling_back()
    for _ in range(3):
        case.must("record_callback", reached=False, solved=None, satisfied=None, said=None)
        case.wait(hours=4)
    assert [task.id for task in open_tasks(case.file)] == ["confirm_unreachable", "record_callback"]
