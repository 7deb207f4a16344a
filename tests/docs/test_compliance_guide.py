"""Guarantee: what the guide for the compliance officer says about deadlines is what its commands answer."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import starter
from activities.archive import Archive

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "compliance.md").read_text(encoding="utf-8")
ALONE = re.findall(r"^(starter\.py (?:clock|pack) .+?)(?: +#.*)?$", GUIDE, re.MULTILINE)
"""Commands that need no server."""
TABLE = "Complaint ID,Date received,Product,Issue,Submitted via\n1,2026-03-02,Mortgage,Fees,Web\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reader sits: a draft of a pack, complaints, an archive."""
    shutil.copytree(ROOT / "rulepacks", tmp_path / "draft")
    (tmp_path / "complaints.csv.gz").write_text(TABLE)
    url = f"sqlite:///{tmp_path}/archive.db"
    asyncio.run(_made(url))
    monkeypatch.setenv("COMPLAINTS_ARCHIVE_URL", url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def _made(url: str) -> None:
    await (await Archive.open(url)).close()


def said(line: str) -> str:
    """What a command of the guide answers."""
    ran = CliRunner().invoke(starter.app, shlex.split(line)[1:])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_the_guide_shows_every_command_about_rules() -> None:
    assert {tuple(line.split()[1:3]) for line in ALONE} == {("clock", "uk-psd"), ("pack", "check"), ("pack", "diff")}


@pytest.mark.parametrize("line", ALONE)
def test_every_command_works(line: str, desk: Path) -> None:
    assert said(line)


def test_the_count_that_is_shown_is_the_count_that_is_made() -> None:
    [line] = [line for line in ALONE if " clock " in line]
    [shown] = re.findall(r"^```text\n(short_settlement .+?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    answer = [line.rstrip() for line in said(line).splitlines()]
    assert answer[-len(shown.splitlines()) :] == shown.splitlines()


def test_the_options_that_are_named_exist() -> None:
    for words in ("--kind hardship", "--place GB-SCT", "--rung 1", "--pause 2026-03-04..2026-03-09"):
        assert f"`{words}`" in GUIDE
    at = "starter.py clock {} --received 2026-03-02T10:00 {}"
    assert "21 calendar days" in said(at.format("au-rg271", "--kind hardship"))
    assert "(GB-SCT)" in said(at.format("uk-disp", "--place GB-SCT"))
    assert "due 2026-04-01" in said(at.format("cn-banking", "--rung 1"))
    assert "paused" in said(at.format("cn-banking", "--pause 2026-03-04..2026-03-09"))
