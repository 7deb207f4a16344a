"""Guarantee: every command in docs/intake.md can be copied as it stands, and answers as the page shows.

The page is run from top to bottom against a real server and worker. Its Go is the only thing on it that is not run.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.examples.conftest import Ran, ran
from tests.pages import same, steps
from tests.server import ROOT

PAGE = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
PATIENCE = 30.0
"""Seconds of real time for an answer to become the one that is shown."""
LOOKS = re.compile(r"^temporal workflow (query|list|metadata)\b")
"""Commands that change nothing: the list is a little behind, and a new complaint is still being read."""


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
            while not same(shown, done.said):
                done = await run()
    assert same(shown, done.said), f"{commands}\nshould say\n{shown}\nand said\n{done.said}"
