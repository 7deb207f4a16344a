"""Guarantees proved here: what comes from outside is read strictly, every wrong field is named in words that a person
understands, and no value that was sent is ever repeated."""

from __future__ import annotations

from typing import Any

import pytest

from domain.complaint import Complaint
from domain.decisions import Assess, DecideCompensation, ProposeResolution, RecordCallback
from domain.facts import InvestigationResult
from domain.reading import Unreadable, read, require_filled
from tests.domain import said

SECRET = "6222020200112233445"
GOOD = said.COMPLAINT | {"received_at": "2026-03-02T10:00:00+08:00", "happened_on": "2026-02-27"}
BY = {"id": "s-1", "role": "manager"}


def reason(data: Any, model: Any = Complaint) -> str:
    with pytest.raises(Unreadable) as wrong:
        read(model, data)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "the message: "),
        ("{", "the message: "),
        (b"\xff", "the message: "),
        ("null", "the message must be a JSON object"),
        ("[]", "the message must be a JSON object"),
        ("7", "the message must be a JSON object"),
    ],
)
def test_what_is_no_json_object_is_unreadable(data: str | bytes, sentence: str) -> None:
    told = reason(data)
    assert told.startswith((sentence, "this is not valid JSON ("))


def test_where_json_is_broken_is_said_without_its_content() -> None:
    assert (
        reason('{"reference": "R-1" "channel": "app"}')
        == "this is not valid JSON (expected `,` or `}` at line 1 column 21)"
    )


def test_a_placeholder_that_was_left_is_named() -> None:
    by = {"id": "FL-1", "role": "first_line"}
    left = read(Assess, {"by": by, "nature": "fees", "summary": "<why>", "points": ["a < b > c", "<point>"]})
    with pytest.raises(Unreadable, match=r"^summary: fill in .* brackets; points\.1: fill in .* brackets$"):
        require_filled(left)
    require_filled(left.model_copy(update={"summary": "fees", "points": ["a <b> c"]}))
    with pytest.raises(Unreadable, match=r"^by\.id: fill in what stands in angle brackets$"):
        read(Assess, {"by": by | {"id": "<your staff id>"}, "nature": "fees", "summary": "s", "points": ["p"]})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"received_at": "2026-03-02T10:00:00"}, "received_at: input should have timezone info"),
        ({"reference": "no spaces here"}, "reference: string should match pattern"),
        ({"channel": "pigeon"}, "channel: input should be 'app', 'email'"),
        ({"account": SECRET}, "account is not a field of this message"),
        ({"complainant": {"name": ""}}, "complainant.name: string should have at least 1 character"),
        ({"amount": {"amount": "1.001", "currency": "CNY"}}, "CNY has 2 decimals"),
        ({"amount": {"amount": "1", "currency": "XXQ"}}, "XXQ is not an ISO 4217 currency"),
        ({"amount": {"amount": "-1", "currency": "CNY"}}, "amount.amount: input should be greater than 0"),
        ({"received_at": "9999-12-31T23:59:59-14:00"}, "received_at: the year must lie between 1900 and 2199"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at: the year must lie between 1900 and 2199"),
        ({"people": 10**4_000}, "people: input should be less than or equal to 1000000000"),
        ({"people": 0}, "people: input should be greater than or equal to 1"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_should_be(change: dict[str, Any], sentence: str) -> None:
    assert sentence in reason(GOOD | change)


def test_fields_of_long_names_and_in_great_numbers_make_no_long_sentence() -> None:
    assert reason(GOOD | {"x" * 10_000: 1}) == f"{'x' * 80} is not a field of this message"
    assert len(reason(GOOD | {f"{number}{'x' * 10_000}": 1 for number in range(100)})) < 1_000


def test_a_missing_field_is_named() -> None:
    assert reason({key: GOOD[key] for key in GOOD if key != "summary"}) == "summary is missing"


@pytest.mark.parametrize("field", ["reference", "channel", "received_at", "happened_on", "people", "amount", "subject"])
def test_no_value_that_was_sent_is_repeated(field: str) -> None:
    assert SECRET not in reason(GOOD | {field: f"account {SECRET}"})


@pytest.mark.parametrize(
    ("model", "content", "sentence"),
    [
        (
            DecideCompensation,
            {"by": BY, "proposal": "proposal-1", "decision": "return", "reason": "less"},
            "a cap goes with return, and return needs a cap",
        ),
        (RecordCallback, {"by": BY, "reached": True}, "solved, satisfied and said are all given"),
        (RecordCallback, {"by": BY, "reached": False, "said": "hello"}, "solved, satisfied and said are all given"),
        (
            ProposeResolution,
            said.decision("propose_resolution").model_dump(mode="json")
            | {"remedies": [{"kind": "refund", "description": "money back"}]},
            "remedies.0: refund needs money",
        ),
        (
            ProposeResolution,
            said.decision("propose_resolution").model_dump(mode="json")
            | {"remedies": [{"kind": "correction", "description": "set right"}]},
            "remedies.0: correction needs the department that carries it out",
        ),
        (InvestigationResult, {"by": BY}, "message_id is missing; investigation is missing"),
    ],
)
def test_fields_that_belong_together_are_told_together(model: Any, content: dict[str, Any], sentence: str) -> None:
    assert sentence in reason(content, model)


def test_what_is_read_is_what_was_written() -> None:
    complaint = said.complaint()
    assert read(Complaint, complaint.model_dump_json()) == complaint
