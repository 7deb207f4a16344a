"""Guarantee proved here: in every stage of a complaint, every decision of the interface is accepted or refused for the
reason that the bank's procedure gives, and every fact is kept.

Each message is an ordinary one from the person who would send it, so that only the stage decides. ``ok`` means
accepted; everything else is the code of the refusal.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain.decisions import DECISIONS, Receipt
from domain.facts import FACTS
from domain.model import Staff
from domain.refusals import Refusal
from domain.tasks import open_tasks
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import SPECIALIST, TELLER
from tests.domain.said import decision

STAGES = {str(stage): bring for stage, bring in stages.ALONG.items()} | {
    "withdrawn": stages.withdrawn,
    "final_position": stages.final_position,
}

TABLE = """
                  verify_identity   assess             request_investigation propose_resolution decide_compensation
received          ok                identity_first     assessment_first      assessment_first   no_such_proposal
acknowledged      ok                identity_first     assessment_first      assessment_first   no_such_proposal
identity_verified already_verified  ok                 assessment_first      assessment_first   no_such_proposal
assessed          already_verified  ok                 ok                    findings_missing   no_such_proposal
investigating     already_verified  ok                 ok                    investigations_open no_such_proposal
proposing         already_verified  ok                 ok                    ok                 no_such_proposal
approving         already_verified  proposal_under_way proposal_under_way    proposal_under_way ok
offered           already_verified  proposal_under_way proposal_under_way    proposal_under_way nothing_to_approve
remedying         already_verified  proposal_under_way proposal_under_way    proposal_under_way nothing_to_approve
final_position    already_verified  proposal_under_way proposal_under_way    proposal_under_way nothing_to_approve
replying          already_verified  proposal_under_way proposal_under_way    proposal_under_way nothing_to_approve
calling_back      already_verified  answered_already   answered_already      answered_already   nothing_to_approve
closing           already_verified  answered_already   answered_already      answered_already   nothing_to_approve
closed            closed            closed             closed                closed             closed
withdrawn         withdrawn         withdrawn          withdrawn             withdrawn          withdrawn

                  record_customer_answer extend_deadline   escalate      take_ownership record_callback
received          no_such_proposal       ok                ok            ok             not_calling_back
acknowledged      no_such_proposal       ok                ok            ok             not_calling_back
identity_verified no_such_proposal       ok                ok            ok             not_calling_back
assessed          no_such_proposal       ok                ok            ok             not_calling_back
investigating     no_such_proposal       ok                ok            ok             not_calling_back
proposing         no_such_proposal       ok                ok            ok             not_calling_back
approving         not_offered            ok                ok            ok             not_calling_back
offered           ok                     ok                ok            ok             not_calling_back
remedying         not_offered            ok                ok            ok             not_calling_back
final_position    not_offered            ok                ok            ok             not_calling_back
replying          not_offered            ok                ok            ok             not_calling_back
calling_back      not_offered            clock_not_running ok            ok             ok
closing           not_offered            clock_not_running callback_made ok             callback_made
closed            closed                 closed            closed        closed         closed
withdrawn         withdrawn              withdrawn         withdrawn     ok             ok

                  confirm_unreachable withdraw         resolve_task add_note
received          not_calling_back    ok               ok           ok
acknowledged      not_calling_back    ok               ok           ok
identity_verified not_calling_back    ok               ok           ok
assessed          not_calling_back    ok               ok           ok
investigating     not_calling_back    ok               ok           ok
proposing         not_calling_back    ok               ok           ok
approving         not_calling_back    ok               ok           ok
offered           not_calling_back    ok               ok           ok
remedying         not_calling_back    ok               ok           ok
final_position    not_calling_back    ok               ok           ok
replying          not_calling_back    ok               ok           ok
calling_back      not_enough_attempts ok               ok           ok
closing           callback_made       not_withdrawable ok           ok
closed            closed              closed           closed       closed
withdrawn         not_enough_attempts withdrawn        ok           ok

                  pause_clock       resume_clock
received          ok                not_paused
acknowledged      ok                not_paused
identity_verified ok                not_paused
assessed          ok                not_paused
investigating     ok                not_paused
proposing         ok                not_paused
approving         ok                not_paused
offered           ok                not_paused
remedying         ok                not_paused
final_position    ok                not_paused
replying          ok                not_paused
calling_back      clock_not_running not_paused
closing           clock_not_running not_paused
closed            closed            closed
withdrawn         withdrawn         withdrawn
"""


def _cells() -> dict[tuple[str, str], str]:
    cells: dict[tuple[str, str], str] = {}
    for block in TABLE.strip("\n").split("\n\n"):
        head, *rows = block.splitlines()
        for row in rows:
            stage, *codes = row.split()
            cells |= {(stage, message): code for message, code in zip(head.split(), codes, strict=True)}
    return cells


CELLS = _cells()

SENT: dict[str, tuple[Staff | None, dict[str, Any]]] = {
    "decide_compensation": (SPECIALIST, {}),
    "escalate": (None, {"to_tier": 2}),
    "take_ownership": (SPECIALIST, {}),
    "resolve_task": (None, {"task": "quarantine"}),
}
"""Where it is not simply the owner or the usual sender: who sends it, and with what."""


def _current_proposal(case: Case, message: str) -> dict[str, Any]:
    if message in ("decide_compensation", "record_customer_answer") and case.file.cycle.proposal:
        return {"proposal": case.file.cycle.proposal.id}
    return {}


def _brought_to(stage: str) -> Case:
    case = STAGES[stage]()
    case.quarantine("assess", "points is missing")  # gives everybody a task that can be settled
    return case


def test_the_table_has_a_cell_for_every_decision_in_every_stage() -> None:
    assert set(CELLS) == {(stage, message) for stage in STAGES for message in DECISIONS}


@pytest.mark.parametrize(("stage", "message"), CELLS)
def test_a_decision_in_a_stage(stage: str, message: str) -> None:
    case = _brought_to(stage)
    by, content = SENT.get(message, (None, {}))
    before = case.file.model_dump_json()
    answer = case.send(message, by, **content, **_current_proposal(case, message))
    if isinstance(answer, Receipt):
        assert CELLS[stage, message] == "ok"
        assert answer.stage == case.stage
        assert case.file.journal[len(case.file.journal) - 1].at == case.now
    else:
        assert answer.code == CELLS[stage, message], answer.sentence
        assert case.file.model_dump_json() == before


@pytest.mark.parametrize("stage", STAGES)
def test_every_fact_is_kept_in_every_stage(stage: str) -> None:
    case = STAGES[stage]()
    for number, name in enumerate(FACTS):
        case.tell(name, message_id=f"late-{number}")
        assert f"late-{number}" in case.file.handled
        assert case.wrote(name) >= 1


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "closed"])
def test_it_is_somebodys_turn_in_every_stage(stage: str) -> None:
    case = STAGES[stage]()
    assert open_tasks(case.file) or case.pending()


def test_the_same_decision_again_gets_the_same_receipt_and_changes_nothing() -> None:
    case = stages.investigating()
    question = decision("request_investigation", TELLER)
    first = case.decide(question, "asked-once")
    before = case.file.model_dump_json()
    again = case.decide(question, "asked-once")
    assert isinstance(first, Receipt)
    assert again == first.model_copy(update={"repeated": True})
    assert case.file.model_dump_json() == before


def test_one_message_id_for_two_decisions_is_refused() -> None:
    case = stages.investigating()
    case.decide(decision("add_note", TELLER), "used")
    answer = case.decide(decision("request_investigation", TELLER), "used")
    assert isinstance(answer, Refusal)
    assert answer.code == "message_id_reused"


def test_a_closed_complaint_takes_facts_in_and_does_nothing() -> None:
    case = stages.closed()
    before = (case.file.tier, len(case.file.errands), len(case.file.clocks))
    case.tell("regulator_contacted_us")
    case.tell("customer_contacted_us", media=True)
    assert (case.file.tier, len(case.file.errands), len(case.file.clocks)) == before


def test_the_sender_of_the_table_owns_the_complaint() -> None:
    assert stages.received().file.owner == TELLER
