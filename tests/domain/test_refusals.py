"""Guarantees proved here: every refusal has a sentence that a person understands, every sentence is used, and every
fact that a sentence names is given where it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from domain.refusals import SENTENCES, Refusal, refuse

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "domain").glob("*.py"), *(ROOT / "workflows").glob("*.py")]


def _codes(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _codes(body)
            yield from _codes(orelse)


def _refusals() -> Iterator[tuple[str, set[str], str]]:
    """Every refusal made in the code: its code, the facts given, and where."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refuse":
                given = {keyword.arg or "" for keyword in node.keywords}
                for code in _codes(node.args[0]):
                    yield code, given, f"{source.name}:{node.lineno}"


MADE = list(_refusals())


def _named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_is_used() -> None:
    assert set(SENTENCES) - {code for code, _, _ in MADE} == set()


@pytest.mark.parametrize(("code", "given", "where"), MADE, ids=[f"{code}-{where}" for code, _, where in MADE])
def test_every_refusal_gives_the_facts_that_its_sentence_names(code: str, given: set[str], where: str) -> None:
    assert _named(SENTENCES[code]) <= given, where


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_one(code: str) -> None:
    refused = refuse(code, **dict.fromkeys(_named(SENTENCES[code]), "X"))
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.sentence[0].isupper()
    assert refused.sentence.endswith(".")
    assert "{" not in refused.sentence
