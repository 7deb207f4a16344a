"""Guarantee: every promise of ``docs/reliability.md`` names tests, and each of them exists, as do its commands."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| promised")
]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", PAGE)


@cache
def proofs_in(file: str) -> frozenset[str]:
    """Every test of a file, those of classes with the name of the class before."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {f"{before}{one.name}" for one in inside if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_promise_names_its_proof(row: list[str]) -> None:
    assert len(row) in (2, 3), "promised | proof | not promised"
    assert re.search(r"`tests/[\w/]+\.py::[\w:]+`", row[1])


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_proof_exists(file: str, name: str) -> None:
    assert name in proofs_in(file), sorted(proofs_in(file))


def test_nothing_that_looks_like_a_proof_is_misspelt() -> None:
    assert PAGE.count("`tests/") == len(NAMED) > 0


def test_the_commands_exist() -> None:
    modules = set(re.findall(r"`python -m ([\w.]+)", PAGE))
    assert modules
    assert all(importlib.util.find_spec(module) for module in modules)
