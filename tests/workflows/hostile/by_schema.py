"""Strategies made from the published JSON Schemas: what the interface allows, whatever the bank's procedure says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
INTERFACE = Path(__file__).parents[3] / "docs" / "interface"
LONG = 40
"""Characters that are enough where the schema allows thousands; the longest have tests of their own."""

_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=LONG)
_times = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@cache
def allowed(name: str) -> st.SearchStrategy[Json]:
    """Messages that the schema of a name allows."""
    schema = json.loads((INTERFACE / f"{name}.schema.json").read_text(encoding="utf-8"))
    return _any_of(schema, schema.get("$defs", {}))


def _any_of(schema: Json, definitions: Json) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _any_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return st.one_of([_any_of(one, definitions) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return _objects(schema, definitions)
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(_any_of(schema["items"], definitions), min_size=least, max_size=least + 2)
        case plain:
            return _plain(plain, schema)


def _objects(schema: Json, definitions: Json) -> st.SearchStrategy[Json]:
    if "properties" not in schema:
        return st.dictionaries(_words, st.none() | st.integers() | _words, max_size=3)
    fields = {name: _any_of(field, definitions) for name, field in schema["properties"].items()}
    needed = {name: fields.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(needed, optional=fields)


def _plain(kind: str, schema: Json) -> st.SearchStrategy[Any]:
    match kind:
        case "string" if schema.get("format") == "date-time":
            return _times.map(datetime.isoformat)
        case "string" if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) <= LONG)
        case "string":
            return _words
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "number":
            return st.floats(0, 1e12)
        case "boolean":
            return st.booleans()
    return st.none()
