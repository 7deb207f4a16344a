"""On which line of a TOML text each key stands: the standard parser does not tell, and who mends a pack needs it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top of the document."""

_TOKEN = re.compile(
    r'''(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\[\]{}=,.#"']+)'''
    r"""|(?P<mark>[\[\]{}=,.\n])|\#[^\n]*|[ \t\r]+""",
    re.DOTALL,
)
_ENDS_OF_VALUE = {"\n", ",", "]", "}"}


class TomlLines:
    """The lines of all keys, tables and list items of a text that the standard parser has accepted."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {(): 1}
        self._items: dict[KeyPath, int] = {}
        self._tokens = deque(_tokens(text))
        table: KeyPath = ()
        while self._tokens:
            if self._skip("\n"):
                continue
            table = self._header() if self._peek() == "[" else self._pair(table)

    def of(self, path: KeyPath) -> int:
        """The line of a key, or of the innermost table around it that is written down."""
        return self._lines[self.written(path)]

    def written(self, path: KeyPath) -> KeyPath:
        """As much of a path as is written down."""
        while path not in self._lines:
            path = path[:-1]
        return path

    def _header(self) -> KeyPath:
        self._skip("[")
        is_item = self._skip("[")
        path = self._key(())
        if is_item:
            self._items[path] = self._items.get(path, -1) + 1
            path = self._note((*path, self._items[path]))
        while self._skip("]"):
            pass
        return path

    def _key(self, path: KeyPath) -> KeyPath:
        while True:
            part = self._peek()
            path = self._note((*path, part.strip("\"'")))
            self._tokens.popleft()
            if not self._skip("."):
                return path
            if path in self._items:
                path = (*path, self._items[path])

    def _pair(self, table: KeyPath) -> KeyPath:
        path = self._key(table)
        self._skip("=")
        self._value(path)
        return table

    def _value(self, path: KeyPath) -> None:
        if self._skip("{"):
            while not self._skip("}"):
                if not self._skip(",", "\n"):
                    self._pair(path)
        elif self._skip("["):
            position = 0
            while not self._skip("]"):
                if not self._skip(",", "\n"):
                    self._value(self._note((*path, position)))
                    position += 1
        else:
            while self._tokens and self._peek() not in _ENDS_OF_VALUE:
                self._tokens.popleft()

    def _note(self, path: KeyPath) -> KeyPath:
        self._lines.setdefault(path, self._tokens[0][1])
        return path

    def _peek(self) -> str:
        return self._tokens[0][0]

    def _skip(self, *marks: str) -> bool:
        if self._tokens and self._peek() in marks:
            self._tokens.popleft()
            return True
        return False


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup:
            yield match.group(), line
        line += match.group().count("\n")
