"""The commands about rules need no server, and say why a deadline is what it is.

- 'clock' counts every clock of every shipped pack, day by day: kinds, places, zones, rungs, pauses, provisional years.
- 'pack check' says what a pack holds, or every problem with its line; the table that chooses among them too; and counts
  the worked cases beside a pack again.
- 'pack diff' says what differs in the rules, and for which complaints of a file or of the archive.
- What cannot be done is one sentence with exit code 2; 'deadlines' colours skipped days in a terminal only.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import insert
from typer.testing import CliRunner

import starter
from activities.archive import Archive
from activities.archive_schema import closed_complaints, open_engine
from cli.law import shelf
from cli.law.days import count_of, owed
from domain.clock_view import view
from domain.complaint import Complaint
from tests.complaints import complaint_json
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import CALLER, MANAGER
from tests.domain.test_pack_diff import answered, at_the_top

PACKS = Path(__file__).parents[2] / "rulepacks"
NAMES = shelf.names()
MONDAY = ["--received", "2026-03-02T10:00"]


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def said(*words: str | Path) -> Said:
    """What a command answers, within this process."""
    ran = CliRunner().invoke(starter.app, [str(word) for word in words])
    return Said(ran.exit_code, ran.stdout, ran.stderr)


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
    assert counted.out[start:].splitlines() == [
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
    assert said("clock", *asked).out.splitlines()[-2].endswith(" UTC) (provisional)")


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


# pack check -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a copy of the shipped packs, which the command line uses."""
    copy = tmp_path / "packs"
    shutil.copytree(PACKS, copy)
    monkeypatch.setenv(shelf.RULEPACKS, str(copy))
    return copy


def copied(file: Path, to: Path) -> Path:
    """A copy of a file."""
    to.write_bytes(file.read_bytes())
    return to


def edit(file: Path, before: str, after: str) -> Path:
    """Change a text that stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return file


LENGTH = "length = { calendar_days = 15 }\nwarn_before"


def test_every_shipped_pack_and_the_table_are_right() -> None:
    checked = said("pack", "check", *sorted(PACKS.glob("*.toml")), "--json")
    assert checked.code == 0
    found = {Path(one["file"]).stem: one for one in checked.json}
    assert set(found) == {*NAMES, "selection"}
    assert all(one["sources"] and not one["problems"] for one in found.values())
    assert all(found[name]["worked_cases"] >= 10 for name in NAMES)
    assert found["selection"]["chooses"] == NAMES
    assert "hardship" in found["au-rg271"]["kinds"]
    assert "GB-SCT" in found["uk-disp"]["places"]


def test_what_a_pack_holds_is_one_line() -> None:
    line = said("pack", "check", PACKS / "au-rg271.toml").out
    assert line.startswith(f"ok  {PACKS}/au-rg271.toml: au-rg271 ")
    for words in ("secondary", "policy", "worked cases right", "kinds default_notice, hardship", "places AU, AU-ACT"):
        assert words in line


def test_every_problem_is_named_with_its_line(packs: Path) -> None:
    broken = edit(packs / "cn-banking.toml", 'language = "zh"', 'language = "zh"\ncolour = "red"')
    edit(broken, "length = { business_days = 3 }", "length = { days = 3 }")
    checked = said("pack", "check", broken, packs / "us-cfpb.toml")
    lines = checked.out.splitlines()
    assert checked.code == 1
    assert sum(": colour: is not known here: remove it" in line for line in lines) == 1
    assert any(line.startswith(f"{broken}:") and "length: is not a length" in line for line in lines)
    assert lines[-1].startswith("ok  ")


def test_a_table_that_names_no_pack_is_wrong(packs: Path) -> None:
    table = edit(packs / "selection.toml", 'default = "cn-banking"', 'default = "tea"')
    checked = said("pack", "check", table)
    assert checked.code == 1
    assert checked.out.startswith(f"{table}:")
    assert "tea" in checked.out


def test_a_worked_case_that_comes_out_otherwise_is_told_with_both_counts(packs: Path) -> None:
    changed = edit(packs / "cn-banking.toml", LENGTH, LENGTH.replace("15", "16"))
    checked = said("pack", "check", changed)
    assert checked.code == 1
    assert "ok" not in checked.out
    assert "CN-01: law of cn-banking runs out\n  by hand Tue 2026-03-17 23:59:59" in checked.out
    assert "  Wed 2026-03-18  day 16       counted\n" in checked.out


def test_a_case_of_a_place_that_the_pack_has_not_is_wrong(packs: Path) -> None:
    edit(packs / "worked-cases.csv", "CN-01,cn-banking,,", "CN-01,cn-banking,FR,")
    assert "CN-01: rule pack cn-banking has no calendar for FR" in said("pack", "check", packs / "cn-banking.toml").out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", ":1: is not UTF-8"),
        (b"name", ":1: column 1: is not valid TOML"),
        (b"", ":1: clocks: is missing"),
    ],
)
def test_what_is_no_pack_is_wrong(content: bytes, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(content)
    checked = said("pack", "check", file)
    assert (checked.code, f"{file}{problem}" in checked.out) == (1, True), checked.out


def test_a_file_that_is_not_there_is_named() -> None:
    checked = said("pack", "check", "/nowhere/tea.toml")
    assert (checked.code, checked.err) == (2, "/nowhere/tea.toml cannot be used: No such file or directory.\n")


# pack diff ------------------------------------------------------------------------------------------------------------


HEADER = "Complaint ID,Date received,Product,Issue,Submitted via\n"
TABLE = HEADER + "1,2026-03-02,Mortgage,Fees,Web\n2,2026-03-02,Mortgage,Fees,Referral\n3,soon,Mortgage,Fees,Web\n"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The portal's rules as somebody drafts them, in a file of any name and place."""
    file = tmp_path / "drafts" / "ten days.toml"
    file.parent.mkdir()
    shutil.copy(PACKS / "us-cfpb.toml", file)
    edit(file, 'version = "2026.1"', 'version = "draft"')
    return edit(file, LENGTH, LENGTH.replace("calendar_days = 15", "business_days = 12"))


def table(tmp_path: Path, name: str, text: str = TABLE) -> Path:
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def test_the_rules_are_compared_in_words(draft: Path) -> None:
    told = said("pack", "diff", "us-cfpb", draft)
    assert told.code == 0
    assert told.out.splitlines() == [
        "rules  A is us-cfpb 2026.1, B is us-cfpb draft",
        "  version: 2026.1 -> draft",
        "  clocks.law.length: 15 calendar days -> 12 business days",
    ]
    assert said("pack", "diff", "us-cfpb", PACKS / "us-cfpb.toml").out.splitlines()[1:] == ["  no difference"]


def test_what_is_long_takes_a_line_for_each_side() -> None:
    lines = said("pack", "diff", "uk-disp", "uk-psd").out.splitlines()
    at = lines.index("  clocks.law.source.citation")
    assert lines[at + 1].startswith("    A: FCA DISP 1.6.2R")
    assert lines[at + 2].startswith("    B: FCA DISP 1.6.2AR")


@pytest.mark.parametrize("name", ["complaints.csv", "complaints.csv.gz"])
def test_complaints_of_a_table_come_out_differently(name: str, draft: Path, tmp_path: Path) -> None:
    told = said("pack", "diff", "us-cfpb", draft, "--on", table(tmp_path, name), "--limit", "1")
    assert "complaints  2 read, 2 would come out differently, 1 could not be read" in told.out
    assert "\n        2  law-1 due later\n" in told.out
    [row] = [line for line in told.out.splitlines() if line.startswith("cfpb-")]
    assert re.split(" {2,}", row) == [
        "cfpb-1", "2026-03-02 12:00 EST", "law-1 due later", "2026-03-17 23:59 EDT", "2026-03-18 23:59 EDT",
    ]  # fmt: skip
    assert told.err == "1 more differ; --limit shows them, --json has all.\n"


def test_for_machines_it_is_complete(draft: Path, tmp_path: Path) -> None:
    told = said("pack", "diff", "us-cfpb", draft, "--on", table(tmp_path, "c.csv"), "--limit", "1", "--json")
    assert told.err == ""
    assert [one["reference"] for one in told.json["complaints"]] == ["cfpb-1", "cfpb-2"]
    assert told.json["complaints"][1]["a"]["due"]["law-1"] == "2026-03-18T03:59:59Z"
    assert set(told.json["complaints"][1]["a"]["due"]) == {"acknowledgement", "law-1", "promise-1", "regulator-1"}
    assert (told.json["read"], told.json["rejected"], told.json["differing"]) == (2, 1, 2)
    assert told.json["counts"] == {"law-1 due later": 2}


def test_each_complaint_has_its_own_kind_place_language_and_day(packs: Path, tmp_path: Path) -> None:
    other = edit(copied(packs / "uk-disp.toml", tmp_path / "own.toml"), "valid_from = ", "valid_from = 2026-06-01 #")
    told_of = [("07", {"jurisdiction": "GB-SCT"}), ("05", {"jurisdiction": "GB"}), ("07", {"jurisdiction": "FR"}),
               ("07", {"kind": "tea"})]  # fmt: skip
    given = [
        complaint_json(reference=f"UK-{at}", received_at=f"2026-{month}-01T10:00:00+01:00", **changes)
        for at, (month, changes) in enumerate(told_of)
    ]
    file = table(tmp_path, "uk.jsonl", "".join(f"{json.dumps(one)}\n" for one in given))
    told = said("pack", "diff", "uk-disp", other, "--on", file, "--json").json
    assert told["counts"] == {"refused by B only": 1}
    [one] = told["complaints"]
    assert one["reference"] == "UK-1"
    assert one["b"]["refused"].startswith("rule pack uk-disp is valid from 2026-06-01; ")
    assert "accepted" in said("pack", "diff", "uk-disp", other, "--on", file).out


def test_one_complaint_may_be_written_as_it_is_opened() -> None:
    given = PACKS.parent / "examples" / "messages" / "complaint.json"
    told = said("pack", "diff", "uk-disp", "uk-psd", "--on", given)
    assert "complaints  1 read, 1 would come out differently" in told.out
    assert "law-1 due earlier" in told.out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["tea"], 2, "There is no rule pack tea; "),
        (["us-cfpb", "--on", "nowhere.csv"], 2, "nowhere.csv cannot be used: No such file or directory."),
        (["us-cfpb", "--on", str(PACKS / "us-cfpb.toml")], 1, "Refused (unreadable): This file cannot be read: "),
        (["us-cfpb", "--on", "archive", "--archive", "sqlite:///nowhere.db"], 2, "There is no archive at nowhere.db."),
        (["us-cfpb", "--limit", "0"], 2, "--limit"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(words: list[str], code: int, sentence: str) -> None:
    told = said("pack", "diff", "cn-banking", *words)
    assert (told.code, sentence in told.err) == (code, True), told.err


def test_a_pack_that_cannot_be_used_is_named_with_its_first_problem(packs: Path) -> None:
    edit(packs / "us-cfpb.toml", 'language = "en"', 'language = "fr"\ncolour = "red"')
    told = said("pack", "diff", "cn-banking", "us-cfpb")
    assert told.code == 2
    assert told.err.startswith(f"The rule pack us-cfpb cannot be used: {packs}/us-cfpb.toml:")
    assert told.err.endswith(f"; 'starter.py pack check {packs}/us-cfpb.toml' names 1 more.\n")


# pack diff on the archive ---------------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """An archive with two complaints, of which one was answered late, one of another pack, and one that is spoilt."""
    url = f"sqlite:///{tmp_path}/archive.db"
    asyncio.run(_filled(url, list(_rows())))
    return url


async def _filled(url: str, rows: list[dict[str, Any]]) -> None:
    await (await Archive.open(url)).close()
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(insert(closed_complaints).values(rows))
    await engine.dispose()


def _rows() -> Iterator[dict[str, Any]]:
    yield _row("IN-TIME", stages.closed())
    yield _row("ELSEWHERE", stages.closed(), rule_pack="us-cfpb")
    yield _row("SPOILT", stages.closed(), complaint={})
    yield _row("IN-DAYS", _answered_after_ten_days())


def _answered_after_ten_days() -> Case:
    case = answered(at_the_top(stages.proposing()), timedelta(days=10))
    case.wait(days=1)
    case.must("record_callback", CALLER)
    case.do_all()
    return case


def _row(reference: str, case: Case, **changes: Any) -> dict[str, Any]:
    assert case.closed is not None
    complaint = Complaint.model_validate(case.complaint.model_dump() | {"reference": reference})
    return {
        "reference": reference, "key": reference, "workflow_id": reference, "rule_pack": "cn-banking", "tier": 1,
        "breached": False, "received_at": complaint.received_at, "stored_at": datetime.now(UTC),
        "complaint": complaint.model_dump(mode="json"), "closed": case.closed.model_dump(mode="json"),
        "file": case.file.model_dump(mode="json"),
    } | changes  # fmt: skip


def test_of_closed_complaints_it_is_told_what_would_have_been_kept(archive: str, tmp_path: Path) -> None:
    draft = edit(copied(PACKS / "cn-banking.toml", tmp_path / "x.toml"), LENGTH, LENGTH.replace("15", "8"))
    edit(draft, "length = { calendar_days = 12 }", "length = { calendar_days = 7 }")
    compared = said("pack", "diff", "cn-banking", draft, "--on", "archive", "--archive", archive, "--json").json
    assert (compared["read"], compared["rejected"], compared["left_out"]) == (2, 1, 1)
    assert compared["counts"] == {
        "law-1 due earlier": 2, "promise-1 due earlier": 2,
        "law-1 kept under A, broken under B": 1, "promise-1 kept under A, broken under B": 1,
    }  # fmt: skip
    told = said("pack", "diff", "cn-banking", draft, "--on", "archive", "--archive", archive).out
    assert "2 read, 2 would come out differently, 1 could not be read, 1 closed under other packs left out" in told
    assert "2026-03-17 23:59 CST, kept  2026-03-10 23:59 CST, broken" in told


def test_under_its_own_pack_a_closed_complaint_comes_out_as_it_ended(archive: str) -> None:
    compared = said("pack", "diff", "cn-banking", "cn-banking", "--on", "archive", "--archive", archive, "--json").json
    assert (compared["read"], compared["differing"], compared["rules"]) == (2, 0, [])


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
