"""Guarantee: the checker finds tasks that a worker cannot tell from the next one, and no true heartbeat."""

from __future__ import annotations

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from chaos.apart import run_together

TASK = ("WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED")
BEGUN = ("WORKFLOW_EXECUTION_STARTED", *TASK, "TIMER_STARTED")
FACT = ("WORKFLOW_EXECUTION_SIGNALED", *TASK)
DECISION = (*TASK, "WORKFLOW_EXECUTION_UPDATE_ACCEPTED")


def history(*kinds: str) -> list[HistoryEvent]:
    """Events of these kinds; a marker is written with its name."""
    events = []
    for number, kind in enumerate(kinds, start=1):
        name, _, marker = kind.partition(" ")
        event = HistoryEvent(event_id=number, event_type=EventType.Value(f"EVENT_TYPE_{name}"))
        if marker:
            event.marker_recorded_event_attributes.marker_name = marker
        events.append(event)
    return events


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((*BEGUN, *FACT, *FACT, *DECISION), [12]),
        ((*BEGUN, *FACT, *FACT, "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES", *DECISION), []),
        ((*BEGUN, *FACT, *DECISION), []),
        ((*BEGUN, *FACT, *FACT, *FACT), []),
        ((*BEGUN, *FACT, *FACT, *TASK, "MARKER_RECORDED core_patch"), [12]),
        (("WORKFLOW_EXECUTION_STARTED", *FACT, *TASK, "MARKER_RECORDED core_local_activity"), []),
    ],
    ids=["two silent", "a trace", "one silent", "facts between", "a patch", "a local activity"],
)
def test_only_a_silent_task_after_a_silent_one_and_before_another_is_found(
    kinds: tuple[str, ...], found: list[int]
) -> None:
    assert run_together(history(*kinds)) == found
