"""Guarantee: what the README says is true of this checkout.

* Its two commands exist, and its map names every top-level entry and nothing else.
* Its message table has every message with the example that the models accept.
* Its links and pictures exist; its starter commands exist.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

import starter
from domain.decisions import DECISIONS
from domain.examples import EXAMPLES
from domain.facts import FACTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
GUIDES = sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))
MARKS = ("^## ", "^```", r"^!\[", r"^\| `", r"^- ")
"""What makes the parts of a page: headings, blocks of commands, pictures, rows of tables, points of a list."""
CUSTOMARY = {"README.md", "pyproject.toml", "Makefile", ".gitignore", "requirements.lock", "requirements-dev.lock"}
"""Files that every reader knows; the map need not explain them."""


@pytest.mark.parametrize("command", ["run", "test", "demo"])
def test_the_commands_exist(command: str) -> None:
    assert f"make {command}" in README
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_map_is_complete() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    entries = {line.split("/")[0] for line in listed.stdout.splitlines()} - CUSTOMARY
    part = README.split("## Map of the repository")[1].split("\n## ")[0]
    mapped = {name.split("/")[0] for name in re.findall(r"^\| `([^`]+)`", part, re.MULTILINE)}
    assert mapped == entries


@pytest.mark.parametrize("name", sorted({**FACTS, **DECISIONS}))
def test_the_message_table_has_the_message_and_its_example(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.+) \| `(.+)` \|$", README, re.MULTILINE)
    assert row is not None
    assert json.loads(row[2]) == EXAMPLES[name]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", *GUIDES])
def test_links_and_pictures_exist(page: str) -> None:
    targets = set(re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")))
    assert targets
    assert {target for target in targets if not (ROOT / page).parent.joinpath(target).exists()} == set()


@pytest.mark.parametrize("page", GUIDES)
def test_every_guide_is_named_for_its_reader(page: str) -> None:
    assert f"({page})" in README


@pytest.mark.parametrize("name", sorted({**FACTS, **DECISIONS}))
def test_the_chinese_page_has_the_same_example(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| .+ \| `(.+)` \|$", CHINESE, re.MULTILINE)
    assert row is not None
    assert json.loads(row[1]) == EXAMPLES[name]


def test_the_chinese_page_has_the_same_parts_and_blocks() -> None:
    assert [len(re.findall(mark, CHINESE, re.MULTILINE)) for mark in MARKS] == [
        len(re.findall(mark, README, re.MULTILINE)) for mark in MARKS
    ]


def test_the_starter_commands_exist() -> None:
    used = set(re.findall(r"starter\.py (\w+)", README))
    assert used
    assert used <= set(get_command(starter.app).list_commands(None))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "command", re.findall(r"^\.venv/bin/python (starter\.py (?:clock|pack) .*)$", README, re.MULTILINE)
)
def test_the_commands_of_the_law_run(command: str) -> None:
    ran = subprocess.run([sys.executable, *command.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "2026-" in ran.stdout or "ok" in ran.stdout
