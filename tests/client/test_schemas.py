"""Guarantee: the published JSON Schemas are current, describe every field, and accept what the workflow accepts.

* Every file under ``docs/interface`` is what the models say today, and none is left over.
* Every message of the interface has one, and its example validates against it.
* Unknown fields are forbidden in what comes in, at every depth.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from client.schemas import DIRECTORY, schemas, text
from domain.decisions import DECISIONS
from domain.examples import EXAMPLES
from domain.facts import FACTS
from domain.rulepack import RulePack

SCHEMAS = schemas()


def filled(value: Any) -> Any:
    """An example with its placeholders filled in."""
    match value:
        case dict():
            return {name: filled(item) for name, item in value.items()}
        case list():
            return [filled(item) for item in value]
        case "<2026-01-31T17:00:00+08:00>":
            return value.strip("<>")
        case str() if value.startswith("<"):
            return value.strip("<>").replace(" ", "-")
    return value


def test_the_files_are_current() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.glob("*.schema.json")}
    assert published == {name: text(schema) for name, schema in SCHEMAS.items()}, "run: python -m client.schemas"


def test_every_message_has_an_example() -> None:
    assert set(EXAMPLES) == set(FACTS) | set(DECISIONS)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_example_validates(name: str) -> None:
    Draft202012Validator(SCHEMAS[f"{name}.schema.json"]).validate(filled(EXAMPLES[name]))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_unknown_field_does_not_validate(name: str) -> None:
    example = copy.deepcopy(filled(EXAMPLES[name]))
    example["by" if "by" not in example else "nobody_knows_this"] = {"id": "x", "role": "y", "phone": "z"}
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMAS[f"{name}.schema.json"]).validate(example)


@pytest.mark.parametrize("schema", [*SCHEMAS.values(), RulePack.model_json_schema()], ids=[*SCHEMAS, "rule_pack"])
def test_every_field_is_described(schema: dict[str, Any]) -> None:
    objects = [part for part in (schema, *schema.get("$defs", {}).values()) if part.get("type") == "object"]
    fields = [(part["title"], *field) for part in objects for field in part.get("properties", {}).items()]
    assert [(title, name) for title, name, rule in fields if "description" not in rule] == []
