"""The schedule by which complaints that ended by a side door are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleDescription,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowExecutionStatus,
)
from temporalio.service import RPCError, RPCStatusCode

from client.connection import PATIENCE, ServerNotThere
from client.failures import Refused
from domain.patrol import PatrolReport
from workflows.names import PATROL, PATROL_TYPE, TASK_QUEUE

EVERY = timedelta(hours=1)
"""How often a patrol goes, unless another interval is given."""


@dataclass(frozen=True)
class Patrols:
    """The patrols of a namespace."""

    every: timedelta
    """How often one goes."""
    paused: bool
    """Whether somebody has stopped them."""
    report: PatrolReport | None
    """What the last one that came to its end has found."""
    waiting_since: datetime | None
    """When one began that has not come to its end."""


async def set_patrol(client: Client, every: timedelta | None) -> tuple[timedelta, timedelta | None]:
    """Have patrols go; how often, and how often before if that was changed. Doing it again changes nothing.

    Raises:
        Refused: the server does not want such a schedule.
        ServerNotThere: it makes none, or not yet.
    """
    handle = client.get_schedule_handle(PATROL)
    try:
        try:
            await client.create_schedule(PATROL, _schedule(every or EVERY), trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            before = _interval(await handle.describe(rpc_timeout=PATIENCE))
            if every is None or every == before:
                return before, None
            await handle.update(lambda found: _changed(found, every))
            return every, before
    except RPCError as wrong:
        if wrong.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.PERMISSION_DENIED):
            raise Refused("patrol", f"The server makes no schedule: {wrong.message.rstrip('.')}.") from None
        raise ServerNotThere(f"The server makes no schedule ({wrong.status.name.lower()}).") from None
    return every or EVERY, None


def _schedule(every: timedelta) -> Schedule:
    round_trip = ScheduleActionStartWorkflow(
        PATROL_TYPE,
        id=PATROL,
        task_queue=TASK_QUEUE,
        static_summary="Looks for complaints that ended without a call-back",
    )
    return Schedule(
        action=round_trip,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(minutes=10)),
    )


def _changed(found: ScheduleUpdateInput, every: timedelta) -> ScheduleUpdate:
    schedule = found.description.schedule
    schedule.spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every)])
    return ScheduleUpdate(schedule)


def _interval(found: ScheduleDescription) -> timedelta:
    return next((one.every for one in found.schedule.spec.intervals), EVERY)


async def patrols(client: Client) -> Patrols | None:
    """How the patrols are; nothing when there are none.

    Raises:
        RPCError: the server does not say.
    """
    try:
        found = await client.get_schedule_handle(PATROL).describe(rpc_timeout=PATIENCE)
    except RPCError as wrong:
        if wrong.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    report, waiting = None, None
    for taken in reversed(found.info.recent_actions):
        assert isinstance(taken.action, ScheduleActionExecutionStartWorkflow)
        handle = client.get_workflow_handle(taken.action.workflow_id, result_type=PatrolReport)
        if (await handle.describe(rpc_timeout=PATIENCE)).status is WorkflowExecutionStatus.COMPLETED:
            report = await handle.result(rpc_timeout=PATIENCE)
            break
        waiting = taken.started_at
    return Patrols(_interval(found), found.schedule.state.paused, report, waiting)
