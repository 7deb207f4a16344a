"""The open complaints at this moment, counted by the Temporal server: no complaint is read, no worker is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio.client import Client

from client.failures import PATIENCE, plainly_of_all
from client.listing import Wanted
from domain.model import Stage
from reporting.results import OpenBook
from workflows.names import RULE_PACK, TIER, WORKFLOW_TYPE

TIERS = range(1, 10)
"""No rule pack has more; what is beyond them, or has no tier yet, is in the total only."""
AT_A_TIME = 8
"""Questions to the server at a time."""


async def open_book(client: Client, since: datetime, until: datetime, now: datetime, rule_pack: str | None) -> OpenBook:
    """Count the open book. SQL visibility groups by no attribute of ours, so each number is a question of its own.

    Raises:
        Refused: the server has no search attributes of complaints, or refuses.
        ServerNotThere: it stopped answering.
    """
    opened = f"ExecutionStatus = 'Running' AND {_during('StartTime', since, until)}"
    forced = f"ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut') AND {_during('CloseTime', since, until)}"
    open_tiers = [f"ExecutionStatus = 'Running' AND {TIER.name} = {tier}" for tier in TIERS]
    wanted = [
        Wanted(),
        Wanted(overdue=True),
        Wanted(due_within=timedelta(days=1)),
        Wanted(due_within=timedelta(days=7)),
        Wanted(breached=True),
        Wanted(attention=True),
        *(Wanted(stage=stage) for stage in _open_stages()),
    ]
    ours = [f"WorkflowType = '{WORKFLOW_TYPE}' AND {condition}" for condition in (opened, forced, *open_tiers)]
    queries = [one.query(now) for one in wanted] + ours
    found = dict(zip(queries, await _counts(client, queries, rule_pack), strict=True))

    def count(one: Wanted) -> int:
        return found[one.query(now)]

    stages = {str(stage): count(Wanted(stage=stage)) for stage in _open_stages()}
    return OpenBook(
        open=count(Wanted()),
        opened_in_period=found[ours[0]],
        stages={stage: number for stage, number in stages.items() if number},
        tiers={tier: number for tier, query in zip(TIERS, ours[2:], strict=True) if (number := found[query])},
        unacknowledged=stages[Stage.RECEIVED] + stages[Stage.UNREADABLE],
        overdue=count(Wanted(overdue=True)),
        due_within_day=count(Wanted(due_within=timedelta(days=1))),
        due_within_week=count(Wanted(due_within=timedelta(days=7))),
        breached=count(Wanted(breached=True)),
        needs_attention=count(Wanted(attention=True)),
        ended_by_force=found[ours[1]],
    )


def _open_stages() -> list[Stage]:
    return [stage for stage in Stage if stage is not Stage.CLOSED]


def _during(attribute: str, since: datetime, until: datetime) -> str:
    return f"{attribute} >= '{since.isoformat()}' AND {attribute} < '{until.isoformat()}'"


async def _counts(client: Client, queries: Iterable[str], rule_pack: str | None) -> list[int]:
    of_pack = f" AND {RULE_PACK.name} = '{rule_pack}'" if rule_pack else ""
    few = asyncio.Semaphore(AT_A_TIME)

    async def count(query: str) -> int:
        async with few:
            return (await client.count_workflows(query + of_pack, rpc_timeout=PATIENCE)).count

    async with plainly_of_all(client):
        return list(await asyncio.gather(*(count(query) for query in queries)))
