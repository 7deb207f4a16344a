"""Reading what comes from outside: unknown fields are refused, and the reason is a sentence a person understands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


PLACEHOLDER = re.compile(r"<[^<>]+>")
LONGEST_NAME = 80
"""Characters of a field that are told: a field that the message does not have may be called anything."""
FILL_IN = "fill in what stands in angle brackets"


class Unreadable(ValueError):
    """The data is not what it should be. The text names every wrong field, and never repeats a value."""


def read(model: type[M], data: bytes | str | dict[str, Any]) -> M:
    """Read one JSON object as a model, forbidding fields that the model does not have.

    Raises:
        Unreadable: with one clause per wrong field.
    """
    try:
        if isinstance(data, dict):
            data = json.dumps(data, default=str)
        return model.model_validate_json(data, extra="forbid")
    except ValidationError as wrong:
        raise Unreadable(explain(wrong)) from None


def explain(wrong: ValidationError) -> str:
    """One sentence for a validation error, without the values that were sent."""
    return "; ".join(_clause(error) for error in wrong.errors(include_url=False)[:8])


def unfilled(value: object, where: str = "") -> Iterator[str]:
    """Name the fields of a message in which a placeholder was left, such as ``<why>``."""
    match value:
        case str() if PLACEHOLDER.fullmatch(value):
            yield where
        case dict():
            for name, one in value.items():
                yield from unfilled(one, f"{where}.{name}" if where else str(name))
        case list():
            for number, one in enumerate(value):
                yield from unfilled(one, f"{where}.{number}")


def require_filled(message: BaseModel) -> None:
    """Nothing may stand on the record that its sender forgot to write.

    Raises:
        Unreadable: a placeholder was left.
    """
    # A customer may well write in angle brackets.
    written = message.model_dump(mode="json", exclude_unset=True, exclude={"complaint"})
    if left := list(unfilled(written)):
        raise Unreadable("; ".join(f"{where}: {FILL_IN}" for where in left))


def _clause(error: Any) -> str:
    where = ".".join(str(part)[:LONGEST_NAME] for part in error["loc"]) or "the message"
    match error["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is not a field of this message"
        case "json_invalid":
            return f"this is not valid JSON ({error['ctx']['error']})"
        case "model_type" | "model_attributes_type":
            return f"{where} must be a JSON object"
        case _ if isinstance(error["input"], str) and PLACEHOLDER.fullmatch(error["input"]):
            return f"{where}: {FILL_IN}"
        case "value_error":
            return f"{where}: {error['ctx']['error']}"
        case _:
            return f"{where}: {error['msg'][:1].lower()}{error['msg'][1:]}"
