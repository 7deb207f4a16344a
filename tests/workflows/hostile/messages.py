"""Hostile messages: everything that anybody can send to a complaint in the state in which it is, well meant or not."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from temporalio.common import RawValue

from domain.casefile import CaseFile
from domain.decisions import DECISIONS, Decision
from domain.facts import FACTS, Fact
from tests.domain.anything import decisions, facts
from tests.workflows.hostile.by_schema import allowed
from tests.workflows.hostile.odd import mutated, raw, with_an_odd_value, wrapped_wrongly

T = TypeVar("T")
Json = dict[str, Any]
Good = tuple[str, Json]

MANY = 1_500
MESSAGES = int(os.environ.get("HOSTILE_MESSAGES", MANY))
"""How many are sent in a test run."""
KNOWN = [*DECISIONS, *FACTS]
TOO_LONG = "x" * 1_001
UNKNOWN = ["no_such_message", "__temporal_signal", "__stack_trace", "run", "case_file", "Assess", "投诉", "a\x00b",
           "\u202eetis", "| x | `y`", "name: of a kind", "x" * 81, TOO_LONG, ""]  # fmt: skip
"""Names of nothing, of queries, with marks that mean something elsewhere; the server refuses the last two itself."""
ODD_IDS = ["a call", "<id>", "x" * 81, "x" * 10_000, "\x00", "投诉-1", "-", "note-1\n", "\u202e"]
"""Ids of updates that cannot stand for a message id."""


@dataclass(frozen=True)
class Sent:
    """One message as it is sent."""

    name: str
    update: bool
    payloads: tuple[RawValue, ...]
    id: str
    """Of the update."""


def fitting(file: CaseFile, number: int, chosen_by: int) -> list[Good]:
    """Messages that fit the complaint as it is, from the right people and from others."""
    return _drawn(st.one_of(decisions(file), facts(file)).map(_content), number, chosen_by)


@cache
def by_schema(number: int, chosen_by: int) -> list[Good]:
    """Messages that the schemas allow, whatever they mean to a complaint: one of every name, then others as evenly."""
    each = -(-number // len(KNOWN))
    drawn = [[(name, message) for message in by_schema_of(name, each, chosen_by)] for name in KNOWN]
    return [message for turn in zip(*drawn, strict=True) for message in turn]


def by_schema_of(name: str, number: int, chosen_by: int) -> list[Json]:
    """Messages of one name that its schema allows."""
    return _drawn(allowed(name), number, chosen_by)


def _content(message: Decision | Fact) -> Good:
    return message.NAME, message.model_dump(mode="json", exclude_unset=True)


def _drawn(strategy: st.SearchStrategy[T], number: int, chosen_by: int) -> list[T]:
    drawn: list[T] = []

    @seed(chosen_by)
    @settings(max_examples=number, phases=[Phase.generate], database=None, suppress_health_check=[*HealthCheck])
    @given(strategy)
    def draw(one: T) -> None:
        drawn.append(one)

    draw()
    return drawn


def hostile_messages(good: list[Good], chosen_by: int) -> Iterator[Sent]:
    """Messages made from good ones, each in its turn, without end.

    Some have the id of an earlier one, or an odd one; behind some comes an earlier one word for word, or the same one
    under another name.
    """
    chance = Random(chosen_by)
    sent: deque[Sent] = deque(maxlen=20)
    for name, content in cycle(good):
        message = _hostile(name, content, chance)
        match chance.randrange(20):
            case 0 if sent:
                message = replace(message, id=chance.choice(sent).id)
            case 1:
                message = replace(message, id=chance.choice(ODD_IDS))
        sent.append(message)
        yield message
        match chance.randrange(20):
            case 0 | 1 | 2:
                yield chance.choice(sent)
            case 3 | 4:
                other = chance.choice(KNOWN + UNKNOWN * 2)
                yield replace(message, name=other, update=chance.random() < 0.5, id=str(chance.randrange(10**12)))


def _hostile(name: str, message: Json, chance: Random) -> Sent:
    """Of ten messages four stay as they are, two have an odd value, two are mutated, two come in a wrong form."""
    number = str(chance.randrange(10**12))
    if name in FACTS and chance.random() < 0.9:
        message = message | {"message_id": number}
    return Sent(name, name in DECISIONS, in_any_form(message, chance), number)


def in_any_form(message: Json, chance: Random) -> tuple[RawValue, ...]:
    """A message as it is, with an odd value, mutated, or in a wrong form."""
    text = json.dumps(message).encode()
    match chance.randrange(10):
        case 0 | 1:
            return (raw(with_an_odd_value(message, chance)),)
        case 2 | 3:
            return (raw(mutated(text, chance)),)
        case 4 | 5:
            return wrapped_wrongly(message, chance)
    return (raw(text),)
