"""Where the rules of a pack come from: every source in it, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from domain.clockrules import ClockKind, Source, SourceStatus
from domain.model import Model
from domain.toml_lines import KeyPath
from domain.wording import Problem


def sources_of(part: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Source]]:
    """Every source in a pack or a part of one, with the keys that lead to it."""
    match part:
        case Source():
            yield path, part
        case Model():
            for name in type(part).model_fields:
                yield from sources_of(getattr(part, name), (*path, name))
        case dict():
            for name, one in part.items():
                yield from sources_of(one, (*path, str(name)))
        case list():
            for at, one in enumerate(part):
                yield from sources_of(one, (*path, at))


def check_sources(part: Model) -> Iterator[Problem]:
    """A rule that nobody confirmed says so where people read it, and time that the law gives rests on law."""
    for path, source in sources_of(part):
        if source.status is SourceStatus.UNCONFIRMED and "unconfirmed" not in source.citation.casefold():
            yield (*path, "citation"), 'must say "unconfirmed", so that nobody who reads it takes the rule for certain'
        if path[:2] == ("clocks", ClockKind.LAW) and source.status is SourceStatus.POLICY:
            yield (*path, "status"), "is policy: the clock of the law needs a rule of law as its source"
