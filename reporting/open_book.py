"""The open complaints at this moment, counted by the Temporal server: no complaint is read, no worker is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio.client import Client

from client.failures import PATIENCE, plainly_of_all
from client.listing import ENDINGS, OPEN, OPEN_STAGES, OURS, Wanted
from domain.model import Stage
from reporting.results import OpenBook
from workflows.names import RULE_PACK

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
    figures = _figures(now) | _of_the_period(since, until)
    stages = {stage: Wanted(stage=stage).query(now) for stage in OPEN_STAGES}
    tiers = {tier: Wanted(tier=tier).query(now) for tier in TIERS}
    found = await _counts(client, [*figures.values(), *stages.values(), *tiers.values()], rule_pack)
    return OpenBook(
        stages={str(stage): number for stage, query in stages.items() if (number := found[query])},
        tiers={tier: number for tier, query in tiers.items() if (number := found[query])},
        unacknowledged=sum(found[stages[stage]] for stage in (Stage.RECEIVED, Stage.UNREADABLE)),
        **{figure: found[query] for figure, query in figures.items()},
    )


def _figures(now: datetime) -> dict[str, str]:
    """How many are so at this moment: the name of the number, and the question."""
    wanted = {
        "open": Wanted(),
        "overdue": Wanted(overdue=True),
        "due_within_day": Wanted(due_within=timedelta(days=1)),
        "due_within_week": Wanted(due_within=timedelta(days=7)),
        "breached": Wanted(breached=True),
        "needs_attention": Wanted(attention=True),
    }
    return {figure: one.query(now) for figure, one in wanted.items()}


def _of_the_period(since: datetime, until: datetime) -> dict[str, str]:
    return {
        "opened_in_period": f"{OPEN} AND {_during('StartTime', since, until)}",
        "ended_by_force": f"{OURS} AND ExecutionStatus IN {ENDINGS} AND {_during('CloseTime', since, until)}",
    }


def _during(attribute: str, since: datetime, until: datetime) -> str:
    return f"{attribute} >= '{since.isoformat()}' AND {attribute} < '{until.isoformat()}'"


async def _counts(client: Client, queries: Sequence[str], rule_pack: str | None) -> dict[str, int]:
    of_pack = f" AND {RULE_PACK.name} = '{rule_pack}'" if rule_pack else ""
    few = asyncio.Semaphore(AT_A_TIME)

    async def count(query: str) -> int:
        async with few:
            return (await client.count_workflows(query + of_pack, rpc_timeout=PATIENCE)).count

    async with plainly_of_all(client):
        counted = await asyncio.gather(*(count(query) for query in queries))
    return dict(zip(queries, counted, strict=True))
