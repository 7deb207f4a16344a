"""The life of one complaint, read from the raw events that the Temporal server keeps of it.

Nothing of the product's own code is used: names and shapes here are those of the public interface.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

Json = dict[str, Any]

ENDINGS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed out",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "cancelled",
}
ANOTHER_TRY = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
"""A message came in between: nothing is wrong."""
TOO_SLOW = "[TMPRL1101]"
"""The SDK gives up a step that took two seconds by the clock, as it may hang; on a busy machine the next is quicker."""


@dataclass
class Update:
    """A decision that the workflow took in."""

    name: str
    message: Json
    id: str
    """The message's own id, or that of the update."""
    accepted: bool | None = None
    """Whether it was answered with a receipt; empty while it has no answer."""


@dataclass
class Activity:
    """One thing that the bank's systems or the archive were asked."""

    name: str
    order: Json
    scheduled_at: datetime
    attempt: int = 1
    """The attempt that ended it."""
    last_failure: str = ""
    """Why the attempt before failed, if there was one."""
    done_at: datetime | None = None
    answer: Json = field(default_factory=dict)
    failed: bool = False
    """Given up: a person must do it."""

    @property
    def key(self) -> str:
        """The idempotency key, where it has one."""
        return str(self.order.get("key", ""))


@dataclass
class Step:
    """One workflow task that was completed."""

    scheduled_at: datetime
    done_at: datetime
    worker: str
    """Identity of the worker."""


@dataclass
class Life:
    """Everything that the server knows of one complaint, over all its runs."""

    reference: str
    ended: str | None = None
    """How the workflow ended; empty while it runs."""
    ended_at: datetime | None = None
    result: Json = field(default_factory=dict)
    signals: list[tuple[str, Json]] = field(default_factory=list)
    """Name and content, in order of arrival."""
    updates: list[Update] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    task_failures: list[str] = field(default_factory=list)
    slow_steps: int = 0
    """Given up after two seconds, and taken again. One that is slow every time ends nowhere, and is found by that."""
    """Why workflow tasks failed: each is a fault of the product's own code."""
    cancel_requests: int = 0
    timers_fired: int = 0
    runs: int = 0
    events: int = 0

    @property
    def closed(self) -> bool:
        """Whether the workflow came to its own end."""
        return self.ended == "completed"

    def decisions(self, name: str) -> list[Update]:
        """The accepted decisions of a name, each message once."""
        first: dict[str, Update] = {}
        for update in self.updates:
            if update.name == name and update.accepted:
                first.setdefault(update.id, update)
        return list(first.values())


async def read_life(client: Client, reference: str) -> Life | None:
    """Read all runs of a complaint, from the last back to the first; nothing when the server has none."""
    runs: list[list[HistoryEvent]] = []
    run: str | None = None
    while run != "":
        handle = client.get_workflow_handle(f"complaint-{reference}", run_id=run)
        try:
            events = [event async for event in handle.fetch_history_events()]
        except RPCError as wrong:
            if wrong.status is RPCStatusCode.NOT_FOUND and not runs:
                return None
            raise
        runs.insert(0, events)
        run = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return life_of(reference, runs)


def life_of(reference: str, runs: Iterable[Iterable[HistoryEvent]]) -> Life:
    """A life from the events of its runs, the oldest first."""
    life = Life(reference)
    for events in runs:
        life.runs += 1
        _Run(life).read(events)
    return life


class _Run:
    """One run: events refer to earlier ones by their number in the run."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.activities: dict[int, Activity] = {}
        self.updates: dict[str, Update] = {}
        self.tasks: dict[int, datetime] = {}

    def read(self, events: Iterable[HistoryEvent]) -> None:
        for event in events:
            self.life.events += 1
            kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
            entered = getattr(self, f"_{kind}", None)
            if entered:
                entered(event)
            elif event.event_type in ENDINGS:
                self.life.ended, self.life.ended_at = ENDINGS[event.event_type], _time(event)
                self.life.result = content(event.workflow_execution_completed_event_attributes.result)

    def _workflow_execution_signaled(self, event: HistoryEvent) -> None:
        signal = event.workflow_execution_signaled_event_attributes
        self.life.signals.append((signal.signal_name, content(signal.input)))

    def _workflow_execution_cancel_requested(self, event: HistoryEvent) -> None:
        self.life.cancel_requests += 1

    def _workflow_execution_update_accepted(self, event: HistoryEvent) -> None:
        request = event.workflow_execution_update_accepted_event_attributes.accepted_request
        message = content(request.input.args)
        own = request.meta.update_id
        update = Update(request.input.name, message, str(message.get("message_id") or own))
        self.updates[own] = update
        self.life.updates.append(update)

    def _workflow_execution_update_completed(self, event: HistoryEvent) -> None:
        answer = event.workflow_execution_update_completed_event_attributes
        self.updates[answer.meta.update_id].accepted = answer.outcome.HasField("success")

    def _activity_task_scheduled(self, event: HistoryEvent) -> None:
        scheduled = event.activity_task_scheduled_event_attributes
        activity = Activity(scheduled.activity_type.name, content(scheduled.input), _time(event))
        self.activities[event.event_id] = activity
        self.life.activities.append(activity)

    def _activity_task_started(self, event: HistoryEvent) -> None:
        started = event.activity_task_started_event_attributes
        activity = self.activities[started.scheduled_event_id]
        activity.attempt = started.attempt
        if started.HasField("last_failure"):
            failure = started.last_failure
            timed_out = failure.HasField("timeout_failure_info")
            activity.last_failure = "timed out" if timed_out else failure.application_failure_info.type

    def _activity_task_completed(self, event: HistoryEvent) -> None:
        completed = event.activity_task_completed_event_attributes
        activity = self.activities[completed.scheduled_event_id]
        activity.done_at, activity.answer = _time(event), content(completed.result)

    def _activity_task_failed(self, event: HistoryEvent) -> None:
        self.activities[event.activity_task_failed_event_attributes.scheduled_event_id].failed = True

    def _workflow_task_scheduled(self, event: HistoryEvent) -> None:
        self.tasks[event.event_id] = _time(event)

    def _workflow_task_completed(self, event: HistoryEvent) -> None:
        done = event.workflow_task_completed_event_attributes
        self.life.steps.append(Step(self.tasks[done.scheduled_event_id], _time(event), done.identity))

    def _workflow_task_failed(self, event: HistoryEvent) -> None:
        failed = event.workflow_task_failed_event_attributes
        if failed.failure.message.startswith(TOO_SLOW):
            self.life.slow_steps += 1
        elif failed.cause != ANOTHER_TRY:
            cause = WorkflowTaskFailedCause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")
            self.life.task_failures.append(f"{cause} {failed.failure.message[:200]}".strip())

    def _timer_fired(self, event: HistoryEvent) -> None:
        self.life.timers_fired += 1


def content(payloads: Payloads) -> Json:
    """The JSON object that was sent; empty when it is none."""
    for payload in payloads.payloads[:1]:
        if payload.metadata.get("encoding", b"").startswith(b"json/"):
            read = json.loads(payload.data)
            return read if isinstance(read, dict) else {}
    return {}


def _time(event: HistoryEvent) -> datetime:
    return event.event_time.ToDatetime(UTC)


async def stuck(client: Client) -> list[str]:
    """Workflows whose tasks keep failing, as the server itself reports them."""
    found = client.list_workflows("TemporalReportedProblems IS NOT NULL")
    return [one.id async for one in found if one.status is WorkflowExecutionStatus.RUNNING]


def messages(life: Life) -> Iterator[tuple[str, str]]:
    """Name and id of every message that the complaint accepted, as often as it came."""
    for name, message in life.signals:
        yield name, str(message.get("message_id", ""))
    for update in life.updates:
        if update.accepted:
            yield update.name, update.id
