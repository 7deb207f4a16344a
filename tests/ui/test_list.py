"""An operator finds complaints in the list of the Temporal UI by their stage, tier, owner and due date."""

from __future__ import annotations

from tests.ui.desk import Desk
from tests.ui.temporal_ui import TemporalUI

COLUMNS = ("ComplaintStage", "ComplaintTier", "ComplaintOwner", "AwaitingDepartments", "ReplyDueAt", "NeedsAttention")


def test_complaints_are_found_by_their_stage(ui: TemporalUI, desk: Desk) -> None:
    desk.open("LIST-1")
    desk.investigated("LIST-2")
    ui.open_list('ComplaintStage = "investigating"')
    assert not any("LIST-1" in row for row in ui.rows("complaint-LIST-2"))


def test_complaints_are_found_by_several_attributes_at_once(ui: TemporalUI, desk: Desk) -> None:
    desk.investigated("LIST-3")
    desk.investigated("LIST-4")
    ui.open_list('AwaitingDepartments = "operations" AND ComplaintTier = 1 AND ReplyDueAt > "2026-01-01T00:00:00Z"')
    ui.rows("complaint-LIST-3", "complaint-LIST-4")


def test_the_list_shows_the_search_attributes_as_columns(ui: TemporalUI, desk: Desk) -> None:
    desk.investigated("LIST-5")
    desk.proposed("LIST-6")
    ui.open_list()
    ui.show_columns(*COLUMNS)
    rows = ui.rows("LIST-5", "LIST-6", "approving")
    row = next(row for row in rows if "LIST-6" in row)
    assert "FL-0021" in row
    assert "false" in row.lower()
