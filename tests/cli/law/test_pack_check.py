"""'pack check' says what a pack holds, or every problem with its line; the table that chooses among them too; and
counts the worked cases beside a pack again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.law import shelf
from tests.cli.law.asking import LENGTH, PACKS, edit, said

NAMES = shelf.names()


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
    for words in ("read", "policy", "worked cases right", "kinds default_notice, hardship", "places AU, AU-ACT"):
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


def test_a_draft_that_lies_elsewhere_is_held_against_the_worked_cases_of_the_packs_in_use(draft: Path) -> None:
    draft = draft.rename(draft.with_name("us-cfpb.toml"))
    checked = said("pack", "check", draft)
    assert checked.code == 1
    assert "CFPB-01: law of us-cfpb runs out\n  by hand " in checked.out
    headings, *_ = (PACKS / "worked-cases.csv").read_text(encoding="utf-8").splitlines()
    (draft.parent / "worked-cases.csv").write_text(headings, encoding="utf-8")
    checked = said("pack", "check", draft)
    assert (checked.code, "worked cases" in checked.out) == (0, False)


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
