"""The look at all complaints that have ended: each must have been closed by its call-back, and be in the archive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container
from dataclasses import dataclass, field

from temporalio import activity
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from activities.archive import Archive
from domain.patrol import Lost, Round
from workflows.names import WORKFLOW_TYPE, workflow_id

PAGE = 500
AT_ONCE = 100
"""Complaints that are told in one go: each costs a few events of the patrol's history."""
OURS = f"WorkflowType = '{WORKFLOW_TYPE}'"


@dataclass
class _Look:
    """What was seen so far."""

    told: Container[str]
    compared: int = 0
    untold: list[Lost] = field(default_factory=list)
    known: list[Lost] = field(default_factory=list)

    def note(self, lost: Lost) -> None:
        (self.known if lost.run_id in self.told else self.untold).append(lost)

    def round(self) -> Round:
        return Round(
            compared=self.compared, lost=self.untold[:AT_ONCE], more=len(self.untold) > AT_ONCE,
            known=self.known[:AT_ONCE], told=[lost.run_id for lost in self.known],
        )  # fmt: skip


class Patrol:
    """Compares the server with the archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @activity.defn
    async def look_for_lost(self, told: list[str]) -> Round:
        """Find the runs that ended by a side door, or whose record the archive lacks, or that were reset."""
        client, look = activity.client(), _Look(set(told))
        others = {run.id async for run in client.list_workflows(f"{OURS} AND ExecutionStatus = 'Running'")}
        async for page in _ended(client):
            activity.heartbeat()
            archived = await self._archive.known([_reference(run) for run in page])
            for run in page:
                again, kept = run.id in others, _reference(run) in archived
                others.add(run.id)
                if kept and not again:
                    continue
                activity.heartbeat()
                if lost := await _lost(client, run, kept):
                    look.note(lost)
            look.compared += len(page)
        return look.round()


async def _ended(client: Client) -> AsyncIterator[list[WorkflowExecution]]:
    page: list[WorkflowExecution] = []
    async for run in client.list_workflows(f"{OURS} AND ExecutionStatus NOT IN ('Running', 'ContinuedAsNew')"):
        page.append(run)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


def _reference(run: WorkflowExecution) -> str:
    return run.id.removeprefix(workflow_id(""))


async def _lost(client: Client, run: WorkflowExecution, archived: bool) -> Lost | None:
    """What became of a run; nothing if it is in order, or forgotten by the server meanwhile.

    One that is archived is in order, unless somebody has reset it.
    """
    try:
        this = await client.get_workflow_handle(run.id, run_id=run.run_id).describe()
        latest = await client.get_workflow_handle(run.id).describe()
    except RPCError as wrong:
        if wrong.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    if archived and not this.raw_description.workflow_extended_info.reset_run_id:
        return None
    assert run.status is not None and run.close_time is not None
    return Lost(
        workflow_id=run.id, run_id=run.run_id, ending=run.status.name.lower(), ended_at=run.close_time,
        later_run=latest.run_id != run.run_id,
    )  # fmt: skip
