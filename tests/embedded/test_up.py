"""Everything comes up on one machine and goes down again in order, and nothing is lost in between.

- Server, bank and worker are ready when the block is entered; a complaint opened is acknowledged.
- After the block no process is left, and the next start goes on with the same complaint.
- Data in use is refused; ports in use are gone around; a program that dies is reported with the end of its log.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from client.gateway import case_file, open_complaint, send
from client.patrol import patrols
from domain.patrol import PatrolReport
from embedded.process import NotStarted, free_port
from embedded.server import server_command
from embedded.up import Running, up
from tests.complaints import complaint
from tests.waiting import eventually

NOTE = {"by": {"id": "e-1", "role": "first_line"}, "text": "opened by a test"}


async def first_report(running: Running) -> PatrolReport | None:
    """What the patrol has found that goes when everything is up for the first time."""
    found = await patrols(running.client)
    return found.report if found else None


def alive(group: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


async def test_complaints_outlive_a_stop(tmp_path: Path) -> None:
    new = complaint()
    async with up(tmp_path) as first:
        assert (await open_complaint(first.client, new)).opened
        await send(first.client, new.reference, "add_note", NOTE)
        groups = [child.process.pid for child in first.children]
        assert all(map(alive, groups))
        with pytest.raises(NotStarted, match=r"are running on .* already"):
            async with up(tmp_path):
                pass
    assert not any(map(alive, groups))
    assert stat.S_IMODE((tmp_path / "customer-key").stat().st_mode) == 0o600
    async with up(tmp_path) as second:
        patrol = await eventually(lambda: first_report(second))
        assert (patrol.compared, patrol.lost) == (0, [])
        assert "opened by a test" in str((await case_file(second.client, new.reference))["journal"])
        assert not (await open_complaint(second.client, new)).opened


async def test_ports_in_use_are_gone_around_and_a_death_is_reported(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for port in (7233, 8233, 8090):
            with suppress(OSError):  # somebody has it: just as well
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        async with up(tmp_path) as running:
            assert running.address != "localhost:7233"
            await _one_dies(running)


async def _one_dies(running: Running) -> None:
    bank = running.children[1]
    os.killpg(bank.process.pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        said = str(await running.one_died())
    assert said.startswith(f"The bank ended (exit code -9); see {bank.log}. Its last lines:")


async def test_a_program_that_does_not_start_is_reported(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").write_text("this is not a database, but a file that somebody put here")
    with pytest.raises(NotStarted, match="The server ended"):
        async with up(tmp_path):
            pass


def test_a_free_port_is_the_preferred_one_when_nobody_has_it() -> None:
    port = free_port(0)
    assert free_port(port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert free_port(port) != port


def test_the_server_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    command = " ".join(server_command(tmp_path, 7233, 8233))
    assert f"--db-filename {tmp_path}/temporal.db" in command
    assert "--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=FULL" in command
    assert "--sqlite-pragma locking_mode=EXCLUSIVE" in command
    assert "frontend.WorkflowTimeSkippingEnabled=true" in command
