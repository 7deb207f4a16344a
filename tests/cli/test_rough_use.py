"""Rough use ends in one sentence and a stable exit code, never in a traceback.

- Files that are no files, closed pipes, full disks, closed streams.
- No server, a server that dies meanwhile, no worker, settings that cannot be read.
- Ctrl-C while it works and while it waits for input.
- Narrow terminals, terminals without colour, locales without Chinese.
"""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from client.connection import connect
from client.gateway import open_complaint
from embedded.process import ROOT
from tests.cli.conftest import Starter, starter_in
from tests.complaints import complaint
from tests.server import Server
from tests.temporal_server import at, temporal_server
from tests.waiting import eventually

PROGRAM = [sys.executable, str(ROOT / "starter.py")]
CHINESE = "取款机吞卡"


async def in_shell(line: str, environment: dict[str, str], directory: Path) -> tuple[int, str, str]:
    """A line in a shell, where ``$STARTER`` is the program: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        f"set -o pipefail; {line}",
        env={**os.environ, **environment, "STARTER": " ".join(PROGRAM), "TZ": "UTC"},
        cwd=directory,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in out + err
    return process.returncode, out.decode(), err.decode()


@pytest.fixture(scope="module")
async def bare() -> AsyncIterator[dict[str, str]]:
    """A server of its own: elsewhere thousands of complaints are imported that nobody works on."""
    async with temporal_server() as environment:
        yield environment


@pytest.fixture
async def chinese(bare: dict[str, str]) -> str:
    """A complaint with a Chinese summary, on the server without a worker."""
    new = complaint(summary=CHINESE)
    await open_complaint(await connect(bare), new)
    return new.reference


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("$STARTER open .", 2, ". cannot be used: Is a directory."),
        ("$STARTER open nothing.json", 2, "nothing.json cannot be used: No such file or directory."),
        ("$STARTER open binary", 1, "Refused (unreadable): This complaint could not be read: this is not valid JSON ("),
        ("$STARTER send R add_note @binary", 1, "Refused (unreadable): This add_note could not be read: "),
        ("$STARTER send R add_note @.", 2, ". cannot be used: Is a directory."),
        ("$STARTER open - <&-", 2, "What was named cannot be used: standard input is closed."),
        ("$STARTER show $'\\xff'", 1, "Refused (not_found): There is no complaint \\udcff."),
        ("$STARTER list > /dev/full", 2, "cannot be used: No space left on device."),
        ("$STARTER messages --json > /dev/full", 2, "The output cannot be written: No space left on device."),
        ("$STARTER list >&-", 0, "match"),
        ("$STARTER messages | head -1", 0, ""),
        ("$STARTER messages --json | head -1", 0, ""),
        ("$STARTER --help | head -1", 0, ""),
        ("$STARTER list --due-within tomorrow", 2, "is not a length of time"),
        ("$STARTER list --stage tea", 1, "Refused (no_such_stage): There is no stage tea; there are unreadable, "),
        ("$STARTER list --tier 0", 2, "--tier"),
        ('$STARTER list --owner "x\' OR 1"', 1, "Refused (no_such_id)"),
        ("$STARTER messages tea", 1, "Refused (no_such_message)"),
        ("TEMPORAL_CONFIG_FILE=binary $STARTER list", 2, "The Temporal client settings cannot be used: "),
        ("TEMPORAL_NAMESPACE=nowhere $STARTER list", 2, "has no namespace nowhere"),
        ("TEMPORAL_ADDRESS=:: $STARTER list", 2, "No Temporal server answers at ::"),
        ("COMPLAINTS_ARCHIVE_URL=sqlite:///no.db $STARTER show R", 2, "There is no archive at no.db"),
        ("COMPLAINTS_ARCHIVE_URL=nonsense $STARTER show R", 2, "is not the URL of a database."),
        ("COMPLAINTS_ARCHIVE_URL=postgresql://u:hunter2@127.0.0.1:9/x $STARTER show R", 2, "start its database, or"),
        ("COMPLAINTS_SETTINGS_FILE=binary $STARTER timeline R", 2, "names binary, which cannot be read"),
    ],
)
async def test_it_ends_in_a_sentence(line: str, code: int, sentence: str, bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 20)
    ended, _, err = await in_shell(line, bare, tmp_path)
    assert (ended, sentence in err) == (code, True), err


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["show", "R-0"], "refused"),
        (["list", "--nature", "tea"], "refused"),
        (["open", "nothing.json"], "failed"),
    ],
)
async def test_for_machines_it_ends_in_json(idle: Starter, words: list[str], key: str) -> None:
    said = await idle(*words, "--json")
    assert said.code in (1, 2)
    assert {"sentence"} < set(said.json[key])
    assert said.json[key]["sentence"] in said.err


async def test_no_worker(bare: dict[str, str], tmp_path: Path) -> None:
    """Side by side, of a complaint each: the server lets only one question wait for the worker of a complaint."""
    one, another, third = complaint(), complaint(), complaint()
    async with temporal_server() as of_its_own:
        for environment, new in ((bare, one), (bare, another), (of_its_own, third)):
            await open_complaint(await connect(environment), new)
        for said in await asyncio.gather(
            starter_in(bare, tmp_path)("tasks", one.reference),
            starter_in(bare, tmp_path)("timeline", another.reference),
            starter_in(of_its_own, tmp_path)("tasks"),
        ):
            assert (said.code, said.out) == (2, "")
            assert "within 15 s; start worker.py" in said.err


async def test_a_server_that_dies_meanwhile(tmp_path: Path) -> None:
    """First the port is closed, then it takes connections and nothing answers, as with a server that hangs."""
    async with temporal_server() as environment:
        client = await connect(environment)
        await open_complaint(client, complaint())
    said = await starter_in(environment, tmp_path)("list", "--json")
    assert said.code == 2
    assert said.json["failed"]["kind"] == "ServerNotThere"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        said = await starter_in(at(f"127.0.0.1:{listening.getsockname()[1]}"), tmp_path)("list")
    assert (said.code, said.out) == (2, "")
    assert "No Temporal server answers" in said.err


@pytest.mark.parametrize("words", [["open", "-"], ["send", "R", "add_note", "-"]])
async def test_one_ctrl_c_is_enough_while_it_waits_for_input(words: list[str], bare: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *words, env={**os.environ, **bare}, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    await _blocked_in_a_read_of(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, err.decode()) == (130, "Interrupted.\n")


async def test_ctrl_c_while_a_worker_is_waited_for(chinese: str, bare: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "show", chinese, env={**os.environ, **bare}, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
        preexec_fn=_hears_ctrl_c,
    )  # fmt: skip
    await _connected(process.pid, bare)
    process.send_signal(signal.SIGINT)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, err.decode()) == (130, "Interrupted.\n")


def _hears_ctrl_c() -> None:
    """As in a terminal: what a shell starts in the background is deaf to it, and so is all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def _blocked_in_a_read_of(pid: int) -> None:
    """Wait until the first thread of the process stands in a read of a pipe."""
    await eventually(lambda: asyncio.to_thread(lambda: "pipe_read" in _stands_in(pid)))


async def _connected(pid: int, environment: dict[str, str]) -> None:
    """Wait until the process has a connection to the server."""
    port = int(environment["TEMPORAL_ADDRESS"].rpartition(":")[2])
    await eventually(lambda: asyncio.to_thread(lambda: _open_files(pid) & _connections(pid, port)))


def _stands_in(pid: int) -> str:
    """The call of the kernel in which the first thread of the process waits."""
    return Path(f"/proc/{pid}/task/{pid}/wchan").read_text()


def _open_files(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in the meantime
            found.add(os.readlink(file))
    return found


def _connections(pid: int, port: int) -> set[str]:
    """Sockets that are connected to a port, as /proc names them."""
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{row[9]}]" for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"}


async def test_a_narrow_terminal_gets_a_block_per_row(chinese: str, bare: dict[str, str], tmp_path: Path) -> None:
    code, out, _ = await in_shell(
        f"COLUMNS=40 $STARTER list --limit 500 | grep -A1 '^complaint *{chinese}'", bare, tmp_path
    )
    assert code == 0
    assert out.splitlines()[1].split() == ["stage", "received"]
    for command in ("messages", "list"):
        _, out, _ = await in_shell(f"COLUMNS=60 $STARTER {command}", bare, tmp_path)
        assert max(len(line.rstrip()) for line in out.splitlines()) <= 60


async def test_chinese_where_the_terminal_has_none(run: Starter, server: Server, tmp_path: Path) -> None:
    new = complaint(summary=CHINESE)
    environment = at(server.client.service_client.config.target_host)
    await open_complaint(await connect(environment), new)
    for settings in ("LC_ALL=C PYTHONIOENCODING=ascii", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"):
        code, out, err = await in_shell(f"{settings} $STARTER show {new.reference}", environment, tmp_path)
        assert (code, err) == (0, "")
        assert CHINESE in out or CHINESE.encode("unicode_escape").decode() in out
        _, out, _ = await in_shell(f"{settings} $STARTER show {new.reference} --json", environment, tmp_path)
        assert json.loads(out)["complaint"]["summary"] == CHINESE


@pytest.mark.parametrize(("no_color", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_only_where_they_are_wanted(no_color: dict[str, str], coloured: bool) -> None:
    """In a terminal the headings are bold and need no colour; NO_COLOR leaves no colour at all."""
    code, shown = in_terminal(["--help"], no_color)
    assert code == 0
    assert b"Exit codes" in shown
    assert (b"\x1b[1;36m" in shown or b"\x1b[36m" in shown) is coloured


def test_a_refusal_is_broken_between_words_in_a_terminal() -> None:
    code, shown = in_terminal(["messages", "tea"], {"COLUMNS": "60"})
    lines = shown.decode().splitlines()
    assert (os.waitstatus_to_exitcode(code), len(lines) > 3) == (1, True)
    assert max(map(len, lines)) <= 60
    assert {"customer_contacted_us,", "propose_resolution,", "confirm_unreachable,"} <= set(" ".join(lines).split())


def in_terminal(command: list[str], settings: dict[str, str]) -> tuple[int, bytes]:
    """How a command ends that a person has typed, and all that they see."""
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    process, terminal = pty.fork()
    if process == 0:
        os.execve(sys.executable, [*PROGRAM, *command], {**environment, "TERM": "xterm-256color", **settings})  # noqa: S606
    shown = b""
    while chunk := _read(terminal):
        shown += chunk
    return os.waitpid(process, 0)[1], shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how a terminal says that the program has ended
        return b""
