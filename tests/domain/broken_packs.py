"""The shipped packs, spoilt in one place, and what must then be said about it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.packs import PackError, parse_pack
from domain.rulepack import RulePack

PACKS = Path(__file__).parents[2] / "rulepacks"


@cache
def written(name: str) -> str:
    """A file below ``rulepacks/``."""
    return (PACKS / name).read_text(encoding="utf-8")


@cache
def shipped(name: str) -> RulePack:
    """A pack as it is shipped, with the files that it shares with others."""
    return parse_pack(written(f"{name}.toml"), f"rulepacks/{name}.toml", written)


GOOD = written("cn-banking.toml")


class Broken(NamedTuple):
    """One change that spoils a pack, and what is said about it."""

    old: str
    new: str
    path: str
    says: str
    marker: str | None = None
    """Text that stands on the line named; the change itself when empty."""
    pack: str = "cn-banking"
    """The pack that is refused."""
    file: str = ""
    """The shared file that is spoilt; the pack's own when empty."""


def problems(text: str, source: str = "cn-banking.toml") -> list[str]:
    with pytest.raises(PackError) as refused:
        parse_pack(text, source)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def assert_refused(broken: Broken) -> None:
    """The file, the line, the path, and a sentence that says how to mend it."""
    own, name = f"{broken.pack}.toml", broken.file or f"{broken.pack}.toml"
    assert broken.old in written(name)
    text = written(name).replace(broken.old, broken.new)
    with pytest.raises(PackError) as refused:
        parse_pack(text if name == own else written(own), own, lambda file: text if file == name else written(file))
    found = [line for line in refused.value.problems if broken.says in line]
    assert len(found) == 1, refused.value.problems
    file, line, path, sentence = found[0].split(":", 3)
    assert (file, path.strip().split(" ")[0]) == (name, broken.path)
    assert int(line) == line_of(text, broken.marker or broken.new), found
    assert len(sentence.split()) > 2


def line_of(text: str, marker: str) -> int:
    """The line on which a marker begins; after a null, the next line that begins with what follows."""
    first, _, then = marker.partition("\x00")
    at = text.index(first.split("\n")[0] if then else first)
    return text[: text.index(f"\n{then} =", at) + 1 if then else at].count("\n") + 1
