"""The whole book of complaints as gauges: how many are where, counted by the server.

Every worker reports the same book, so that it is there as long as one of them is.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.service import RPCError

from client.listing import ENDINGS, OPEN, OPEN_STAGES, OURS, Wanted
from domain import metrics
from domain.metrics import BOOK_READ, Metric
from domain.model import Stage
from workflows.names import NEXT_ACTION

logger = logging.getLogger("complaints.book")

PATIENCE = timedelta(seconds=10)
"""For one count; with 4,000 open complaints all of them together took a third of a second."""
SOON = timedelta(days=1)
TIERS = (1, 2, 3)


@dataclass(frozen=True)
class Question:
    """What one series of a gauge counts."""

    metric: Metric
    query: str
    which: str = ""
    """Value of the metric's label."""


def questions(now: datetime) -> Iterator[Question]:
    """Every count of the book."""
    yield from (Question(metrics.OPEN, Wanted(stage=stage).query(now), stage) for stage in OPEN_STAGES)
    yield from (Question(metrics.OPEN_BY_TIER, Wanted(tier=tier).query(now), str(tier)) for tier in TIERS)
    yield Question(metrics.BREACHED, Wanted(breached=True).query(now))
    yield Question(metrics.OVERDUE, f"{OPEN} AND {_acts_before(now)}")
    yield Question(metrics.REPLY_OVERDUE, Wanted(due_within=timedelta()).query(now))
    call_backs = Wanted(stage=Stage.CALLING_BACK).query(now)
    yield Question(metrics.CALL_BACKS_DUE, f"{call_backs} AND {_acts_before(now + SOON)}")
    yield Question(metrics.ATTENTION, Wanted(attention=True).query(now))
    yield Question(metrics.STUCK, f"{OPEN} AND TemporalReportedProblems IS NOT NULL")
    for ending in ENDINGS:
        yield Question(metrics.ENDED_OTHERWISE, f"{OURS} AND ExecutionStatus = '{ending}'", ending.lower())


def _acts_before(instant: datetime) -> str:
    return f"{NEXT_ACTION.name} < '{instant.isoformat()}'"


class Book:
    """Counts the complaints again and again."""

    def __init__(self, client: Client, meter: MetricMeter, every: timedelta) -> None:
        self._client = client
        self._meter = meter.with_additional_attributes({"namespace": client.namespace})
        self._every = every.total_seconds()

    async def keep(self) -> None:
        """Count for ever; a count that fails is tried again with the next ones."""
        while True:
            await self.read()
            await asyncio.sleep(self._every * random.uniform(0.9, 1.1))  # noqa: S311 - so that workers do not ask together

    async def read(self) -> None:
        """Count once; the time of a count without failures is a gauge of its own."""
        answered = [await self._ask(question) for question in questions(datetime.now(UTC))]
        if all(answered):
            self._meter.create_gauge_float(BOOK_READ.name, BOOK_READ.help).set(time.time())

    async def _ask(self, question: Question) -> bool:
        metric = question.metric
        try:
            found = await self._client.count_workflows(question.query, rpc_timeout=PATIENCE)
        except RPCError as failed:
            why = {"metric": metric.name, "status": failed.status.name.lower()} | metric.labels(question.which)
            logger.warning("the book could not be counted", extra={"facts": why})
            return False
        self._meter.create_gauge(metric.name, metric.help).set(found.count, metric.labels(question.which))
        return True
