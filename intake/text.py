"""The lines of a file as text: unpacked, in the right encoding, counted, and none longer than memory can bear."""

from __future__ import annotations

import codecs
import gzip
from io import BufferedReader, TextIOWrapper
from typing import Self, cast

from domain.reading import Unreadable

LONGEST_LINE = 1_000_000
"""Characters. No complaint comes near it; a line without an end would fill the memory."""

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer before those that they begin with."""

NOT_TEXT = "\udc80"
"""Stands for bytes that mean nothing in the encoding: no text holds it, so that one wrong byte costs one line only,
and a customer's words are never changed in silence."""


def _mark(wrong: UnicodeError) -> tuple[str, int]:
    if isinstance(wrong, UnicodeDecodeError):
        return NOT_TEXT, wrong.end
    raise wrong


codecs.register_error("complaints-mark", _mark)


class TooLong(Exception):
    """A line was longer than :data:`LONGEST_LINE` and has been passed over."""


class Lines:
    """The lines of a file, with their ends, each raising :class:`TooLong` instead where it is too long.

    Args:
        file: the file, as bytes, gzipped or not.
        encoding: how it is encoded; else by its mark, and UTF-8 without one.

    Raises:
        Unreadable: the file is packed in another way, or its beginning contradicts the encoding.
    """

    def __init__(self, file: BufferedReader, encoding: str | None = None) -> None:
        plain = _unpacked(file)
        self.encoding = _encoding(plain.peek(4)[:4], encoding)
        # Newlines inside of cells are left to the csv module.
        self._text = TextIOWrapper(plain, encoding=self.encoding, errors="complaints-mark", newline="")
        self._ahead: str | None = None
        self.number = 0
        """The line that was read last, from 1."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._read() if self._ahead is None else self._ahead
        self._ahead = None
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST_LINE and not line.endswith("\n"):
            self._pass_over()
            raise TooLong
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the file to whoever opened it."""
        self._text.detach()

    def peek(self) -> str:
        """The next line, which stays the next one; empty at the end of the file."""
        if self._ahead is None:
            self._ahead = self._read()
        return self._ahead

    def _read(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        return line.removeprefix("\ufeff") if self.number == 0 else line

    def _pass_over(self) -> None:
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
            pass


def is_text(text: str) -> bool:
    """Whether a text has neither bytes of another encoding nor half characters in it, and can be stored and sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unpacked(file: BufferedReader) -> BufferedReader:
    start = file.peek(4)[:4]
    if start == b"PK\x03\x04":
        raise Unreadable(
            "this is a ZIP archive or an Excel workbook: unpack it, or save the table as CSV in UTF-8, and import that"
        )
    # The stubs of older Pythons do not know that a gzip file is one to be buffered.
    return BufferedReader(cast(BufferedReader, gzip.GzipFile(fileobj=file))) if start[:2] == b"\x1f\x8b" else file


def _encoding(start: bytes, named: str | None) -> str:
    marked = next((encoding for mark, encoding in MARKS.items() if start.startswith(mark)), None)
    if named and marked and not codecs.lookup(named).name.startswith(marked):
        raise Unreadable(f"its first bytes are the mark of {marked.upper()}, and not of {named}: leave --encoding out")
    if not named and not marked and b"\0" in start:
        order = "be" if start[:1] == b"\0" else "le"
        raise Unreadable(f"it looks like UTF-16 without a mark: name it with --encoding utf-16-{order}")
    return marked or named or "utf-8"
