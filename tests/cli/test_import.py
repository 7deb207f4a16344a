"""Files of complaints are imported from the command line, as often as one likes.

- Repeating an import changes nothing; what is missing is opened. What happens to an import is in test_import_faults.py.
- The summary counts what became of every line; rejected lines are kept with line, column and reason.
- A file in another encoding, or of another kind, is told what to do; a machine gets one JSON document and nothing else.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from embedded.process import ROOT, free_port
from tests.cli.conftest import Starter, starter_in
from tests.complaints import NAME, complaint_json
from tests.intake.files import LAYOUTS, layout, table
from tests.temporal_server import at
from tests.waiting import answered

MANY = 500
WEIGHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""
"""Starts a program and says its largest size; for Linux that is at least the size of whoever starts it."""
OUTCOMES = ("opened", "open_before", "closed_before", "repeated")


def outcomes(summary: Mapping[str, int]) -> tuple[int, ...]:
    """How many were opened now, open before, closed before, and twice in the file."""
    return tuple(summary[name] for name in OUTCOMES)


def kept(path: Path) -> list[dict[str, object]]:
    """The rejected lines."""
    return [json.loads(line) for line in path.read_text().splitlines()]


class TestRepeating:
    async def test_a_table_is_imported_and_repeating_changes_nothing(self, idle: Starter, tmp_path: Path) -> None:
        (tmp_path / "table.csv.gz").write_bytes(gzip.compress(table(*range(1000, 1050)).encode()))
        first = await idle("import", "table.csv.gz", "--json")
        assert (first.code, outcomes(first.json), first.json["rejected"]) == (0, (50, 0, 0, 0), {})
        again = await idle("import", "table.csv.gz", "--json")
        assert (again.code, outcomes(again.json)) == (0, (0, 50, 0, 0))
        assert not (tmp_path / "rejected.jsonl").exists()

    @pytest.mark.parametrize("columns", LAYOUTS)
    async def test_every_layout_is_imported(self, idle: Starter, columns: int) -> None:
        given = layout(columns, columns * 100, columns * 100 + 1)
        assert outcomes((await idle("import", "-", "--json", given=given)).json) == (2, 0, 0, 0)

    async def test_a_limit_takes_the_first_and_the_next_import_the_rest(self, idle: Starter) -> None:
        given = table(*range(2000, 2020))
        first = await idle("import", "-", "--limit", "7", "--json", given=given)
        assert outcomes(first.json) == (7, 0, 0, 0)
        assert outcomes((await idle("import", "-", "--json", given=given)).json) == (13, 7, 0, 0)

    async def test_json_lines_are_imported_and_changed_ones_rejected(self, idle: Starter, tmp_path: Path) -> None:
        one, other = complaint_json(), complaint_json()
        lines = [json.dumps(it) for it in (one, other, one | {"summary": "Changed."}, other)]
        said = await idle("import", "-", "--json", given="\n".join(lines))
        assert (said.code, outcomes(said.json), said.json["rejected"]) == (1, (2, 0, 0, 1), {"different": 1})
        reason = "line 1 has the same reference, with another content"
        assert kept(tmp_path / "rejected.jsonl") == [
            {"line": 3, "column": "reference", "kind": "different", "reason": reason}
        ]


class TestRejects:
    async def test_rejected_lines_are_kept_with_column_and_reason(self, idle: Starter, tmp_path: Path) -> None:
        given = table(3000) + f"{NAME},Mortgage,Fees,,Web,3001\n2019-09-24,Mortgage\n"
        said = await idle("import", "-", "--rejects", "bad.jsonl", given=given)
        assert said.code == 1
        assert re.search(r"1   opened\s+2   rejected: bad.jsonl", said.out)
        assert kept(tmp_path / "bad.jsonl") == [
            {"line": 4, "column": "Date received", "kind": "value", "reason": "this is not a date"},
            {"line": 5, "column": None, "kind": "layout", "reason": "2 cells, where the header has 6"},
        ]

    async def test_an_earlier_file_stays_until_another_import_begins(self, idle: Starter, tmp_path: Path) -> None:
        earlier = tmp_path / "rejected.jsonl"
        earlier.write_text("old\n")
        assert (await idle("import", "mistyped.csv")).code == 2
        assert (await idle("import", "-", given="Product,Price\nA,1\n")).code == 1
        nobody = starter_in(at(f"127.0.0.1:{free_port(0)}"), tmp_path)
        assert (await nobody("import", "-", given=table(3100))).code == 2
        assert earlier.read_text() == "old\n"
        assert (await idle("import", "-", given=table(3100))).code == 0
        assert not earlier.exists()

    async def test_rejected_lines_that_cannot_be_kept_are_an_error_before_anything_is_opened(
        self, idle: Starter
    ) -> None:
        said = await idle("import", "-", "--rejects", "nowhere/bad.jsonl", given=table(3200))
        assert (said.code, said.out) == (2, "")
        assert said.err.endswith("nowhere/bad.jsonl cannot be used: No such file or directory.\n")
        assert outcomes((await idle("import", "-", "--json", given=table(3200))).json) == (1, 0, 0, 0)


class TestReading:
    async def test_another_encoding_is_recognised_and_can_be_named(self, idle: Starter) -> None:
        given = table(3300, narrative="卡被机器吞了").encode("gb18030")
        first = await idle("import", "-", given=given)
        assert (first.code, "--encoding gb18030" in first.out) == (1, True)
        said = await idle("import", "-", "--encoding", "gb18030", "--json", given=given)
        assert (said.code, outcomes(said.json)) == (0, (1, 0, 0, 0))

    @pytest.mark.parametrize("name", ["klingon", "base64"])
    async def test_an_encoding_that_is_none_is_wrong_usage(self, idle: Starter, name: str) -> None:
        assert (await idle("import", "-", "--encoding", name)).code == 2

    async def test_a_file_that_is_no_such_file_is_refused(self, idle: Starter) -> None:
        said = await idle("import", "-", given="Product,Price\nA,1\n")
        assert said.code == 1
        assert said.err.endswith(
            "This file cannot be read: the header names no complaint_id, date_received, issue: it is "
            "neither a table of CFPB complaints nor JSON lines.\n"
        )

    def test_a_dry_run_checks_100000_rows_in_little_memory_and_needs_no_server(self, tmp_path: Path) -> None:
        (tmp_path / "table.csv").write_text(table(*range(7_000_000, 7_100_000)) + "bad\n", encoding="utf-8")
        nobody = at(f"127.0.0.1:{free_port(0)}")
        command = [str(ROOT / "starter.py"), "import", str(tmp_path / "table.csv"), "--dry-run", "--json"]
        weighed = [sys.executable, "-c", WEIGHED, sys.executable, *command]
        done = subprocess.run(weighed, capture_output=True, env=os.environ | nobody, cwd=tmp_path, check=True)
        summary, largest = json.loads(done.stdout), int(done.stderr)
        assert (summary["checked"], summary["opened"], summary["rejected"]) == (100_000, 0, {"layout": 1})
        assert largest < 300_000  # kB


class TestOptions:
    async def test_received_now_gives_running_clocks(self, run: Starter) -> None:
        said = await run("import", "-", "--received", "now", "--json", given=table(4000))
        assert (outcomes(said.json), said.err) == ((1, 0, 0, 0), "")
        clocks = (await answered(lambda: run("deadlines", "cfpb-4000", "--json"), lambda said: said.json)).json
        law = next(clock for clock in clocks if clock["kind"] == "law")
        assert law["state"] == "running"

    async def test_recorded_times_come_with_a_warning_for_people(self, idle: Starter) -> None:
        assert "have run out already" in (await idle("import", "-", given=table(4050))).err
        assert (await idle("import", "-", "--json", given=table(4051))).err == ""

    async def test_the_rule_pack_can_be_chosen(self, run: Starter) -> None:
        await run("import", "-", "--received", "now", "--rule-pack", "cn-banking", given=table(4100))
        assert (await run("show", "cfpb-4100", "--json")).json["complaint"]["rule_pack"] == "cn-banking"

    async def test_a_rule_pack_that_can_be_none_is_refused_at_once(self, idle: Starter) -> None:
        said = await idle("import", "-", "--rule-pack", "my pack", given=table(4200))
        assert (said.code, said.err) == (1, "Refused (no_such_rule_pack): A rule pack has no such name.\n")
