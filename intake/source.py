"""Files of complaints: a CFPB table or JSON lines, gzipped or not. A bad line costs that line only."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, TextIOWrapper
from typing import Any

from pydantic import ValidationError

from domain.complaint import Complaint
from domain.reading import Unreadable, explain, read
from intake import cfpb

LONGEST_FIELD = 1_000_000


@dataclass(frozen=True)
class Rejected:
    """A line that is no complaint. It repeats nothing of the line: complaints hold personal data."""

    line: int
    reason: str


@dataclass(frozen=True)
class Row:
    """A row of a CFPB table by column name."""

    line: int
    """The line on which it begins; narratives go over several."""
    cells: dict[str, str]


def complaints(
    file: BufferedReader, rule_pack: str | None = None, received: datetime | None = None
) -> Iterator[Complaint | Rejected]:
    """Every complaint of a file, or why a line is none.

    Args:
        file: the file, as bytes.
        rule_pack: the rule pack for all of them, instead of their own (or ``us-cfpb`` for a table).
        received: the time of receipt for all of them, instead of the recorded one.

    Raises:
        Unreadable: the file as a whole is neither a CFPB table nor JSON lines.
    """
    changes: dict[str, Any] = {"rule_pack": rule_pack} if rule_pack else {}
    if received:
        changes["received_at"] = received
    plain = _unpacked(file)
    try:
        is_json = plain.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
        for found in _json_lines(plain) if is_json else _table(plain):
            yield found.model_copy(update=changes) if isinstance(found, Complaint) else found
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("the compressed file is damaged or cut off") from None


def rows(file: BufferedReader) -> Iterator[Row | Rejected]:
    """The rows of a CFPB table, gzipped or not."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_text(_unpacked(file)))
    header = next(reader, None)
    if header is None:
        raise Unreadable("the file is empty")
    names = cfpb.columns(header)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            yield Rejected(line, f"not a row of a table: {wrong}")
            continue
        if cells is None:
            return
        if len(cells) == len(names):
            yield Row(line, dict(zip(names, cells, strict=True)))
        elif cells:
            yield Rejected(line, f"{len(cells)} cells, where the header has {len(names)}")


def _table(file: BufferedReader) -> Iterator[Complaint | Rejected]:
    for row in rows(file):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield cfpb.complaint_of(row.cells)
        except Unreadable as wrong:
            yield Rejected(row.line, str(wrong))
        except ValidationError as wrong:
            yield Rejected(row.line, explain(wrong))


def _json_lines(file: BufferedReader) -> Iterator[Complaint | Rejected]:
    for number, line in enumerate(_text(file), start=1):
        if not line.strip():
            continue
        try:
            yield read(Complaint, line)
        except Unreadable as wrong:
            yield Rejected(number, str(wrong))


def _unpacked(file: BufferedReader) -> BufferedReader:
    is_gzip = file.peek(2)[:2] == b"\x1f\x8b"
    return BufferedReader(gzip.GzipFile(fileobj=file)) if is_gzip else file


def _text(file: BufferedReader) -> TextIOWrapper:
    # One wrong byte must not cost the whole file; newlines inside of cells are left to the csv module.
    return TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
