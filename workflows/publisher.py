"""The search attributes by which complaints are found, kept in step with the file.

Each upsert is an event, and the dearest one: the server writes the complaint into its index again. So a step publishes
once. That somebody is awaited, and that nobody is any more, is shown at once; what passes in between, as soon as a
system answers, is not: what people do next, or that the system keeps failing, comes in moments.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain import closing, timekeeping
from domain.errands import needs_attention
from domain.model import Stage
from domain.stages import stage
from domain.tasks import OpenTask, reply_due
from workflows import names
from workflows.desk import Desk

PASSING = frozenset({names.STAGE, names.OUTCOME, names.NEXT_ACTION})
"""What may be shown a moment later, when the systems that are at work have answered."""
Values = dict[SearchAttributeKey[Any], Any]
_BY_SOMEBODY = object()
"""What stands in the lists when a run begins: the run before has written it, or whoever started the complaint."""


class Publisher:
    """Publishes the state of the complaint once per change, however much changed at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: tuple[object, ...] | None = None
        self._published: Values = {pair.key: _BY_SOMEBODY for pair in workflow.info().typed_search_attributes}
        self._awaited = True
        """Whether the lists show somebody as awaited, as they may until they are told otherwise."""

    async def news(self) -> None:
        """Wait for something that was entered in the file, and then for a turn without an entry.

        The rest of the workflow does first what this step brings about.
        """
        await workflow.wait_condition(lambda: self._state() != self._seen and self._shows())
        before = None
        while before != self._state():
            before = self._state()
            await workflow.wait_condition(lambda: True)

    def _shows(self) -> bool:
        """Whether there is more to show than a file that is just being opened."""
        return self._desk.open or self._desk.unreadable is not None or self._desk.waits_for_archive

    def _state(self) -> tuple[object, ...]:
        """Changes with every entry in the file."""
        if self._desk.open:
            return (self._desk.file.journal_length,)
        return (self._desk.unreadable, len(self._desk.in_tray))

    def publish(self, *, whole: bool = True) -> None:
        """Upsert the search attributes that changed; unless they are to be whole, not what only passes."""
        self._seen = self._state()
        tasks = self._desk.tasks()
        values = self.values(tasks)
        changed = {key for key, value in values.items() if self._published.get(key) != value}
        if not whole and self._passes(changed, tasks):
            return
        self._awaited = bool(tasks)
        if not changed:
            return
        updates: list[SearchAttributeUpdate[Any]] = [
            key.value_unset() if value is None else key.value_set(value)
            for key, value in values.items()
            if key in changed
        ]
        workflow.upsert_search_attributes(updates)
        self._published = self._published | values

    def _passes(self, changed: set[SearchAttributeKey[Any]], tasks: list[OpenTask]) -> bool:
        """Whether nobody was or is waited for but the bank's systems, and nothing else is new."""
        at_work = self._desk.open and any(errand.pending for errand in self._desk.file.errands)
        return at_work and not self._awaited and not tasks and changed <= PASSING

    def values(self, tasks: list[OpenTask]) -> Values:
        """The search attributes as they should be, with the tasks that are open."""
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
            names.NEXT_ACTION: self._next_action(tasks),
            names.BREACHED: closing.breached(file),
            names.ATTENTION: needs_attention(file),
            names.AWAITING: sorted({task.department for task in tasks if task.department}) or None,
        }

    @property
    def _before_it_is_open(self) -> Stage:
        return stage(self._desk.file) if self._desk.readable else Stage.RECEIVED

    def _next_action(self, tasks: list[OpenTask]) -> datetime | None:
        file = self._desk.file
        due = [task.due for task in tasks if task.due]
        alarms = [alarm.at for alarm in timekeeping.upcoming(file) if not alarm.chore] if not file.outcome else []
        return min([*due, *alarms], default=None)
