"""Opening a whole file of complaints. The command returns its exit code."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import cast

from rich.progress import Progress, TextColumn, TimeElapsedColumn
from temporalio.client import Client

from cli.tables import import_lines
from cli.terminal import console, say
from intake.bulk import Rejects, Summary, open_all
from intake.source import complaints


async def import_file(
    client: Client, file: str, rule_pack: str | None, limit: int | None, recorded_time: bool, rejects: Path, json: bool
) -> int:
    """Open every complaint of a file."""
    if recorded_time:
        console().print("Clocks run from the recorded time of receipt: those of old complaints have run out already.")
    now = None if recorded_time else datetime.now(UTC)
    with _opened(file) as stream:
        found = islice(complaints(stream, rule_pack, now), limit)
        summary = await _with_progress(lambda tell: open_all(client, found, Rejects(rejects), tell))
    say(summary, "\n".join(import_lines(summary, str(rejects))), as_json=json)
    return 1 if summary.rejected else 0


def _opened(file: str) -> BufferedReader:
    return cast(BufferedReader, sys.stdin.buffer) if file == "-" else Path(file).open("rb")


async def _with_progress(work: Callable[[Callable[[Summary], None]], Awaitable[Summary]]) -> Summary:
    columns = (TextColumn("{task.completed} complaints"), TextColumn("{task.fields[rate]:.0f}/s"), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as bar:
        task = bar.add_task("import", total=None, rate=0.0)
        return await work(lambda summary: bar.update(task, completed=summary.done, rate=summary.per_second))
