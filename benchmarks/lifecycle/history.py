"""What a history consists of: every event with what it is for, its bytes, and what a managed service bills."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

ACTIONS = "https://docs.temporal.io/cloud/actions"
"""What a managed service bills, as read in 2026: a start, a timer, a signal, an update, a start of an activity and each
retry, the local activities of one workflow task together, an upsert of search attributes, a query."""

ACTIVITY = ("ACTIVITY_TASK_STARTED", "ACTIVITY_TASK_COMPLETED", "ACTIVITY_TASK_FAILED", "ACTIVITY_TASK_TIMED_OUT")
UPDATED = ("WORKFLOW_EXECUTION_UPDATE_COMPLETED",)
TASK = ("WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED", "WORKFLOW_TASK_FAILED",
        "WORKFLOW_TASK_TIMED_OUT")  # fmt: skip
NEWS = ("_COMPLETED", "_FIRED", "_SIGNALED", "EXECUTION_STARTED")
"""Ends of the types of events after which the workflow takes a step."""
TIMER_ENDED = ("TIMER_CANCELED", "TIMER_FIRED")


@dataclass(frozen=True)
class Row:
    """One event."""

    number: int
    kind: str
    about: str
    """What it is for."""
    size: int
    """Encoded bytes."""


@dataclass(frozen=True)
class Figures:
    """One history in figures."""

    events: int
    history_bytes: int
    workflow_tasks: int
    actions: int

    def as_dict(self) -> dict[str, float]:
        """By name."""
        return {name: float(value) for name, value in vars(self).items()}


def kind(event: HistoryEvent) -> str:
    """The type of an event without its prefix."""
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


def figures(events: list[HistoryEvent]) -> Figures:
    """What a history costs the server, and what it would cost in money."""
    kinds = Counter(map(kind, events))
    return Figures(
        events=len(events),
        history_bytes=sum(event.ByteSize() for event in events),
        workflow_tasks=kinds["WORKFLOW_TASK_SCHEDULED"],
        actions=billed(events),
    )


def billed(events: list[HistoryEvent]) -> int:
    """Billable actions of a life that nobody queried."""
    once = {"WORKFLOW_EXECUTION_STARTED", "TIMER_STARTED", "WORKFLOW_EXECUTION_SIGNALED",
            "WORKFLOW_EXECUTION_UPDATE_ACCEPTED", "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"}  # fmt: skip
    attempts = sum(
        event.activity_task_started_event_attributes.attempt for event in events if kind(event) == ACTIVITY[0]
    )
    local = {
        event.marker_recorded_event_attributes.workflow_task_completed_event_id
        for event in events
        if kind(event) == "MARKER_RECORDED"
    }
    return sum(kind(event) in once for event in events) + attempts + len(local)


async def rows(events: list[HistoryEvent], converter: DataConverter) -> list[Row]:
    """Every event of a history with what it is for."""
    told: dict[int, str] = {}
    """What began with an event, for those that belong to it."""
    found = []
    for event in events:
        about = _belongs_to(event, told) or await _about(event, converter)
        told[event.event_id] = about
        found.append(Row(event.event_id, kind(event), about, event.ByteSize()))
    return _with_causes(found)


def _belongs_to(event: HistoryEvent, told: dict[int, str]) -> str | None:
    """What an earlier event said that this one goes on with."""
    name = kind(event)
    if name in ACTIVITY:
        return told[_attributes(event).scheduled_event_id]
    if name in TIMER_ENDED:
        return told[_attributes(event).started_event_id]
    if name in UPDATED:
        return told[_attributes(event).accepted_event_id]
    return None


def _attributes(event: HistoryEvent) -> Any:
    return getattr(event, str(event.WhichOneof("attributes")))


async def _about(event: HistoryEvent, converter: DataConverter) -> str:
    match kind(event):
        case "ACTIVITY_TASK_SCHEDULED":
            name = event.activity_task_scheduled_event_attributes.activity_type.name
            return f"activity {name}: {await _summary(event, converter)}".removesuffix(": ")
        case "TIMER_STARTED":
            return f"timer: {await _summary(event, converter) or 'without a summary'}"
        case "WORKFLOW_EXECUTION_SIGNALED":
            return f"signal {event.workflow_execution_signaled_event_attributes.signal_name}"
        case "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
            request = event.workflow_execution_update_accepted_event_attributes.accepted_request
            return f"update {request.input.name}"
        case "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES":
            shown = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
            return f"lists show {', '.join(sorted(shown))}"
        case "MARKER_RECORDED":
            (data,) = event.marker_recorded_event_attributes.details["data"].payloads
            return f"local activity {json.loads(data.data)['activity_type']}"
        case other:
            return other.lower().replace("_", " ")


async def _summary(event: HistoryEvent, converter: DataConverter) -> str:
    if not event.user_metadata.HasField("summary"):
        return ""
    decoded = await converter.decode([event.user_metadata.summary])
    return str(decoded[0])


def _with_causes(found: list[Row]) -> list[Row]:
    """Say of a step what brought it about: the news since the one before was scheduled, or the update that it takes."""
    news: list[str] = []
    cause, made = "", []
    for place, row in enumerate(found):
        if row.kind == TASK[0]:
            cause, news = "; ".join(dict.fromkeys(news)) or _update_taken(found[place:]), []
        elif row.kind.endswith(NEWS) and row.kind not in (*TASK, *UPDATED):
            news.append(row.about)
        made.append(Row(row.number, row.kind, f"step after {cause}", row.size) if row.kind in TASK else row)
    return made


def _update_taken(following: list[Row]) -> str:
    return next((row.about for row in following if row.kind == "WORKFLOW_EXECUTION_UPDATE_ACCEPTED"), "the server")


def by_purpose(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Events and bytes by what they are for, in the order in which it first came up."""
    events: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in found:
        events[row.about] += 1
        sizes[row.about] += row.size
    return [{"for": about, "events": events[about], "bytes": sizes[about]} for about in events]
