"""Reading a rule pack: TOML text in, a pack that can be trusted out, or every fault with its line and its remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.calendar import Span
from domain.model import COUNTRY_CODE, CURRENCY_CODE, IDENTIFIER, PLACE_CODE
from domain.pack_checks import check_consistency
from domain.rulepack import RulePack
from domain.toml_lines import TomlLines
from domain.wording import Problem, check_wording

_SPAN_TYPES = {kind.__name__ for kind in get_args(Span)}
_IS_LENGTH = {field for kind in get_args(Span) for field in kind.model_fields}
_LENGTH = (
    "is not a length: write one of {hours = 4}, {calendar_days = 15}, {business_days = 3}, {weeks = 8} or "
    "{months = 1}, with a whole number from 1 to 3660"
)


_PATTERNS = {
    PLACE_CODE: "is no ISO 3166 code: write one such as GB, or GB-SCT for a part of it",
    COUNTRY_CODE: "is no ISO 3166 code of a country: write one such as GB",
    CURRENCY_CODE: "is no ISO 4217 code: write one such as CNY",
    IDENTIFIER: "is no id: write it in letters, digits, dots, hyphens and underscores, a letter or digit first",
}


class PackError(Exception):
    """A rule pack, or the table of them, that must not be used.

    Each problem is ``file:line: path: what is wrong and how to mend it``.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


Include = Callable[[str], str]
"""Gives the text of an included file, or raises OSError or UnicodeDecodeError."""


def no_includes(name: str) -> str:
    """For packs that stand alone."""
    raise FileNotFoundError(name)


def parse_pack(text: str, source: str, include: Include = no_includes, any_name: bool = False) -> RulePack:
    """Read a rule pack and check it against itself. The source is the file's name, as problems should show it.

    A pack may name files whose tables it shares with others in ``includes``; its own values take precedence. A pack
    that complaints choose is called as its file is; ``any_name`` is for copies that nobody chooses.

    Raises:
        PackError: with every problem, each with its file and line.
    """
    own = TomlFile.read(text, source)
    parts = [own, *_included(own, include)]
    data: dict[str, Any] = {}
    for part in (*parts[1:], own):
        data = _merged(data, part.data)
    try:
        pack = RulePack.model_validate(data, extra="forbid")
    except ValidationError as error:
        raise located(parts, misfits(error)) from None
    named = () if any_name else _check_name(pack, source)
    if problems := [*named, *check_consistency(pack), *check_wording(pack)]:
        raise located(parts, problems)
    return pack


@dataclass(frozen=True)
class TomlFile:
    """A TOML text that was read, with its name and the lines of its keys."""

    source: str
    data: dict[str, Any]
    lines: TomlLines

    @classmethod
    def read(cls, text: str, source: str) -> TomlFile:
        """The text as data.

        Raises:
            PackError: it is not TOML.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PackError([_syntax_problem(text, source, error)]) from None
        return cls(source, data, TomlLines(text))


def _included(own: TomlFile, include: Include) -> Iterator[TomlFile]:
    names = own.data.pop("includes", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise located([own], [(("includes",), 'should be a list of files, such as ["shared/house.toml"]')])
    for at, name in enumerate(names):
        try:
            text = include(name)
        except OSError:
            raise located([own], [(("includes", at), f"there is no file {name} beside the pack: mend it")]) from None
        part = TomlFile.read(text, str(PurePath(own.source).parent / name))
        if "includes" in part.data:
            raise located([part], [(("includes",), "is not allowed in an included file: name it in the pack")])
        yield part


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables are joined key by key; any other value replaces the one before it."""
    joined = dict(base)
    for key, value in own.items():
        before = joined.get(key)
        both_tables = isinstance(value, dict) and isinstance(before, dict) and not _IS_LENGTH.intersection(value)
        joined[key] = _merged(before or {}, value) if both_tables else value
    return joined


def _check_name(pack: RulePack, source: str) -> Iterator[Problem]:
    if pack.name != (stem := PurePath(source).stem):
        yield ("name",), f"is {pack.name}, but the file is called {stem}: give both the same name"


def located(parts: list[TomlFile], problems: Iterable[Problem]) -> PackError:
    """Problems with the line that has the most of their path; a pack's own file comes before the shared ones."""
    found = set()
    for path, sentence in problems:
        part = max(parts, key=lambda part: len(part.lines.written(path)))
        found.add((parts.index(part), part.lines.of(path), ".".join(map(str, path)), sentence))
    return PackError(f"{parts[at].source}:{line}: {path}: {sentence}" for at, line, path, sentence in sorted(found))


def _syntax_problem(text: str, source: str, error: tomllib.TOMLDecodeError) -> str:
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
    line = at[1] if at and at[1] else text.count("\n") + 1
    what = str(error)[: at.start()] if at else str(error)
    return f"{source}:{line}: column {at[2] if at and at[2] else 1}: is not valid TOML ({what}): correct the notation"


def misfits(error: ValidationError) -> Iterator[Problem]:
    """What does not have the shape that it should have."""
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        span = next((at for at, part in enumerate(loc) if part in _SPAN_TYPES), None)
        if span is not None:
            yield loc[:span], _LENGTH
        else:
            yield tuple(part for part in loc if part != "[key]"), _sentence(detail)


def _sentence(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "missing":
            return "is missing: add it"
        case "extra_forbidden":
            return "is not known here: remove it, or correct its spelling"
        case "string_pattern_mismatch" if sentence := _PATTERNS.get(detail["ctx"]["pattern"]):
            return f"{detail['input']!r} {sentence}"
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case _:
            given = detail["input"]
            not_that = "" if isinstance(given, dict | list) else f", not {given!r}"
            return detail["msg"].replace("Input should", "should").replace("String should", "should") + not_that
