"""The commands, each with a connected client. They return the exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import cast

from rich.console import Group
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.text import Text
from temporalio.client import Client

from cli.tables import (
    case_sheet,
    clock_table,
    import_lines,
    overview_table,
    ready_commands,
    recorded_table,
    task_table,
)
from cli.terminal import console, content, say
from client import gateway
from client.failures import Refused
from demo import recorded
from intake.bulk import Rejects, Summary, open_all
from intake.source import complaints


async def open_file(client: Client, file: str, json: bool) -> int:
    """Open one complaint."""
    receipt = await gateway.open_complaint(client, gateway.read_complaint(content(file)))
    say(receipt, f"{receipt.reference}: {receipt.note}", as_json=json)
    return 0


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


async def play_recorded(client: Client, file: Path, size: int, json: bool) -> int:
    """Bring real complaints to their end, as the companies answered them."""
    with file.open("rb") as stream:
        complaints = recorded.sample(stream, size)
    with Progress(console=console(), transient=True) as bar:
        task = bar.add_task("complaints", total=len(complaints))
        replayed = await recorded.replay(client, complaints, lambda done: bar.advance(task, done))
    say(replayed, Group(recorded_table(replayed), *replayed.troubles), as_json=json)
    return 1 if replayed.troubles else 0


async def show(client: Client, reference: str, json: bool) -> int:
    """Show one case file."""
    file = await gateway.case_file(client, reference)
    tasks = [(reference, task) for task in await gateway.open_tasks(client, reference)]
    clocks = clock_table(await gateway.deadlines(client, reference))
    say(file, Group(case_sheet(reference, file), Text(), clocks, Text(), task_table(tasks)), as_json=json)
    return 0


async def tasks_of(client: Client, reference: str, json: bool) -> int:
    """Show the open tasks of one complaint with their messages."""
    tasks = await gateway.open_tasks(client, reference)
    table = task_table((reference, task) for task in tasks)
    say(tasks, Group(table, Text(), ready_commands(reference, tasks)), as_json=json)
    return 0


async def most_urgent_tasks(client: Client, limit: int, json: bool) -> int:
    """Show the open tasks of the most urgent complaints."""
    urgent = [one.reference for one in (await gateway.open_complaints(client))[:limit]]
    found = await asyncio.gather(*(gateway.open_tasks(client, one) for one in urgent))
    each = [(one, task) for one, tasks in zip(urgent, found, strict=True) for task in tasks]
    say([{"reference": one, **task.model_dump(mode="json")} for one, task in each], task_table(each), as_json=json)
    return 0


async def list_open(client: Client, limit: int, json: bool) -> int:
    """List the open complaints."""
    found = await gateway.open_complaints(client)
    say(found[:limit], overview_table(found[:limit]), as_json=json)
    if len(found) > limit:
        console().print(f"{len(found) - limit} more; --limit shows them.")
    return 0


async def send(client: Client, reference: str, message: str, text: str, json: bool) -> int:
    """Send one message."""
    if text == "-" or text.startswith("@"):
        text = content(text.removeprefix("@")).decode(errors="replace")
    receipt = await gateway.send(client, reference, message, text)
    if receipt is None:
        say({"sent": message}, f"{reference}: {message} is sent; facts are taken in without an answer.", as_json=json)
        return 0
    again = " (accepted before; nothing was done twice)" if receipt.repeated else ""
    say(receipt, f"{reference} is {receipt.stage}, tier {receipt.tier}: {receipt.note}{again}", as_json=json)
    return 0


async def show_deadlines(client: Client, reference: str, explain: str | None, json: bool) -> int:
    """Show the clocks, or count one of them out."""
    clocks = await gateway.deadlines(client, reference)
    if explain is None:
        say(clocks, clock_table(clocks), as_json=json)
        return 0
    clock = next((clock for clock in clocks if clock.id == explain), None)
    if clock is None:
        raise Refused("no_such_clock", f"There is no clock {explain}; 'deadlines {reference}' lists them.")
    say(clock, "\n".join([*clock.moves, *clock.explanation]), as_json=json)
    return 0
