"""The help teaches, and what it teaches works.

- Every command stands in a panel, and has examples; each example that can be run is run, as a shell does.
- The help names the most usual commands and the exit codes; the help of 'send' names every message.
- Help comes at once: nothing slow is imported for it.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import starter
from cli.ending import PROGRAM
from cli.helping import ACT, LOOK, OPEN, RULES, RUN
from domain.decisions import DECISIONS
from domain.facts import FACTS
from embedded.process import ROOT
from tests.server import Server
from tests.temporal_server import at

PATH = os.pathsep.join([str(ROOT), str(Path(sys.executable).parent), os.environ["PATH"]])
SLOW = ("asyncio", "temporalio", "pydantic", "sqlalchemy", "rich", "plotly")
NOT_HERE = {
    "demo": "plays for minutes on a server of its own; tests/embedded does",
    "import": "its files are the reader's own; tests/cli/test_import.py does",
    "setup": "waits for a worker of the version that it names; tests/cli/test_setup.py does",
    "reopen": "its complaint is open; tests/cli/test_starter.py terminates one",
    "doctor": "this machine has no settings of a worker; tests/cli/test_doctor.py does",
    "report": "this machine has no archive; tests/cli/test_report.py does",
    "pack diff": "its complaints and drafts are the reader's own; tests/cli/law does",
}
"""Commands whose examples are not run here, and why."""


def commands() -> list[str]:
    """Every command, and every command of a group behind the name of the group."""
    return list(_named(get_command(starter.app)))


def _named(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        yield f"{before}{name}"
        if hasattr(command, "commands"):
            yield from _named(command, f"{before}{name} ")


def help_of(*words: str) -> str:
    """What a wide terminal shows."""
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    shown = CliRunner().invoke(starter.app, [*words, "--help"], env=wide, prog_name=PROGRAM)
    assert shown.exit_code == 0
    return shown.stdout


def examples_of(command: str) -> list[str]:
    """The lines for a shell at the end of a command's help."""
    _, _, after = help_of(*command.split()).partition(" Examples ")
    return [line.strip() for line in after.splitlines() if "starter.py" in line]


def test_the_first_page_names_what_is_needed_first() -> None:
    page = help_of()
    assert all(panel in page for panel in (OPEN, LOOK, RULES, ACT, RUN))
    assert "─ Commands " not in page
    for words in ("starter.py tasks", "starter.py list --overdue", "Exit codes", "130 interrupted"):
        assert words in page


def test_the_help_of_send_names_every_message() -> None:
    page = help_of("send")
    for name in (*DECISIONS, *FACTS):
        assert re.search(rf"^ *{name} +(decision|fact) +\S", page, re.MULTILINE)


def test_nothing_slow_is_imported_for_help() -> None:
    program = f"import sys, starter; print([name for name in {SLOW} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.fixture
def shell(server: Server) -> dict[str, str]:
    """The environment of a person in an activated virtual environment, with the repository in the path."""
    found = at(server.client.service_client.config.target_host)
    return {**os.environ, **found, "PATH": PATH, "TZ": "UTC"}


async def run(line: str, shell: dict[str, str]) -> tuple[int, str]:
    """One line in a shell: the exit code, and all that was said."""
    process = await asyncio.create_subprocess_exec("bash", "-c", line, cwd=ROOT, env=shell, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


async def test_every_example_works(shell: dict[str, str]) -> None:
    assert (await run("starter.py open demo/own-complaint.json", shell))[0] == 0
    few = asyncio.Semaphore(2)

    async def works(command: str) -> None:
        async with few:
            for line in examples_of(command):
                code, said = await run(f"set -o pipefail; {line}", shell)
                assert code == 0, f"{line}: {said}"
                assert "Traceback" not in said

    assert all(examples_of(command) for command in commands())
    await asyncio.gather(*(works(command) for command in commands() if command not in NOT_HERE))
