"""Whether every complaint could go on in a worker that does not know it.

Today's code must lead through its history, and no step may be one that the worker would take together with the next.
"""

from __future__ import annotations

from temporalio.client import Client
from temporalio.worker import Replayer

from chaos.apart import run_together
from chaos.judge import Loss
from workflows.complaint import ComplaintWorkflow
from workflows.names import WORKFLOW_TYPE
from workflows.plugin import complaints_plugin


async def unreplayable(client: Client) -> list[Loss]:
    """Complaints that would be stuck as soon as a worker has to replay them."""
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[complaints_plugin()], debug_mode=True)
    histories = client.list_workflows(f"WorkflowType = '{WORKFLOW_TYPE}'").map_histories()
    losses = []
    async with replayer.workflow_replay_iterator(histories) as results:
        async for result in results:
            reference = result.history.workflow_id.removeprefix("complaint-")
            if result.replay_failure:
                losses.append(Loss(reference, "history does not replay", str(result.replay_failure)[:300]))
            if merged := run_together(result.history.events):
                losses.append(Loss(reference, "steps cannot be told apart", f"from event {merged[0]}"))
    return losses
