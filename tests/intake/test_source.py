"""A file of complaints is read to its end, whatever stands in it.

- CFPB tables and JSON lines, gzipped or not, are told apart by themselves.
- A bad line costs that line only; the reason names the line and repeats nothing of it.
- A file that is neither is refused as a whole, and so is one that is cut off.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from domain.complaint import Complaint
from domain.reading import Unreadable
from intake.source import LONGEST_FIELD, Rejected, Row, complaints, rows
from tests.complaints import NAME, complaint_json

HEADER = "Date received,Product,Issue,Consumer complaint narrative,Submitted via,Complaint ID"
TABLE = f'{HEADER}\n2019-09-24,Mortgage,Fees,"Two\nlines",Web,1\n2019-09-25,Mortgage,Fees,,Phone,2\n'


def file_of(content: bytes | str) -> io.BufferedReader:
    raw = content.encode() if isinstance(content, str) else content
    return io.BufferedReader(io.BytesIO(raw))


def read_all(content: bytes | str) -> list[Complaint | Rejected]:
    return list(complaints(file_of(content)))


def references(found: Iterable[Complaint | Rejected]) -> list[str]:
    return [one.reference if isinstance(one, Complaint) else one.reason for one in found]


class TestTables:
    def test_every_row_is_read(self) -> None:
        assert references(read_all(TABLE)) == ["cfpb-1", "cfpb-2"]

    @pytest.mark.parametrize("change", [str.encode, lambda text: text.replace("\n", "\r\n").encode()])
    def test_line_ends_and_marks_do_not_matter(self, change: object) -> None:
        assert callable(change)
        assert references(read_all(b"\xef\xbb\xbf" + change(TABLE))) == ["cfpb-1", "cfpb-2"]

    def test_gzipped_or_not(self) -> None:
        assert read_all(gzip.compress(TABLE.encode())) == read_all(TABLE)

    def test_rows_know_the_line_on_which_they_begin(self) -> None:
        found = list(rows(file_of(TABLE)))
        assert [row.line for row in found] == [2, 4]
        assert isinstance(found[0], Row)
        assert found[0].cells["consumer_complaint_narrative"] == "Two\nlines"

    def test_a_bad_row_costs_that_row(self) -> None:
        bad = "never,Mortgage,Fees,,Web,3\n2019-09-25,Mortgage\n\n2019-09-25,,Fees,,Web,4\n"
        found = read_all(f"{TABLE}{bad}2019-09-25,A,B,,Web,5\n")
        assert found[2:5] == [
            Rejected(5, "date_received is not a date"),
            Rejected(6, "2 cells, where the header has 6"),
            Rejected(8, "product: string should have at least 1 character"),
        ]
        assert references(found)[-1] == "cfpb-5"

    def test_a_cell_of_a_megabyte_costs_its_row(self) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(["2019-09-25", "A", "B", "x" * (LONGEST_FIELD + 1), "Web", "6"])
        found = read_all(TABLE + text.getvalue() + "2019-09-25,A,B,,Web,7\n")
        assert found[2] == Rejected(5, f"not a row of a table: field larger than field limit ({LONGEST_FIELD})")
        assert references(found)[-1] == "cfpb-7"

    def test_bytes_that_are_no_text_are_marked_not_lost(self) -> None:
        (made,) = read_all(f"{HEADER}\n2019-09-24,A,B,".encode() + b"caf\xe9,Web,1\n")
        assert isinstance(made, Complaint)
        assert made.narrative == "caf\ufffd"


class TestJsonLines:
    def test_every_line_is_read(self) -> None:
        lines = [json.dumps(complaint_json(reference=f"R-{number}")) for number in range(3)]
        assert references(read_all("\n".join(lines))) == ["R-0", "R-1", "R-2"]

    @pytest.mark.parametrize("before", ["\n\n", "  ", "\ufeff"])
    def test_what_stands_before_the_first_does_not_matter(self, before: str) -> None:
        assert references(read_all(before + json.dumps(complaint_json(reference="R-1")))) == ["R-1"]

    def test_a_bad_line_costs_that_line_and_is_not_repeated(self) -> None:
        good = json.dumps(complaint_json(reference="R-1"))
        wrong = json.dumps(complaint_json(reference=NAME))
        found = read_all(f'{good}\n{wrong}\n{{"a": \n\n[]\n{good}\n')
        assert [one.line for one in found if isinstance(one, Rejected)] == [2, 3, 5]
        assert NAME not in str(found[1:4])
        assert references(found)[4] == "R-1"


class TestChanges:
    def test_the_rule_pack_and_the_time_of_receipt_can_be_changed_for_all(self) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        for content in (TABLE, json.dumps(complaint_json())):
            for made in complaints(file_of(content), rule_pack="cn-banking", received=now):
                assert isinstance(made, Complaint)
                assert (made.rule_pack, made.received_at) == ("cn-banking", now)

    def test_unchanged_a_table_is_under_the_bureaus_rules_and_json_under_its_own(self) -> None:
        (first, *_), (own,) = read_all(TABLE), read_all(json.dumps(complaint_json(rule_pack="my-bank")))
        assert isinstance(first, Complaint)
        assert isinstance(own, Complaint)
        assert (first.rule_pack, own.rule_pack) == ("us-cfpb", "my-bank")


class TestWholeFiles:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "the file is empty"),
            (b"Product,Price\nA,1\n", "this is not a table of CFPB complaints"),
            (b"\x89PNG\r\n\x1a\n", "this is not a table of CFPB complaints"),
            (gzip.compress(TABLE.encode())[:-12], "damaged or cut off"),
            (gzip.compress(TABLE.encode())[:20] + b"xx" + gzip.compress(TABLE.encode())[22:], "damaged or cut off"),
        ],
    )
    def test_what_is_neither_is_refused(self, content: bytes, reason: str) -> None:
        with pytest.raises(Unreadable, match=reason):
            read_all(content)
