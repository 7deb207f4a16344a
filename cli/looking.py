"""Looking at complaints. Each command returns its exit code."""

from __future__ import annotations

from rich.console import Group
from rich.text import Text
from temporalio.client import Client

from cli.law.days import count_of, owed
from cli.tables import archived_clocks, case_sheet, clock_table, closed_table, overview_table, sources, task_table
from cli.terminal import hint, say
from cli.times import Zones, zone_of
from client import gateway
from client.failures import Refused
from client.listing import Wanted, find
from client.records import CompleteRecord, complete_record


async def show(client: Client, reference: str, json: bool) -> int:
    """Show one case file, of an open complaint or of a closed one."""
    record = await complete_record(client, reference)
    shown = _kept(reference, record) if record.from_archive else await _alive(client, reference, record)
    say(record.file, shown, as_json=json)
    if record.from_archive:
        hint("From the archive: no workflow answers for this complaint any more.")
    return 0


async def _alive(client: Client, reference: str, record: CompleteRecord) -> Group:
    zone = zone_of(record.file)
    tasks = [(reference, task, zone) for task in await gateway.open_tasks(client, reference)]
    clocks = clock_table(await gateway.deadlines(client, reference))
    return Group(case_sheet(reference, record.file), Text(), clocks, Text(), task_table(tasks))


def _kept(reference: str, record: CompleteRecord) -> Group:
    return Group(case_sheet(reference, record.file), Text(), archived_clocks(record.file))


async def list_all(client: Client, wanted: Wanted, limit: int, json: bool) -> int:
    """List the complaints that are wanted."""
    found = await find(client, wanted, limit)
    table = (closed_table if wanted.closed else overview_table)(found.complaints, Zones())
    say(found, table, as_json=json)
    more = found.matched - len(found.complaints)
    hint(f"{found.matched} match{f'; --limit shows the other {more}' if more else ''}.")
    return 0


async def show_deadlines(client: Client, reference: str, explain: str | None, json: bool) -> int:
    """Show the clocks, with the count of those of the reply that are not over; or count one of them out."""
    clocks = await gateway.deadlines(client, reference)
    if explain is None:
        cited = sources((clock.id, clock.source) for clock in clocks)
        counts = (part for clock in clocks if owed(clock) for part in (Text(), count_of(clock)))
        say(clocks, Group(clock_table(clocks), Text(), cited, *counts), as_json=json)
        return 0
    clock = next((clock for clock in clocks if clock.id == explain), None)
    if clock is None:
        raise Refused("no_such_clock", f"There is no clock {explain}; 'deadlines {reference}' lists them.")
    say(clock, count_of(clock), as_json=json)
    return 0
