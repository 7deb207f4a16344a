"""Races: the same messages one after the other in every order, and at the same moment; and all that came of them.

A life of a race is played in one of four ways: *calmly*, each message after everything that the one before brought
about; *at once*, in a known order, but with nothing in between, as no worker is there until all have arrived;
*meanwhile*, while a system of the bank does what the one before brought about; and *together*, sent at the same moment,
in whatever order the server takes them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pprint import pformat
from typing import Any
from uuid import uuid4

from pydantic_core import to_jsonable_python
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage
from temporalio.api.update.v1 import UpdateRef
from temporalio.api.workflowservice.v1 import PollWorkflowExecutionUpdateRequest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain.errands import DONE
from tests.waiting import eventually
from tests.workflows.case import Case, Json, idle
from tests.workflows.conftest import OpenCase, opener, worker_for
from tests.workflows.recorded_bank import RecordedBank

ADMITTED = UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED


@dataclass(frozen=True)
class Move:
    """A message that somebody sends: a decision, or a fact."""

    name: str
    """Of the message."""
    message: Json
    """The message."""
    id: str = "move"
    """Of a decision's update."""
    decision: bool = True

    async def send(self, case: Case) -> Json:
        """Send it; the answer is its receipt, or why it was refused."""
        if not self.decision:
            await case.tell(self.name, **self.message)
            return {"code": "told"}
        try:
            receipt: Json = await case.handle.execute_update(self.name, self.message, id=self.id)
        except WorkflowUpdateFailedError as refused:
            return {"code": refused.cause.type if isinstance(refused.cause, ApplicationError) else str(refused.cause)}
        except RPCError as too_late:
            return {"code": "closed" if too_late.status is RPCStatusCode.NOT_FOUND else str(too_late)}
        return {"code": "accepted"} | receipt

    async def arrive(self, case: Case) -> asyncio.Future[Json]:
        """Send it while no worker is there; the answer will come."""
        sent = asyncio.ensure_future(self.send(case))
        await (_admitted(case, self.id) if self.decision else sent)
        return sent


@dataclass(frozen=True)
class Race:
    """Decisions for which one moment is the right one."""

    name: str
    """What is raced."""
    bring: Callable[[Case], Awaitable[object]]
    """Bring a complaint to that moment."""
    moves: tuple[Move, ...]
    """The decisions."""
    came: tuple[Json, ...]
    """For every serial order, as in ``orders``, what must have come of it: ``answers`` by decision, and what is so."""

    goes_on: bool = True
    """Whether the complaint does something by itself after the first, which can happen before or after the second."""

    @property
    def orders(self) -> list[tuple[int, ...]]:
        """Each decision first once, then the others."""
        all_ = range(len(self.moves))
        return [tuple((first + step) % len(self.moves) for step in all_) for first in all_]

    async def calmly(self, case: Case, order: Sequence[int]) -> list[Json]:
        """One after the other, each after everything that the one before brought about."""
        answers = {}
        for number in order:
            answers[number] = await self.moves[number].send(case)
            await case.until(idle)
        return [answers[number] for number in sorted(answers)]

    async def meanwhile(self, case: Case, order: Sequence[int], name: str) -> list[Json]:
        """The first, then the others while the bank does what is named."""
        first, *others = order
        held = case.bank.hold(case.reference, name)
        answers = {first: await self.moves[first].send(case)}
        await held.arrived.wait()
        answers |= {number: await self.moves[number].send(case) for number in others}
        held.go.set()
        return [answers[number] for number in sorted(answers)]

    async def together(self, case: Case, order: Sequence[int]) -> list[Json]:
        """At the same moment."""
        answers = await asyncio.gather(*(self.moves[number].send(case) for number in order))
        return [answer for _, answer in sorted(zip(order, answers, strict=True))]

    async def arrived(self, case: Case, order: Sequence[int]) -> asyncio.Future[list[Json]]:
        """Send all of them in an order, while no worker is there; their answers will come."""
        sent = [await self.moves[number].arrive(case) for number in order]
        return asyncio.gather(*(sent[order.index(number)] for number in range(len(order))))


async def _admitted(case: Case, update_id: str) -> None:
    ref = UpdateRef(workflow_execution=WorkflowExecution(workflow_id=case.handle.id), update_id=update_id)
    request = PollWorkflowExecutionUpdateRequest(namespace=case.client.namespace, update_ref=ref)

    async def look() -> bool:
        try:
            return (await case.client.workflow_service.poll_workflow_execution_update(request)).stage == ADMITTED
        except RPCError as unknown:
            if unknown.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False

    await eventually(look)


async def in_between(env: WorkflowEnvironment, bank: RecordedBank, open_case: OpenCase, race: Race) -> list[list[Json]]:
    """What comes of every order where it makes a difference when the others come: at once, and meanwhile."""
    if not race.goes_on:
        return [[] for _ in race.orders]
    at_once, *meanwhile = await asyncio.gather(
        _at_once(env, bank, race), *(_meanwhile(open_case, race, order) for order in race.orders)
    )
    return [[one, *others] for one, others in zip(at_once, meanwhile, strict=True)]


async def _at_once(env: WorkflowEnvironment, bank: RecordedBank, race: Race) -> list[Json]:
    queue = f"race-{uuid4().hex}"
    open_case = opener(env, bank, queue)
    async with worker_for(env.client, bank, queue):
        cases = [await brought(await open_case(), race) for _ in race.orders]
    coming = [await race.arrived(case, order) for case, order in zip(cases, race.orders, strict=True)]
    async with worker_for(env.client, bank, queue):
        return [await outcome(case, await answers) for case, answers in zip(cases, coming, strict=True)]


async def _meanwhile(open_case: OpenCase, race: Race, order: Sequence[int]) -> list[Json]:
    async def life(name: str) -> Json:
        case = await brought(await open_case(), race)
        return await outcome(case, await race.meanwhile(case, order, name))

    alone = await brought(await open_case(), race)
    before = len(alone.bank.of(alone.reference))
    await race.moves[order[0]].send(alone)
    await alone.until(idle)
    asked = {name for name, _ in alone.bank.of(alone.reference)[before:]}
    return await asyncio.gather(*map(life, sorted(asked)))


def different(one: Json, other: Json) -> str:
    """Where two lives differ, for a failure to show."""
    before, after = (pformat(life).splitlines() for life in (other, one))
    return "\n".join(unified_diff(before, after, lineterm=""))


async def brought(case: Case, race: Race) -> Case:
    """A complaint at the moment of the race, with nothing under way."""
    await race.bring(case)
    await case.until(idle)
    return case


async def outcome(case: Case, answers: list[Json]) -> Json:
    """All that came of a life: the answers, the file, and what the bank was asked; the same thing again counts once."""
    file = await case.until(lambda file: idle(file) and bool(file["closed_at"]) is bool(file["outcome"]))
    orders = [(name, _as_told(to_jsonable_python(order.model_dump()))) for name, order in case.bank.of(case.reference)]
    asked = {str(one): one for one in orders}
    life: Json = _plain({"answers": answers, **_told(file), "asked": _in_order(list(asked.values()))}, case.reference)
    return life


def _as_told(order: Json) -> Json:
    """What the archive was given, without how long everything took."""
    if "closed" not in order:
        return order
    return order | {"file": _told(order["file"]), "closed": order["closed"] | {"time": None, "department_time": None}}


def _told(file: Json) -> Json:
    """The file without the order in which systems answered: that is theirs, and another one in every life."""
    journal = [{**entry, "number": None} for entry in file["journal"]]
    return file | {
        "journal": [entry for entry in journal if entry["what"] not in DONE.values()],
        "answered": _in_order([entry for entry in journal if entry["what"] in DONE.values()]),
        "errands": _in_order(file["errands"]),
    }


def _in_order(things: list[Any]) -> list[Any]:
    return sorted(things, key=lambda thing: str(_plain(thing)))


TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d| CST)?)?|\d\d? [A-Z][a-z]+ \d{4}")
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")


def _plain(value: Any, reference: str = "REFERENCE") -> Any:
    """Without what differs in every life: times, reference, ids made up by chance."""
    match value:
        case dict():
            return {_plain(key, reference): _plain(item, reference) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, reference) for item in value]
        case str():
            return RANDOM.sub("ID", TIME.sub("TIME", value.replace(reference, "REFERENCE")))
    return value
