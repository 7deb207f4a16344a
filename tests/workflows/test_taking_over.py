"""Guarantee: a worker that takes a complaint over takes its events in as they were taken in before.

Evidence changes nothing in the lists and asks nothing of anybody: its steps record nothing by themselves. A decision is
the first thing that the next worker hears.
"""

from __future__ import annotations

import pytest
from temporalio.testing import WorkflowEnvironment

from chaos.apart import run_together
from tests.histories import golden
from tests.workflows.case import OWNER
from tests.workflows.conftest import opener, worker_for
from tests.workflows.recorded_bank import RecordedBank


async def test_what_was_entered_is_what_a_replay_enters(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    """The second worker keeps what it entered in the file until it archives it; a query after the end replays."""
    queue = "taken-over"
    async with worker_for(workflow_env.client, recorded_bank, queue):
        case = await opener(workflow_env, recorded_bank, queue)()
        await case.reach("investigating")
        for number in (1, 2):
            await case.tell("evidence_added", evidence={"uri": f"vault://page-{number}", "description": "a page"})
            await case.wrote("evidence_added", times=number)
    async with worker_for(workflow_env.client, recorded_bank, queue):
        await case.send("request_investigation", by=OWNER, department="branch", question="Who was there?")
        await case.answer("branch-1")
        await case.reach_from("investigating", "closed")
        await case.closed()
    async with worker_for(workflow_env.client, recorded_bank, queue):
        replayed = (await case.file())["journal"]
    [archived] = recorded_bank.orders(case.reference, "archive_complaint")
    assert archived.file["journal"] == replayed[: len(archived.file["journal"])]
    assert not await case.task_failures()


@pytest.mark.parametrize("name", [name for entry in golden.index().values() for name in entry["histories"]])
def test_no_task_is_taken_for_a_heartbeat(name: str) -> None:
    assert run_together(golden.read(name).events) == []
