"""Replay of every history that a test run left on a server: today's code must lead through all of them."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.worker import Replayer

from workflows.complaint import ComplaintWorkflow
from workflows.names import PATROL_TYPE, WORKFLOW_TYPE
from workflows.patrol import PatrolWorkflow
from workflows.plugin import complaints_plugin


async def replay_every_history(client: Client) -> None:
    """Replay all complaints and patrols, closed and running; a step may take its time, as on a busy machine it does.

    Raises:
        AssertionError: naming every complaint whose history does not replay.
    """
    replayer = Replayer(workflows=[ComplaintWorkflow, PatrolWorkflow], plugins=[complaints_plugin()], debug_mode=True)
    histories = client.list_workflows(f"WorkflowType IN ('{WORKFLOW_TYPE}', '{PATROL_TYPE}')").map_histories()
    results = await replayer.replay_workflows(histories, raise_on_replay_failure=False)
    failures = [f"{run}: {failure}" for run, failure in results.replay_failures.items()]
    assert not failures, "\n".join(failures)
