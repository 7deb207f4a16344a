"""Looking at complaints. Each command returns its exit code."""

from __future__ import annotations

import asyncio

from rich.console import Group
from rich.text import Text
from temporalio.client import Client

from cli.tables import case_sheet, clock_table, overview_table, ready_commands, task_table
from cli.terminal import console, say
from client import gateway
from client.failures import Refused


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
