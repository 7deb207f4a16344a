"""What became of every line of a file: the counts, and the file of rejected lines."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TextIO

from pydantic import Field

from client.gateway import digest
from domain.model import Record
from intake.source import Found, Rejected, Wrong


class Summary(Record):
    """What became of an import. The counts add up to the lines."""

    stopped_because: str | None = None
    """Why it ended before the end of the file; empty when it did not."""
    lines: int = 0
    """Complaints and rejected lines dealt with."""
    checked: int = 0
    """Complaints that could be opened; of a dry run only."""
    opened: int = 0
    """Opened by this import."""
    open_before: int = 0
    """Open already, with the same content as far as can be told."""
    closed_before: int = 0
    """Closed already, with the same content as far as can be told."""
    repeated: int = 0
    """A second time in this file, with the same content."""
    rejected: dict[Wrong, int] = Field(default_factory=Counter)
    """Lines that were not taken in, by what is wrong with them. Each stands in the file of rejected lines."""
    seconds: float = 0.0
    """How long it took."""
    per_second: float = 0.0
    """Lines dealt with per second."""


class Rejects:
    """The file of rejected lines. An earlier one is replaced when the import has begun, and not before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def begin(self) -> None:
        """Make the file, so that an import which cannot keep its rejected lines fails before it opens anything."""
        self._file = self.path.open("w", encoding="utf-8", buffering=1)

    def add(self, rejected: Rejected) -> None:
        """Keep a line's number and what is wrong with it.

        Raises:
            OSError: the disk is full, or gone.
        """
        assert self._file
        try:
            self._file.write(json.dumps(asdict(rejected), ensure_ascii=False) + "\n")
        except OSError as trouble:
            raise OSError(trouble.errno, trouble.strerror, str(self.path)) from None

    def end(self) -> None:
        """Close the file; one that holds nothing is not left behind."""
        if self._file is None:
            return
        with suppress(OSError):  # a full disk has been reported by then
            self._file.close()
        if self.path.is_file() and not self.path.stat().st_size:
            self.path.unlink()


class Tally:
    """Counts what becomes of the lines. The first error of a line decides; each line is counted once."""

    def __init__(self, rejects: Rejects) -> None:
        self.rejects = rejects
        self.summary = Summary()
        self._began = monotonic()
        self._seen: dict[str, tuple[int, str]] = {}

    def reject(self, rejected: Rejected) -> None:
        """A line was not taken in."""
        self.rejects.add(rejected)
        self.summary.rejected[rejected.kind] = self.summary.rejected.get(rejected.kind, 0) + 1
        self.summary.lines += 1

    def new(self, found: Found) -> str | None:
        """The digest of a complaint that this file has for the first time; another one is counted and gives nothing."""
        content = digest(found.complaint)
        line, first = self._seen.setdefault(found.complaint.reference, (found.line, content))
        if line == found.line:
            return content
        if first == content:
            self.summary.repeated += 1
            self.summary.lines += 1
        else:
            self._different(found, f"line {line} has the same reference, with another content")
        return None

    def check(self) -> None:
        """A complaint could be opened."""
        self.summary.checked += 1
        self.summary.lines += 1

    def open(self) -> None:
        """A complaint was opened."""
        self.summary.opened += 1
        self.summary.lines += 1

    def before(self, found: Found, *, is_open: bool, same: bool | None) -> None:
        """A complaint of this reference was opened before; whether with the same content cannot always be told."""
        if same is False:
            self._different(found, "a complaint of this reference was opened before, with another content")
            return
        if is_open:
            self.summary.open_before += 1
        else:
            self.summary.closed_before += 1
        self.summary.lines += 1

    def end(self, stopped_because: str | None = None) -> Summary:
        """The summary, with the time that it took and the reason if it ended early."""
        self.rejects.end()
        seconds = monotonic() - self._began
        self.summary.stopped_because = stopped_because
        self.summary.seconds = round(seconds, 2)
        self.summary.per_second = round(self.summary.lines / seconds, 1)
        return self.summary

    def _different(self, found: Found, reason: str) -> None:
        self.reject(Rejected(found.line, found.column, Wrong.DIFFERENT, reason))
