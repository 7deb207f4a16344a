"""Files of complaints: a CFPB table or JSON lines, gzipped or not. A bad line costs that line only."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BufferedReader
from typing import Any

from pydantic import ValidationError

from domain.complaint import Complaint
from domain.reading import Unreadable, explain
from intake import cfpb
from intake.text import LONGEST_LINE, Lines, TooLong, is_text


class Wrong(StrEnum):
    """What kind of thing is wrong with a line."""

    LAYOUT = "layout"
    """Not a row with the header's columns, or not a JSON object."""
    VALUE = "value"
    """A value is wrong or missing."""
    ENCODING = "encoding"
    """Some of it is no text in the encoding of the file."""
    SIZE = "size"
    """Too large."""
    DIFFERENT = "different"
    """Another complaint has this reference already."""
    REFUSED = "refused"
    """The server does not take it."""


@dataclass(frozen=True)
class Rejected:
    """A line that is no complaint. It repeats nothing of the line: complaints hold personal data."""

    line: int
    """The line on which it begins."""
    column: str | None
    """The table's column or the JSON field that is wrong; empty when it is the line as a whole."""
    kind: Wrong
    """What kind of thing is wrong."""
    reason: str
    """What is wrong, in a sentence."""


@dataclass(frozen=True)
class Found:
    """A complaint, and where in the file it stands."""

    line: int
    complaint: Complaint
    column: str
    """What this file calls the complaint's reference."""


@dataclass(frozen=True)
class Row:
    """A row of a CFPB table by column name."""

    line: int
    """The line on which it begins; narratives go over several."""
    cells: Mapping[str, str]
    titles: Mapping[str, str]
    """How the header of this file calls the columns."""


def complaints(
    file: BufferedReader, rule_pack: str | None = None, received: datetime | None = None, encoding: str | None = None
) -> Iterator[Found | Rejected]:
    """Every complaint of a file, or why a line is none.

    Args:
        file: the file, as bytes.
        rule_pack: the rule pack for all of them, instead of their own (or ``us-cfpb`` for a table).
        received: the time of receipt for all of them, instead of the recorded one.
        encoding: how the file is encoded; else by its mark, and UTF-8 without one.

    Raises:
        Unreadable: the file as a whole is neither a CFPB table nor JSON lines.
    """
    changes: dict[str, Any] = {"rule_pack": rule_pack} if rule_pack else {}
    if received:
        changes["received_at"] = received
    try:
        with Lines(file, encoding) as lines:
            is_json = _is_json(lines)
            for found in _json_lines(lines) if is_json else _table(lines):
                if changes and isinstance(found, Found):
                    found = Found(found.line, found.complaint.model_copy(update=changes), found.column)
                yield found
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("the compressed file is damaged or cut off") from None


def rows(lines: Lines) -> Iterator[Row | Rejected]:
    """The rows of a CFPB table."""
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(lines)
    names, titles = _header(reader, lines)
    while True:
        line = lines.number + 1
        try:
            cells = next(reader, None)
        except TooLong:
            yield Rejected(line, None, Wrong.SIZE, f"the line is longer than {LONGEST_LINE:,} characters")
        except csv.Error:
            yield Rejected(line, None, Wrong.SIZE, _endless(lines.number))
        else:
            if cells is None:
                return
            if cells:
                yield _row(line, cells, names, titles, lines.encoding)


def _header(reader: Iterator[list[str]], lines: Lines) -> tuple[list[str], Mapping[str, str]]:
    try:
        header = next(reader, None)
    except (csv.Error, TooLong):
        raise Unreadable("its first line is no header of a table") from None
    if header is None:
        raise Unreadable("the file is empty")
    if not is_text("".join(header)):
        raise Unreadable(f"its first line is not {lines.encoding.upper()}; name the encoding with --encoding")
    names = cfpb.columns(header)
    return names, dict(zip(names, header, strict=True))


def _row(line: int, cells: list[str], names: list[str], titles: Mapping[str, str], encoding: str) -> Row | Rejected:
    if len(cells) != len(names):
        return Rejected(line, None, Wrong.LAYOUT, f"{len(cells)} cells, where the header has {len(names)}")
    row = Row(line, dict(zip(names, cells, strict=True)), titles)
    whole = "".join(cells)
    if is_text(whole) and "\0" not in whole:
        return row
    name = next(name for name, cell in row.cells.items() if not is_text(cell) or "\0" in cell)
    return Rejected(line, titles[name], Wrong.ENCODING, _no_text(encoding))


def _table(lines: Lines) -> Iterator[Found | Rejected]:
    for row in rows(lines):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield Found(row.line, cfpb.complaint_of(row.cells), row.titles["complaint_id"])
        except cfpb.WrongCell as wrong:
            yield Rejected(row.line, row.titles.get(wrong.column), Wrong.VALUE, str(wrong))


def _is_json(lines: Lines) -> bool:
    while (first := lines.peek()) and first.isspace():
        next(lines)
    start = first.strip()
    if start == "{" or start.startswith("["):
        raise Unreadable("one complaint per line is expected; 'jq -c .' (or 'jq -c .[]' for a list) writes it so")
    return start.startswith("{")


def _json_lines(lines: Lines) -> Iterator[Found | Rejected]:
    while True:
        try:
            for line in lines:
                if not line.isspace():
                    yield _complaint(lines.number, line, lines.encoding)
            return
        except TooLong:
            reason = f"the line is longer than {LONGEST_LINE:,} characters"
            yield Rejected(lines.number, None, Wrong.SIZE, reason)


def _complaint(number: int, line: str, encoding: str) -> Found | Rejected:
    if not is_text(line):
        return Rejected(number, _place_of_no_text(line), Wrong.ENCODING, _no_text(encoding))
    try:
        return Found(number, Complaint.model_validate_json(line, extra="forbid"), "reference")
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        if first["type"] != "json_invalid":
            column = ".".join(str(part) for part in first["loc"])
            return Rejected(number, column or None, Wrong.VALUE if column else Wrong.LAYOUT, explain(wrong))
    if place := _place_of_no_text(line):
        return Rejected(number, place, Wrong.ENCODING, "half of a character (a lone surrogate)")
    return Rejected(number, None, Wrong.LAYOUT, "this is not valid JSON")


def _place_of_no_text(line: str) -> str | None:
    """The field of a JSON object that holds what is no text; empty when it cannot be told."""
    try:
        return next(_no_texts(json.loads(line), ""), None)
    except (ValueError, RecursionError):
        return None


def _no_texts(value: Any, place: str) -> Iterator[str]:
    match value:
        case str() if not is_text(value):
            yield place
        case dict():
            for name, inner in value.items():
                if is_text(name):
                    yield from _no_texts(inner, f"{place}.{name}" if place else name)
        case list():
            for index, inner in enumerate(value):
                yield from _no_texts(inner, f"{place}.{index}")


def _no_text(encoding: str) -> str:
    return f"bytes that are no text in {encoding.upper()}; if the file is in another encoding, name it with --encoding"


def _endless(last: int) -> str:
    return f"a cell of more than {LONGEST_LINE:,} characters, up to line {last}: is a closing quotation mark missing?"
