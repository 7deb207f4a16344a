"""Packs and drafts that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.law import shelf
from tests.cli.law.asking import LENGTH, PACKS, edit


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a copy of the shipped packs, which the command line uses."""
    copy = tmp_path / "packs"
    shutil.copytree(PACKS, copy)
    monkeypatch.setenv(shelf.RULEPACKS, str(copy))
    return copy


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The portal's rules as somebody drafts them, in a file of any name and place."""
    file = tmp_path / "drafts" / "ten days.toml"
    file.parent.mkdir()
    shutil.copy(PACKS / "us-cfpb.toml", file)
    edit(file, 'version = "2026.2"', 'version = "draft"')
    return edit(file, LENGTH, LENGTH.replace("calendar_days = 15", "business_days = 12"))
