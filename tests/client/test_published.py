"""Guarantee: what outside developers copy from is current, and validates against the schemas.

* Every file under ``examples/messages`` and the table of refusals are what the code says today, and none is left over.
* Every example validates as it stands; no placeholder is left in it.
* The table names every refusal once.
"""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from client.published import ROOT, files, messages
from domain.decisions import DECISIONS
from domain.facts import FACTS
from domain.refusals import SENTENCES


def test_the_files_are_current() -> None:
    published = {path: path.read_text(encoding="utf-8") for path in (ROOT / "examples" / "messages").iterdir()}
    refusals = ROOT / "docs" / "interface" / "refusals.md"
    published[refusals] = refusals.read_text(encoding="utf-8")
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
