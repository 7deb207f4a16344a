"""The search attributes by which complaints are found, kept in step with the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain import closing, timekeeping
from domain.errands import needs_attention
from domain.model import Stage
from domain.stages import stage
from domain.tasks import open_tasks, reply_due
from workflows import names
from workflows.desk import Desk

TURNS = 3
"""Turns without an entry in the file after which a step will bring no more: the story passes over two gates at most."""
Values = dict[SearchAttributeKey[Any], Any]


class Publisher:
    """Publishes the state of the complaint once per change, however much changed at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: tuple[object, ...] | None = None
        self._published: Values = {}

    async def run(self) -> None:
        """Publish whenever something was entered in the file."""
        while True:
            await workflow.wait_condition(lambda: self._state() != self._seen)
            await self._settled()
            self.publish()

    async def _settled(self) -> None:
        """Wait until all that this step brings about is in the file: the rest of the workflow has its turns first."""
        quiet = 0
        while quiet < TURNS:
            before = self._state()
            await workflow.wait_condition(lambda: True)
            quiet = quiet + 1 if self._state() == before else 0

    def _state(self) -> tuple[object, ...]:
        """Changes with every entry in the file."""
        if self._desk.open:
            return (self._desk.file.journal_length,)
        return (self._desk.unreadable, len(self._desk.in_tray))

    def publish(self) -> None:
        """Upsert the search attributes that changed."""
        self._seen = self._state()
        values = self.values()
        changes: list[SearchAttributeUpdate[Any]] = [
            key.value_unset() if value is None else key.value_set(value)
            for key, value in values.items()
            if self._published.get(key) != value
        ]
        if changes:
            workflow.upsert_search_attributes(changes)
        self._published = values

    def values(self) -> Values:
        """The search attributes as they should be."""
        if not self._desk.open:
            unreadable = self._desk.unreadable is not None
            return {
                names.STAGE: Stage.UNREADABLE if unreadable else self._before_it_is_open,
                names.ATTENTION: unreadable,
            }
        file = self._desk.file
        assessment = file.cycle.assessment
        return {
            names.STAGE: str(stage(file)),
            names.NATURE: str(assessment.nature) if assessment else None,
            names.OWNER: file.owner.id if file.owner else None,
            names.OUTCOME: str(file.outcome) if file.outcome else None,
            names.CUSTOMER: file.customer.customer_key if file.customer else None,
            names.RULE_PACK: file.pinned().pack.name,
            names.TIER: file.tier,
            names.REPLY_DUE: reply_due(file),
            names.NEXT_ACTION: self._next_action(),
            names.BREACHED: closing.breached(file),
            names.ATTENTION: needs_attention(file),
            names.AWAITING: sorted({task.department for task in open_tasks(file) if task.department}) or None,
        }

    @property
    def _before_it_is_open(self) -> Stage:
        return stage(self._desk.file) if self._desk.readable else Stage.RECEIVED

    def _next_action(self) -> datetime | None:
        file = self._desk.file
        due = [task.due for task in open_tasks(file) if task.due]
        alarms = [alarm.at for alarm in timekeeping.upcoming(file) if not alarm.chore] if not file.outcome else []
        return min([*due, *alarms], default=None)
