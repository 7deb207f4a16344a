"""The Tab key completes commands, options, messages, stages, and references of the server, in bash, zsh and fish.

- A shell that runs the script of --show-completion gets the words.
- Without a server, references are silently not offered; what is known without one still is.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from client.connection import connect
from client.gateway import open_complaint
from embedded.process import ROOT, free_port
from tests.complaints import complaint
from tests.server import Server
from tests.temporal_server import at
from tests.waiting import eventually

VARIABLE = "_STARTER.PY_COMPLETE"
Environment = dict[str, str]


async def said(*command: str, **environment: str) -> str:
    """What a command writes; nothing may come on standard error."""
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert err.decode() == ""
    return out.decode()


async def offered(line: str, environment: Environment) -> list[str]:
    """What bash is offered behind a line, by the protocol of its completion."""
    words = line.split(" ")
    asked = {VARIABLE: "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    return (await said(sys.executable, str(ROOT / "starter.py"), **environment, **asked)).split()


@pytest.fixture
def nowhere() -> Environment:
    """No server is there."""
    return at(f"127.0.0.1:{free_port(0)}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("starter.py time", ["timeline"]),
        ("starter.py list --due", ["--due-within"]),
        ("starter.py list --stage rec", ["received"]),
        ("starter.py list --nature sys", ["system_fault"]),
        ("starter.py send R investigation_re", ["investigation_result"]),
        ("starter.py messages add", ["add_note"]),
        ("starter.py show T-", []),
        ("starter.py deadlines R --explain law", []),
        ("starter.py clock us-", ["us-cfpb", "us-reg-e"]),
        ("starter.py pack diff uk-disp uk-p", ["uk-psd"]),
        ("starter.py clock au-rg271 --kind hard", ["hardship"]),
        ("starter.py clock uk-disp --place GB-S", ["GB-SCT"]),
        ("starter.py clock cn-banking --clock call_back", ["call_back", "call_back_latest"]),
        ("starter.py clock nowhere --kind hard", []),
    ],
)
async def test_what_is_known_without_a_server(line: str, expected: list[str], nowhere: Environment) -> None:
    assert await offered(line, nowhere) == expected


async def test_references_come_from_the_server(bare: Environment) -> None:
    new = complaint()
    await open_complaint(await connect(bare), new)
    assert await eventually(lambda: offered(f"starter.py show {new.reference[:6]}", bare)) == [new.reference]


async def test_clocks_come_from_the_complaint_that_was_named(server: Server) -> None:
    found = at(server.client.service_client.config.target_host)
    new = complaint()
    await open_complaint(await connect(found), new)
    line = f"starter.py deadlines {new.reference} --explain law"
    assert await eventually(lambda: offered(line, found)) == ["law-1"]


async def test_the_script_works_in_bash(nowhere: Environment) -> None:
    path = os.pathsep.join([str(ROOT), str(Path(sys.executable).parent), os.environ["PATH"]])
    script = await said("starter.py", "--show-completion", "bash", PATH=path)
    pressed = 'COMP_WORDS=(starter.py send R take) COMP_CWORD=3; _starterpy_completion starter.py; echo "$COMPREPLY"'
    assert await said("bash", "-c", f"{script}\n{pressed}", PATH=path, **nowhere) == "take_ownership\n"


@pytest.mark.parametrize(
    ("shell", "asked", "word"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "starter.py send R take"}, '"take_ownership"'),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "starter.py send R take", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
            "take_ownership",
        ),
    ],
)
async def test_the_protocols_of_other_shells(shell: str, asked: Environment, word: str, nowhere: Environment) -> None:
    answer = await said(sys.executable, str(ROOT / "starter.py"), **nowhere, **asked, **{VARIABLE: f"complete_{shell}"})
    assert word in answer
    script = await said(sys.executable, str(ROOT / "starter.py"), "--show-completion", shell)
    assert VARIABLE in script
    if binary := shutil.which(shell):
        await said(binary, "-n", "-c", script)
