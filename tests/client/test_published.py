"""Guarantee: what outside developers copy from is current, and validates against the schemas.

* Every file under ``examples/messages`` and every table beside the schemas is what the code says today, and none is
  left over.
* Every example validates as it stands; no placeholder is left in it.
* The tables name every refusal, and every field of a complaint down to the parts of its parts, once.
"""

from __future__ import annotations

import json
import re
from typing import get_args, get_origin

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel

from client.published import ROOT, files, messages
from domain.complaint import Complaint
from domain.decisions import DECISIONS
from domain.facts import FACTS
from domain.refusals import SENTENCES


def test_the_files_are_current() -> None:
    there = [*(ROOT / "examples" / "messages").iterdir(), *(ROOT / "docs" / "interface").glob("*.md")]
    published = {path: path.read_text(encoding="utf-8") for path in there}
    assert published == files(), "run: python -m client.published"


def test_there_is_one_complaint_and_one_of_every_message() -> None:
    assert set(messages()) == {"complaint", *FACTS, *DECISIONS}


@pytest.mark.parametrize("name", sorted(messages()))
def test_the_file_validates_against_the_published_schema(name: str) -> None:
    message = json.loads((ROOT / "examples" / "messages" / f"{name}.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "interface" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(message)
    assert "<" not in json.dumps(message)


def test_the_table_names_every_refusal_once() -> None:
    table = (ROOT / "docs" / "interface" / "refusals.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert [code for code, _ in rows] == list(SENTENCES)


def test_the_table_of_a_complaint_names_every_field_at_every_depth() -> None:
    table = (ROOT / "docs" / "interface" / "complaint.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\*\*)?`([\w.\[\]]+)`(?:\*\*)? \| .+\. \|$", table, re.MULTILINE)
    assert {name for bold, name in rows if not bold} == _paths(Complaint) - _paths(Complaint, required=True)
    assert {name for bold, name in rows if bold} == _paths(Complaint, required=True)


def _paths(model: type[BaseModel], within: str = "", *, required: bool = False) -> set[str]:
    """Every field of a model and of the models in it; only the required ones on demand."""
    found = set()
    for name, field in model.model_fields.items():
        found |= {f"{within}{name}"} if field.is_required() or not required else set()
        inside = [field.annotation, *get_args(field.annotation)]
        part = next((kind for kind in inside if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if part:
            listed = "[]" if get_origin(field.annotation) is list else ""
            found |= _paths(part, f"{within}{name}{listed}.", required=required)
    return found
