"""One complaint under test: sends messages as people and departments do, looks, and moves its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from tests.waiting import PATIENCE, answered, eventually
from tests.workflows.recorded_bank import RecordedBank

SHANGHAI = ZoneInfo("Asia/Shanghai")

Json = dict[str, Any]


def staff(person: str, role: str) -> Json:
    return {"id": person, "role": role}


OWNER = staff("u1", "first_line")
SPECIALIST = staff("u2", "specialist")
MANAGER = staff("u3", "manager")
EXECUTIVE = staff("u4", "executive")
SUPERVISOR = staff("s1", "supervisor")
CALLER = staff("cb", "call_back")
TECHNICIAN = staff("t1", "department_staff")

POINT = "Where is the money?"
ASSESSMENT = {"by": OWNER, "nature": "system_fault", "summary": "A transfer did not arrive.", "points": [POINT]}
VOUCHER = {"kind": "voucher", "description": "A voucher", "money": {"amount": "50", "currency": "CNY"}}
CORRECTION = {"kind": "correction", "description": "Manual clearing", "department": "operations"}
PROPOSAL = {
    "by": OWNER,
    "position": "upheld",
    "responsibility": "firm",
    "reasons": "An interface fault held the transfer back.",
    "answers": [{"point": POINT, "answer": "It has arrived."}],
    "remedies": [VOUCHER, CORRECTION],
}
APPROVAL = {"by": SPECIALIST, "proposal": "proposal-1", "decision": "approve", "reason": "actual loss"}
CONSENT = {"by": OWNER, "proposal": "proposal-1", "answer": "accept", "channel": "phone", "wording": "agrees"}
SATISFIED = {"by": CALLER, "reached": True, "solved": True, "satisfied": True, "said": "it has arrived"}
UNREACHED = {"by": CALLER, "reached": False}
WITHDRAWAL = {"by": OWNER, "channel": "phone", "reason": "it has settled itself"}


class Case:
    """A complaint on the test server."""

    def __init__(
        self, env: WorkflowEnvironment, client: Client, bank: RecordedBank, handle: WorkflowHandle[Any, Any]
    ) -> None:
        self.env, self.client, self.bank, self.handle = env, client, bank, handle
        self.reference = handle.id.removeprefix("complaint-")

    async def send(self, name: str, **message: Any) -> Json:
        """Send a decision and return its receipt."""
        receipt: Json = await self.handle.execute_update(name, message)
        return receipt

    async def refused(self, name: str, **message: Any) -> str:
        """Send a decision that must be refused, and return the code."""
        return (await refusal(self.handle.execute_update(name, message))).type or ""

    async def tell(self, name: str, **fact: Any) -> None:
        """Send a fact."""
        await self.handle.signal(name, {"message_id": uuid4().hex} | fact)

    async def file(self) -> Json:
        """The case file."""
        file: Json = await self.ask("case_file")
        return file

    async def ask(self, query: str, **how: Any) -> Any:
        """Ask a query; again when the server has none to answer between two runs."""
        while True:
            try:
                return await self.handle.query(query, **how)
            except RPCError as nobody:
                if nobody.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise

    async def tasks(self) -> dict[str, Json]:
        """Open tasks by id."""
        return {task["id"]: task for task in await self.ask("open_tasks")}

    async def clock(self, clock_id: str) -> Json:
        """One clock as the query shows it."""
        clocks: list[Json] = await self.ask("deadlines")
        return next(clock for clock in clocks if clock["id"] == clock_id)

    async def until(self, holds: Callable[[Json], bool]) -> Json:
        """Wait for the file to be in a state."""
        return await answered(self.file, holds)

    async def stage(self, stage: str) -> Json:
        """Wait for a stage."""
        return await self.until(lambda file: file["stage"] == stage)

    async def wrote(self, what: str, note: str = "", times: int = 1) -> Json:
        """Wait for an entry of the journal."""
        return await self.until(lambda file: len(entries(file, what, note)) >= times)

    async def asked(self, name: str, holds: Callable[[Any], bool] = lambda order: True) -> Any:
        """Wait for a system of the bank to be asked something."""

        async def look() -> Any:
            return next((order for order in self.bank.orders(self.reference, name) if holds(order)), None)

        return await eventually(look, self.file)

    async def noticed(self, to: str, kind: str, times: int = 1) -> None:
        """Wait for a notice to somebody."""

        async def look() -> bool:
            return self.bank.notices(self.reference).count((to, kind)) >= times

        await eventually(look, self.file)

    async def wait(self, span: timedelta) -> None:
        """Let time pass."""
        await self.env.fast_forward(self.handle, span)

    async def now(self) -> datetime:
        """The complaint's own time."""
        return await self.env.get_current_time(self.handle)

    async def wait_for(self, clock_id: str, after: timedelta = timedelta(seconds=5)) -> Json:
        """Let time pass until shortly after a clock ran out, and return the clock."""
        due = datetime.fromisoformat((await self.clock(clock_id))["due_at"])
        await self.wait_until(due + after)
        return await self.clock(clock_id)

    async def wait_until(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        left = instant - await self.now()
        if left > timedelta(0):
            await self.wait(left)

    async def wait_for_hour(self, hour: int) -> None:
        """Let time pass until the next day's hour by the bank's wall clock."""
        local = (await self.now()).astimezone(SHANGHAI)
        await self.wait_until((local + timedelta(days=1)).replace(hour=hour, minute=0, second=0))

    async def reach(self, stage: str, **changes: Json) -> Json:
        """Carry the complaint on its ordinary way up to a stage; messages can be changed by name."""
        return await self.reach_from(STAGES[0], stage, **changes)

    async def reach_from(self, first: str, stage: str, **changes: Json) -> Json:
        """Go on from the step after a stage that was reached otherwise."""
        start = 0 if first == STAGES[0] else STAGES.index(first) + 1
        for _, step in STEPS[start : STAGES.index(stage) + 1]:
            await step(self, changes)
        return await self.stage(stage)

    async def call_back(self, **changes: Any) -> Json:
        """Call the customer back, in the hours in which that may be done."""
        await self.wait_for_hour(10)
        return await self.send("record_callback", **SATISFIED | changes)

    async def closed(self) -> Json:
        """Wait for the end."""
        closed: Json = await asyncio.wait_for(self.handle.result(), PATIENCE)
        return closed

    async def answer(self, investigation: str, **changes: Any) -> None:
        """A department answers."""
        by = {"investigation": investigation, "by": TECHNICIAN}
        await self.tell("investigation_result", **by | {"final": True, "finding": "a fault"} | changes)

    async def completed_by_hand(self, name: str, answer: Any) -> None:
        """Complete an activity that is under way, as an operator can with the command line."""
        under_way = (await self.handle.describe()).raw_description.pending_activities
        activity = next(one.activity_id for one in under_way if one.activity_type.name == name)
        by_hand = self.client.get_async_activity_handle(workflow_id=self.handle.id, run_id=None, activity_id=activity)
        await by_hand.complete(answer)

    async def task_failures(self) -> list[str]:
        """Workflow tasks that failed: there must never be one."""
        history = await self.handle.fetch_history()
        return [
            event.workflow_task_failed_event_attributes.failure.message
            for event in history.events
            if event.HasField("workflow_task_failed_event_attributes")
        ]


Changes = dict[str, Json]


async def _verify(case: Case, changes: Changes) -> None:
    await case.send("verify_identity", by=OWNER, verified=True, method="app login")


async def _assess(case: Case, changes: Changes) -> None:
    await case.send("assess", **ASSESSMENT | changes.get("assess", {}))


async def _investigate(case: Case, changes: Changes) -> None:
    await case.send("request_investigation", by=OWNER, department="technology", question="Where is it?")


async def _answer(case: Case, changes: Changes) -> None:
    await case.answer("technology-1")


async def _propose(case: Case, changes: Changes) -> None:
    await case.send("propose_resolution", **PROPOSAL | changes.get("propose_resolution", {}))


async def _approve(case: Case, changes: Changes) -> None:
    if (await case.file())["stage"] == "approving":
        await case.send("decide_compensation", **APPROVAL | changes.get("decide_compensation", {}))


async def _accept(case: Case, changes: Changes) -> None:
    await case.stage("offered")
    await case.until(lambda file: file["cycles"][-1]["proposals"][-1]["status"] == "offered")
    await case.send("record_customer_answer", **CONSENT | changes.get("record_customer_answer", {}))


async def _carry_out(case: Case, changes: Changes) -> None:
    if "remedy-1-2" in await case.tasks():
        await case.send("resolve_task", by=TECHNICIAN, task="remedy-1-2", settlement="done", note="cleared")


async def _acknowledged(case: Case, changes: Changes) -> None:
    await case.stage("acknowledged")


async def _close(case: Case, changes: Changes) -> None:
    await case.stage("calling_back")
    await case.call_back()
    await case.closed()


STEPS: list[tuple[str, Callable[[Case, Changes], Awaitable[None]]]] = [
    ("acknowledged", _acknowledged),
    ("identity_verified", _verify),
    ("assessed", _assess),
    ("investigating", _investigate),
    ("proposing", _answer),
    ("approving", _propose),
    ("offered", _approve),
    ("remedying", _accept),
    ("calling_back", _carry_out),
    ("closed", _close),
]
"""The ordinary way of a complaint; each step ends in its stage."""
STAGES = [name for name, _ in STEPS]


def entries(file: Json, what: str, note: str = "") -> list[Json]:
    """Journal entries of a kind."""
    return [entry for entry in file["journal"] if entry["what"] == what and note in entry["note"]]


def idle(file: Json) -> bool:
    """Whether every system of the bank has answered."""
    return all(errand["done_at"] for errand in file["errands"])


async def refusal(answer: Awaitable[Any]) -> ApplicationError:
    """The reason of a refusal."""
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await answer
    assert isinstance(refused.value.cause, ApplicationError), refused.value.cause
    return refused.value.cause
