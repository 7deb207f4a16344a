"""Complaints of every stage, to be sent hostile messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import uuid4

from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment

from domain.model import Stage
from tests.workflows.case import STAGES, TECHNICIAN, WITHDRAWAL, Case
from tests.workflows.conftest import OpenCase, opener
from tests.workflows.recorded_bank import Held, RecordedBank
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

OPENING = "before its rules are known"
WITHDRAWN = "withdrawn"


class Openers:
    """Opens complaints on one server, and holds back what would take them on to the next stage."""

    def __init__(self, env: WorkflowEnvironment, bank: RecordedBank) -> None:
        self._env, self._bank = env, bank
        self._open: OpenCase = opener(env, bank)
        self._held: dict[str, Held] = {}

    async def at(self, stage: str) -> Case:
        """A new complaint at a stage."""
        return await BROUGHT[stage](self)

    def let_go(self, case: Case) -> None:
        """Let a complaint go on."""
        if held := self._held.pop(case.reference, None):
            held.go.set()

    def hold(self, reference: str, name: str) -> Held:
        """Hold a system of the bank back from a complaint."""
        self._held[reference] = self._bank.hold(reference, name)
        return self._held[reference]

    async def with_input(self, reference: str, payloads: tuple[RawValue, ...]) -> Case:
        """One that is opened with whatever input."""
        with self._env.with_time_skipping_disabled():
            handle = await self._env.client.start_workflow(
                WORKFLOW_TYPE, args=payloads, id=workflow_id(reference), task_queue=TASK_QUEUE
            )
        return Case(self._env, self._env.client, self._bank, handle)

    async def unreadable(self) -> Case:
        """One that cannot be read."""
        case = await self.with_input(f"H-{uuid4().hex[:10]}", ())
        await case.stage(Stage.UNREADABLE)
        return case

    async def held_at_once(self, name: str) -> Case:
        """One that waits for the first answer of a system."""
        reference = f"H-{uuid4().hex[:10]}"
        held = self.hold(reference, name)
        case = await self._open(reference=reference)
        await held.arrived.wait()
        return case

    async def reached(self, stage: str) -> Case:
        """One on its ordinary way."""
        case = await self._open()
        await case.reach(stage)
        return case

    async def replying(self) -> Case:
        """One whose final response is on its way."""
        case = await self.reached("remedying")
        self.hold(case.reference, "send_letter")
        await case.send("resolve_task", by=TECHNICIAN, task="remedy-1-2", settlement="done", note="cleared")
        await case.stage(Stage.REPLYING)
        return case

    async def closing(self) -> Case:
        """One that is being archived."""
        case = await self.reached("calling_back")
        self.hold(case.reference, "archive_complaint")
        await case.call_back()
        await case.stage(Stage.CLOSING)
        return case

    async def withdrawn(self) -> Case:
        """One that the customer does not want to be handled any more."""
        case = await self.reached("investigating")
        await case.send("withdraw", **WITHDRAWAL)
        await case.stage(Stage.CALLING_BACK)
        return case


Brought = Callable[[Openers], Awaitable[Case]]


def _reached(stage: str) -> Brought:
    return partial(Openers.reached, stage=stage)


BROUGHT: dict[str, Brought] = {
    Stage.UNREADABLE: Openers.unreadable,
    OPENING: partial(Openers.held_at_once, name="closed_before"),
    Stage.RECEIVED: partial(Openers.held_at_once, name="send_letter"),
    **{stage: _reached(stage) for stage in STAGES},
    Stage.REPLYING: Openers.replying,
    Stage.CLOSING: Openers.closing,
    WITHDRAWN: Openers.withdrawn,
}
