"""Guarantee: the README's five minutes can be followed word for word, beside ``make run`` as it comes up, and every
command answers as the page shows."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from embedded.process import ROOT
from tests.examples.conftest import ran
from tests.pages import same, steps
from tests.ui.temporal_ui import KEEP

PAGES = ("README.md", "README.zh-CN.md")
LOOKS = re.compile(r"^(\.venv/bin/python starter\.py (list|tasks|timeline|show|deadlines|report)\b.*\n)+$")
"""Blocks that change nothing: what they show may follow a moment after what brought it about."""
UP = 240.0
PATIENCE = 60.0
WIDTH = 120


def tour(page: str) -> str:
    """The part of a page that is followed: the first one after the two commands that are called minutes."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.split(r"^## (?:Five minutes|五分钟)$", text, flags=re.MULTILINE)[1].split("\n## ")[0]


def test_both_pages_show_the_same_commands() -> None:
    english, chinese = ([commands for commands, _ in steps(tour(page))] for page in PAGES)
    assert english == chinese
    assert len(english) == tour(PAGES[0]).count("```sh\n") >= 6


async def test_the_tour_can_be_followed_word_for_word(tmp_path: Path) -> None:
    here = checkout(tmp_path)
    async with make_run(here / ".data" / "run") as environment:
        for commands, shown in steps(tour("README.md")):
            await answers(commands, shown, here, environment)
        await keep_picture("list", "tasks", here=here, environment=environment)
    assert "MY-0001" not in (here / "report.html").read_text(encoding="utf-8"), "the report counts, it does not tell"


async def answers(commands: str, shown: str, here: Path, environment: dict[str, str]) -> None:
    """Run a block of the page until it says what the page shows; what changes something is run once."""
    said = (await ran("bash", "-c", commands, cwd=here, environment=environment)).said
    end = asyncio.get_running_loop().time() + PATIENCE
    while LOOKS.match(commands) and not same(shown, said) and asyncio.get_running_loop().time() < end:
        said = (await ran("bash", "-c", commands, cwd=here, environment=environment)).said
    if not same(shown, said):
        pytest.fail(f"{commands}\nshould say\n{shown}\nand said\n{said}")


@asynccontextmanager
async def make_run(data: Path) -> AsyncIterator[dict[str, str]]:
    """``make run`` on this data, once its eight cases are there; gives the environment that finds its server."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "embedded", "run", "--data", str(data)), cwd=ROOT, stdout=PIPE
    )
    try:
        async with asyncio.timeout(UP):
            await _says(process, "Eight cases are there")
        # The machine of the tests may use the usual port for something else.
        yield {"TEMPORAL_CONFIG_FILE": str(data / "temporal.toml"), "COLUMNS": str(WIDTH)}
    finally:
        process.terminate()
        await process.communicate()


async def _says(process: Process, words: str) -> None:
    assert process.stdout
    while line := await process.stdout.readline():
        if words in line.decode():
            return
    raise AssertionError(f"make run ended and never said: {words}")


def checkout(here: Path) -> Path:
    """A directory that looks like a checkout after ``make run``."""
    for name in ("starter.py", "demo"):
        (here / name).symlink_to(ROOT / name)
    python = here / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return here


async def keep_picture(*commands: str, here: Path, environment: dict[str, str]) -> None:
    """Keep the terminal as the README shows it, when somebody asked for it."""
    folder = os.environ.get(KEEP)
    if folder is None:
        return
    console = Console(record=True, width=WIDTH, file=StringIO())
    for command in commands:
        program = f".venv/bin/python starter.py {command}"
        console.print(Text(f"$ {program}", style="bold"))
        in_colour = environment | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        said = await ran("bash", "-c", program, cwd=here, environment=in_colour)
        console.print(Text.from_ansi(said.said))
    # Without the fonts that the picture would fetch from outside.
    drawn = re.sub(r"<!-- .*? -->|@font-face \{.*?\}", "", console.export_svg(title="complaints"), flags=re.DOTALL)
    (Path(folder) / "terminal.svg").write_text(drawn, encoding="utf-8")
