"""An operator can do everything by the Temporal UI's own forms, sees why something is refused, and loses nothing."""

from __future__ import annotations

import pytest

from domain.decisions import DECISIONS
from domain.examples import EXAMPLES
from domain.facts import FACTS
from tests.ui.desk import MANAGER, OWNER, SPECIALIST, TECHNICIAN, Desk
from tests.ui.temporal_ui import TemporalUI


@pytest.mark.parametrize(("kind", "names"), [("Signal", set(FACTS)), ("Update", set(DECISIONS))])
def test_the_pickers_offer_every_message_with_an_example(
    ui: TemporalUI, desk: Desk, kind: str, names: set[str]
) -> None:
    offered = ui.offered(ui.form(desk.open(f"FORM-{kind}"), kind))
    ui.keep(f"send-a-{kind.lower()}.png", 1400, 1100)
    assert names <= set(offered)
    for name in names:
        assert "JSON: {" in offered[name]
        assert all(field in offered[name] for field in EXAMPLES[name])


def test_a_department_answers_by_the_signal_form(ui: TemporalUI, desk: Desk) -> None:
    case = desk.investigated("FORM-1")
    answer = {"message_id": "it-1", "investigation": "technology-1", "by": TECHNICIAN}
    ui.accepted(ui.send(case, "Signal", "investigation_result", answer | {"final": True, "finding": "接口故障。"}))
    sheet = ui.case_sheet(case, "investigation result")
    ui.keep("after-a-result.png", 1400, 1700)
    assert "answer technology-1" not in sheet


def test_a_refused_decision_says_why_and_changes_nothing(ui: TemporalUI, desk: Desk) -> None:
    case = desk.proposed("FORM-2")
    approval = {"by": OWNER, "proposal": "proposal-1", "decision": "approve", "reason": "actual loss"}
    form = ui.send(case, "Update", "decide_compensation", approval)
    ui.refused(form, "FL-0021")
    ui.keep("refused-decision.png", 1400, 1200)
    assert "File " not in form.text, "a refusal is an answer, not a stack trace"
    ui.case_sheet(case, "FORM-2: approving", "decide on 50.00 CNY")


def test_an_accepted_decision_changes_the_sheet(ui: TemporalUI, desk: Desk) -> None:
    case = desk.proposed("FORM-3")
    approval = {"by": SPECIALIST, "proposal": "proposal-1", "decision": "approve", "reason": "actual loss"}
    ui.accepted(ui.send(case, "Update", "decide_compensation", approval))
    ui.case_sheet(case, "FORM-3: offered", "record_customer_answer (update)", "Also permitted now")
    ui.keep("after-an-approval.png", 1400, 1700)


def test_an_empty_signal_form_is_kept_for_a_person_to_look_at(ui: TemporalUI, desk: Desk) -> None:
    case = desk.investigated("FORM-4")
    ui.accepted(ui.send(case, "Signal", "investigation_result", None))
    ui.case_sheet(case, "needed", "quarantine", "resolve_task (update)")


def test_an_empty_update_form_is_refused_with_a_sentence(ui: TemporalUI, desk: Desk) -> None:
    form = ui.send(desk.open("FORM-5"), "Update", "add_note", None)
    ui.refused(form, "This add_note could not be read: the message is empty; send one JSON object.")


def test_the_json_of_the_sheet_is_accepted_once_its_placeholders_are_filled(ui: TemporalUI, desk: Desk) -> None:
    case = desk.proposed("FORM-6")
    task = next(task for task in desk.tasks(case) if task["message"] == "decide_compensation")
    filled = task["ready"] | {"by": MANAGER, "reason": "actual loss"}
    ui.accepted(ui.send(case, "Update", "decide_compensation", filled))
    ui.case_sheet(case, "FORM-6: offered")
