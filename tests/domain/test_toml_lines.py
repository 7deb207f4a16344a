"""Guarantees proved here: every key, table and list item of a TOML text is found on the line where it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from domain.toml_lines import KeyPath, TomlLines

TEXT = '''\
# a comment with [brackets], "quotes" and = signs
title = "a # no comment [x] = { }"
"quoted key" = 'literal \\'
dotted.key.deep = 1.5

[table]
when = 2020-03-01 10:00:00
inline = { one = 1, two = { three = "}" } }
list = [
    { amount = 1 },  # one, [two]
    { amount = 2 },
    [3, 4],
]
text = """
[not.a.table]
key = "not a key" \\"""
ends with two quotes"""""
literal = \'\'\'
[nor.this]\'\'\'
after = true

[[items]]
name = "first"
[items.sub]
deep = 1

[[items]]
name = "second"
[[items.sub.list]]
deep = 2
[[items.sub.list]]
deep = 3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("title",), 2),
        (("quoted key",), 3),
        (("dotted",), 4),
        (("dotted", "key", "deep"), 4),
        (("table",), 6),
        (("table", "when"), 7),
        (("table", "inline", "two", "three"), 8),
        (("table", "list"), 9),
        (("table", "list", 0, "amount"), 10),
        (("table", "list", 1), 11),
        (("table", "list", 2, 1), 12),
        (("table", "text"), 14),
        (("table", "literal"), 18),
        (("table", "after"), 20),
        (("items",), 22),
        (("items", 0, "name"), 23),
        (("items", 0, "sub", "deep"), 25),
        (("items", 1), 27),
        (("items", 1, "name"), 28),
        (("items", 1, "sub", "list", 0, "deep"), 30),
        (("items", 1, "sub", "list", 1, "deep"), 32),
        (("items", 1, "sub", "list", 1, "missing"), 31),
        (("nowhere", "at", "all"), 1),
    ],
)
def test_a_path_is_found_on_its_line(path: KeyPath, line: int) -> None:
    assert tomllib.loads(TEXT)["items"][1]["sub"]["list"][1] == {"deep": 3}
    assert TomlLines(TEXT).of(path) == line


def test_windows_line_ends_count_once() -> None:
    assert TomlLines("a = 1\r\n\r\n[b]\r\nc = 2\r\n").of(("b", "c")) == 4


@pytest.mark.parametrize("pack", sorted((Path(__file__).parents[2] / "rulepacks").glob("*.toml")), ids=lambda p: p.stem)
def test_every_key_of_the_shipped_packs_stands_on_the_line_found(pack: Path) -> None:
    text = pack.read_text(encoding="utf-8")
    lines, written = TomlLines(text), text.split("\n")
    for path in _paths(tomllib.loads(text)):
        if isinstance(path[-1], str):
            assert path[-1] in written[lines.of(path) - 1], path


def _paths(value: object, path: KeyPath = ()) -> list[KeyPath]:
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found = [path] if path else []
    return found + [inner for key, child in children for inner in _paths(child, (*path, key))]
