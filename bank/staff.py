"""The scripted staff of the stand-in: reads whose turn it is, and does the next thing, as any department tool would.

It knows a complaint by the public interface only: queries, signals and updates by name, with plain JSON.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkipper

from bank.ordinary import Task, filled, ordinary_act, somebody
from bank.script import Act, Script
from domain.closing import ClosedComplaint
from domain.facts import FACTS

MOST_STEPS = 2_000
"""No complaint needs as many; one that does is stuck."""
PATIENCE = 600
"""How often the machine is asked whether it is done before time is let pass in any case: for half a minute. A request
that was lost with its worker is repeated after a silence of a quarter."""
HURRY = timedelta(days=1)
"""How far to go ahead when nothing is due."""
CALLS_FROM, CALLS_TO, FIRST_CALL = 9, 21, 10
INDEPENDENT = {"decide_compensation", "confirm_unreachable"}
"""Decisions of people who took no part before."""
NAMELESS = {"customer_contacted_us", "regulator_contacted_us", "evidence_added"}
"""Facts that systems send."""


class NotAsTold(Exception):
    """A complaint did not go as its script says. The text says where."""


@dataclass(frozen=True)
class View:
    """A complaint as its staff sees it."""

    file: dict[str, Any]
    tasks: list[Task]
    now: datetime
    """Its own time."""
    next_due: datetime | None
    closed: bool
    machine_at_work: bool

    @property
    def stage(self) -> str:
        """Where it is in its life."""
        return str(self.file["stage"])

    @property
    def tier(self) -> int:
        """Its tier."""
        return int(self.file.get("tier", 1))

    @property
    def cycle(self) -> int:
        """Its cycle."""
        return len(self.file.get("cycles", []))

    @property
    def owner(self) -> dict[str, str]:
        """Who answers for it."""
        owner: dict[str, str] = self.file["owners"][-1]["owner"]
        return owner

    def ran_out(self, clock_id: str) -> bool:
        """Whether a clock has run out."""
        return any(clock["id"] == clock_id and clock["breached_at"] for clock in self.file["clocks"])

    def took_part(self) -> Iterator[str]:
        """Everybody who decided anything so far, and everybody complained of."""
        yield from self.file["recused"]
        yield from (ownership["owner"]["id"] for ownership in self.file["owners"])
        for cycle in self.file["cycles"]:
            yield from (call["by"]["id"] for call in cycle["calls"])
            for proposal in cycle["proposals"]:
                yield from (approval["by"]["id"] for approval in proposal["approvals"])


class ScriptedStaff:
    """Everybody at the bank who has to do with one complaint."""

    def __init__(self, client: Client, reference: str, script: Script, skipper: TimeSkipper | None = None) -> None:
        self.reference = reference
        self.zone = script.zone
        """Where the customer lives."""
        self.refusals: list[str] = []
        """Codes of the refusals that the script foresees, in order."""
        self.view: View | None = None
        """What the staff saw last."""
        self.last_event = ""
        """What was done last."""
        self._handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(f"complaint-{reference}")
        self._script = script
        self._skipper = skipper
        self._done: set[int] = set()
        self._patience = PATIENCE

    async def work(self, enough: Callable[[View], bool] = lambda view: False) -> View:
        """Work until the complaint is closed or it is enough; without a time skipper, until nothing is to be done.

        Raises:
            NotAsTold: a message was accepted or refused against the script, or the complaint does not move.
        """
        for _ in range(MOST_STEPS):
            self.view = view = await self.look()
            if view.closed or enough(view):
                return view
            if await self.act(view):
                self._patience = PATIENCE
            elif view.machine_at_work and self._patience:
                self._patience -= 1
                await asyncio.sleep(0.05)
            elif self._skipper is None:
                return view
            else:
                await self._let_time_pass(self._skipper, view)
        raise NotAsTold(f"{self.reference} does not come to its end")

    async def look(self) -> View:
        """See how the complaint stands."""
        described = await self._handle.describe()
        raw = described.raw_description
        # The file last: nobody shall act in a stage that the file does not show yet.
        tasks, file = await self._handle.query("open_tasks"), await self._handle.query("case_file")
        skipped = raw.workflow_extended_info.HasField("time_skipping_info")
        theirs = raw.workflow_extended_info.time_skipping_info.current_time.ToDatetime(UTC)
        return View(
            file=file,
            tasks=tasks,
            now=theirs if skipped else datetime.now(UTC),
            next_due=_next_action(described),
            closed=described.status is not WorkflowExecutionStatus.RUNNING,
            machine_at_work=bool(raw.pending_activities) or raw.HasField("pending_workflow_task"),
        )

    async def closed(self) -> ClosedComplaint:
        """What became of the complaint."""
        return ClosedComplaint.model_validate(await self._handle.result())

    async def act(self, view: View) -> bool:
        """Do the first thing that can be done now; false when there is nothing to do.

        Raises:
            NotAsTold: a message was accepted or refused against the script.
        """
        for task in view.tasks:
            number, act = self._act_for(task, view)
            if act and self._moment(act, task, view) == view.now and _holds(act, view):
                await self._perform(number, act, task, view)
                return True
        return False

    def _act_for(self, task: Task, view: View) -> tuple[int, Act | None]:
        told = {(entry.get("message") or {}).get("message_id") for entry in view.file.get("journal", [])}
        for number, act in enumerate(self._script.acts, start=1):
            done = number in self._done or f"act-{number}" in told
            if not done and fnmatchcase(task["id"], act.when) and act.cycle <= max(view.cycle, 1):
                return number, act
        return 0, ordinary_act(task)

    def _moment(self, act: Act, task: Task, view: View) -> datetime:
        """When an act can be done: on its day, at its hour; calls never at night."""
        from_then = _instant(view.file["opened_at"]) + timedelta(days=act.day) if act.day else view.now
        if from_then > view.now:
            return from_then
        local = view.now.astimezone(ZoneInfo(self._script.zone))
        at_night = act.hour is None and task["message"] == "record_callback" and not CALLS_FROM <= local.hour < CALLS_TO
        hour = FIRST_CALL if at_night else act.hour
        if hour is None or hour == local.hour:
            return view.now
        moment = local.replace(hour=hour, minute=5, second=0, microsecond=0)
        return (moment if moment > local else moment + timedelta(days=1)).astimezone(UTC)

    async def _perform(self, number: int, act: Act, task: Task, view: View) -> None:
        message = act.send or task["message"]
        content = filled(message, self._ready(number, act, message, task), _dated(act.say, view.now))
        sender = self._sender(act, message, task, view)
        if sender:
            content["by"] = sender
        self._done.add(number)
        who = sender["id"] if sender else "the outside world"
        self.last_event = f"{message.replace('_', ' ')} by {who}"
        code = await self.send(message, content)
        if code != act.refused:
            told = f"refused with {act.refused}" if act.refused else "accepted"
            raise NotAsTold(f"{self.reference}: {message} should be {told}, and was {code or 'accepted'}")
        if code:
            self.refusals.append(code)
            self.last_event += f": refused ({code})"

    def _ready(self, number: int, act: Act, message: str, task: Task) -> dict[str, Any]:
        own = message == task["message"]
        ready = dict(task["ready"]) if own else {}
        if not own and message.startswith("investigation_"):
            ready["investigation"] = task["id"]
        if number:
            ready["message_id"] = f"act-{number}"
        elif message in FACTS:
            ready["message_id"] = f"{task['id']}-{message}"
        return ready

    def _sender(self, act: Act, message: str, task: Task, view: View) -> dict[str, str] | None:
        asked: dict[str, str] = task["ready"].get("by", {})
        if message in NAMELESS and not act.role:
            return None
        if not act.role and not act.by and not asked.get("id", "<").startswith("<"):
            return asked
        own = message == task["message"] or message.startswith("investigation_")
        if not own and not act.role:
            return view.owner
        role = act.role or asked["role"]
        department = task["department"] if role == "department_staff" else None
        avoid = set(view.took_part()) if message in INDEPENDENT else set(view.file["recused"])
        return {"id": act.by or somebody(role, department, avoid), "role": role}

    async def send(self, message: str, content: dict[str, Any]) -> str | None:
        """Send a message; the code of its refusal, if it was refused."""
        if message in FACTS:
            await self._handle.signal(message, content)
            return None
        try:
            await self._handle.execute_update(message, content)
        except WorkflowUpdateFailedError as failed:
            if isinstance(failed.cause, ApplicationError):
                self.last_event += f" ({failed.cause.message})"
                return failed.cause.type
            raise
        return None

    async def _let_time_pass(self, skipper: TimeSkipper, view: View) -> None:
        """Go ahead to the next time at which something happens or can be done, in this complaint only."""
        moments = [self._moment(act, task, view) for task in view.tasks if (act := self._act_for(task, view)[1])]
        due = [_instant(clock["due_at"]) for clock in view.file.get("clocks", []) if _ticking(clock)]
        climbs = [_instant(one["climb_at"]) for one in view.file.get("investigations", []) if one["climb_at"]]
        ahead = [moment for moment in [*moments, *due, *climbs, view.next_due] if moment and moment > view.now]
        until = min(ahead, default=view.now + HURRY) + timedelta(seconds=1)
        self.last_event = "time passes"
        await skipper.fast_forward(self._handle, until - view.now)


def _holds(act: Act, view: View) -> bool:
    return act.tier <= view.tier and (act.after is None or view.ran_out(act.after))


def _ticking(clock: dict[str, Any]) -> bool:
    return not (clock["met_at"] or clock["stopped_at"] or clock["breached_at"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _next_action(described: WorkflowExecutionDescription) -> datetime | None:
    pairs = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    found = pairs.get("NextActionAt")
    return found if isinstance(found, datetime) else None


def _dated(say: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: _date(value, now) if isinstance(value, str) else value for name, value in say.items()}


def _date(value: str, now: datetime) -> str:
    found = re.fullmatch(r"<\+(\d+) days>", value)
    return (now + timedelta(days=int(found[1]))).isoformat() if found else value
