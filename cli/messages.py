"""The messages that can be sent, with their fields and an example. Each command returns its exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Group
from rich.text import Text

from cli.rows import Rows
from cli.terminal import hint, say
from client.gateway import message_kind
from client.schemas import schemas
from domain.decisions import DECISIONS, Decision
from domain.examples import EXAMPLES
from domain.facts import FACTS
from domain.model import Model

WORDS = {"string": "text", "boolean": "true or false", "integer": "whole number"}
"""Types of JSON as people call them."""


class Described(Model):
    """A message that can be sent."""

    name: str
    """Its name."""
    kind: str
    """decision, which is answered at once, or fact, which is taken in."""
    meaning: str
    """What it says."""
    example: dict[str, Any]
    """One of its kind, with placeholders in angle brackets for what only the sender knows."""


class WithSchema(Described):
    """A message with everything that there is to know of it."""

    fields: dict[str, Any]
    """Its JSON Schema."""


async def list_messages(as_json: bool) -> int:
    """All messages with a line each."""
    say([described(name) for name in (*DECISIONS, *FACTS)], every_message(), as_json=as_json)
    return 0


def every_message() -> Rows:
    """All messages with a line each, decisions first."""
    every = (described(name) for name in (*DECISIONS, *FACTS))
    return Rows(["message", "kind", "what"], ([one.name, one.kind, one.meaning] for one in every))


def described(name: str) -> Described:
    """A message by its name.

    Raises:
        Refused: there is no such message.
    """
    model = message_kind(name)
    kind = "decision" if issubclass(model, Decision) else "fact"
    meaning = (model.__doc__ or "").split("\n")[0].replace("``", "")
    return Described(name=name, kind=kind, meaning=meaning, example=EXAMPLES[name])


async def describe(name: str, as_json: bool) -> int:
    """One message with its fields and an example."""
    one = described(name)
    schema = schemas()[f"{name}.schema.json"]
    example = Text(json.dumps(one.example, ensure_ascii=False, indent=2))
    head = Text(f"{name} ({one.kind}): {one.meaning}")
    fields = Rows(["field", "", "holds", "what"], _fields(schema))
    say(
        WithSchema(**one.model_dump(), fields=schema),
        Group(head, Text(), fields, Text(), example),
        as_json=as_json,
    )
    return 0


async def nothing_to_send(reference: str, name: str, as_json: bool) -> int:
    """Somebody wants to send a message and does not say what: show how it looks. Nothing is sent."""
    await describe(name, as_json)
    hint(f"Nothing was sent to {reference}: the message is missing. It goes behind {name}, in single quotes.")
    return 2


def _fields(schema: dict[str, Any]) -> Iterator[list[str]]:
    needed = schema.get("required", [])
    for name, field in schema["properties"].items():
        holds = _holds(field, schema.get("$defs", {}))
        yield [name, "required" if name in needed else "", holds, field.get("description", "")]


def _holds(field: dict[str, Any], parts: dict[str, Any]) -> str:
    """What a field of a JSON Schema holds, in words."""
    match field:
        case {"$ref": str(reference)}:
            return _holds(parts[reference.rsplit("/", 1)[-1]], parts)
        case {"anyOf": [first, *_]}:
            return _holds(first, parts)
        case {"enum": [*values]}:
            return " | ".join(values)
        case {"type": "array", "items": dict(items)}:
            return f"list of {_holds(items, parts)}"
        case {"properties": dict(properties)}:
            return f"{{{', '.join(properties)}}}"
        case {"format": "date-time"}:
            return "2026-01-31T17:00:00+08:00"
        case _:
            kind = str(field.get("type", ""))
            return WORDS.get(kind, kind)
