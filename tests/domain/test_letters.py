"""Guarantees proved here, for what the customer reads:

- every letter of every shipped pack is complete in both languages: no blank is left open, no avoided word is in it;
- the acknowledgement repeats the complaint in the bank's words and names the day of the answer;
- a final response gives reasons, answers every point, names the outside remedies and how to reach the bank, or is not
  sent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from domain import clocks, letters
from domain.effects import LetterKind, LetterOrder
from domain.letters import compose
from domain.model import Language
from domain.requests import request
from domain.wording import SPECIAL
from tests.domain import said, stages
from tests.domain.cases import Case, rules
from tests.domain.people import MANAGER

LANGUAGES = [Language.CHINESE, Language.ENGLISH]


def written_to(language: Language) -> Case:
    """A complaint that has come to its final response, written in a language."""
    return stages.replying(said.complaint(complainant=said.COMPLAINT["complainant"] | {"language": language}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(set(LetterKind) - SPECIAL))
def test_every_letter_is_complete(kind: LetterKind, language: Language) -> None:
    case = written_to(language)
    subject, body = compose(case.file, kind, case.errand("letter-final-1"))
    assert "$" not in subject + body
    assert said.COMPLAINT["reference"] in subject
    assert said.NAME in body
    assert letters.avoid_word(case.file, subject, body) is None


@pytest.mark.parametrize(
    ("language", "day"), [(Language.CHINESE, "2026年3月14日"), (Language.ENGLISH, "14 March 2026")]
)
def test_the_acknowledgement_repeats_the_complaint_and_names_the_day(language: Language, day: str) -> None:
    case = stages.received(said.complaint(complainant=said.COMPLAINT["complainant"] | {"language": language}))
    _, body = compose(case.file, LetterKind.ACKNOWLEDGEMENT)
    assert said.COMPLAINT["summary"] in body
    assert day in body
    assert said.NARRATIVE not in body


def test_no_progress_letter_names_a_day_that_has_passed() -> None:
    case = stages.investigating()
    told = set()
    while case.now < clocks.law(case.file).due_at + timedelta(days=12):
        case.wait(days=1)
        _, body = compose(case.file, LetterKind.PROGRESS)
        told.update(re.findall(r"by (\d+ March 2026|\d+ April 2026)", body))
        days = [datetime.strptime(day, "%d %B %Y").astimezone(UTC) for day in told]
        assert max(days) >= case.now - timedelta(days=1)
        told.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_final_response_lacks_nothing(language: Language) -> None:
    case = written_to(language)
    _, body = compose(case.file, LetterKind.FINAL_RESPONSE)
    reply = case.pinned.pack.reply
    assert list(letters.missing_elements(case.file, body)) == []
    for part in (reply.outside_remedies[language], reply.contact[language], "Where is the money?", "set right"):
        assert part in body


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("An interface fault held the transfer back.", "reasons"),
        ("Where is the money?", "answer to: Where is the money?"),
        ("arbitration", "outside remedies"),
        ("400-000-0000", "contact"),
    ],
)
def test_what_a_final_response_lacks_is_named(part: str, told: str) -> None:
    case = stages.replying()
    _, body = compose(case.file, LetterKind.FINAL_RESPONSE)
    assert list(letters.missing_elements(case.file, body.replace(part, ""))) == [told]


def test_a_final_response_that_lacks_something_is_not_sent_and_a_person_is_asked() -> None:
    english = rules(language=Language.ENGLISH)
    templates = english.pack.letters[Language.ENGLISH]
    bare = templates[LetterKind.FINAL_RESPONSE].model_copy(update={"body": "$name: $reasons $answers $contact"})
    pack = english.pack.model_copy(
        update={"letters": {Language.ENGLISH: templates | {LetterKind.FINAL_RESPONSE: bare}}}
    )
    case = Case(pinned=english.model_copy(update={"pack": pack}))
    case.do_all()
    case.must("verify_identity")
    case.must("assess", investigation_needed=False)
    case.must("propose_resolution", remedies=[])
    case.must("record_customer_answer")
    assert [task.what for task in case.file.tasks] == ["the final response lacks: outside remedies"]
    assert not any(errand.letter == "final_response" for errand in case.file.errands)
    case.must("resolve_task", task="reply-1", settlement="retry")
    assert len([task for task in case.file.tasks if task.settled_at is None]) == 1


def test_the_notice_of_an_extension_tells_the_new_day_and_the_reason() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER)
    _, body = compose(case.file, LetterKind.EXTENSION_NOTICE, case.errand("letter-extension-1"))
    assert "1 April 2026" in body
    assert "three systems are involved" in body


def test_an_offer_names_each_remedy_its_sum_and_how_long_it_stands() -> None:
    case = stages.offered()
    _, body = compose(case.file, LetterKind.OFFER, case.errand("letter-offer-proposal-1"))
    assert "paid back (50.00 CNY)" in body
    assert "set right" in body
    assert "12 March 2026" in body


def test_letters_go_to_a_representative_of_whom_it_is_known_how_to_reach_them() -> None:
    agent = {"name": "Li Lei", "capacity": "heir", "customer_number": "C-7", "channels": ["phone", "sms"]}
    case = stages.received(said.complaint(representative=agent))
    letter = case.errand("letter-acknowledgement")
    order = request(case.file, letter, "complaint-CB-2026-0001")
    assert isinstance(order, LetterOrder)
    assert (order.to.name, order.to.customer_number, letter.channels) == ("Li Lei", "C-7", ["sms", "post"])
    case = stages.received(said.complaint(representative={"name": "Li Lei", "capacity": "heir"}))
    order = request(case.file, case.errand("letter-acknowledgement"), "complaint-CB-2026-0001")
    assert isinstance(order, LetterOrder)
    assert order.to == case.complaint.complainant


def test_a_representative_is_addressed_by_name() -> None:
    case = stages.received(said.complaint(representative={"name": "Li Lei", "capacity": "son"}))
    _, body = compose(case.file, LetterKind.ACKNOWLEDGEMENT)
    assert "Dear Li Lei" in body


def test_the_letter_goes_by_the_channel_that_is_tried_now() -> None:
    case = stages.received()
    order = request(case.file, case.errand("letter-acknowledgement"), "complaint-1")
    assert order.model_dump()["channel"] == "email"
    assert order.model_dump()["key"] == "CB-2026-0001/letter-acknowledgement/email"
