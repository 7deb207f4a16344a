"""Checking rule packs, and the table that chooses among them: what they hold, or everything that is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.text import Text

from activities.pack_files import SELECTION, load_selection, read_file
from cli.terminal import say
from domain.clockrules import Source, SourceStatus
from domain.model import Model
from domain.packs import PackError
from domain.rulepack import RulePack
from domain.selection import Selection


class Checked(Model):
    """What was found of one file."""

    file: str
    """The file."""
    problems: list[str] = []
    """Each as ``file:line: path: what is wrong and how to mend it``; none when it can be used."""
    name: str | None = None
    """Name of the pack; empty for the table that chooses."""
    version: str | None = None
    """Its version."""
    sources: dict[SourceStatus, int] = {}
    """How many rules rest on sources of each status."""
    kinds: list[str] = []
    """Kinds of complaint that it tells apart."""
    places: list[str] = []
    """Places whose calendars it has; of the table, that its rules name."""
    chooses: list[str] = []
    """Of the table: the packs that it can choose."""


async def check_all(files: Sequence[Path], json: bool) -> int:
    """Check files; 1 when one of them cannot be used."""
    found = [_checked(file) for file in files]
    say(found, Group(*(line for one in found for line in _lines(one))), as_json=json)
    return 1 if any(one.problems for one in found) else 0


def _checked(file: Path) -> Checked:
    try:
        if file.name == SELECTION:
            return _table(file, load_selection(file.parent))
        return _pack(file, read_file(file).pack)
    except PackError as wrong:
        return Checked(file=str(file), problems=wrong.problems)


def _pack(file: Path, pack: RulePack) -> Checked:
    counted = Counter(source.status for source in sources_of(pack))
    return Checked(
        file=str(file), name=pack.name, version=pack.version, kinds=pack.kinds,
        places=list(dict.fromkeys([pack.calendar.country, *pack.calendar.places])),
        sources={status: counted[status] for status in SourceStatus if counted[status]},
    )  # fmt: skip


def _table(file: Path, table: Selection) -> Checked:
    named = [table.default, *(pack for rule in table.rules for pack in (rule.leads, *rule.beside) if pack)]
    counted = Counter(rule.source.status for rule in table.rules)
    return Checked(
        file=str(file), chooses=sorted(set(named)),
        places=sorted({place for rule in table.rules for place in rule.jurisdictions}),
        sources={status: counted[status] for status in SourceStatus if counted[status]},
    )  # fmt: skip


def sources_of(part: Any) -> Iterator[Source]:
    """Every source in a pack or a part of one."""
    match part:
        case Source():
            yield part
        case Model():
            for name in type(part).model_fields:
                yield from sources_of(getattr(part, name))
        case dict():
            yield from _of_each(part.values())
        case list():
            yield from _of_each(part)


def _of_each(parts: Iterable[Any]) -> Iterator[Source]:
    for part in parts:
        yield from sources_of(part)


def _lines(found: Checked) -> Iterator[Text]:
    yield from (Text(problem, style="red") for problem in found.problems)
    if not found.problems:
        yield Text.assemble(("ok", "green"), f"  {found.file}: {'; '.join(_holds(found))}")


def _holds(found: Checked) -> Iterator[str]:
    if found.name:
        yield f"{found.name} {found.version}"
    yield "sources " + ", ".join(f"{number} {status}" for status, number in found.sources.items())
    if found.chooses:
        yield f"chooses {', '.join(found.chooses)}"
    if found.kinds:
        yield f"kinds {', '.join(found.kinds)}"
    if found.places:
        yield f"places {', '.join(found.places)}"
