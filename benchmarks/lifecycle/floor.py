"""The floor: the cheapest Temporal workflow that is told the same and does the same outside as a standard complaint.

In it are

* the same eleven stimuli of the same kinds: the start; updates ``verify_identity``, ``assess``, two
  ``request_investigation``, ``propose_resolution``, ``decide_compensation``, ``record_customer_answer`` and
  ``record_callback``; two signals ``investigation_result``;
* the same ten activities, in the same order and as parallel as with us: customer look-up, acknowledgement, two
  dispatches to departments, notice to the approver, offer, payout, final response, notice to the call-back desk,
  archive. They do nothing but tell the driver;
* one timer for the reply deadline, cancelled by the final response, and one alarm, which is never armed anew;
* the narrative of the complaint and the question, findings and reasons in the messages, once each.

Not in it, and so part of what the complaint service costs above it: search attributes, rules (two local activities),
validators, refusals, idempotency, clocks and their counting, the journal, queries, the case sheet, letters' texts,
summaries, retries by kind of error, shelter from cancellation, continue-as-new, the archived file, the sandbox, and the
HTTP requests to the bank.

``FullFloorWorkflow`` is the same with the **same commands** as ours besides: the two local activities of the opening,
of which the second answers with as much text as rules take, and the fourteen upserts by which lists show a complaint
(stage and next action each, where ours have between one and eight attributes).

Both are written for speed: plain dataclasses, the SDK's default converter, no sandbox, synchronous handlers. Their
worker has the SDK's own settings; with ``FLOOR_AS_OURS=1`` it runs as ours does: on ``uvloop``, seldom looking for dead
objects, without a task for each payload.
``python -m benchmarks.lifecycle.floor`` is its worker.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from string import ascii_letters

import uvloop
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from benchmarks.lifecycle.told import Teller
from client.attributes import register_attributes
from service.runtime import collect_seldom
from workflows import names

TASK_QUEUE = "floor"
WORKFLOW_TYPE, FULL_WORKFLOW_TYPE = "FloorWorkflow", "FullFloorWorkflow"
REPLY_WITHIN = timedelta(days=12)
ALARM = timedelta(hours=4)
TIMEOUT = timedelta(minutes=1)
FLOOR_AS_OURS = "FLOOR_AS_OURS"
AS_OURS = bool(os.environ.get(FLOOR_AS_OURS))
RULES = "".join(Random(1).choices(ascii_letters, k=6_700))
"""As long as the rules of a complaint are where they are recorded."""


SHOWN = frozenset(
    {"verify_identity", "assess", "request_investigation technology", "request_investigation operations",
     "propose_resolution", "decide_compensation", "record_customer_answer", "record_callback"}
)  # fmt: skip
"""Steps after which somebody else is waited for, or nobody any more."""


@dataclass
class Opening:
    """What the workflow is started with."""

    reference: str
    customer: str
    narrative: str


@dataclass
class Said:
    """What a person or a department says."""

    by: str
    text: str


@dataclass
class Order:
    """What an activity is to do."""

    reference: str
    what: str
    text: str = ""


@dataclass
class Done:
    """What it answers."""

    proof: str


@dataclass
class Receipt:
    """What an update answers."""

    reference: str
    step: str


@workflow.defn(name=WORKFLOW_TYPE)
class FloorWorkflow:
    """One life."""

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        self._reference = opening.reference
        self._steps: set[str] = set()
        self._findings: list[str] = []
        self._dispatched: list[asyncio.Task[Done]] = []

    @workflow.run
    async def run(self, opening: Opening) -> Done:
        """Live it to its end."""
        await self._open()
        deadline = asyncio.create_task(asyncio.sleep(REPLY_WITHIN.total_seconds()))
        alarm = asyncio.create_task(asyncio.sleep(ALARM.total_seconds()))
        received = [asyncio.create_task(self._do(what)) for what in ("look-up", "letter acknowledgement")]
        self._show("received")
        await asyncio.gather(*received)
        self._show("acknowledged")
        await self._told("verify_identity")
        await self._told("assess")
        await workflow.wait_condition(lambda: len(self._findings) == 2)
        await asyncio.gather(*self._dispatched)
        await self._told("propose_resolution")
        await self._do("notice approval")
        await self._told("decide_compensation")
        await self._do("letter offer")
        await self._told("record_customer_answer")
        await self._do("payout")
        await self._do("letter final_response")
        deadline.cancel()
        self._show("calling_back")
        await self._do("notice callback")
        await self._told("record_callback")
        done = await self._do("archive")
        assert not alarm.done()
        self._show("closed")
        return done

    async def _open(self) -> None:
        """Nothing to do."""

    def _show(self, stage: str) -> None:
        """No lists show it."""

    async def _told(self, step: str) -> None:
        await workflow.wait_condition(lambda: step in self._steps)

    async def _do(self, what: str, text: str = "") -> Done:
        order = Order(self._reference, what, text)
        return await workflow.execute_activity(carry_out, order, start_to_close_timeout=TIMEOUT)

    def _note(self, step: str) -> Receipt:
        self._steps.add(step)
        if step in SHOWN:
            self._show(step)
        return Receipt(self._reference, step)

    @workflow.update
    def verify_identity(self, said: Said) -> Receipt:
        """The identity is verified."""
        return self._note("verify_identity")

    @workflow.update
    def assess(self, said: Said) -> Receipt:
        """The complaint is assessed."""
        return self._note("assess")

    @workflow.update
    def request_investigation(self, said: Said) -> Receipt:
        """A department is asked."""
        self._dispatched.append(asyncio.create_task(self._do(f"investigation {said.by}", said.text)))
        return self._note(f"request_investigation {said.by}")

    @workflow.update
    def propose_resolution(self, said: Said) -> Receipt:
        """A solution is proposed."""
        return self._note("propose_resolution")

    @workflow.update
    def decide_compensation(self, said: Said) -> Receipt:
        """The money is approved."""
        return self._note("decide_compensation")

    @workflow.update
    def record_customer_answer(self, said: Said) -> Receipt:
        """The customer accepts."""
        return self._note("record_customer_answer")

    @workflow.update
    def record_callback(self, said: Said) -> Receipt:
        """The customer is satisfied."""
        return self._note("record_callback")

    @workflow.signal
    def investigation_result(self, said: Said) -> None:
        """A department answers."""
        self._findings.append(said.text)
        self._show(f"{len(self._findings)} of 2 answers")


@workflow.defn(name=FULL_WORKFLOW_TYPE)
class FullFloorWorkflow(FloorWorkflow):
    """One life, with the commands by which ours is found and ruled."""

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> Done:
        """Live it to its end."""
        return await super().run(opening)

    async def _open(self) -> None:
        for what, text in (("reference", ""), ("rules", RULES)):
            order = Order(self._reference, what, text)
            await workflow.execute_local_activity(answer_at_once, order, start_to_close_timeout=TIMEOUT)

    def _show(self, stage: str) -> None:
        due = workflow.now() + ALARM
        workflow.upsert_search_attributes([names.STAGE.value_set(stage), names.NEXT_ACTION.value_set(due)])


@activity.defn
async def answer_at_once(order: Order) -> Done:
    """Answer what was asked."""
    return Done(proof=order.text)


@activity.defn
async def carry_out(order: Order) -> Done:
    """Do nothing, and tell the driver."""
    _teller().tell(order.reference, order.what)
    return Done(proof=f"{order.what} done")


_tellers: list[Teller] = []


def _teller() -> Teller:
    if not _tellers:
        _tellers.append(Teller())
    return _tellers[0]


def _pollers() -> PollerBehaviorSimpleMaximum:
    """As many as the SDK has by itself, where no trial wants others."""
    return PollerBehaviorSimpleMaximum(int(os.environ.get("FLOOR_POLLERS", PollerBehaviorSimpleMaximum().maximum)))


async def main() -> None:
    """Work until killed."""
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    await register_attributes(client)
    await Worker(
        client, task_queue=TASK_QUEUE, workflows=[FloorWorkflow, FullFloorWorkflow],
        activities=[carry_out, answer_at_once],
        workflow_runner=UnsandboxedWorkflowRunner(), workflow_task_poller_behavior=_pollers(),
        max_workflow_task_external_storage_concurrency=1 if AS_OURS else 3,
    ).run()  # fmt: skip


if __name__ == "__main__":
    if AS_OURS:
        collect_seldom()
    (uvloop.run if AS_OURS else asyncio.run)(main())
