"""What the README shows is what there is to see: its pictures are taken here, of complaints at different stages.

``COMPLAINTS_KEEP_SCREENSHOTS=docs/images pytest tests/ui/test_pictures.py`` takes them again.
"""

from __future__ import annotations

import pytest

from tests.server import Case
from tests.ui.desk import SPECIALIST, Desk
from tests.ui.temporal_ui import TemporalUI

COLUMNS = ("ComplaintStage", "ComplaintTier", "ComplaintOwner", "AwaitingDepartments", "ReplyDueAt", "NeedsAttention")


@pytest.fixture(scope="module")
def lively(request: pytest.FixtureRequest) -> Case:
    """A complaint whose compensation waits for approval, among others."""
    desk = Desk(request.getfixturevalue("portal"), request.getfixturevalue("server"))
    desk.open("CN-2026-0001")
    desk.investigated("CN-2026-0002")
    offered = desk.proposed("CN-2026-0003")
    desk.decide(
        offered, "decide_compensation", by=SPECIALIST, proposal="proposal-1", decision="approve", reason="实际损失"
    )
    tiered = desk.open("CN-2026-0004")
    desk.tell(tiered, "regulator_contacted_us", regulator="NFRA", their_reference="2026-0815", summary="询问")
    unread = desk.investigated("CN-2026-0005")
    desk.tell(unread, "investigation_result", finding=None)
    return desk.proposed("CN-2026-0042")


def test_the_timeline_shows_two_departments_and_the_reply_deadline(ui: TemporalUI, lively: Case) -> None:
    ui.open(lively)
    ui.text("Reply due ", "technology-1", "operations-1", "propose_resolution", "approval to specialist")
    ui.keep("complaint-in-temporal-ui.png", 1400, 1400)


def test_the_case_sheet_shows_who_approves_until_when(ui: TemporalUI, lively: Case) -> None:
    ui.case_sheet(lively, "CN-2026-0042: approving", "decide on 50.00 CNY", "decide_compensation (update)")
    ui.keep("case-sheet.png", 1400, 1700)


def test_the_list_shows_the_complaints_side_by_side(ui: TemporalUI, lively: Case) -> None:
    ui.open_list('WorkflowId STARTS_WITH "complaint-CN-2026"')
    ui.show_columns(*COLUMNS)
    ui.rows("acknowledged", "investigating", "offered", "approving", "CN-2026-0005")
    ui.keep("list.png", 1750, 800)
