"""What differs between two rule packs, path by path, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, get_args

from domain.calendar import Span
from domain.clockrules import Source
from domain.model import Model, Money
from domain.rulepack import RulePack
from domain.spans import in_words

_SPANS = get_args(Span)
_FIRST = ("version", "valid_from", "calendar", "clocks", "provisional_credit", "consent", "tiers")
"""What the law and the bank promise; people, departments and letters come after it."""
_NOTHING = "nothing"


class RuleChange(Model):
    """One place in which two packs differ."""

    path: str
    """Keys from the top of the pack, as ``pack check`` names them."""
    a: str
    """What the one pack says, in words."""
    b: str
    """What the other one says."""


def rule_changes(a: RulePack, b: RulePack) -> Iterator[RuleChange]:
    """Every difference between two packs but their names; the law's own first."""
    fields = [*_FIRST, *(name for name in RulePack.model_fields if name not in (*_FIRST, "name"))]
    for name in fields:
        yield from _changes(name, getattr(a, name), getattr(b, name))


def _changes(path: str, a: Any, b: Any) -> Iterator[RuleChange]:
    if a == b:
        return
    for name, one, other in _parts(a, b):
        yield from _changes(f"{path}.{name}", one, other)
    if not _have_parts(a, b):
        yield RuleChange(path=path, a=_different(a, b), b=_different(b, a))


def _have_parts(a: Any, b: Any) -> bool:
    """Whether two values are compared part by part: both of the same kind, and no single words in themselves."""
    if isinstance(a, list) and isinstance(b, list):
        return any(isinstance(one, Model) and not isinstance(one, Money) for one in (*a, *b))
    if isinstance(a, dict) and isinstance(b, dict):
        return True
    return type(a) is type(b) and isinstance(a, Model) and not isinstance(a, (*_SPANS, Money))


def _parts(a: Any, b: Any) -> Iterator[tuple[str, Any, Any]]:
    if not _have_parts(a, b):
        return
    if isinstance(a, list):
        yield from ((str(at), one, other) for at, (one, other) in enumerate(zip_longest(a, b)))
        return
    ones, others = _named(a), _named(b)
    for name in dict.fromkeys([*ones, *others]):
        yield str(name), ones.get(name), others.get(name)


def _named(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {name: getattr(value, name) for name in type(value).model_fields}


def _different(value: Any, other: Any) -> str:
    """A value in words; of texts of several lines, the first line that differs."""
    if isinstance(value, str) and "\n" in value:
        lines, others = value.splitlines(), str(other or "").splitlines()
        return next((one for one, two in zip_longest(lines, others) if one != two and one), _NOTHING)
    return _words(value)


def _words(value: Any) -> str:
    match value:
        case None:
            return _NOTHING
        case bool():
            return "yes" if value else "no"
        case Source():
            return f"{value.citation} [{value.status}]"
        case list():
            return _listed(map(_words, value))
        case dict():
            return _listed(
                str(name) if isinstance(part, Model) else f"{name} {_words(part)}" for name, part in value.items()
            )
        case Model() if isinstance(value, _SPANS):
            return in_words(value)
        case Model() if not isinstance(value, Money):
            return "; ".join(f"{name} {_words(getattr(value, name))}" for name in _said(value))
        case _:
            return str(value).partition("\n")[0]


def _said(value: Model) -> Iterator[str]:
    """The fields that the pack's file names."""
    return (name for name in type(value).model_fields if name in value.model_fields_set)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or _NOTHING
