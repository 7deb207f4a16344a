"""Whether somebody works on complaints, and how the complaints are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.client import Client
from temporalio.service import RPCError

from cli.checks.finding import SHOWN, Check, Finding, failed, few, ok, warning
from cli.checks.server import Server
from cli.spans import lasting
from client.connection import PATIENCE
from client.deployment import ACTIVITY_TASKS, WORKFLOW_TASKS, Routing, builds, idle, routing, version_of, written
from client.listing import ENDINGS, OPEN, OURS, Wanted
from workflows.names import TASK_QUEUE, workflow_id

RECENT = timedelta(seconds=90)
"""A worker asks again after a minute without work at the latest."""
LOOKED_AT = 100


def work_checks(server: Server) -> list[Check]:
    """Everything about the workers and the complaints."""
    return [
        Check("worker", lambda: _workers(server)),
        Check("stuck complaints", lambda: _stuck(server)),
        Check("needing attention", lambda: _needy(server)),
        Check("ended past the call-back", lambda: _ended_otherwise(server)),
    ]


async def _workers(server: Server) -> list[Finding]:
    client = await server.client()
    now = datetime.now(UTC)
    with suppress(RPCError):  # where clocks cannot be compared, they are taken to agree
        now += await server.ahead()
    steps = await routing(client, WORKFLOW_TASKS)
    return [*worker_findings(steps, await routing(client, ACTIVITY_TASKS), now), *await _builds(client, steps)]


def worker_findings(for_steps: Routing, for_activities: Routing, now: datetime) -> list[Finding]:
    """Who asks for work, of both kinds, and whether it is given to them."""
    steps, activities = _alive(for_steps.pollers, now), _alive(for_activities.pollers, now)
    if not steps and not activities:
        return [_nobody([*for_steps.pollers, *for_activities.pollers], now)]
    return [_at_work(steps, activities, now), *_versions(for_steps, steps)]


def _at_work(steps: list[PollerInfo], activities: list[PollerInfo], now: datetime) -> Finding:
    if not steps or not activities:
        missing = "activities" if steps else "the steps of complaints"
        return failed("worker", f"nobody asks for {missing}", "start worker.py as it is; it asks for both")
    who = [f"{one.identity} ({lasting(max(_ago(one, now), timedelta()))} ago)" for one in steps]
    return ok("worker", f"{len(steps)} at work: {few(who, len(who))}")


def _alive(pollers: Iterable[PollerInfo], now: datetime) -> list[PollerInfo]:
    return [poller for poller in pollers if _ago(poller, now) <= RECENT]


def _ago(poller: PollerInfo, now: datetime) -> timedelta:
    return now - poller.last_access_time.ToDatetime(UTC)


def _nobody(gone: list[PollerInfo], now: datetime) -> Finding:
    last = f"; the last one {lasting(min(_ago(one, now) for one in gone))} ago" if gone else ""
    advice = "start worker.py with the TEMPORAL_* settings of this command, or see its log"
    return failed("worker", f"nobody asks for work on the task queue {TASK_QUEUE}{last}", advice)


async def _builds(client: Client, found: Routing) -> list[Finding]:
    """Every build that the server knows, of the deployments that there are workers of."""
    versions = (found.current, found.ramping, *map(version_of, found.pollers))
    findings = []
    for deployment in sorted({version.deployment_name for version in versions if version}):
        known = await builds(client, deployment)
        at_work_first = sorted(known.items(), key=lambda one: one[1] not in ("current", "ramping"))
        said = [f"{build} is {status}" for build, status in at_work_first]
        findings.append(ok("worker builds", f"{deployment}: {few(said, len(said))}"))
    return findings


def _versions(found: Routing, alive: list[PollerInfo]) -> list[Finding]:
    """Nothing to say while nobody uses versions."""
    versions = [version_of(poller) for poller in alive]
    if found.current is None and not any(versions):
        return []
    waiting = sorted({reason for version in versions if (reason := idle(version, found))})
    if not waiting and found.current not in versions:
        said = f"Complaints are given to {written(found.current)}, and nobody works as that"
        return [failed("worker version", said, "start it, or name another one: starter.py setup --current-version ...")]
    if not waiting:
        share = f", and a share of them to {written(found.ramping)}" if found.ramping else ""
        return [ok("worker version", f"Complaints are given to {written(found.current)}{share}")]
    judge = warning if any(found.serves(version) for version in versions) else failed
    return [judge("worker version", *(part.strip() for part in one.split(";"))) for one in waiting]


async def _stuck(server: Server) -> list[Finding]:
    client = await server.client()
    found = await _listed(client, f"{OPEN} AND TemporalReportedProblems IS NOT NULL", "cannot go on")
    advice = "see the worker's log, and their failed workflow tasks in the Temporal UI; once mended they go on"
    return [failed("stuck complaints", found, advice) if found else ok("stuck complaints", "none")]


async def _needy(server: Server) -> list[Finding]:
    client = await server.client()
    found = await _listed(client, Wanted(attention=True).query(datetime.now(UTC)), "waiting for a person")
    advice = "starter.py list --needs-attention"
    return [warning("needing attention", found, advice) if found else ok("needing attention", "none")]


async def _listed(client: Client, query: str, what: str) -> str:
    """How many complaints the query finds, and which; nothing when there are none."""
    number = (await client.count_workflows(query, rpc_timeout=PATIENCE)).count
    named = [one.id async for one in client.list_workflows(query, limit=SHOWN, rpc_timeout=PATIENCE)]
    return f"{number} {what}: {_references(named, number)}" if number else ""


async def _ended_otherwise(server: Server) -> list[Finding]:
    client, check = await server.client(), "ended past the call-back"
    query = f"{OURS} AND ExecutionStatus IN {ENDINGS}"
    runs = [run async for run in client.list_workflows(query, limit=LOOKED_AT, rpc_timeout=PATIENCE)]
    latest = await asyncio.gather(*(client.get_workflow_handle(run.id).describe(rpc_timeout=PATIENCE) for run in runs))
    # One that was brought back has a later run, and is no worry any more.
    lost = [run.id for run, now in zip(runs, latest, strict=True) if run.run_id == now.run_id]
    if not lost:
        return [ok(check, "none")]
    number = f"{len(lost)}{' or more' if len(runs) == LOOKED_AT else ''}"
    said = f"{number} terminated, cancelled, failed or timed out: {_references(lost, len(lost))}"
    first = lost[0].removeprefix(workflow_id(""))
    advice = f"ask who did it, and bring each back: starter.py reopen {first} --reason ... --by ..."
    return [warning(check, said, advice)]


def _references(ids: list[str], number: int) -> str:
    return few([one.removeprefix(workflow_id("")) for one in ids[:SHOWN]], number)
