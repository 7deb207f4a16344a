"""'pack diff' says what differs in the rules, and for which complaints of a file or of the archive; what cannot be done
is one sentence with exit code 2.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from activities.archive import Archive
from activities.archive_schema import closed_complaints, open_engine
from domain.complaint import Complaint
from tests.cli.law.asking import LENGTH, PACKS, copied, edit, said
from tests.complaints import complaint_json
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import CALLER
from tests.domain.test_pack_diff import answered, at_the_top

HEADER = "Complaint ID,Date received,Product,Issue,Submitted via\n"
TABLE = HEADER + "1,2026-03-02,Mortgage,Fees,Web\n2,2026-03-02,Mortgage,Fees,Referral\n3,soon,Mortgage,Fees,Web\n"


def table(tmp_path: Path, name: str, text: str = TABLE) -> Path:
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def test_the_rules_are_compared_in_words(draft: Path) -> None:
    told = said("pack", "diff", "us-cfpb", draft)
    assert told.code == 0
    assert told.out.splitlines() == [
        "rules  A is us-cfpb 2026.2, B is us-cfpb draft",
        "  version: 2026.2 -> draft",
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
