"""'clock' counts every clock of every shipped pack, day by day: kinds, places, zones, rungs, pauses, provisional
years; what cannot be counted is one sentence with exit code 2. 'deadlines' counts what is owed, coloured in a terminal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from rich.console import Console

from cli.law import shelf
from cli.law.days import count_of, owed
from domain.clock_view import view
from tests.cli.law.asking import MONDAY, said
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import MANAGER

NAMES = shelf.names()


def clock(*words: str) -> dict[str, Any]:
    """The one clock that was asked for."""
    counted = said("clock", *words, "--json")
    assert counted.code == 0, counted.err
    asked = words[words.index("--clock") + 1] if "--clock" in words else "law"
    [found] = [one for one in counted.json["clocks"] if one["kind"] == asked]
    return dict(found)


# clock ----------------------------------------------------------------------------------------------------------------


def test_every_day_is_counted_or_skipped_with_the_reason() -> None:
    counted = said("clock", "cn-banking", "--received", "2026-09-29T10:00", "--clock", "remedy")
    start = counted.out.index("  starts")
    assert [line.rstrip() for line in counted.out[start:].splitlines()] == [
        "  starts 2026-09-29 10:00 CST (2026-09-29 02:00:00 UTC)",
        "  counts 5 business days; the next day is day one; make-up working days do not count",
        "  Tue 2026-09-29  not counted  day of the start",
        "  Wed 2026-09-30  day 1        counted",
        "  Thu 2026-10-01  not counted  holiday: National Day",
        "  Fri 2026-10-02  not counted  holiday: National Day",
        "  Sat 2026-10-03  not counted  holiday: National Day",
        "  Sun 2026-10-04  not counted  weekend",
        "  Mon 2026-10-05  not counted  holiday: National Day (observed)",
        "  Tue 2026-10-06  not counted  holiday: National Day (worked on 2026-09-20)",
        "  Wed 2026-10-07  not counted  holiday: National Day (worked on 2026-10-10)",
        "  Thu 2026-10-08  day 2        counted",
        "  Fri 2026-10-09  day 3        counted",
        "  Sat 2026-10-10  not counted  make-up day not worked: National Day",
        "  Sun 2026-10-11  not counted  weekend",
        "  Mon 2026-10-12  day 4        counted",
        "  Tue 2026-10-13  day 5        counted",
        "  due 2026-10-13 23:59 CST (2026-10-13 15:59:59 UTC)",
        "  warns   1 business day before: 2026-10-12 23:59 CST, or up to 4 hours earlier, each complaint in its turn",
        "  pauses  never: the rule names no reason",
    ]


@pytest.mark.parametrize("pack", NAMES)
def test_every_clock_of_every_pack_can_be_counted(pack: str) -> None:
    counted = said("clock", pack, *MONDAY, "--clock", "all", "--json").json
    assert {"acknowledgement", "law", "promise"} <= {one["kind"] for one in counted["clocks"]}
    for one in counted["clocks"]:
        due = datetime.fromisoformat(one["due_at"])
        assert one["explanation"][-1] == f"due {one['due_local']} ({due:%Y-%m-%d %H:%M:%S} UTC)"
        assert due > datetime.fromisoformat(counted["received_at"])
    shown = said("clock", pack, *MONDAY, "--clock", "all").out
    assert all(one["source"] in " ".join(shown.split()) for one in counted["clocks"])


def test_the_laws_clock_is_counted_out_and_the_others_have_their_sources() -> None:
    lines = said("clock", "uk-disp", *MONDAY).out.splitlines()
    assert [line for line in lines if " day 56 " in line] == ["  Mon 2026-04-27  day 56       counted"]
    assert lines[0].startswith("uk-disp ")
    assert sum(line.startswith("short_settlement ") for line in lines) == 2
    assert sum(line.startswith("law ") for line in lines) == 2


def test_a_time_without_an_offset_is_by_the_clock_of_the_pack() -> None:
    assert clock("us-cfpb", *MONDAY)["started_at"] == "2026-03-02T10:00:00-05:00"
    assert clock("us-cfpb", "--received", "2026-03-02T23:00Z") == clock(
        "us-cfpb", "--received", "2026-03-02T23:00+00:00"
    )
    assert clock("us-cfpb", "--received", "2026-03-03T04:59Z")["due_local"] == "2026-03-17 23:59 EDT"
    assert clock("us-cfpb", "--received", "2026-03-03T05:00Z")["due_local"] == "2026-03-18 23:59 EDT"


def test_kinds_and_places_have_their_own_time() -> None:
    ordinary, hardship = clock("au-rg271", *MONDAY), clock("au-rg271", *MONDAY, "--kind", "hardship")
    assert (ordinary["length"], hardship["length"]) == ("30 calendar days", "21 calendar days")
    new_year = ["uk-psd", "--received", "2026-12-31T10:00", "--clock", "acknowledgement"]
    assert clock(*new_year)["due_local"] == "2027-01-04 23:59 GMT"
    assert clock(*new_year, "--place", "GB-SCT")["due_local"] == "2027-01-05 23:59 GMT"


def test_a_year_that_is_not_published_is_provisional() -> None:
    asked = ["cn-banking", "--received", "2030-03-04", "--clock", "remedy"]
    assert clock(*asked)["provisional"]
    assert said("clock", *asked).out.count("2030-03-11 23:59 CST (provisional)") == 1
    assert said("clock", *asked).out.splitlines()[-3].endswith(" UTC) (provisional)")


def test_a_rung_and_a_pause_move_the_clock_that_was_asked_for_alone() -> None:
    plain, longer = (said("clock", "cn-banking", *MONDAY, "--rung", rung, "--json").json["clocks"] for rung in "01")
    assert [one["due_local"] for one in longer] == [
        one["due_local"] if one["kind"] != "law" else "2026-04-01 23:59 CST" for one in plain
    ]
    assert "to 30 days when complex" in longer[1]["source"]
    paused = clock("cn-banking", *MONDAY, "--pause", "2026-03-05..2026-03-09", "--pause", "2026-03-12..2026-03-13")
    assert paused["due_local"] == "2026-03-22 23:59 CST"
    assert [line[4:14] for line in paused["explanation"] if line.endswith("not counted  paused")] == [
        "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08", "2026-03-12",
    ]  # fmt: skip


def test_what_may_change_a_deadline_stands_below_it() -> None:
    told = said("clock", "us-reg-e", *MONDAY, "--kind", "new_account").out
    assert "rung 1  90 calendar days, due 2026-05-31 23:59 EDT" in told
    assert "needs a provisional credit first" in told
    assert "the time that its notice names" in said("clock", "uk-disp", *MONDAY).out
    assert (
        "may pause  for outside_appraisal; the complainant is told at once" in said("clock", "cn-banking", *MONDAY).out
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tea", *MONDAY], "There is no rule pack tea; known are: au-rg271, "),
        (["tea.toml", *MONDAY], "There is no rule pack tea.toml; known are: "),
        (["cn-banking", "--received", "soon"], "'soon' is no time; write it as 2026-03-02, "),
        (["cn-banking", "--received", "9999-12-31"], "'9999-12-31' cannot be counted from: the year must lie between "),
        (["cn-banking", *MONDAY, "--pause", "2026-03-04..9999-12-31"], "'9999-12-31' cannot be counted from: "),
        (["cn-banking", "--received", "2019-12-31"], "rule pack cn-banking is valid from 2020-03-01; "),
        (["au-rg271", *MONDAY, "--kind", "tea"], "au-rg271 knows no kind of complaint tea; it knows default_notice, "),
        (["uk-disp", *MONDAY, "--place", "FR"], "rule pack uk-disp has no calendar for FR; it has GB, "),
        (["uk-disp", *MONDAY, "--clock", "tea"], "There is no clock tea of uk-disp; there are: acknowledgement, "),
        (["cn-banking", *MONDAY, "--rung", "3"], "The clock law has no such extension: its ladder has 2 rungs."),
        (["cn-banking", *MONDAY, "--clock", "offer", "--rung", "1"], "offer has no such extension: its ladder has no "),
        (["uk-disp", *MONDAY, "--rung", "1"], "rung 1 names no length: the time counts that the notice names."),
        (["uk-disp", *MONDAY, "--pause", "2026-03-03..2026-03-04"], "The clock law never stands still: its rule names"),
        (["cn-banking", *MONDAY, "--pause", "2026-03-04"], "'2026-03-04' is no pause; write it as "),
        (["cn-banking", *MONDAY, "--pause", "2026-03-04..2026-03-03"], " ends before it begins."),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(words: list[str], sentence: str) -> None:
    told = said("clock", *words)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert sentence in told.err
    assert said("clock", *words, "--json").json["failed"]["sentence"] == told.err.strip()


# deadlines ------------------------------------------------------------------------------------------------------------


def printed(case: Case, clock_id: str, terminal: bool) -> str:
    [clock] = [one for one in case.file.clocks if one.id == clock_id]
    console = Console(width=100, force_terminal=terminal, color_system="standard" if terminal else None)
    with console.capture() as captured:
        console.print(count_of(view(case.file, clock)), soft_wrap=True)
    return captured.get()


def test_a_count_names_its_rule_its_moves_and_its_days() -> None:
    case = stages.investigating()
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    lines = printed(case, "law-1", terminal=False).splitlines()
    assert lines[0] == "law-1  final response, by law: running"
    assert lines[1].startswith("  rule   CBIRC order 2020 no. 3, art. 18: to 30 days when complex")
    [moved] = [" ".join(lines[at : at + 2]) for at, line in enumerate(lines) if line.startswith("  moved  2026-03-02 ")]
    assert f", by {MANAGER}" in moved
    assert sum(" day " in line for line in lines) == 32
    assert lines[-1] == "  due 2026-04-01 23:59 CST (2026-04-01 15:59:59 UTC)"
    assert max(map(len, lines)) <= 100


def test_skipped_days_are_coloured_in_a_terminal_only() -> None:
    case = stages.received()
    assert "\x1b[33m  Mon 2026-03-02  not counted  day of the start" in printed(case, "law-1", terminal=True)
    assert "\x1b" not in printed(case, "law-1", terminal=False)


def test_only_what_is_still_owed_is_counted_out_unasked() -> None:
    case = stages.received()
    assert [one.id for one in case.file.clocks if owed(view(case.file, one))] == ["law-1", "promise-1"]
    done = stages.closed()
    assert [one.id for one in done.file.clocks if owed(view(done.file, one))] == []
