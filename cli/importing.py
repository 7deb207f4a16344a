"""Opening a whole file of complaints. The command returns its exit code."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError
from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.progress import Extent, View, progress
from cli.terminal import console, say
from client.connection import ServerNotThere, connect
from client.failures import Refused
from domain.model import Identifier
from domain.reading import Unreadable
from intake.bulk import Import
from intake.inbox import Inbox, Line
from intake.patience import PatientServer
from intake.source import Wrong, complaints
from intake.tally import Rejects, Summary, Tally

KINDS = {
    Wrong.LAYOUT: "not a row or object",
    Wrong.VALUE: "a value is wrong or missing",
    Wrong.ENCODING: "no text in this encoding",
    Wrong.SIZE: "too long",
    Wrong.DIFFERENT: "known, with another content",
    Wrong.REFUSED: "refused by the server",
}


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    file: str
    """Path, or ``-`` for standard input."""
    rule_pack: str | None
    """For all, instead of their own."""
    limit: int | None
    """Lines at most."""
    recorded_time: bool
    """Whether complaints are received when the file says so, or now."""
    encoding: str | None
    """How the file is encoded, when it neither says so nor is UTF-8."""
    rejects: Path
    """Where rejected lines go."""
    wait: timedelta
    """How long to wait for a server that does not answer."""
    dry_run: bool
    """Whether only to check the file."""
    json: bool
    """Whether a machine reads the answer."""


async def import_file(wanted: Wanted) -> int:
    """Open every complaint of a file, or check the file only."""
    _check_rule_pack(wanted.rule_pack)
    stream = _opened(wanted.file)
    server = None if wanted.dry_run else PatientServer(await connect(quiet=True), wanted.wait.total_seconds())
    if server and wanted.recorded_time and not wanted.json:
        console().print("Clocks run from the recorded time of receipt: those of old complaints have run out already.")
    extent = _extent(stream, wanted.limit)
    importing = Import(Inbox(_lines(stream, wanted)), Tally(Rejects(wanted.rejects)), server)
    async with progress(View(importing, extent), quiet=wanted.json):
        code, reason = await _ended(importing)
    summary = importing.tally.end(reason)
    say(summary, _shown(summary, wanted), as_json=wanted.json)
    if reason:
        console().print(Text(f"{reason} {_how_to_go_on(wanted.file)}"))
    return code or (1 if summary.rejected else 0)


async def _ended(importing: Import) -> tuple[int, str | None]:
    """Run it; the exit code, and the reason in a sentence when it did not come to the end of the file."""
    try:
        with _stopped_by_signals(importing):
            await importing.run()
    except (ServerNotThere, Unreadable, OSError) as trouble:
        if not importing.tally.summary.lines:
            raise
        return _reason(trouble)
    return (130, "Interrupted.") if importing.stopped else (0, None)


def _reason(trouble: Exception) -> tuple[int, str]:
    match trouble:
        case OSError():
            return 2, f"{trouble.filename or 'The file'} cannot be used: {trouble.strerror}."
        case Unreadable():
            return 1, f"The file cannot be read to its end: {trouble}."
        case _:
            return 2, str(trouble)


@contextmanager
def _stopped_by_signals(importing: Import) -> Iterator[None]:
    """Ctrl-C finishes what is being opened; a second one ends at once."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        importing.stop()
        restore()

    def restore() -> None:
        for number in numbers:
            loop.remove_signal_handler(number)

    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        restore()


def _check_rule_pack(name: str | None) -> None:
    try:
        TypeAdapter(Identifier | None).validate_python(name)
    except ValidationError:
        raise Refused("no_such_rule_pack", "A rule pack has no such name.") from None


def _opened(file: str) -> BufferedReader:
    if file != "-":
        return Path(file).open("rb")
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return cast(BufferedReader, sys.stdin.buffer)


def _extent(stream: BufferedReader, limit: int | None) -> Extent:
    """Asked of the file itself, whose position is that of the packed bytes."""
    number = stream.fileno()
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode):
        return Extent(None, lambda: 0, limit)
    return Extent(status.st_size, lambda: os.lseek(number, 0, os.SEEK_CUR), limit)


def _lines(stream: BufferedReader, wanted: Wanted) -> Iterator[Line]:
    now = None if wanted.recorded_time else datetime.now(UTC)
    return islice(complaints(stream, wanted.rule_pack, now, wanted.encoding), wanted.limit)


def _shown(summary: Summary, wanted: Wanted) -> Group:
    table = Table.grid(padding=(0, 3))
    table.add_column(justify="right")
    table.add_column()
    for number, what in _outcomes(summary, wanted):
        table.add_row(f"{number:,}", Text(what))
    pace = f"{summary.lines:,} lines in {summary.seconds:,.1f} s, {summary.per_second:,.0f} per second"
    hint = "If the file is in another encoding, name it: --encoding gb18030"
    return Group(table, Text(pace), *([Text(hint)] if Wrong.ENCODING in summary.rejected else []))


def _outcomes(summary: Summary, wanted: Wanted) -> Iterator[tuple[int, str]]:
    yield (summary.checked, "can be opened") if wanted.dry_run else (summary.opened, "opened")
    before = [
        (summary.open_before, "open before"),
        (summary.closed_before, "closed before"),
        (summary.repeated, "a second time in this file"),
    ]
    yield from (one for one in before if one[0])
    if summary.rejected:
        yield sum(summary.rejected.values()), f"rejected: {wanted.rejects}"
        yield from ((number, f"  {KINDS[kind]}") for kind, number in summary.rejected.items())


def _how_to_go_on(file: str) -> str:
    same_input = " with the same input" if file == "-" else ""
    command = shlex.join([os.path.relpath(sys.executable), *sys.argv])
    return f"What is open stays open; to go on, repeat the command{same_input}: {command}"
