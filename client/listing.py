"""Which complaints there are, as the server knows it without asking a worker: found by filters, the late ones first."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest
from typing import Any

from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey

from client.failures import PATIENCE, Refused, plainly_of_all
from domain.model import Instant, Model, Nature, Stage
from workflows.names import (
    ATTENTION,
    AWAITING,
    BREACHED,
    NATURE,
    NEXT_ACTION,
    OUTCOME,
    OWNER,
    REPLY_DUE,
    RULE_PACK,
    STAGE,
    TIER,
    WORKFLOW_TYPE,
    workflow_id,
)

Rank = tuple[int, float, str]
"""Where a complaint stands in an order: the lowest comes first."""

OURS = f"WorkflowType = '{WORKFLOW_TYPE}'"
"""Every complaint, whatever became of it, as a visibility query; what is asked besides follows with AND."""
OPEN = f"{OURS} AND ExecutionStatus = 'Running'"
"""Every open complaint."""
OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
ENDINGS = ("Canceled", "Failed", "Terminated", "TimedOut")
"""How a workflow ends that did not end as complaints do, by their call-back and the archive."""

PAGE = 1_000
"""Complaints in one answer of the server."""
AHEAD = (timedelta(hours=1), timedelta(days=1), timedelta(days=4), timedelta(days=16))
"""How far one looks ahead for those that come first."""
FAR = datetime.max.replace(tzinfo=UTC)


class Wanted(Model):
    """Which complaints are wanted. All that is named must hold; nothing named means every open one."""

    overdue: bool = False
    """A due time has passed, or a promise to the customer was broken and the reply is still owed."""
    due_within: timedelta | None = None
    """The reply is due within this time; those whose time has passed are among them."""
    tier: int | None = None
    """At this tier."""
    stage: str | None = None
    """At this stage."""
    nature: str | None = None
    """About this."""
    department: str | None = None
    """This department's answer is awaited."""
    owner: str | None = None
    """Owned by this member of staff."""
    attention: bool = False
    """Somebody has to look at it."""
    breached: bool = False
    """A promise to customer, law or regulator was broken, now or earlier."""
    reference_begins: str = ""
    """Its reference begins so."""
    closed: bool = False
    """Closed ones, as long as the server keeps them, instead of open ones."""

    def query(self, now: datetime) -> str:
        """The visibility query.

        Raises:
            Refused: no such stage or nature, or a value that no id can have.
        """
        return " AND ".join(self._conditions(now))

    def _conditions(self, now: datetime) -> Iterator[str]:
        # An earlier run of the same complaint is neither open nor closed.
        yield f"{OURS} AND ExecutionStatus NOT IN ('Running', 'ContinuedAsNew')" if self.closed else OPEN
        if self.reference_begins:
            yield f"WorkflowId STARTS_WITH {_id(workflow_id(self.reference_begins))}"
        yield from self._times(now)
        if self.tier is not None:
            yield f"{TIER.name} = {self.tier}"
        if self.stage is not None:
            yield _at_stage(_known("stage", self.stage, Stage))
        if self.nature is not None:
            yield f"{NATURE.name} = {_known('nature', self.nature, Nature)}"
        yield from (f"{key.name} = {_id(value)}" for key, value in self._names() if value is not None)
        yield from (f"{key.name} = true" for key, wanted in self._flags() if wanted)

    def _times(self, now: datetime) -> Iterator[str]:
        if self.overdue:
            yield f"({overdue(now)})"
        if self.due_within is not None:
            yield f"{REPLY_DUE.name} <= '{(now + self.due_within).isoformat()}'"

    def _names(self) -> tuple[tuple[SearchAttributeKey[Any], str | None], ...]:
        return (AWAITING, self.department), (OWNER, self.owner)

    def _flags(self) -> tuple[tuple[SearchAttributeKey[bool], bool], ...]:
        return (ATTENTION, self.attention), (BREACHED, self.breached)


def overdue(now: datetime) -> str:
    """Whether a due time has passed, or a promise was broken and the reply is still owed, as a visibility query."""
    past = f"< '{now.isoformat()}'"
    broken = f"({BREACHED.name} = true AND {REPLY_DUE.name} IS NOT NULL)"
    return f"{NEXT_ACTION.name} {past} OR {REPLY_DUE.name} {past} OR {broken}"


def _at_stage(stage: str) -> str:
    condition = f"{STAGE.name} = {stage}"
    # What was opened this moment has no stage yet.
    return f"({condition} OR {STAGE.name} IS NULL)" if stage == _id(Stage.RECEIVED) else condition


def _known(what: str, value: str, kinds: type[StrEnum]) -> str:
    if value not in set(kinds):
        raise Refused(f"no_such_{what}", f"There is no {what} {value}; there are {', '.join(kinds)}.")
    return _id(value)


def _id(value: str) -> str:
    """An id as the query may hold it. SQL visibility does not escape reliably, so nothing else comes near it."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", value):
        raise Refused("no_such_id", f"{value!r} is no id: an id has letters, digits, dots, hyphens and underscores.")
    return f"'{value}'"


class Overview(Model):
    """One complaint in the list of all of them, as the server knows it without asking a worker."""

    reference: str
    """The complaint."""
    stage: str
    """Where it is; received as long as the server does not know better."""
    outcome: str | None
    """How it ended; for one that was ended by force, how."""
    nature: str | None
    """What it is about, once it is assessed."""
    tier: int | None
    """Its tier."""
    owner: str | None
    """Staff id of whoever answers for it."""
    departments: list[str]
    """Departments whose answer is awaited."""
    reply_due: Instant | None
    """When the reply that is still owed is due."""
    next_action: Instant | None
    """When the next thing is due, whoever has to do it."""
    breached: bool
    """Whether a promise to customer, law or regulator was broken."""
    attention: bool
    """Whether somebody has to look at it."""
    closed_at: Instant | None
    """When it was closed."""
    rule_pack: str | None = None
    """Whose rules apply, once they are known."""

    @property
    def due(self) -> datetime | None:
        """What the list is sorted by: the reply, or what else is to come."""
        return self.reply_due or self.next_action

    def late(self, now: datetime) -> bool:
        """Whether it is overdue."""
        passed = any(due is not None and due < now for due in (self.reply_due, self.next_action))
        return self.closed_at is None and (passed or (self.breached and self.reply_due is not None))


class Found(Model):
    """The first of the complaints that match."""

    matched: int
    """How many match in all."""
    complaints: list[Overview]
    """The first of them, in order."""


def urgency(one: Overview, now: datetime) -> Rank:
    """Overdue ones first, then those that need attention, each by due time; of closed ones the latest closed first."""
    if one.closed_at is not None:
        return 0, -one.closed_at.timestamp(), one.reference
    if one.late(now):
        first = min(due for due in (one.reply_due, one.next_action) if due)
        return 0, first.timestamp(), one.reference
    return 1 if one.attention else 2, (one.due or FAR).timestamp(), one.reference


async def find(
    client: Client, wanted: Wanted, limit: int, order: Callable[[Overview, datetime], Rank] = urgency
) -> Found:
    """The complaints that are wanted, those first that the order ranks lowest.

    SQL visibility cannot sort: every page is read, and only the first in order are kept, so that the memory needed does
    not grow with the number of complaints. Where many are open, the server is first asked how far one has to look.
    """
    now = datetime.now(UTC)
    kept = list[Overview]()

    def first(found: list[Overview]) -> list[Overview]:
        return nsmallest(limit, found, key=lambda one: order(one, now))

    async with plainly_of_all(client):
        query = wanted.query(now)
        matched = await _count(client, query)
        if matched > PAGE and order is urgency and not wanted.closed:
            query = await _enough(client, query, limit, now)
        async for one in _executions(client, query):
            kept.append(_overview(one))
            if len(kept) >= limit + PAGE:
                kept = first(kept)
    return Found(matched=matched, complaints=first(kept))


async def _enough(client: Client, query: str, limit: int, now: datetime) -> str:
    """Only those that come first by urgency, but as many as are wanted: all others are due later. To count costs the
    server a hundredth of what telling costs it."""
    for ahead in AHEAD:
        due = f"<= '{(now + ahead).isoformat()}'"
        soon = f"{REPLY_DUE.name} {due} OR ({REPLY_DUE.name} IS NULL AND {NEXT_ACTION.name} {due})"
        narrower = f"{query} AND ({overdue(now)} OR {ATTENTION.name} = true OR {soon})"
        if await _count(client, narrower) >= limit:
            return narrower
    return query


async def _count(client: Client, query: str) -> int:
    return (await client.count_workflows(query, rpc_timeout=PATIENCE)).count


async def _executions(client: Client, query: str) -> AsyncIterator[WorkflowExecutionInfo]:
    """As the server tells them. The SDK's own list decodes every attribute twice, for which a long list would wait."""
    request = ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=PAGE, query=query)
    while True:
        page = await client.workflow_service.list_workflow_executions(request, retry=True, timeout=PATIENCE)
        for one in page.executions:
            yield one
        if not page.next_page_token:
            return
        request.next_page_token = page.next_page_token


def _overview(one: WorkflowExecutionInfo) -> Overview:
    known = one.search_attributes.indexed_fields

    def value(key: SearchAttributeKey[Any]) -> Any:
        found = known.get(key.name)
        return json.loads(found.data) if found and found.data else None

    status = WorkflowExecutionStatus(one.status)
    forced = None if status is WorkflowExecutionStatus.RUNNING else status.name.lower()
    return Overview(
        reference=one.execution.workflow_id.removeprefix(workflow_id("")),
        stage=value(STAGE) or Stage.RECEIVED,
        outcome=value(OUTCOME) or forced,
        nature=value(NATURE),
        tier=value(TIER),
        owner=value(OWNER),
        departments=value(AWAITING) or [],
        reply_due=value(REPLY_DUE),
        next_action=value(NEXT_ACTION),
        breached=bool(value(BREACHED)),
        attention=bool(value(ATTENTION)),
        closed_at=one.close_time.ToDatetime(UTC) if one.HasField("close_time") else None,
        rule_pack=value(RULE_PACK),
    )
