"""Guarantees proved here: whatever is sent, and however often, a case file fits into a new run of its workflow.

- It remembers the ids of 20,000 messages in 320,000 bytes, and more as long as there is room, the oldest forgotten
  first. A file as an earlier version carried it is read.
- Facts beyond what a file holds are in the journal, and a person is told; they have their effect all the same.
- Decisions beyond it are refused, those that end the complaint last, so that it can be called back and closed.
- Whatever the lengths of the messages, the journal leaves in pages that the archive can take, every entry once.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain import room
from domain.case import learn
from domain.casefile import CaseFile, Entry, Handled, InvestigationState
from domain.decisions import Receipt
from domain.errands import open_task, settle_task
from domain.model import Staff
from domain.refusals import Refusal
from tests.domain import said, stages
from tests.domain.cases import Case
from tests.domain.people import ENGINEER, EXECUTIVE, SUPERVISOR, TELLER

LONG = "钱" * 25_000
SERVER = 2_000_000
"""What the server takes in one piece, nearly."""


def size(file: CaseFile) -> int:
    return len(file.model_dump_json().encode())


def stuffed(case: Case) -> Case:
    """A case whose file has no room for facts any more."""
    while "room" not in open_ids(case):
        case.tell("investigation_result", final=False, finding=LONG)
    return case


def open_ids(case: Case) -> list[str]:
    return [task.id for task in case.file.tasks if task.settled_at is None]


def number(message: int) -> bytes:
    return message.to_bytes(32, "little")


def test_twenty_thousand_ids_of_any_length_are_remembered_in_320000_bytes() -> None:
    handled = Handled()
    for message in range(20_000):
        handled.enter(f"{message}".ljust(80, "x"), number(message))
    stored = handled.model_dump_json()
    assert len(stored) == 20_000 * 16 + 2
    again = Handled.model_validate_json(stored)
    assert len(again) == 20_000
    assert all(again.same(f"{message}".ljust(80, "x"), number(message)) for message in range(20_000))
    assert again.same("7".ljust(80, "x"), number(8)) is False
    assert again.same("7", number(7)) is None


def test_a_file_as_an_earlier_version_carried_it_knows_its_messages() -> None:
    case = stages.investigating()
    fact = said.fact("evidence_added", message_id="sent-before")
    carried = json.loads(case.file.model_dump_json()) | {"handled": {"sent-before": "9f" * 8, "note-1": "0a" * 8}}
    del carried["weight"]
    case.file = CaseFile.model_validate_json(json.dumps(carried))
    assert case.file.handled.same("note-1", bytes.fromhex("0a" * 32)) is True
    case.learn(fact)
    assert "sent-before was used for another message" in case.file.quarantine[-1].reason
    room.tidy(case.file)
    assert case.file.weight > 0


def test_ids_are_remembered_while_there_is_room_and_the_oldest_are_forgotten_first() -> None:
    case = stages.investigating()
    for message in range(120_000):
        case.file.handled.enter(f"m-{message}", number(message))
    room.tidy(case.file)
    assert room.CARRIED - 100 < size(case.file) <= room.CARRIED
    assert len(case.file.handled) > 100_000
    assert "m-119999" in case.file.handled
    assert "m-0" not in case.file.handled


def test_documents_beyond_the_room_are_in_the_journal_and_somebody_is_told() -> None:
    case = stages.investigating()
    sent = 0
    while "room" not in open_ids(case):
        sent += 1
        case.tell("evidence_added", evidence={"uri": f"vault://{sent}", "description": "页" * 500})
    assert len(case.file.evidence) == sent - 1
    assert case.wrote("evidence_added") == sent
    assert case.file.quarantined == 0
    assert size(case.file) < SERVER * 2  # the journal of this run is not archived yet
    case.must("resolve_task", SUPERVISOR, task="room", settlement="done")
    assert "room" not in open_ids(case)
    case.tell("evidence_added")
    assert "room" in open_ids(case)


def test_a_departments_last_word_counts_where_there_is_no_room_for_its_words() -> None:
    case = stuffed(stages.investigating())
    newcomer = Staff(id="newcomer", role="department_staff")
    findings = len(case.file.investigations[0].findings)
    case.tell("investigation_result", final=False, finding=LONG)
    assert len(case.file.investigations[0].findings) == findings
    case.tell("investigation_result", newcomer, final=False, finding=LONG)
    case.tell("investigation_result", final=True, finding=LONG)
    inquiry = case.file.investigations[0]
    assert inquiry.state is InvestigationState.ANSWERED
    assert [finding.text for finding in inquiry.findings[findings:]] == [room.IN_JOURNAL] * 2
    assert inquiry.findings[findings].by == newcomer, "who took part does not call back"


def test_a_full_file_can_be_handled_to_its_end() -> None:
    case = stuffed(stages.investigating())
    case.tell("regulator_contacted_us", their_reference="R-1")
    assert "regulator-1" in [clock.id for clock in case.file.clocks]
    case.tell("investigation_result", final=True)
    case.must("take_ownership", EXECUTIVE)
    case.must("propose_resolution", EXECUTIVE, remedies=[])
    assert case.file.cycle.proposal is not None


def filled(case: Case, limit: int) -> Case:
    case.file.weight = limit
    return case


@pytest.mark.parametrize("name", ["request_investigation", "escalate"])
def test_decisions_that_add_to_a_full_file_are_refused(name: str) -> None:
    case = filled(stages.investigating(), room.DECISIONS)
    answer = case.send(name)
    assert isinstance(answer, Refusal)
    assert answer.code == "file_full"
    assert isinstance(case.send("add_note"), Receipt)


def test_a_full_file_can_be_settled_withdrawn_and_called_back() -> None:
    case = filled(stages.investigating(), room.DECISIONS)
    case.quarantine("assess", "points is missing")
    case.must("resolve_task", SUPERVISOR, task="quarantine", settlement="done")
    case.must("withdraw", TELLER)
    case.do_all()
    case.wait(hours=1)
    case.must("record_callback")
    assert case.file.outcome is not None


def test_a_decision_that_was_accepted_before_is_not_refused_for_want_of_room() -> None:
    case = stages.investigating()
    question = said.decision("request_investigation", TELLER)
    first = case.decide(question, "asked")
    filled(case, room.ENDING)
    again = case.decide(question, "asked")
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert again.repeated


FLOODS: dict[str, dict[str, Any]] = {
    "evidence_added": {"evidence": {"uri": "v" * 1_000, "description": "页" * 500}},
    "customer_contacted_us": {"summary": "问" * 500},
    "investigation_result": {"final": False, "finding": LONG},
    "investigation_declined": {"investigation": "{number}", "reason": "不" * 500},
    "regulator_contacted_us": {"their_reference": "{number}", "summary": "函" * 500},
}


@pytest.mark.parametrize("name", FLOODS)
def test_no_flood_of_facts_makes_a_file_too_large_for_a_new_run(name: str) -> None:
    case = stages.investigating()
    file = case.file
    for each in range(300):
        numbered = {key: str(each) for key, value in FLOODS[name].items() if value == "{number}"}
        learn(file, said.fact(name, None, **FLOODS[name] | numbered), case.now)
        file.journal.clear()  # that is archived
    room.tidy(file)
    assert file.weight <= room.DECISIONS
    assert size(file) < room.CARRIED


def test_settled_tasks_are_left_behind_and_open_ones_are_not() -> None:
    case = stages.investigating()
    open_task(case.file, "first", "still open", case.now)
    for each in range(500):
        open_task(case.file, f"task-{each}", "look", case.now)
        settle_task(case.file, f"task-{each}", "done", case.now)
    room.tidy(case.file)
    assert [task.id for task in case.file.tasks] == ["first", *(f"task-{each}" for each in range(400, 500))]


@pytest.mark.parametrize(("length", "many"), [(10, 250), (3_000, 250), (60_000, 30), (700_000, 3)])
def test_a_journal_leaves_in_pages_that_can_be_archived_every_entry_once(length: int, many: int) -> None:
    at = stages.received().now
    journal = [Entry(number=each, at=at, what="add_note", note="x" * length) for each in range(many)]
    archived: list[Entry] = []
    while page := room.old_page(journal):
        assert len(page) <= 100
        assert len(page) == 1 or sum(len(entry.model_dump_json()) for entry in page) <= room.PAGE_BYTES
        archived, journal = [*archived, *page], journal[len(page) :]
    assert [entry.number for entry in [*archived, *journal]] == list(range(many))
    assert len(journal) <= room.KEPT_ENTRIES
    assert sum(len(entry.model_dump_json()) for entry in journal) <= room.KEPT_BYTES


def test_a_query_shows_the_newest_entries_that_fit() -> None:
    case = stages.investigating()
    assert room.newest(case.file.journal) == case.file.journal
    for _ in range(20):
        case.tell("investigation_result", ENGINEER, final=False, finding=LONG)
    shown = room.newest(case.file.journal)
    assert shown == case.file.journal[-len(shown) :]
    assert 1 < len(shown) < 20
