"""The lines of a file are its own words, whatever wrote it.

- UTF-8 and UTF-16 are known by their marks, any other encoding by its name; what contradicts itself is refused.
- Bytes that are no text are marked, never replaced by something that could be text, and cost their line only.
- A line without an end costs that line, and no memory.
"""

from __future__ import annotations

import codecs
import gzip
import io
import tracemalloc
import zipfile

import pytest

from domain.reading import Unreadable
from intake.text import LONGEST_LINE, Lines, TooLong, is_text
from tests.intake.files import file_of

TEXT = "姓名,内容\n王秀兰,卡被机器吞了 💳\n"
MARKED = {
    "utf-8": TEXT.encode("utf-8-sig"),
    "utf-16-le": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16-be": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "none": TEXT.encode(),
}


def lines(content: bytes, encoding: str | None = None) -> list[str]:
    return list(Lines(file_of(content), encoding))


class TestEncoding:
    @pytest.mark.parametrize("content", MARKED.values(), ids=MARKED)
    def test_the_mark_says_it_and_is_no_part_of_the_text(self, content: bytes) -> None:
        assert "".join(lines(content)) == TEXT
        assert "".join(lines(gzip.compress(content))) == TEXT

    @pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16-le", "utf-8"])
    def test_others_are_named(self, encoding: str) -> None:
        text = "內容,卡被機器吞了\n"
        assert lines(text.encode(encoding), encoding) == [text]

    @pytest.mark.parametrize("content", [MARKED["utf-8"], MARKED["utf-16-be"]])
    def test_a_name_that_contradicts_the_mark_is_refused(self, content: bytes) -> None:
        with pytest.raises(Unreadable, match=r"the mark of UTF-\d+, and not of gb18030: leave --encoding out"):
            lines(content, "gb18030")

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_a_mark_is_recognised_and_told_how_to_name(self, encoding: str) -> None:
        with pytest.raises(Unreadable, match=f"--encoding {encoding}"):
            lines("Product".encode(encoding))

    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            (b"fine\ncaf\xe9\nfine\n", None),
            ("fine\n卡\nfine\n".encode("gb18030"), "utf-8"),
            (b"fine\n\x81\x30\x81\xff\nfine\n", "gb18030"),
        ],
    )
    def test_bytes_that_are_no_text_cost_their_line_only(self, content: bytes, encoding: str | None) -> None:
        found = lines(content, encoding)
        assert [is_text(line) for line in found] == [True, False, True]
        assert "\ufffd" not in "".join(found)

    def test_half_a_character_of_utf_16_is_no_text(self) -> None:
        assert not is_text("".join(lines(codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00")))


class TestPacking:
    def test_an_archive_or_workbook_is_told_how_to_unpack(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("complaints.csv", TEXT)
        with pytest.raises(Unreadable, match="ZIP archive or an Excel workbook"):
            lines(packed.getvalue())


class TestLength:
    def test_a_line_of_the_longest_length_is_read(self) -> None:
        assert [len(line) for line in lines(b"x" * LONGEST_LINE + b"\nnext\n")] == [LONGEST_LINE + 1, 5]

    def test_a_longer_one_is_passed_over_and_counted(self) -> None:
        source = Lines(file_of(b"first\n" + b"x" * (3 * LONGEST_LINE) + b"\nnext\n"))
        assert next(source) == "first\n"
        with pytest.raises(TooLong):
            next(source)
        assert (next(source), source.number) == ("next\n", 3)

    def test_a_line_without_an_end_needs_no_memory(self) -> None:
        packed = gzip.compress(b"x" * 100_000_000)
        tracemalloc.start()
        with pytest.raises(TooLong):
            next(Lines(file_of(packed)))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()

    def test_looking_ahead_takes_nothing_away(self) -> None:
        source = Lines(file_of(b"one\ntwo\n"))
        assert (source.peek(), source.peek(), source.number) == ("one\n", "one\n", 0)
        assert (list(source), source.peek()) == (["one\n", "two\n"], "")
