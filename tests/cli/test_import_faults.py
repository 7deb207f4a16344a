"""Whatever happens to an import, no complaint is lost and none is opened twice.

- Killed at any moment and repeated, an import has opened every complaint, and each once.
- Ctrl-C finishes what is being opened, says how far it came and how to go on, and is heard while a pipe is silent.
- A server that goes away is waited for, but not for ever; a full disk is one sentence; both leave nothing in doubt.
- A terminal sees how far it is.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from client.connection import connect
from embedded.process import ROOT, free_port
from embedded.server import server_command, server_ready
from tests.cli.conftest import Starter, starter_in
from tests.intake.files import table
from tests.temporal_server import at
from tests.waiting import answered

FULL_AT = 500
"""Pages of the server's database, as if the disk ended there: enough for a few dozen complaints."""
MANY = 500
"""Complaints: enough for something to happen before all are opened."""


def all_of(summary: Mapping[str, int]) -> int:
    """How many are open in the end: opened now or before."""
    return summary["opened"] + summary["open_before"]


async def listed(client: Client, first: int, last: int) -> int:
    """How many complaints of these numbers the server lists, each of them once per run."""
    query = f"WorkflowId BETWEEN 'complaint-cfpb-{first}' AND 'complaint-cfpb-{last}'"
    return (await client.count_workflows(query)).count


async def started(client: Client, first: int, last: int) -> None:
    """All complaints of these numbers come to be listed, and none twice."""
    number = last - first + 1
    assert await answered(lambda: listed(client, first, last), lambda found: found >= number) == number


@asynccontextmanager
async def importing(environment: Mapping[str, str], directory: Path, *words: str) -> AsyncIterator[Process]:
    """An import that runs, to be interfered with; killed in the end if it runs still."""
    command = (sys.executable, str(ROOT / "starter.py"), "import", *words)
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={**os.environ, **environment, "TZ": "UTC"}, cwd=directory
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def begun(process: Process, client: Client, first: int, last: int) -> None:
    """Some are opened, and by far not all."""
    await answered(lambda: listed(client, first, last), lambda found: found >= 20)
    assert process.returncode is None


@asynccontextmanager
async def in_a_terminal(
    environment: Mapping[str, str], directory: Path, *words: str
) -> AsyncIterator[tuple[Process, int]]:
    """A command at work in a terminal, and the other end of the terminal."""
    terminal, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *("setsid", "--ctty", sys.executable, str(ROOT / "starter.py"), *words),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **environment, "TERM": "xterm", "COLUMNS": "120"},
        cwd=directory,
    )
    os.close(theirs)
    try:
        yield process, terminal
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(terminal)


@asynccontextmanager
async def own_server(data: Path, port: int, *words: str) -> AsyncIterator[Client]:
    """A server of one's own on a database in a file, killed at the end without a chance to tidy up."""
    process = await asyncio.create_subprocess_exec(
        *server_command(data, port, free_port(0)), *words, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(60):
            yield await server_ready(at(f"127.0.0.1:{port}"))
    finally:
        process.kill()
        await process.wait()


class TestInterruptions:
    async def test_killed_and_repeated_it_has_opened_each_complaint_once(
        self, bare: dict[str, str], idle: Starter, tmp_path: Path
    ) -> None:
        client, last = await connect(bare), 5_000_000 + MANY - 1
        (tmp_path / "table.csv").write_text(table(*range(5_000_000, last + 1)))
        killed = 0
        for _ in range(2):
            async with importing(bare, tmp_path, "table.csv") as process:
                while await listed(client, 5_000_000, last) < killed + 50:
                    assert process.returncode is None
                process.kill()
            killed = await listed(client, 5_000_000, last)
        summary = (await idle("import", "table.csv", "--json")).json
        assert (summary["opened"] > 0, all_of(summary)) == (True, MANY)
        await started(client, 5_000_000, last)

    async def test_ctrl_c_finishes_what_is_being_opened_and_says_how_to_go_on(
        self, bare: dict[str, str], idle: Starter, tmp_path: Path
    ) -> None:
        client, last = await connect(bare), 5_100_000 + MANY - 1
        (tmp_path / "a table.csv").write_text(table(*range(5_100_000, last + 1)))
        async with importing(bare, tmp_path, "a table.csv", "--json", "--rejects", "x.jsonl") as process:
            await begun(process, client, 5_100_000, last)
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
        summary = json.loads(out)
        assert (process.returncode, summary["stopped_because"]) == (130, "Interrupted.")
        assert err.decode().startswith("Interrupted. What is open stays open; to go on, repeat the command: ")
        assert err.decode().endswith("starter.py import 'a table.csv' --json --rejects x.jsonl\n")
        await started(client, 5_100_000, 5_100_000 + summary["opened"] - 1)
        again = (await idle("import", "a table.csv", "--json")).json
        assert (again["opened"], again["open_before"]) == (MANY - summary["opened"], summary["opened"])
        await started(client, 5_100_000, last)

    async def test_ctrl_c_is_heard_while_a_pipe_says_nothing(self, bare: dict[str, str], tmp_path: Path) -> None:
        client = await connect(bare)
        async with importing(bare, tmp_path, "-") as process:
            assert process.stdin
            process.stdin.write(table(5_200_000).encode())
            await process.stdin.drain()
            await started(client, 5_200_000, 5_200_000)
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), 30) == 130
            assert process.stdout
            assert "1   opened" in (await process.stdout.read()).decode()

    async def test_a_terminal_shows_how_far_it_is(self, bare: dict[str, str], tmp_path: Path) -> None:
        client, last = await connect(bare), 5_300_000 + MANY - 1
        (tmp_path / "table.csv").write_text(table(*range(5_300_000, last + 1)))
        seen = ""
        async with in_a_terminal(bare, tmp_path, "import", "table.csv") as (process, terminal):
            async with asyncio.timeout(60):
                while not re.search(rf"[1-9]\d* of (about )?{MANY} lines, \d+ per second, 0:\d\d:\d\d left", seen):
                    seen += (await asyncio.to_thread(os.read, terminal, 65_536)).decode()
            os.write(terminal, b"\x03")
            async with asyncio.timeout(60):
                while "to go on" not in seen:
                    seen += (await asyncio.to_thread(os.read, terminal, 65_536)).decode()
            assert await asyncio.wait_for(process.wait(), 30) == 130
        assert await listed(client, 5_300_000, last) < MANY


class TestFaults:
    async def test_a_server_that_is_killed_and_comes_back_costs_nothing(self, tmp_path: Path) -> None:
        port, last = free_port(0), 6_000_000 + MANY - 1
        (tmp_path / "table.csv").write_text(table(*range(6_000_000, last + 1)))
        async with AsyncExitStack() as stack:
            async with own_server(tmp_path, port) as client:
                command = importing(at(f"127.0.0.1:{port}"), tmp_path, "table.csv", "--json")
                process = await stack.enter_async_context(command)
                await begun(process, client, 6_000_000, last)
            async with own_server(tmp_path, port) as client:
                out, _ = await process.communicate()
                assert (process.returncode, all_of(json.loads(out))) == (0, MANY)
                await started(client, 6_000_000, last)

    async def test_a_server_that_stays_away_is_one_sentence_and_the_next_import_goes_on(self, tmp_path: Path) -> None:
        port, last = free_port(0), 6_100_000 + MANY - 1
        (tmp_path / "table.csv").write_text(table(*range(6_100_000, last + 1)))
        environment = at(f"127.0.0.1:{port}")
        async with AsyncExitStack() as stack:
            async with own_server(tmp_path, port) as client:
                command = importing(environment, tmp_path, "table.csv", "--wait", "1s")
                process = await stack.enter_async_context(command)
                await begun(process, client, 6_100_000, last)
            out, err = await process.communicate()
            assert (process.returncode, "opened" in out.decode()) == (2, True)
            assert f"The Temporal server at 127.0.0.1:{port} does not answer. What is open stays" in err.decode()
        async with own_server(tmp_path, port) as client:
            again = await starter_in(environment, tmp_path)("import", "table.csv", "--json")
            assert all_of(again.json) == MANY
            await started(client, 6_100_000, last)

    async def test_a_full_disk_is_one_sentence_and_the_next_import_goes_on(
        self, bare: dict[str, str], idle: Starter
    ) -> None:
        given = table(*range(6_200_000, 6_200_100)) + "bad\n" + table(*range(6_200_100, 6_200_200)).split("\n", 1)[1]
        said = await idle("import", "-", "--rejects", "/dev/full", given=given)
        assert said.code == 2
        assert "/dev/full cannot be used: No space left on device." in said.err
        # The line is read ahead of the openings: it may end the import before the first of them.
        assert ("What is open stays open" in said.err) == ("opened" in said.out)
        again = await idle("import", "-", "--json", given=given)
        assert (again.code, all_of(again.json), again.json["rejected"]) == (1, 200, {"layout": 1})
        await started(await connect(bare), 6_200_000, 6_200_199)

    async def test_a_server_whose_disk_is_full_is_one_sentence_and_the_next_import_goes_on(
        self, tmp_path: Path
    ) -> None:
        port, last = free_port(0), 6_400_000 + 199
        (tmp_path / "table.csv").write_text(table(*range(6_400_000, last + 1)))
        starter = starter_in(at(f"127.0.0.1:{port}"), tmp_path)
        async with own_server(tmp_path, port, "--sqlite-pragma", f"max_page_count={FULL_AT}"):
            said = await starter("import", "table.csv", "--wait", "25s", "--json")
            assert (said.code, 0 < said.json["opened"] < 200) == (2, True)
            sentence = f"The Temporal server at 127.0.0.1:{port} cannot store anything: its database or disk is full."
            assert said.json["stopped_because"] == sentence
            assert f"{sentence} What is open stays open; to go on, repeat the command" in said.err
        async with own_server(tmp_path, port) as client:
            assert all_of((await starter("import", "table.csv", "--json")).json) == 200
            await started(client, 6_400_000, last)

    async def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(self, idle: Starter, tmp_path: Path) -> None:
        whole = gzip.compress(table(*range(6_300_000, 6_300_400)).encode())
        (tmp_path / "table.csv.gz").write_bytes(whole[:-20])
        said = await idle("import", "table.csv.gz", "--json")
        assert (said.code, said.json["opened"] > 0) == (1, True)
        sentence = "The file cannot be read to its end: the compressed file is damaged or cut off."
        assert said.json["stopped_because"] == sentence
        assert sentence in said.err
