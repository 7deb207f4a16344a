"""Guarantees proved here:

- every case that was worked out by hand comes out the same by the rule packs, as complaints are given them;
- the table has at least 150 cases, and no pack, clock of a law, kind of complaint or rung of a ladder is without one;
- a case that differs is told with both times, the reasoning, and the day-by-day count of the pack;
- a table that was spoilt is refused with the line and the column.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.pack_files import load, pack_paths
from activities.rules import Rules
from domain.effects import RulesQuery
from domain.pinned import DUTIES, PinnedRules
from domain.rulepack import RulePack
from domain.worked_cases import WorkedCase, WorkedCasesError, mistaken, read

PACKS = Path(__file__).parents[2] / "rulepacks"
FILE = PACKS / "worked-cases.csv"
TEXT = FILE.read_text(encoding="utf-8")
CASES = read(TEXT, FILE.name)
BY_ID = {case.id: case for case in CASES}
RULES = Rules(PACKS)
Duty = tuple[str, str, str | None, int]


async def wrong(case: WorkedCase) -> str | None:
    """What is wrong with a case, by the rules that a complaint would be given."""
    query = RulesQuery(rule_pack=case.pack, jurisdiction=case.place, kind=case.kind, received_at=case.start)
    pinned: PinnedRules = await ActivityEnvironment().run(RULES.resolve_rules, query)
    return mistaken(case, pinned.clock_rule("", case.clock), pinned.calendar)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_case_comes_out_as_it_was_worked_out_by_hand(case: WorkedCase) -> None:
    difference = await wrong(case)
    assert difference is None, difference


def duties(pack: RulePack) -> Iterator[Duty]:
    """Every time that a pack gives by law: its clocks, for each kind of complaint, with each rung that has a length."""
    for clock in DUTIES:
        for kind in (None, *pack.kinds):
            rule = pack.clocks[clock].for_kind(kind) if clock in pack.clocks else None
            if rule and (kind is None or clock == "law" or kind in pack.clocks[clock].kinds):
                yield pack.name, clock, kind, 0
                yield from ((pack.name, clock, kind, n) for n, rung in enumerate(rule.ladder, 1) if rung.length)


@pytest.mark.parametrize("pack", pack_paths(PACKS), ids=lambda path: path.stem)
def test_every_time_that_a_pack_gives_by_law_has_a_case(pack: Path) -> None:
    covered = {(case.pack, case.clock, case.kind, case.rung) for case in CASES}
    assert set(duties(load(pack).pack)) - covered == set()


def test_there_are_at_least_150_cases_each_with_a_name_of_its_own_in_the_order_of_the_packs() -> None:
    assert len(CASES) >= 150
    assert len(BY_ID) == len(CASES)
    assert [case.pack for case in CASES] == sorted(case.pack for case in CASES)


async def test_a_difference_is_told_with_both_times_the_reasoning_and_the_count_of_the_pack() -> None:
    case = BY_ID["DISP-22"].model_copy(update={"due": BY_ID["DISP-22"].due - timedelta(days=1)})
    told = await wrong(case)
    assert told is not None
    assert "by hand Tue 2026-04-07 17:00:00 +0100" in told
    assert "by pack Wed 2026-04-08 17:00:00 +0100" in told
    assert case.reasoning in told
    days = told.splitlines()[-8:]
    assert [day for day in days if "Good Friday" in day] == [day for day in days if "2026-04-03" in day] != []


async def test_what_is_provisional_must_be_said() -> None:
    told = await wrong(BY_ID["CN-41"].model_copy(update={"provisional": False}))
    assert told is not None
    assert "23:59:59 +0800, provisional" in told


@pytest.mark.parametrize(
    ("case", "change", "says"),
    [
        ("CFPB-01", {"clock": "referral"}, "us-cfpb has no clock referral for ordinary complaints"),
        ("AU-37", {"kind": "hardship"}, "au-rg271 has no clock short_settlement for hardship"),
        ("CN-16", {"rung": 3}, "law of cn-banking has 2 rungs and no rung 3"),
        ("AU-08", {"rung": 1}, "rung 1 of law has no length"),
    ],
)
async def test_a_case_of_a_time_that_the_pack_does_not_give_is_told(
    case: str, change: dict[str, object], says: str
) -> None:
    told = await wrong(BY_ID[case].model_copy(update=change))
    assert told is not None
    assert says in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id,pack,", "id;pack;", "worked-cases.csv:1: there is no column id, pack, place: save as comma"),
        (",due,", ",until,", "worked-cases.csv:1: there is no column due"),
        ("AU-01,au-rg271,", "AU-01,,", "worked-cases.csv:2: pack is missing"),
        ("10:15:30+11:00,2026-03-03", "10:15:30,2026-03-03", "worked-cases.csv:2: start: input should have timezone"),
        (",no,", ",perhaps,", "worked-cases.csv:2: provisional: input should be a valid boolean"),
        ('"24 hours to the second,', "24 hours to the second,", "worked-cases.csv:2: more cells than headings"),
    ],
)
def test_a_table_that_was_spoilt_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(WorkedCasesError) as refused:
        read(TEXT.replace(old, new, 1), FILE.name)
    assert refused.value.problems[0].startswith(says)
    assert str(refused.value).startswith(says)


def test_a_spreadsheet_may_leave_its_mark_empty_rows_and_columns_of_notes() -> None:
    head, *rows = TEXT.splitlines()
    noted = "\n".join(["\ufeff" + head + ",notes", *(row + ",seen" for row in rows), "," * 13]) + "\n"
    assert read(noted, FILE.name) == CASES
