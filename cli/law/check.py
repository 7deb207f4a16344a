"""Checking rule packs, and the table that chooses among them: what they hold, or everything that is wrong with them.

Beside a pack may lie the table of deadlines that were counted by hand; those of the pack are counted again by it. A
draft that lies elsewhere, without such a table, is held against the one of the packs in use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from rich.console import Group
from rich.text import Text

from activities.calendars import years_around
from activities.pack_files import SELECTION, LoadedPack, load_selection, read_file
from cli.law.shelf import directory
from cli.terminal import say
from domain.clockrules import SourceStatus
from domain.model import Model
from domain.packs import PackError
from domain.selection import Selection
from domain.sources import sources_of
from domain.worked_cases import WorkedCase, WorkedCasesError, mistaken, read

WORKED_CASES = "worked-cases.csv"


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
    worked_cases: int = 0
    """Deadlines counted by hand that the pack was checked against."""
    wrong_cases: list[str] = []
    """Those that come out otherwise, with both counts."""

    @property
    def usable(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems and not self.wrong_cases


async def check_all(files: Sequence[Path], json: bool) -> int:
    """Check files; 1 when one of them cannot be used."""
    found = [_checked(file) for file in files]
    say(found, Group(*(line for one in found for line in _lines(one))), as_json=json)
    return 0 if all(one.usable for one in found) else 1


def _checked(file: Path) -> Checked:
    try:
        if file.name == SELECTION:
            return _table(file, load_selection(file.parent))
        return _pack(file, read_file(file, directory()))
    except (PackError, WorkedCasesError) as wrong:
        return Checked(file=str(file), problems=wrong.problems)


def _pack(file: Path, loaded: LoadedPack) -> Checked:
    pack = loaded.pack
    counted = Counter(source.status for _, source in sources_of(pack))
    cases = [case for case in _cases_for(file) if case.pack == pack.name]
    return Checked(
        file=str(file), name=pack.name, version=pack.version, kinds=pack.kinds,
        places=list(dict.fromkeys([pack.calendar.country, *pack.calendar.places])),
        sources={status: counted[status] for status in SourceStatus if counted[status]},
        worked_cases=len(cases), wrong_cases=[wrong for case in cases if (wrong := _wrong(case, loaded))],
    )  # fmt: skip


def _cases_for(file: Path) -> list[WorkedCase]:
    """The deadlines counted by hand, if there are some: those beside the pack come first."""
    tables = (place / WORKED_CASES for place in (file.parent, directory()))
    return next((_cases(table) for table in tables if table.is_file()), [])


@cache
def _cases(table: Path) -> list[WorkedCase]:
    """A table, read once for all packs of a directory."""
    return read(table.read_text(encoding="utf-8"), str(table))


def _wrong(case: WorkedCase, loaded: LoadedPack) -> str | None:
    """Where a case and the pack differ, if they do."""
    rule = loaded.pack.clocks.get(case.clock)
    try:
        calendar = loaded.calendar(case.place, years_around(case.start.date()))
    except LookupError as why:
        return f"{case.id}: {why.args[0]}"
    return mistaken(case, rule.for_kind(case.kind) if rule else None, calendar)


def _table(file: Path, table: Selection) -> Checked:
    named = [table.default, *(pack for rule in table.rules for pack in (rule.leads, *rule.beside) if pack)]
    counted = Counter(rule.source.status for rule in table.rules)
    return Checked(
        file=str(file), chooses=sorted(set(named)),
        places=sorted({place for rule in table.rules for place in rule.jurisdictions}),
        sources={status: counted[status] for status in SourceStatus if counted[status]},
    )  # fmt: skip


def _lines(found: Checked) -> Iterator[Text]:
    yield from (Text(problem, style="red") for problem in (*found.problems, *found.wrong_cases))
    if found.usable:
        yield Text.assemble(("ok", "green"), f"  {found.file}: {'; '.join(_holds(found))}")


def _holds(found: Checked) -> Iterator[str]:
    if found.name:
        yield f"{found.name} {found.version}"
    yield "sources " + ", ".join(f"{number} {status}" for status, number in found.sources.items())
    if found.chooses:
        yield f"chooses {', '.join(found.chooses)}"
    if found.worked_cases:
        yield f"{found.worked_cases} worked cases right"
    if found.kinds:
        yield f"kinds {', '.join(found.kinds)}"
    if found.places:
        yield f"places {', '.join(found.places)}"
