"""Tables that are legible in a terminal of any width: nothing is ever cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

WORDY = {"what", "note", "outcomes", "holds"}
"""Columns whose cells may take several lines."""
LEGIBLE = 16
"""Columns that they need at least."""
WITHOUT_LIMIT = 10_000

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
            table = self._table(self._spare[:count])
            needed = Measurement.get(console, options.update(max_width=WITHOUT_LIMIT), table).minimum
            if needed <= options.max_width:
                yield table
                return
        yield self._blocks()

    def _table(self, without: Collection[str]) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        shown = [at for at, name in enumerate(self._header) if name not in without]
        for at in shown:
            name = self._header[at]
            longest = max(cell_len(name), *(row[at].cell_len for row in self._rows), 0)
            needed = min(longest, LEGIBLE) if name in WORDY else longest
            table.add_column(name, overflow="fold", no_wrap=name not in WORDY, min_width=needed)
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
