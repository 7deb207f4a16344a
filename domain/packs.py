"""Reading a rule pack: TOML text in, a pack that can be trusted out, or every fault with its line and its remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.calendar import Span
from domain.pack_checks import check_consistency
from domain.rulepack import RulePack
from domain.toml_lines import TomlLines
from domain.wording import Problem, check_wording

_SPAN_TYPES = {kind.__name__ for kind in get_args(Span)}
_LENGTH = (
    "is not a length: write one of {hours = 4}, {calendar_days = 15}, {business_days = 3}, {weeks = 8} or "
    "{months = 1}, with a whole number from 1 to 3660"
)


class PackError(Exception):
    """A rule pack that must not be used. Each problem is ``file:line: path: what is wrong and how to mend it``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def parse_pack(text: str, source: str) -> RulePack:
    """Read a rule pack and check it against itself. The source is the file's name, as problems should show it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError([_syntax_problem(text, source, error)]) from None
    lines = TomlLines(text)
    try:
        pack = RulePack.model_validate(data, extra="forbid")
    except ValidationError as error:
        raise _located(source, lines, _misfits(error)) from None
    if problems := [*_check_name(pack, source), *check_consistency(pack), *check_wording(pack)]:
        raise _located(source, lines, problems)
    return pack


def _check_name(pack: RulePack, source: str) -> Iterator[Problem]:
    if pack.name != (stem := PurePath(source).stem):
        yield ("name",), f"is {pack.name}, but the file is called {stem}: give both the same name"


def _located(source: str, lines: TomlLines, problems: Iterable[Problem]) -> PackError:
    found = sorted({(lines.of(path), ".".join(map(str, path)), sentence) for path, sentence in problems})
    return PackError(f"{source}:{line}: {path}: {sentence}" for line, path, sentence in found)


def _syntax_problem(text: str, source: str, error: tomllib.TOMLDecodeError) -> str:
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
    line = at[1] if at and at[1] else text.count("\n") + 1
    what = str(error)[: at.start()] if at else str(error)
    return f"{source}:{line}: column {at[2] if at and at[2] else 1}: is not valid TOML ({what}): correct the notation"


def _misfits(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_context=False):
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
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case _:
            given = detail["input"]
            not_that = "" if isinstance(given, dict | list) else f", not {given!r}"
            return detail["msg"].replace("Input should", "should").replace("String should", "should") + not_that
