"""What customers and departments write is shown as text: a terminal obeys nothing in it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Escape sequences begin with one of these; a terminal obeys them, whoever wrote them."""
DIRECTIONS = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""They would show the rest of a line backwards, which makes one staff id or amount look like another."""


@dataclass(frozen=True)
class Harmless:
    """Something to be shown, without what a terminal would obey."""

    shown: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same text and styles; what is left out has no width of its own, so that tables stay straight."""
        for segment in console.render(self.shown, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


def harmless(text: str) -> str:
    """The text without it."""
    return text.translate(CONTROLS | DIRECTIONS)
