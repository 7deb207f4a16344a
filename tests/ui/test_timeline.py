"""The timeline reads without opening an event: the reply deadline with its date, every errand by its purpose."""

from __future__ import annotations

import re

from tests.ui.desk import Desk
from tests.ui.temporal_ui import TemporalUI


def test_the_reply_deadline_is_a_timer_that_shows_its_date(ui: TemporalUI, desk: Desk) -> None:
    case = desk.proposed("TIME-1")
    due = desk.deadlines(case)["promise-1"]["due_local"]
    ui.open(case)
    ui.text(f"Reply due {due} (promise)")


def test_activities_say_what_they_are_for(ui: TemporalUI, desk: Desk) -> None:
    ui.open(desk.investigated("TIME-2"))
    ui.text("acknowledgement by app", "technology-1", "operations-1")


def test_decisions_and_facts_stand_in_the_timeline_by_name(ui: TemporalUI, desk: Desk) -> None:
    ui.open(desk.investigated("TIME-3"))
    ui.text("verify_identity", "assess", "request_investigation", "investigation_accepted")


def test_the_alarm_of_everything_else_says_when_it_rings_and_why(ui: TemporalUI, desk: Desk) -> None:
    ui.open(desk.investigated("TIME-4"))
    assert re.search(r"Alarm \d{4}-\d\d-\d\d \d\d:\d\d CST: \w+", ui.text("Alarm "))
