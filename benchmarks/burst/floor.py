"""The floor: a timer for one instant, and the two notices that a broken promise brings about; nothing else.

No rules, no file, no journal, no lists, no second timer, no sandbox. ``python -m benchmarks.burst.floor`` is its
worker, which keeps as many workflows in memory as ours.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from temporalio import workflow
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.lifecycle.floor import TIMEOUT, Done, Order, carry_out
from worker import load_worker_settings

NOTICES = ("escalation", "breach")
"""What a broken promise brings about: the next tier must take over, and the early-warning desk is told."""
TASK_QUEUE = "burst-floor"
WORKFLOW_TYPE = "BurstFloorWorkflow"


@dataclass
class Promise:
    """What the workflow is started with."""

    reference: str
    due: float
    """Seconds since the epoch."""
    narrative: str


@workflow.defn(name=WORKFLOW_TYPE)
class BurstFloorWorkflow:
    """One promise, which nobody keeps."""

    @workflow.run
    async def run(self, promise: Promise) -> None:
        """Look the customer up and acknowledge, wait, and tell that the promise is broken; then wait for ever."""
        await asyncio.gather(*(self._do(promise, what) for what in ("look-up", "letter acknowledgement")))
        await asyncio.sleep(max(promise.due - workflow.time(), 0))
        await asyncio.gather(*(self._do(promise, f"notice {kind}") for kind in NOTICES))
        await workflow.wait_condition(lambda: False)

    async def _do(self, promise: Promise, what: str) -> Done:
        order = Order(promise.reference, what)
        return await workflow.execute_activity(carry_out, order, start_to_close_timeout=TIMEOUT)


async def main() -> None:
    """Work until killed."""
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    tuning = load_worker_settings()
    await Worker(
        client, task_queue=TASK_QUEUE, workflows=[BurstFloorWorkflow], activities=[carry_out],
        workflow_runner=UnsandboxedWorkflowRunner(), max_cached_workflows=tuning.max_cached_workflows,
        max_concurrent_workflow_tasks=tuning.max_concurrent_workflow_tasks,
        max_concurrent_activities=tuning.max_concurrent_activities,
    ).run()  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
