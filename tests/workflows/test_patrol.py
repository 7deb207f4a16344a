"""A patrol ends, whatever the tool of the supervisors does: the next one finds what it could not tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.effects import Acknowledged, NoticeOrder
from domain.patrol import Lost, PatrolReport, Round
from workflows.names import PATROL_TYPE
from workflows.patrol import TELLING, PatrolWorkflow

LOST = Lost(
    workflow_id="complaint-L-1", run_id="run-1", ending="terminated", later_run=False, ended_at=datetime.now(UTC)
)


class SilentBank:
    """The tool of the supervisors does not answer."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    @activity.defn
    async def look_for_lost(self, told: list[str]) -> Round:
        """There is one, of which nobody was told."""
        return Round(compared=1, lost=[LOST], more=False, told=told, known=[])

    @activity.defn
    async def notify_staff(self, order: NoticeOrder) -> Acknowledged:
        """No answer."""
        self.asked.set()
        raise ApplicationError("does not answer", type="BankUnavailable")


@pytest.mark.parametrize("cancelled", [False, True], ids=["silent", "cancelled"])
async def test_a_tool_that_does_not_answer_keeps_no_round_from_ending(
    workflow_env: WorkflowEnvironment, cancelled: bool
) -> None:
    bank, queue = SilentBank(), f"patrol-{uuid4().hex}"
    asked: list[Callable[..., Any]] = [bank.look_for_lost, bank.notify_staff]
    async with Worker(workflow_env.client, task_queue=queue, workflows=[PatrolWorkflow], activities=asked):
        patrol = await workflow_env.client.start_workflow(
            PATROL_TYPE, [], id=queue, task_queue=queue, result_type=PatrolReport
        )
        await bank.asked.wait()
        if cancelled:
            await patrol.cancel()
            with pytest.raises(WorkflowFailureError) as ended:
                await patrol.result()
            assert isinstance(ended.value.cause, CancelledError)
        else:
            await workflow_env.fast_forward(patrol, TELLING + timedelta(minutes=1))
            report: PatrolReport = await patrol.result()
            assert (report.told, [one.run_id for one in report.lost]) == ([], ["run-1"])
