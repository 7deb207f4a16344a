"""Reading what comes from outside: unknown fields are refused, and the reason is a sentence a person understands."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


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
    clauses = [_clause(error) for error in wrong.errors(include_input=False, include_url=False)[:8]]
    return "; ".join(clauses)


def _clause(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the message"
    match error["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is not a field of this message"
        case "json_invalid":
            return "this is not valid JSON"
        case "model_type" | "model_attributes_type":
            return f"{where} must be a JSON object"
        case "value_error":
            return f"{where}: {error['ctx']['error']}"
        case _:
            return f"{where}: {error['msg'][:1].lower()}{error['msg'][1:]}"
