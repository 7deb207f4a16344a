"""Files of complaints are imported from the command line, as often as one likes.

- The summary counts what was opened, what was open already and what was rejected, and they add up.
- Repeating an import changes nothing; a changed complaint of the same reference is reported.
- Rejected lines are kept with line and reason, without the line itself.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tests.cli.conftest import Starter
from tests.complaints import NAME, complaint_json

HEADER = "Date received,Product,Issue,Consumer complaint narrative,Submitted via,Complaint ID"


def table(*numbers: int) -> str:
    return "\n".join([HEADER, *(f'2019-09-24,Mortgage,Fees,"Two\nlines",Web,{number}' for number in numbers), ""])


def counts(summary: dict[str, int]) -> tuple[int, int, int]:
    return summary["opened"], summary["opened_before"], summary["rejected"]


async def test_a_table_is_imported_and_repeating_changes_nothing(idle: Starter, tmp_path: Path) -> None:
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(table(*range(1000, 1050)).encode()))
    first = await idle("import", "table.csv.gz", "--json")
    assert (first.code, counts(first.json)) == (0, (50, 0, 0))
    assert "have run out already" in first.err
    again = await idle("import", "table.csv.gz", "--json")
    assert (again.code, counts(again.json)) == (0, (0, 50, 0))
    assert again.json["different"] == []
    assert not (tmp_path / "rejected.jsonl").exists()


async def test_an_interrupted_import_is_taken_up_again(idle: Starter) -> None:
    assert counts((await idle("import", "-", "--limit", "7", "--json", given=table(*range(2000, 2020)))).json) == (
        7,
        0,
        0,
    )
    assert counts((await idle("import", "-", "--json", given=table(*range(2000, 2020)))).json) == (13, 7, 0)


async def test_rejected_lines_are_kept_with_the_reason(idle: Starter, tmp_path: Path) -> None:
    given = table(3000) + f"{NAME},Mortgage,Fees,,Web,3001\n2019-09-24,Mortgage\n"
    said = await idle("import", "-", "--rejects", "bad.jsonl", given=given)
    assert said.code == 1
    assert "1 opened, 0 open already, 2 rejected" in said.out
    assert [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()] == [
        {"line": 4, "reason": "date_received is not a date"},
        {"line": 5, "reason": "2 cells, where the header has 6"},
    ]


async def test_the_rejects_of_an_earlier_import_are_not_kept(idle: Starter, tmp_path: Path) -> None:
    (tmp_path / "rejected.jsonl").write_text("old\n")
    assert (await idle("import", "-", given=table(3100))).code == 0
    assert not (tmp_path / "rejected.jsonl").exists()


async def test_json_lines_are_imported_and_changed_ones_reported(idle: Starter) -> None:
    one, other = complaint_json(), complaint_json()
    lines = [json.dumps(one), json.dumps(other), json.dumps(one | {"summary": "Changed."})]
    summary = (await idle("import", "-", "--json", given="\n".join(lines))).json
    assert counts(summary) == (2, 1, 0)
    assert summary["different"] == [one["reference"]]


async def test_received_now_gives_running_clocks(run: Starter) -> None:
    assert counts((await run("import", "-", "--received", "now", "--json", given=table(4000))).json) == (1, 0, 0)
    while not (clocks := (await run("deadlines", "cfpb-4000", "--json")).json):
        pass
    law = next(clock for clock in clocks if clock["kind"] == "law")
    assert law["state"] == "running"


async def test_the_rule_pack_can_be_chosen(run: Starter) -> None:
    await run("import", "-", "--received", "now", "--rule-pack", "cn-banking", given=table(4100))
    assert (await run("show", "cfpb-4100", "--json")).json["complaint"]["rule_pack"] == "cn-banking"


async def test_a_file_that_is_no_such_file_is_refused(idle: Starter) -> None:
    said = await idle("import", "-", given="Product,Price\nA,1\n")
    assert said.code == 1
    assert said.err.endswith(
        "Refused (unreadable): This file cannot be read: the header names no complaint_id, date_received, issue: this "
        "is not a table of CFPB complaints.\n"
    )
