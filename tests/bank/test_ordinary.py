"""What the scripted staff does of its own: fills ready messages, finds somebody who may, leaves alone what settles."""

from __future__ import annotations

import pytest

from bank.ordinary import filled, ordinary_act, somebody


def _task(name: str) -> dict[str, object]:
    return {"id": name, "message": "resolve_task"}


@pytest.mark.parametrize("name", ["trouble-payout-1-1", "overdue-branch-1", "regulator-1", "more-time-branch-1"])
def test_what_settles_itself_is_left_alone(name: str) -> None:
    assert ordinary_act(_task(name)) is None


def test_a_declined_question_goes_to_another_department() -> None:
    act = ordinary_act(_task("declined-technology-1"))
    assert act is not None and act.send == "request_investigation"


def test_a_reversed_payment_is_made_again() -> None:
    act = ordinary_act(_task("pay-again-1-1"))
    assert act is not None and act.say == {"settlement": "retry"}


def test_a_script_has_the_last_word() -> None:
    message = filled("record_callback", {"reached": True, "said": "<what>"}, {"said": "danke"})
    assert message == {"reached": True, "said": "danke"}


def test_nobody_knows_what_a_customer_thinks_who_was_not_reached() -> None:
    ready = {"reached": True, "solved": True, "satisfied": True, "said": "<what>"}
    assert filled("record_callback", ready, {"reached": False}) == {"reached": False}


def test_answers_follow_the_points() -> None:
    ready = {"answers": [{"point": "one", "answer": "<answer>"}, {"point": "two", "answer": "<answer>"}]}
    answers = filled("propose_resolution", ready, {"answers": ["first"]})["answers"]
    assert [answer["point"] for answer in answers] == ["one", "two"]
    assert answers[0]["answer"] == "first"
    assert not answers[1]["answer"].startswith("<")


def test_an_authorisation_is_shown_only_where_one_is_asked_for() -> None:
    assert "authorisation" not in filled("verify_identity", {"verified": True}, {})
    assert "uri" in filled("verify_identity", {"verified": True, "authorisation": {}}, {})["authorisation"]


@pytest.mark.parametrize(
    ("role", "department", "avoid", "person"),
    [
        ("manager", None, [], "MG-0012"),
        ("manager", None, ["MG-0012"], "MG-0013"),
        ("department_staff", "branch", ["branch-1"], "branch-2"),
        ("auditor", None, [], "auditor-1"),
    ],
)
def test_somebody_who_may(role: str, department: str | None, avoid: list[str], person: str) -> None:
    assert somebody(role, department, avoid) == person
