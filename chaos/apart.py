"""Workflow tasks that a worker which takes a complaint over cannot tell from the next one.

After temporalio/sdk-core, ``find_end_index_of_next_wft_seq``: a completed task before which no command was recorded
since the task before, and which is followed by another task at once, is taken for a heartbeat.
"""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
ABOUT_TASKS = {
    SCHEDULED,
    STARTED,
    COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
}
LOCAL_ACTIVITY = "core_local_activity"
"""Name of the marker with which a local activity is recorded."""
BEGINS = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
NEWS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
    EventType.EVENT_TYPE_TIMER_FIRED,
}
"""What a task takes in. All other events are commands that were recorded."""


def run_together(events: Sequence[HistoryEvent]) -> list[int]:
    """Numbers of the starts of the tasks that took something in and would wrongly be taken for a heartbeat.

    One while a local activity is under way is a heartbeat, and the first thing recorded after it is its marker.
    """
    found: list[int] = []
    beats: list[int] = []
    commands = news = 0
    for number, event in enumerate(events, start=1):
        following = [after.event_type for after in events[number : number + 2]]
        news += event.event_type in NEWS
        if event.event_type not in {*NEWS, *ABOUT_TASKS, BEGINS}:
            found += [] if event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY else beats
            beats, commands = [], commands + 1
        if event.event_type != STARTED or following[:1] != [COMPLETED]:
            continue
        if not commands and following[1:] == [SCHEDULED]:
            beats += [event.event_id] if news else []
        else:
            commands = news = 0
    return found + beats
