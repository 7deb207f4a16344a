"""Guarantee: every command in docs/intake.md can be copied as it stands, and answers as the page shows.

The page is run from top to bottom against a real server and worker. Its Go is the only thing on it that is not run.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

import pytest

from tests.examples.conftest import Ran, ran
from tests.server import ROOT

PAGES = ("intake.md", "operator.md")
PAGE = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
PATIENCE = 30.0
"""Seconds of real time for an answer to become the one that is shown."""
LOOKS = re.compile(r"^temporal workflow (query|list|metadata)\b")
"""Commands that change nothing: the list is a little behind, and a new complaint is still being read."""


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Every block of commands with the answer shown after it."""
    yield from re.findall(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_every_block_of_commands_shows_its_answer() -> None:
    assert len(list(steps(PAGE))) == PAGE.count("```sh\n") >= 10


async def test_the_page_can_be_followed_word_for_word(here: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for commands, shown in steps(PAGE):
        await _answers(commands, shown, here, tmp_path)


async def _answers(commands: str, shown: str, environment: dict[str, str], directory: Path) -> None:
    async def run() -> Ran:
        return await ran("bash", "-c", commands, cwd=directory, environment=environment)

    done = await run()
    if LOOKS.match(commands):
        async with asyncio.timeout(PATIENCE):
            while not _same(shown, done.said):
                done = await run()
    assert _same(shown, done.said), f"{commands}\nshould say\n{shown}\nand said\n{done.said}"


def _same(shown: str, said: str) -> bool:
    return OutputChecker().check_output(shown, said, ELLIPSIS | NORMALIZE_WHITESPACE)


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    targets = set(re.findall(r"\]\((?!http)([^)#]+)", text))
    assert targets
    assert {target for target in targets if not (ROOT / "docs" / target).exists()} == set()
