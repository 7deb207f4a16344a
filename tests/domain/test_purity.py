"""Guarantee proved here: the domain is pure. It has no clock, no chance, no environment, no input or output of its own,
and knows nothing of Temporal or of the bank's systems, so that a replay gives what the first run gave. What runs inside
a workflow knows Temporal besides, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "domain").rglob("*.py"))
PARTS = sorted(set((ROOT / "workflows").rglob("*.py")) - {ROOT / "workflows" / "plugin.py"})
"""What runs inside a workflow; the plugin sets the worker up."""
ALLOWED = {
    "__future__", "ast", "base64", "calendar", "collections", "csv", "dataclasses", "datetime", "decimal", "domain",
    "enum", "functools", "hashlib", "itertools", "iso4217", "json", "math", "operator", "pathlib", "pydantic",
    "pydantic_core", "re", "string", "tomllib", "typing", "zlib", "zoneinfo",
}  # fmt: skip
"""What the domain may import; ``pathlib`` for the names of files only."""
DURABLE = {"activities", "asyncio", "contextlib", "temporalio", "workflows"}
"""What workflows may import besides: Temporal, asyncio as Temporal runs it, and the activities' interface."""
QUERIES = {"case_sheet": {"asks the clock by datetime.now"}}
"""What answers queries may look at the clock: an answer is no part of the history."""
CLOCKS = {"now", "today", "utcnow", "time_ns", "monotonic"}
IMPURE = {"open", "print", "input", "exec", "eval", "__import__"}
FILES = {"read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "glob", "iterdir", "exists"}
TIMES = {"datetime", "date", "time"}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def impurities(source: str) -> list[str]:
    """Everything impure in a piece of code."""
    tree = ast.parse(source)
    found = [f"imports {name}" for name in _imports(tree) if name not in ALLOWED]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE:
                found.append(f"calls {name}")
            case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id=kind))) if kind in TIMES and name in CLOCKS:
                found.append(f"asks the clock by {kind}.{name}")
            case ast.Call(func=ast.Attribute(attr=name)) if name in FILES:
                found.append(f"reads or writes files by {name}")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_of_the_domain_is_pure(module: Path) -> None:
    assert impurities(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", PARTS, ids=lambda module: module.stem)
def test_a_part_of_the_workflow_is_pure_but_for_temporal(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    allowed = {f"imports {name}" for name in DURABLE} | QUERIES.get(module.stem, set())
    assert set(impurities(source)) <= allowed
    imported = re.findall(r"^from (activities.*)$", source, re.MULTILINE)
    assert all(line.startswith(("activities.interface import", "activities import interface")) for line in imported)


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now()", "date.today()", "datetime.utcnow()", "open('x')", "print(1)", "import os", "import random",
        "from uuid import uuid4", "from temporalio import workflow", "import httpx", "Path('x').read_text()",
        "from activities import rules",
    ],
)  # fmt: skip
def test_what_is_impure_is_found(source: str) -> None:
    assert impurities(source)
