"""Guarantees of the worker's log, by all that a real worker said while the eight cases were played, messages came as
garbage, decisions were refused, promises broken, and the bank failed:

- every line is one JSON object; what belongs to a complaint carries its reference;
- breaches, escalations, quarantines, refusals and closings are there, once each, in code words;
- no word that a person wrote, no name, no number of a customer, no staff id is in any of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from demo.cases import Case
from tests.server import complaint
from tests.service.conftest import SECRET, Observed

CODE = re.compile(r"[a-z_]+(-\d+)?|[A-Z]{3}|[\d.,:%<>+ days/-]+|zh|en")
"""Words of the rule pack, ids of the file, currencies and numbers are no secrets."""


def words(value: Any) -> Iterator[str]:
    """Every text in a document, however deep."""
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from words(inner)
        case list():
            for inner in value:
                yield from words(inner)


def personal(case: Case) -> set[str]:
    """Everything in a case that a person wrote or is known by."""
    said = [word for act in case.script.acts for word in (*words(act.say), act.by or "")]
    told = [word for word in words(case.complaint) if word != case.reference]
    return {word for word in (*told, *said) if word and not CODE.fullmatch(word)}


def all_personal(observed: Observed) -> set[str]:
    """What must not be repeated: the cases' words, the customers' letters, the words of the misfortunes."""
    found = {word for case in observed.cases for word in personal(case)}
    found |= {word for word in words(complaint("ANY")) if not CODE.fullmatch(word) and "ANY" not in word}
    lines = {line.strip() for letter in observed.letters for line in letter.splitlines()}
    return found | {line for line in lines if len(line) > 5} | {SECRET, *SECRET.split()} - {""}


def about(observed: Observed, reference: str, message: str) -> list[dict[str, Any]]:
    """The facts of those lines."""
    found = [line for line in observed.lines if line.get("complaint") == reference and line["message"] == message]
    return [line.get("facts", {}) for line in found]


def test_there_is_enough_to_look_for(observed: Observed) -> None:
    found = all_personal(observed)
    assert len(found) > 300
    for case in observed.cases:
        assert {case.complaint["complainant"]["name"], case.complaint["complainant"]["customer_number"]} <= found
        assert case.complaint["narrative"] in found
    assert len(observed.log) > 40


def test_no_word_of_a_person_is_in_the_log(observed: Observed) -> None:
    log = "".join(observed.log)
    assert [word for word in all_personal(observed) if word in log] == []


def test_the_search_would_find_a_word(observed: Observed) -> None:
    name = observed.cases[0].complaint["complainant"]["name"]
    assert any(word in f'{{"message": "could not send to {name}"}}' for word in all_personal(observed))


def test_what_belongs_to_a_complaint_carries_its_reference(observed: Observed) -> None:
    known = {"MY-0001", "MISFORTUNE-1", "MISFORTUNE-2", "MISFORTUNE-3", *observed.ended}
    for line in observed.lines:
        if "temporal_workflow" in line or "temporal_activity" in line:
            assert line["complaint"] in known
        else:
            assert not [reference for reference in known if reference in line["message"]]
    assert {line["complaint"] for line in observed.lines if "complaint" in line} >= {"MY-0001", *observed.ended}


def test_what_happens_is_said_once_and_in_code_words(observed: Observed) -> None:
    for reference, ended in observed.ended.items():
        assert about(observed, reference, "complaint opened") == [{"channel": ended.archived.complaint.channel}]
        assert about(observed, reference, "complaint closed") == [{"outcome": ended.closed.outcome}]
        broken = sum(facts.get("times", 1) for facts in about(observed, reference, "deadline breached"))
        assert broken == sum(clock.breached_at is not None for clock in ended.closed.clocks)
        assert [facts["code"] for facts in about(observed, reference, "decision refused")] == ended.refusals
        steps = sum(facts.get("times", 1) for facts in about(observed, reference, "complaint escalated"))
        assert steps == len(ended.file["tier_changes"])
    quarantined = about(observed, "MISFORTUNE-1", "message quarantined")
    assert sum(facts.get("times", 1) for facts in quarantined) == 3
    assert {"clock": "law"} in about(observed, "MISFORTUNE-1", "deadline breached")
    assert about(observed, "MISFORTUNE-1", "errand given to a person") == [{"errand": "letter"}]


def test_a_failed_request_says_what_kind_of_failure_and_where(observed: Observed) -> None:
    failures = [line["error"][0] for line in observed.lines if line["message"] == "Completing activity as failed"]
    assert {error["code"] for error in failures} >= {"BankFailed", "BankAnswerUnreadable"}
    assert all("activities" in "".join(error["at"]) for error in failures)


def test_the_worker_ends_in_order(observed: Observed) -> None:
    assert observed.lines[-1]["message"] == "worker stopped"
    assert observed.exit_code == 0
