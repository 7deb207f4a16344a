"""The shipped pack, spoilt in one place, and what must then be said about it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from domain.packs import PackError, parse_pack

PACKS = Path(__file__).parents[2] / "rulepacks"
GOOD = (PACKS / "cn-banking.toml").read_text(encoding="utf-8")


class Broken(NamedTuple):
    """One change that spoils the pack, and what is said about it."""

    old: str
    new: str
    path: str
    says: str
    marker: str | None = None
    """Text that stands on the line named; the change itself when empty."""


def problems(text: str, source: str = "cn-banking.toml") -> list[str]:
    with pytest.raises(PackError) as refused:
        parse_pack(text, source)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def assert_refused(broken: Broken) -> None:
    """The file, the line, the path, and a sentence that says how to mend it."""
    assert broken.old in GOOD
    text = GOOD.replace(broken.old, broken.new)
    expected = line_of(text, broken.marker or broken.new)
    found = [line for line in problems(text) if broken.says in line]
    assert len(found) == 1, problems(text)
    file, line, path, sentence = found[0].split(":", 3)
    assert (file, path.strip().split(" ")[0]) == ("cn-banking.toml", broken.path)
    assert int(line) == expected, found
    assert len(sentence.split()) > 2


def line_of(text: str, marker: str) -> int:
    """The line on which a marker begins; after a null, the next line that begins with what follows."""
    first, _, then = marker.partition("\x00")
    at = text.index(first.split("\n")[0] if then else first)
    return text[: text.index(f"\n{then} =", at) + 1 if then else at].count("\n") + 1
