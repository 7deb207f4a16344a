"""Tables are legible at any width: as a table where it fits, otherwise as a block per row, and nothing is cut off."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from cli.rows import Rows
from cli.tables import overview_table, sources
from cli.times import Zones, distance, length
from client.listing import Overview

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
WORDS = ["COMPLAINT-2026-000123", "identity_verified", "2026-08-16 15:59 UTC 98 d 4 h late", "手机银行转账失败"]
LONG = "the customer says that the card was kept by the machine, and that nobody called back 取款机吞卡"


def printed(shown: object, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(shown, soft_wrap=True)
    return out.getvalue()


@pytest.mark.parametrize("width", [*range(40, 161, 8), 200])
def test_nothing_is_cut_off_at_any_width(width: int) -> None:
    shown = printed(Rows(["complaint", "stage", "due", "product", "note"], [[*WORDS, LONG], [*WORDS[::-1], ""]]), width)
    assert all(word in shown for word in WORDS if len(word) + 12 <= width)
    assert [word for word in LONG.split() if word not in shown] == []


def test_before_it_comes_to_blocks_what_can_be_spared_is_left_out_and_ids_are_whole() -> None:
    rows = Rows(["complaint", "task", "left", "due", "message"], [["C-1", *WORDS]], spare=["message", "due"])
    whole, shorter, shortest, blocks = (printed(rows, width) for width in (200, 90, 60, 40))
    assert all(word in whole for word in WORDS)
    assert (WORDS[2] in shorter, WORDS[3] in shorter) == (True, False)
    assert shortest.splitlines()[0].split() == ["complaint", "task", "left"]
    assert all(word in shortest for word in WORDS[:2])
    assert "message" in blocks


def test_chinese_text_is_broken_anywhere_and_needs_no_blocks() -> None:
    rows = Rows(["", "what"], [["7", "reason " + "供应商提供日志需要时间" * 9], ["8", "payout-1-1: B-000002"]])
    shown = printed(rows, 60).splitlines()
    assert shown[0].split() == ["what"]
    assert max(map(cell_len, shown)) <= 60
    assert "".join(line.strip() for line in shown).count("供应商提供日志需要时间") == 9


def test_due_times_are_those_of_the_firm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Overview(
        reference="R-1", stage="acknowledged", outcome=None, nature=None, tier=1, owner=None, departments=[],
        reply_due=NOW, next_action=NOW, breached=False, attention=False, closed_at=None, rule_pack="cn-banking",
    )  # fmt: skip
    assert "2026-08-01 20:00 CST" in printed(overview_table([one], Zones()), 200)
    monkeypatch.setenv("COMPLAINTS_RULEPACKS", str(tmp_path))
    assert f"{NOW.astimezone():%Y-%m-%d %H:%M %Z}" in printed(overview_table([one], Zones()), 200)


def test_a_source_stands_once_for_all_its_clocks() -> None:
    clocks = [("law-1", LONG), ("promise-1", None), ("law-2", LONG)]
    shown = " ".join(printed(sources(clocks), 60).split())
    assert shown.startswith("clock source law-1, law-2 the customer says")
    assert ("promise-1" in shown, shown.count("card")) == (False, 1)


def test_a_table_without_rows_is_its_header() -> None:
    assert printed(Rows(["complaint", "note"], []), 80).split() == ["complaint", "note"]


def test_what_is_listed_can_be_read_in_80_columns() -> None:
    one = Overview(
        reference="LATE-1", stage="acknowledged", outcome=None, nature=None, tier=3, owner=None, departments=["branch"],
        reply_due=NOW - timedelta(days=98, hours=4), next_action=NOW, breached=True, attention=True, closed_at=None,
    )  # fmt: skip
    shown = printed(overview_table([one], Zones()), 80)
    for word in ("LATE-1", "acknowledged", "late", "needs attention", "breached", "awaits branch"):
        assert word in shown


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 59}, "0 min"),
        ({"minutes": 90}, "1 h 30 min"),
        ({"hours": 2}, "2 h"),
        ({"days": 2, "hours": 3, "minutes": 59}, "2 d 3 h"),
        ({"days": 30}, "30 d"),
    ],
)
def test_a_length_of_time_has_its_two_largest_units(span: dict[str, float], words: str) -> None:
    assert length(timedelta(**span)) == words


@pytest.mark.parametrize(
    ("hours", "words", "colour"), [(-3, "3 h late", "red"), (5, "in 5 h", "yellow"), (30, "in 1 d 6 h", "")]
)
def test_what_is_late_is_red_and_what_comes_soon_is_yellow(hours: int, words: str, colour: str) -> None:
    shown = distance(NOW + timedelta(hours=hours), NOW)
    assert (shown.plain, shown.style) == (words, colour)
