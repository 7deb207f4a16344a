"""Tables that are legible in a terminal of any width: nothing is ever cut off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

WORDY = {"what", "note", "outcomes", "holds"}
"""Columns whose cells may take several lines."""
LEGIBLE = 16
"""Columns that they need at least, and as many more as their longest word has, if it is not too long."""
LONG = 36
GAP = 2
BETWEEN_WORDS = re.compile(r"[\s\u2e80-\uffef]+")
"""A line may end at a space, and after any Chinese character."""

Cell = str | Text


class Rows:
    """A table where the terminal is wide enough for it; otherwise a block of lines per row.

    Before it comes to blocks, the columns that can be spared are left out, the first named first.
    """

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[Cell]], spare: Sequence[str] = ()) -> None:
        self._header = header
        self._rows = [[Text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        self._spare = spare

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Whatever fits, with as much as fits."""
        for count in range(len(self._spare) + 1):
            shown = [at for at, name in enumerate(self._header) if name not in self._spare[:count]]
            if sum(map(self._needs, shown)) + GAP * (len(shown) - 1) <= options.max_width:
                yield self._table(shown)
                return
        yield self._blocks()

    def _needs(self, at: int) -> int:
        """The width that a column must have."""
        cells = [self._header[at], *(row[at].plain for row in self._rows)]
        longest = max(map(cell_len, cells))
        if self._header[at] not in WORDY:
            return longest
        words = (cell_len(word) for cell in cells for word in BETWEEN_WORDS.split(cell))
        return min(longest, max(LEGIBLE, min(LONG, max(words))))

    def _table(self, shown: Collection[int]) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for at in shown:
            name = self._header[at]
            table.add_column(name, overflow="fold", no_wrap=name not in WORDY, min_width=self._needs(at))
        for row in self._rows:
            table.add_row(*(row[at] for at in shown))
        return table

    def _blocks(self) -> Table:
        blocks = Table.grid(padding=(0, 1, 0, 0))
        blocks.add_column(style="bold", no_wrap=True)
        blocks.add_column(overflow="fold")
        for row in self._rows:
            for name, cell in zip(self._header, row, strict=True):
                if cell.plain:
                    blocks.add_row(name, cell)
            blocks.add_row()
        return blocks
