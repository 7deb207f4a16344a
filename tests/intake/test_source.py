"""A file of complaints is read to its end, whatever stands in it.

- CFPB tables of all layouts and JSON lines, gzipped or not, are told apart by themselves.
- A bad line costs that line only; line, column and reason are named, and nothing of the line is repeated.
- A narrative keeps every character; bytes that are no text are rejected, never replaced.
- A file that is neither is refused as a whole, with what to do, and so is one that is cut off.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading import Unreadable
from intake.source import Found, Rejected, Row, Wrong, complaints, rows
from intake.text import LONGEST_LINE, Lines
from tests.complaints import NAME, complaint_json
from tests.intake.files import HEADER, LAYOUTS, bad, file_of, good, layout, read_all, references, table

TABLE = table(1, 2)


class TestTables:
    @pytest.mark.parametrize("columns", LAYOUTS)
    def test_every_layout_is_read_by_its_header(self, columns: int) -> None:
        found = good(read_all(layout(columns, 11, 12)))
        assert references(found) == ["cfpb-11", "cfpb-12"]
        first = found[0].complaint
        assert first.subject.product == "Debt collection"
        assert first.summary == "Attempts to collect debt not owed: Debt is not yours (Debt collection)"
        assert ("It never was." in first.narrative) is (columns > 14)
        assert first.vulnerable is (columns > 16)

    @pytest.mark.parametrize("columns", LAYOUTS)
    @pytest.mark.parametrize("day", ["2019-09-24", "09/24/2019", "2019-09-24T12:00:00-05:00"])
    def test_dates_are_read_as_every_layout_wrote_them(self, columns: int, day: str) -> None:
        (found,) = good(read_all(layout(columns, 11, date_received=day)))
        assert found.complaint.received_at == datetime(2019, 9, 24, 16, tzinfo=UTC)

    @pytest.mark.parametrize("columns", LAYOUTS)
    def test_a_wrong_cell_is_named_as_the_header_of_the_file_names_it(self, columns: int) -> None:
        named = "date_received" if columns == 19 else "Date received"
        assert bad(read_all(layout(columns, 11, date_received="soon"))) == [
            Rejected(2, named, Wrong.VALUE, "this is not a date")
        ]

    @pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "\r\n")])
    def test_line_ends_and_marks_do_not_matter(self, change: object) -> None:
        assert callable(change)
        assert references(read_all(change(TABLE).encode("utf-8-sig"))) == ["cfpb-1", "cfpb-2"]

    def test_packing_and_encoding_do_not_matter(self) -> None:
        assert read_all(gzip.compress(TABLE.encode())) == read_all(TABLE)
        assert read_all(TABLE.encode("utf-16")) == read_all(TABLE)

    def test_rows_know_the_line_on_which_they_begin(self) -> None:
        found = list(rows(Lines(file_of(TABLE))))
        assert [row.line for row in found] == [2, 4]
        assert isinstance(found[0], Row)
        assert found[0].cells["consumer_complaint_narrative"] == "Two\nlines"

    def test_a_bad_row_costs_that_row(self) -> None:
        wrong = "never,Mortgage,Fees,,Web,3\n2019-09-25,Mortgage\n\n2019-09-25,,Fees,,Web,4\n1,2,3,4,5,6,7\n"
        found = read_all(f"{TABLE}{wrong}2019-09-25,A,B,,Web,5\n")
        assert bad(found) == [
            Rejected(6, "Date received", Wrong.VALUE, "this is not a date"),
            Rejected(7, None, Wrong.LAYOUT, "2 cells, where the header has 6"),
            Rejected(9, "Product", Wrong.VALUE, "product: string should have at least 1 character"),
            Rejected(10, None, Wrong.LAYOUT, "7 cells, where the header has 6"),
        ]
        assert references(found) == ["cfpb-1", "cfpb-2", "cfpb-5"]

    def test_a_file_that_ends_within_a_row_costs_that_row(self) -> None:
        found = read_all(TABLE + '2019-09-25,A,B,"and then')
        assert bad(found) == [Rejected(6, None, Wrong.LAYOUT, "4 cells, where the header has 6")]

    def test_a_line_of_a_megabyte_costs_its_row(self) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(["2019-09-25", "A", "B", "x" * (LONGEST_LINE + 1), "Web", "6"])
        found = read_all(TABLE + text.getvalue() + "2019-09-25,A,B,,Web,7\n")
        assert bad(found) == [Rejected(6, None, Wrong.SIZE, "the line is longer than 1,000,000 characters")]
        assert references(found)[-1] == "cfpb-7"

    def test_a_cell_without_an_end_is_named_with_its_last_line(self) -> None:
        swallowed = "".join(f"2019-09-25,A,B,,Web,{number}\n" for number in range(100, 70_000))
        found = read_all(f'{TABLE}2019-09-25,A,B,"never closed,Web,6\n{swallowed}')
        (first, *_) = bad(found)
        last = int(first.reason.split("up to line ")[1].split(":")[0])
        assert (first.line, first.kind) == (6, Wrong.SIZE)
        assert "is a closing quotation mark missing?" in first.reason
        assert references(found)[2:] == [f"cfpb-{number}" for number in range(100 + last - 6, 70_000)]

    @pytest.mark.parametrize("damage", [b"caf\xe9", "卡".encode("gb18030"), b"\x00"])
    def test_what_is_no_text_is_rejected_with_its_column(self, damage: bytes) -> None:
        content = f"{HEADER}\n2019-09-24,A,B,".encode() + damage + b",Web,1\n2019-09-24,A,B,caf\xc3\xa9,Web,2\n"
        found = read_all(content)
        (rejected,) = bad(found)
        assert (rejected.line, rejected.column) == (2, "Consumer complaint narrative")
        assert (rejected.kind, "name it with --encoding" in rejected.reason) == (Wrong.ENCODING, True)
        assert good(found)[0].complaint.narrative == "café"

    def test_in_the_right_encoding_the_same_file_is_read(self) -> None:
        content = table(1, narrative="卡被机器吞了").encode("gb18030")
        assert [one.kind for one in bad(read_all(content))] == [Wrong.ENCODING]
        (found,) = good(read_all(content, "gb18030"))
        assert found.complaint.narrative == "卡被机器吞了"

    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
    def test_a_narrative_keeps_every_character(self, narrative: str) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(["2019-09-25", "A", "B", f"<{narrative}>", "Web", "6"])
        (found,) = good(read_all(f"{HEADER}\n{text.getvalue()}"))
        assert found.complaint.narrative == f"<{narrative}>"


class TestJsonLines:
    def test_every_line_is_read(self) -> None:
        lines = [json.dumps(complaint_json(reference=f"R-{number}")) for number in range(3)]
        assert references(read_all("\n".join(lines))) == ["R-0", "R-1", "R-2"]

    @pytest.mark.parametrize("before", ["\n\n", "  ", "\ufeff"])
    def test_what_stands_before_the_first_does_not_matter(self, before: str) -> None:
        assert references(read_all(before + json.dumps(complaint_json(reference="R-1")))) == ["R-1"]

    def test_a_narrative_may_have_25000_characters_of_any_kind(self) -> None:
        narrative = ("卡💳\u0000\u2028é" * 5_000)[:25_000]
        for escaped in (True, False):
            (found,) = good(read_all(json.dumps(complaint_json(narrative=narrative), ensure_ascii=escaped)))
            assert found.complaint.narrative == narrative

    def test_a_bad_line_costs_that_line_and_is_not_repeated(self) -> None:
        one = json.dumps(complaint_json(reference="R-1"))
        wrong = json.dumps(complaint_json(reference=NAME, complainant={"name": ""}))
        found = read_all(f'{one}\n{wrong}\n{{"a": \n\n[]\n{one}\n')
        assert [(one.line, one.column, one.kind) for one in bad(found)] == [
            (2, "reference", Wrong.VALUE),
            (3, None, Wrong.LAYOUT),
            (5, None, Wrong.LAYOUT),
        ]
        assert "complainant.name" in bad(found)[0].reason
        assert NAME not in str(bad(found))
        assert references(found) == ["R-1", "R-1"]

    def test_a_field_deep_inside_is_named_by_its_path(self) -> None:
        wrong = complaint_json(evidence=[{"uri": "v://1", "description": "log"}, {"uri": "", "description": "log"}])
        assert [one.column for one in bad(read_all(json.dumps(wrong)))] == ["evidence.1.uri"]

    @pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "a\\ud83dz"])
    def test_half_a_character_is_rejected_with_its_path(self, half: str) -> None:
        line = json.dumps(complaint_json(complainant={"name": "HERE"})).replace("HERE", half)
        assert bad(read_all(line)) == [
            Rejected(1, "complainant.name", Wrong.ENCODING, "half of a character (a lone surrogate)")
        ]

    def test_bytes_of_another_encoding_are_rejected_with_their_path(self) -> None:
        line = json.dumps(complaint_json(narrative="卡被机器吞了"), ensure_ascii=False)
        (rejected,) = bad(read_all(line.encode("gb18030")))
        assert (rejected.column, rejected.kind) == ("narrative", Wrong.ENCODING)
        assert good(read_all(line.encode("gb18030"), "gb18030")) == good(read_all(line))

    def test_a_line_of_a_megabyte_costs_that_line(self) -> None:
        one = json.dumps(complaint_json(reference="R-1"))
        found = read_all(f'{one}\n{{"narrative": "{"x" * LONGEST_LINE}"}}\n{one}\n')
        assert bad(found) == [Rejected(2, None, Wrong.SIZE, "the line is longer than 1,000,000 characters")]
        assert [one.line for one in good(found)] == [1, 3]

    def test_nesting_without_end_is_no_json(self) -> None:
        deep = f'{{"a": {"[" * 100_000}'
        assert [one.kind for one in bad(read_all(f"{deep}\n{deep}\\ud800\n"))] == [Wrong.LAYOUT] * 2


class TestChanges:
    def test_the_rule_pack_and_the_time_of_receipt_can_be_changed_for_all(self) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        for content in (TABLE, json.dumps(complaint_json())):
            for made in complaints(file_of(content), rule_pack="cn-banking", received=now):
                assert isinstance(made, Found)
                assert (made.complaint.rule_pack, made.complaint.received_at) == ("cn-banking", now)

    def test_unchanged_a_table_is_under_the_bureaus_rules_and_json_under_its_own(self) -> None:
        (first, *_), (own,) = good(read_all(TABLE)), good(read_all(json.dumps(complaint_json(rule_pack="my-bank"))))
        assert (first.complaint.rule_pack, own.complaint.rule_pack) == ("us-cfpb", "my-bank")


class TestWholeFiles:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "the file is empty"),
            (b"\n \n", "the file is empty"),
            (b"Product,Price\nA,1\n", "names no complaint_id, date_received, issue: it is neither a table of CFPB"),
            (b"\x89PNG\r\n\x1a\n", "its first line is not UTF-8"),
            (b"x" * (LONGEST_LINE + 2), "its first line is no header of a table"),
            (b'[{"reference": "R-1"}]', "one complaint per line is expected; 'jq -c"),
            (b'{\n  "reference": "R-1"\n}', "one complaint per line is expected; 'jq -c"),
            (gzip.compress(TABLE.encode())[:-12], "damaged or cut off"),
            (gzip.compress(TABLE.encode())[:20] + b"xx" + gzip.compress(TABLE.encode())[22:], "damaged or cut off"),
        ],
    )
    def test_what_is_neither_is_refused(self, content: bytes, reason: str) -> None:
        with pytest.raises(Unreadable, match=reason):
            read_all(content)
