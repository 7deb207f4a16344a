"""Whose turn it is. Each command returns its exit code."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import to_json
from rich.console import Group
from rich.text import Text
from temporalio.client import Client

from cli.tables import task_table
from cli.terminal import hint, say
from cli.times import Zones, zone_of
from client import gateway
from client.failures import Refused, WorkerNotThere
from client.listing import FAR, Overview, Wanted, find
from domain.model import Model
from domain.tasks import OpenTask

AT_A_TIME = 16
"""Complaints asked at once: more would only queue up at the workers."""

Turn = tuple[str, OpenTask]
"""A complaint's reference, and something that somebody must do about it."""


class Silent(Model):
    """A complaint that could not be asked."""

    reference: str
    """Which."""
    reason: str
    """Why, in a sentence."""


@dataclass(frozen=True)
class Whose:
    """Which tasks are wanted. All that is named must hold."""

    role: str | None = None
    person: str | None = None
    department: str | None = None
    overdue: bool = False

    def complaints(self) -> Wanted:
        """The complaints that can have such tasks; a person's turn comes only in complaints of their own."""
        return Wanted(owner=self.person, department=self.department)

    def includes(self, task: OpenTask, now: datetime) -> bool:
        """Whether a task is wanted."""
        return (
            self.role in (None, task.role)
            and self.person in (None, task.person)
            and self.department in (None, task.department)
            and (not self.overdue or (task.due is not None and task.due < now))
        )


async def tasks_of(client: Client, reference: str, whose: Whose, json: bool) -> int:
    """Show the open tasks of one complaint with their messages."""
    now = datetime.now(UTC)
    tasks = [task for task in await gateway.open_tasks(client, reference) if whose.includes(task, now)]
    zone = zone_of(await gateway.case_file(client, reference))
    table = task_table((reference, task, zone) for task in tasks)
    say(tasks, Group(table, Text(), ready_commands(reference, tasks)), as_json=json)
    if not tasks:
        hint("Nothing of that kind waits for anybody.")
    return 0


def ready_commands(reference: str, tasks: Iterable[OpenTask]) -> Group:
    """The command for each task, to be pasted into a shell and completed where it says <...>."""
    return Group(*(Text(_command(reference, task)) for task in tasks))


def _command(reference: str, task: OpenTask) -> str:
    script = sys.argv[0]
    started = sys.orig_argv[: sys.orig_argv.index(script) + 1] if script in sys.orig_argv else [script]
    return shlex.join([*started, "send", reference, task.message, to_json(task.ready).decode()])


async def tasks_of_all(client: Client, whose: Whose, limit: int, among: int, json: bool) -> int:
    """Show the open tasks of many complaints, the soonest due first."""
    found = await find(client, whose.complaints(), among, order=_next_action)
    turns, silent, asked = await _soonest(client, found.complaints, whose, limit)
    shown = turns[:limit]
    answer = {
        "tasks": [{"reference": reference, **task.model_dump(mode="json")} for reference, task in shown],
        "open_complaints": found.matched,
        "asked": asked,
        "not_answered": silent,
    }
    zones, packs = Zones(), {one.reference: one.rule_pack for one in found.complaints}
    table = task_table((reference, task, zones.of(packs[reference])) for reference, task in shown)
    say(answer, table, as_json=json)
    for one in silent:
        hint(one.reason)
    if not turns:
        hint(f"Nothing of that kind waits for anybody; open complaints asked: {asked}.")
    if asked == len(found.complaints) < found.matched and len(turns) <= limit:
        hint(f"Only {asked} of {found.matched} open complaints were asked, the soonest due; --among asks more.")
    return 1 if silent else 0


def _next_action(one: Overview, now: datetime) -> tuple[int, float, str]:
    return 0, (one.next_action or FAR).timestamp(), one.reference


async def _soonest(
    client: Client, complaints: Sequence[Overview], whose: Whose, limit: int
) -> tuple[list[Turn], list[Silent], int]:
    """Ask complaint after complaint, until none that is left can have a task due sooner than those found."""
    turns, silent, asked = list[Turn](), list[Silent](), 0
    now = datetime.now(UTC)
    while asked < len(complaints):
        ahead = complaints[asked].next_action or FAR
        if sum((task.due or FAR) < ahead for _, task in turns) > limit:
            break
        batch = [one.reference for one in complaints[asked : asked + AT_A_TIME]]
        answers = await asyncio.gather(*(_tasks(client, reference) for reference in batch))
        if not asked:
            _somebody_must_answer(answers)
        for reference, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                silent.append(Silent(reference=reference, reason=str(answer)))
            else:
                turns += [(reference, task) for task in answer if whose.includes(task, now)]
        asked += len(batch)
    return sorted(turns, key=lambda turn: (turn[1].due or FAR, turn[0])), silent, asked


def _somebody_must_answer(answers: Sequence[object]) -> None:
    """One complaint that does not answer hides no other; but where nobody works, asking on would only take long."""
    absent = [answer for answer in answers if isinstance(answer, WorkerNotThere)]
    if len(absent) == len(answers):
        raise absent[0]


async def _tasks(client: Client, reference: str) -> list[OpenTask] | WorkerNotThere | Refused:
    try:
        return await gateway.open_tasks(client, reference)
    except (WorkerNotThere, Refused) as reason:
        return reason
