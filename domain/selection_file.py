"""Reading the table that says which rule packs apply: TOML text in, a table that can be trusted out, or every fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from pydantic import ValidationError

from domain.packs import TomlFile, located, misfits
from domain.selection import Selection, SelectionRule, covers
from domain.sources import check_sources
from domain.toml_lines import KeyPath
from domain.wording import Problem


def parse_selection(text: str, source: str, packs: Collection[str]) -> Selection:
    """Read the table and check it against itself and against the names of the packs that there are.

    Raises:
        PackError: with every problem, each with its file and line.
    """
    file = TomlFile.read(text, source)
    try:
        selection = Selection.model_validate(file.data, extra="forbid")
    except ValidationError as error:
        raise located([file], misfits(error)) from None
    if problems := [*_check_packs(selection, packs), *_check_rules(selection), *check_sources(selection)]:
        raise located([file], problems)
    return selection


def _check_packs(selection: Selection, packs: Collection[str]) -> Iterator[Problem]:
    for path, name in _named(selection):
        if name not in packs:
            yield path, f"there is no rule pack {name}: use one of {', '.join(sorted(packs)) or 'none'}"


def _named(selection: Selection) -> Iterator[tuple[KeyPath, str]]:
    yield ("default",), selection.default
    for at, rule in enumerate(selection.rules):
        if rule.leads:
            yield ("rules", at, "leads"), rule.leads
        for position, name in enumerate(rule.beside):
            yield ("rules", at, "beside", position), name


def _check_rules(selection: Selection) -> Iterator[Problem]:
    names: Counter[str] = Counter()
    for at, rule in enumerate(selection.rules):
        path: KeyPath = ("rules", at)
        yield from _check_rule(path, rule)
        names[rule.name] += 1
        if names[rule.name] == 2:
            yield (*path, "name"), "is the name of another rule too: the journal of a complaint would not tell which"
        if hides := _hidden_by(selection.rules[:at], rule):
            yield path, f'never leads: "{hides.name}" before it fits all that it fits, so move this one up or mend it'


def _check_rule(path: KeyPath, rule: SelectionRule) -> Iterator[Problem]:
    if rule.leads is None and not rule.beside:
        yield path, "names no rule pack: say which one leads, or which run beside"
    for position, name in enumerate(rule.beside):
        if name in (rule.leads, *rule.beside[:position]):
            yield (*path, "beside", position), f"{name} is named in this rule already: remove it here"


def _hidden_by(before: list[SelectionRule], rule: SelectionRule) -> SelectionRule | None:
    """The rule that leads wherever this one would."""
    return next((one for one in before if rule.leads and one.leads and covers(one, rule)), None)
