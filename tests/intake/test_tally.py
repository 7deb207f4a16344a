"""Every line is counted once, and every line that was not taken in stands in the file of rejected lines.

- A reference a second time in the file is a repetition, or another complaint that is rejected.
- The file of rejected lines replaces an earlier one only when an import begins, and is not left behind empty.
- A full disk is an error with the name of the file; so is a place where nothing can be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.source import Found, Rejected, Wrong
from intake.tally import Rejects, Tally
from tests.complaints import complaint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where rejected lines go."""
    return tmp_path / "rejected.jsonl"


@pytest.fixture
def tally(path: Path) -> Iterator[Tally]:
    """A tally of an import that has begun."""
    begun = Tally(Rejects(path))
    begun.rejects.begin()
    yield begun
    begun.rejects.end()


def kept(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


WRONG = Rejected(7, "Product", Wrong.VALUE, "原因")


class TestCounting:
    def test_the_counts_add_up(self, tally: Tally) -> None:
        found = Found(2, complaint(), "Complaint ID")
        tally.open()
        tally.check()
        tally.reject(WRONG)
        tally.before(found, is_open=True, same=True)
        tally.before(found, is_open=False, same=None)
        tally.before(found, is_open=True, same=False)
        summary = tally.end()
        assert (summary.opened, summary.checked, summary.open_before, summary.closed_before) == (1, 1, 1, 1)
        assert summary.rejected == {Wrong.VALUE: 1, Wrong.DIFFERENT: 1}
        assert summary.lines == 6

    def test_a_reference_a_second_time_is_a_repetition_or_another_complaint(self, tally: Tally, path: Path) -> None:
        one = complaint()
        other = one.model_copy(update={"summary": "Changed."})
        assert tally.new(Found(2, one, "Complaint ID"))
        assert tally.new(Found(3, one, "Complaint ID")) is None
        assert tally.new(Found(4, other, "Complaint ID")) is None
        assert tally.new(Found(5, complaint(), "Complaint ID"))
        summary = tally.end()
        assert (summary.repeated, summary.rejected, summary.lines) == (1, {Wrong.DIFFERENT: 1}, 2)
        reason = "line 2 has the same reference, with another content"
        assert kept(path) == [{"line": 4, "column": "Complaint ID", "kind": "different", "reason": reason}]


class TestRejects:
    def test_a_line_is_kept_with_column_and_reason(self, tally: Tally, path: Path) -> None:
        tally.reject(WRONG)
        assert kept(path) == [{"line": 7, "column": "Product", "kind": "value", "reason": "原因"}]

    def test_an_earlier_file_stays_until_an_import_begins(self, path: Path) -> None:
        path.write_text("old\n")
        rejects = Rejects(path)
        rejects.end()
        assert path.read_text() == "old\n"
        rejects.begin()
        rejects.add(WRONG)
        rejects.end()
        assert len(kept(path)) == 1

    def test_an_empty_one_is_not_left_behind(self, path: Path) -> None:
        rejects = Rejects(path)
        rejects.begin()
        assert path.exists()
        rejects.end()
        assert not path.exists()

    def test_a_full_disk_is_an_error_with_the_name(self) -> None:
        rejects = Rejects(Path("/dev/full"))
        rejects.begin()
        with pytest.raises(OSError, match=r"No space left on device: '/dev/full'"):
            rejects.add(WRONG)
        rejects.end()
        assert Path("/dev/full").exists()

    def test_a_place_where_nothing_can_be_written_is_an_error_before_anything_is_opened(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            Rejects(tmp_path / "nowhere" / "rejected.jsonl").begin()
