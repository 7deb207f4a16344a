"""The timeline reads without opening an event: the reply deadline with its date, every errand by its purpose."""

from __future__ import annotations

import re

import pytest

from tests.server import Case
from tests.ui.desk import Desk
from tests.ui.temporal_ui import TemporalUI


@pytest.fixture(scope="module")
def case(ui_of_all: TemporalUI, desk: Desk) -> Case:
    """The complaint whose timeline is open."""
    case = desk.proposed("TIME-1")
    ui_of_all.open(case)
    return case


@pytest.fixture
def ui(ui_of_all: TemporalUI, case: Case) -> TemporalUI:
    """Its timeline."""
    return ui_of_all


def test_the_reply_deadline_is_a_timer_that_shows_its_date(ui: TemporalUI, desk: Desk, case: Case) -> None:
    due = desk.deadlines(case)["promise-1"]["due_local"]
    ui.text(f"Reply due {due} (promise)")


def test_activities_say_what_they_are_for(ui: TemporalUI) -> None:
    ui.text("acknowledgement by app", "technology-1", "operations-1")


def test_decisions_and_facts_stand_in_the_timeline_by_name(ui: TemporalUI) -> None:
    ui.text("verify_identity", "assess", "request_investigation", "investigation_accepted")


def test_the_alarm_of_everything_else_says_when_it_rings_and_why(ui: TemporalUI) -> None:
    assert re.search(r"Alarm \d{4}-\d\d-\d\d \d\d:\d\d CST: \w+", ui.text("Alarm "))
