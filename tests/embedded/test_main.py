"""``python -m embedded`` as a person at a terminal meets it.

- It says where the UI is and what to try, with the address when that is not the usual one.
- Ctrl-C, or the end of the terminal, stops every program, and it says so; the exit code is 0.
- A demonstration throws away the data of the one before, and never anything else.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from embedded.__main__ import main
from embedded.process import ROOT, NotStarted
from embedded.up import clear


@asynccontextmanager
async def started(data: Path) -> AsyncIterator[tuple[Process, str]]:
    """``python -m embedded run`` on data whose cases were played, and what it said until it was up."""
    (data / "cases-played").touch()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "embedded", "run", "--data", str(data)), cwd=ROOT, stdout=PIPE, env=dict(os.environ)
    )
    assert process.stdout
    said = ""
    async with asyncio.timeout(90):
        while "Ctrl-C stops everything" not in said and (line := await process.stdout.readline()):
            said += line.decode()
    try:
        yield process, said
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGHUP])
async def test_it_stops_when_told(tmp_path: Path, told: signal.Signals) -> None:
    async with started(tmp_path) as (process, said):
        assert re.search(r"Temporal UI: http://localhost:\d+/namespaces/default/workflows", said)
        assert said.count("starter.py") == 4
        settings = re.search(r"COMPLAINTS_SETTINGS_FILE=(\S+) \S+ starter.py doctor", said)
        assert settings
        assert (ROOT / settings[1]).stat().st_mode & 0o077 == 0  # it holds a secret
        process.send_signal(told)
        process.send_signal(told)  # impatience changes nothing
        out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.decode().endswith("complaints go on at the next start ...\nStopped.\n")
    clear(tmp_path)  # nothing of it is left that would hold the data


def test_data_of_an_earlier_demonstration_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "temporal.db").touch()
    clear(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_a_directory_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(NotStarted, match="files of somebody else"):
        clear(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_what_does_not_start_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").touch()
    assert main(["demo", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out.endswith("holds files of somebody else; choose an empty directory.\n")


@pytest.mark.parametrize("words", [[], ["fly"], ["run", "--ui"]])
def test_wrong_usage_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert "usage: python -m embedded" in capsys.readouterr().err
