"""An operator who opens a complaint in the Temporal UI sees where it stands, whose turn it is and what to send."""

from __future__ import annotations

import re

import pytest

from tests.ui.desk import CLEARER, Desk
from tests.ui.temporal_ui import TemporalUI


@pytest.fixture(scope="module")
def sheet(ui_of_all: TemporalUI, desk: Desk) -> str:
    """The sheet of a complaint that one department has accepted and another has not."""
    return ui_of_all.case_sheet(desk.investigated("SHEET-1"), "SHEET-1: investigating", "acceptance by Operations")


def test_the_sheet_shows_where_the_complaint_stands(sheet: str) -> None:
    assert "1 First line" in sheet
    assert "FL-0021 (first_line)" in sheet
    assert "cn-banking" in sheet


def test_the_sheet_shows_every_running_clock_with_the_time_that_is_left(sheet: str) -> None:
    assert "final response, as promised" in sheet
    assert re.search(r"final response, by law\s+\S+ 23:59 CST\s+15 d \d+ h", sheet)


def test_the_sheet_shows_whose_turn_it_is_and_the_message_to_send(sheet: str) -> None:
    assert "accept operations-1" in sheet
    assert "answer technology-1" in sheet
    assert "investigation_accepted (signal)" in sheet
    assert '"investigation": "operations-1"' in sheet
    assert '"id": "<your staff id>"' in sheet


def test_the_sheet_changes_with_every_message(ui: TemporalUI, desk: Desk) -> None:
    case = desk.investigated("SHEET-4")
    ui.case_sheet(case, "accept operations-1")
    desk.tell(case, "investigation_accepted", investigation="operations-1", by=CLEARER)
    assert "accept operations-1" not in ui.case_sheet(case, "answer operations-1")


def test_the_sheet_names_who_may_approve(ui: TemporalUI, desk: Desk) -> None:
    ui.case_sheet(desk.proposed("SHEET-5"), "SHEET-5: approving", "decide on 50.00 CNY", "decide_compensation (update)")


def test_the_sheet_holds_no_personal_data(sheet: str) -> None:
    assert "测试客户" not in sheet
    assert "C-SHEET-1" not in sheet


def test_beside_the_sheet_stands_how_to_act(ui: TemporalUI, desk: Desk) -> None:
    ui.open(desk.open("SHEET-7"), "user-metadata")
    ui.framed("Complaint SHEET-7")
    ui.framed("Send an Update: decisions of people", "Request Cancellation is the customer’s withdrawal")
