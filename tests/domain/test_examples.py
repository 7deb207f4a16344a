"""Guarantee proved here: every message of the interface has one example, and the example reads as its message once the
blanks are filled in."""

from __future__ import annotations

import json

import pytest

from domain.decisions import DECISIONS, Decision
from domain.examples import EXAMPLES
from domain.facts import FACTS, Fact
from domain.reading import Unreadable, read
from tests.domain.anything import fill_in
from tests.domain.people import SPECIALIST

MESSAGES: dict[str, type[Fact] | type[Decision]] = {**FACTS, **DECISIONS}


def test_there_is_an_example_of_every_message_and_of_nothing_else() -> None:
    assert set(EXAMPLES) == set(MESSAGES)
    assert (len(FACTS), len(DECISIONS)) == (7, 16)


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_reads_as_its_message(name: str) -> None:
    message = read(MESSAGES[name], fill_in(EXAMPLES[name], SPECIALIST))
    assert name == message.NAME


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_is_plain_json(name: str) -> None:
    assert json.loads(json.dumps(EXAMPLES[name])) == EXAMPLES[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_cannot_be_sent_with_its_blanks_left_open(name: str) -> None:
    """Only the person who sends it knows who they are."""
    if "<" in json.dumps(EXAMPLES[name]):
        with pytest.raises(Unreadable):
            read(MESSAGES[name], EXAMPLES[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_with_an_unknown_field_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="surprise is not a field of this message"):
        read(MESSAGES[name], fill_in(EXAMPLES[name], SPECIALIST) | {"surprise": 1})


@pytest.mark.parametrize("name", MESSAGES)
def test_every_field_of_a_message_is_described(name: str) -> None:
    assert [field for field, info in MESSAGES[name].model_fields.items() if not info.description] == []
