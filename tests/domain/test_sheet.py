"""Guarantees proved here, for the case sheet that operators see in the Temporal UI: at every stage it says where the
complaint is, what runs, whose turn it is and what to send, and never who complains, what they told or their number."""

from __future__ import annotations

import json

import pytest

from domain.case import open_case
from domain.sheet import sheet, summary_of_timer
from domain.tasks import open_tasks
from tests.domain import said, stages
from tests.domain.cases import Case

EVERY = {str(stage): bring for stage, bring in stages.ALONG.items()} | {
    "withdrawn": stages.withdrawn,
    "final_position": stages.final_position,
}
FREE_TEXT = "I was there with my daughter Wang Mei"
PERSONAL = [said.NAME, said.CUSTOMER, said.NARRATIVE, "6222020200112233445", FREE_TEXT]


def told_much(case: Case) -> Case:
    """The customer told more, in their own words, on every occasion."""
    case.tell("customer_contacted_us", summary=FREE_TEXT)
    case.tell("evidence_added", evidence={"uri": "vault://1", "description": FREE_TEXT})
    case.tell("investigation_result", finding=FREE_TEXT, root_cause=FREE_TEXT)
    return case


@pytest.mark.parametrize("where", EVERY)
def test_no_personal_data_ever_stands_on_the_sheet(where: str) -> None:
    case = told_much(EVERY[where]())
    shown = sheet(case.file, case.now)
    assert [part for part in PERSONAL if part in shown] == []


@pytest.mark.parametrize("where", EVERY)
def test_no_personal_data_ever_stands_in_a_task_or_a_notice(where: str) -> None:
    case = told_much(EVERY[where]())
    shown = json.dumps([task.model_dump(mode="json") for task in open_tasks(case.file)], ensure_ascii=False)
    notices = " ".join(errand.text for errand in case.file.errands if errand.notice)
    assert [part for part in PERSONAL if part in shown + notices] == []


@pytest.mark.parametrize("where", EVERY)
def test_the_sheet_says_where_the_complaint_is_and_what_to_send(where: str) -> None:
    case = EVERY[where]()
    shown = sheet(case.file, case.now)
    assert shown.startswith(f"# CB-2026-0001: {case.stage.replace('_', ' ')}")
    tasks = open_tasks(case.file)
    messages = [json.loads(part.split("```")[0]) for part in shown.split("```json")[1:]]
    assert [set(message) for message in messages] == [set(task.ready) for task in tasks]
    assert [message["by"] for message in messages] == [task.ready["by"] for task in tasks]


@pytest.mark.parametrize("where", EVERY)
def test_no_words_that_staff_wrote_stand_on_the_sheet(where: str) -> None:
    case = EVERY[where]()
    written = [case.file.complaint.summary]
    written += [point for cycle in case.file.cycles if cycle.assessment for point in cycle.assessment.points]
    shown = sheet(case.file, case.now)
    assert [words for words in written if words in shown] == []


def test_a_breach_and_what_needs_attention_stand_out() -> None:
    case = stages.investigating()
    case.wait(days=16)
    shown = sheet(case.file, case.now)
    assert "**breached**" in shown
    assert "**needed**" in shown


def test_before_the_rules_are_known_the_sheet_says_so() -> None:
    complaint = said.complaint()
    assert "rule packs are being resolved" in sheet(open_case(complaint, complaint.received_at), complaint.received_at)


def test_the_timer_of_the_reply_deadline_says_when() -> None:
    case = stages.investigating()
    promise = next(clock for clock in case.file.clocks if clock.id == "promise-1")
    assert summary_of_timer(case.file, promise) == "Reply due 2026-03-14 23:59 CST (promise)"


def test_the_sheet_stays_small() -> None:
    case = stages.investigating()
    case.wait(days=60)
    assert len(sheet(case.file, case.now).encode()) < 20_000
