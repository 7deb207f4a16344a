"""Asking the commands about rules within this process, and packs that a test may change."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

import starter
from tests.cli.conftest import Said

PACKS = Path(__file__).parents[3] / "rulepacks"
MONDAY = ["--received", "2026-03-02T10:00"]


def said(*words: str | Path) -> Said:
    """What a command answers, within this process."""
    ran = CliRunner().invoke(starter.app, [str(word) for word in words])
    return Said(ran.exit_code, ran.stdout, ran.stderr)


def copied(file: Path, to: Path) -> Path:
    """A copy of a file."""
    to.write_bytes(file.read_bytes())
    return to


def edit(file: Path, before: str, after: str) -> Path:
    """Change a text that stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return file


LENGTH = "length = { calendar_days = 15 }\nwarn_before"
