"""Guarantee proved here: at every stage, the case sheet offers exactly the messages that the rules accept there, each
ready to be sent: filled in by the right person, it is accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.case import open_case
from domain.decisions import DECISIONS, Receipt
from domain.model import Staff
from domain.permitted import also_permitted
from domain.tasks import open_tasks
from tests.domain import said, stages
from tests.domain.people import with_role
from tests.domain.test_messages_in_stages import CELLS, STAGES

FILLED = {"<department>": "call_centre", "<nature>": "system_fault"}


def completed(ready: Any) -> Any:
    """The message as its sender sends it."""
    match ready:
        case {"id": "<your staff id>", "role": role}:
            return with_role(role)[-1].model_dump()
        case dict():
            return {name: completed(value) for name, value in ready.items()}
        case str():
            return FILLED.get(ready, ready)
    return ready


@pytest.mark.parametrize("where", STAGES)
def test_everything_that_the_rules_accept_is_offered_and_nothing_else(where: str) -> None:
    file = STAGES[where]().file
    offered = set(also_permitted(file)) | {task.message for task in open_tasks(file)}
    accepted = {message for message in DECISIONS if CELLS[where, message] == "ok"} - {"resolve_task"}
    closing = {"take_ownership"} if where == "closing" else set()  # accepted, and of no use any more
    assert offered & set(DECISIONS) - {"resolve_task"} == accepted - closing


@pytest.mark.parametrize("where", STAGES)
def test_what_is_offered_is_accepted_from_the_right_person(where: str) -> None:
    for name in set(also_permitted(STAGES[where]().file)) & set(DECISIONS):
        case = STAGES[where]()
        message = completed(also_permitted(case.file)[name])
        answer = case.send(name, Staff.model_validate(message.pop("by")), **message)
        assert isinstance(answer, Receipt), answer.sentence


def test_what_an_open_task_asks_for_is_not_offered_twice() -> None:
    file = stages.investigating().file
    assert {task.message for task in open_tasks(file)} & set(also_permitted(file)) == set()


def test_an_extension_names_the_clock_the_approver_and_the_reason_of_the_rule_pack() -> None:
    ready = also_permitted(stages.investigating().file)["extend_deadline"]
    assert ready == {
        "by": {"id": "<your staff id>", "role": "manager"},
        "clock": "law-1",
        "reason_code": "complex",
        "reason": "<why>",
    }


def test_a_ladder_that_is_climbed_is_not_offered() -> None:
    case = stages.investigating()
    case.wait(days=16)
    assert "extend_deadline" not in also_permitted(case.file)


@pytest.mark.parametrize("where", STAGES)
def test_no_words_of_the_file_stand_in_what_is_offered(where: str) -> None:
    offered = json.dumps(also_permitted(STAGES[where]().file), ensure_ascii=False)
    assert [words for words in (said.NAME, said.CUSTOMER, said.NARRATIVE) if words in offered] == []


def test_nothing_is_offered_before_the_rules_are_known() -> None:
    complaint = said.complaint()
    assert also_permitted(open_case(complaint, complaint.received_at)) == {}
