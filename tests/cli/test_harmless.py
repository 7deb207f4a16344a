"""A terminal obeys nothing that a customer wrote: colours are the program's own, and tables stay straight."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.harmless import Harmless, harmless
from tests.any_text import EVERYTHING


def printed(words: str) -> str:
    """A table with a styled cell of these words, as a terminal of colours gets it."""
    table = Table()
    table.add_column()
    table.add_column()
    table.add_row(Text(words, style="red"), "after")
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=60, _environ={}).print(Harmless(table))
    return out.getvalue()


def test_the_programs_own_colours_are_the_only_commands() -> None:
    assert printed("\x1b[2J\x9b31mred\x07\x00\x1b]0;title\x07") == printed("[2J31mred]0;title")
    assert "\x1b[31m" in printed("red")


def test_nobody_writes_backwards() -> None:
    assert printed("pay \u202e001\u202c now \u2066!\u2069") == printed("pay 001 now !")


def test_everything_else_stays() -> None:
    kept = harmless(EVERYTHING)
    assert "我的钱不见了" in kept and "👩‍👩‍👧‍👦" in kept
    assert {ord(character) >> 16 for character in kept} == set(range(17))
    assert harmless("a\tb\nc") == "a\tb\nc"
