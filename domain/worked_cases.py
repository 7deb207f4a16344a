"""Cases worked out by hand from the law and the official calendars, against which the rule packs are checked.

They are the rows of a table that a lawyer reads and extends (``rulepacks/worked-cases.csv``, explained in
``docs/worked-cases.md``). Nothing in the table comes from the code that it checks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from domain.calendar import Calendar, Due, Span
from domain.clock_view import both, day_line
from domain.clockrules import ClockKind, ClockRule, Source
from domain.counting import Counting, Interval, count, runs_out
from domain.model import Identifier, Instant, LongText, Model, PlaceCode, ShortText
from domain.reading import explain


class WorkedCasesError(Exception):
    """A table that cannot be used. Each problem is ``file:line: what is wrong``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def _intervals(text: object) -> object:
    """``since..until; since..until``, as it is written in a cell."""
    return [pause.strip().split("..") for pause in text.split(";")] if isinstance(text, str) else text


class WorkedCase(Model):
    """One row: where a clock starts, when it runs out, and why."""

    id: Identifier
    """Its own name, such as DISP-07."""
    pack: Identifier
    """The rule pack."""
    place: PlaceCode | None = None
    """ISO 3166 code of the place whose holidays count; empty for the pack's own."""
    kind: Identifier | None = None
    """Kind of complaint, where the pack tells kinds apart."""
    clock: ClockKind
    """Which clock."""
    rung: int = Field(ge=0)
    """0 without an extension, 1 after the first, and so on."""
    makeup_days: bool | None = None
    """``on`` or ``off`` to count as a firm that works make-up days, or does not; empty for what the pack says."""
    pauses: Annotated[list[Interval], BeforeValidator(_intervals)] = []
    """``SINCE..UNTIL``, several with a semicolon between them."""
    start: Instant
    """What the clock counts from: the receipt; the booking of the credit; the determination."""
    due: Instant
    """When it runs out."""
    provisional: bool
    """``yes`` when a year was counted through whose holidays are not published."""
    reasoning: LongText
    """The count in words."""
    source: ShortText
    """The article."""


def read(text: str, source: str) -> list[WorkedCase]:
    """The rows of a table; the source is the file's name, as problems should show it. Further columns are for notes.

    Raises:
        WorkedCasesError: with every problem, each with its line.
    """
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines(keepends=True))
    if missing := [name for name in WorkedCase.model_fields if name not in (rows.fieldnames or [])]:
        raise WorkedCasesError([f"{source}:1: there is no column {', '.join(missing)}: save as comma-separated values"])
    cases: list[WorkedCase] = []
    problems: list[str] = []
    for row in rows:
        try:
            cases += _case(row)
        except ValueError as wrong:
            problems.append(f"{source}:{rows.line_num}: {wrong}")
    if problems:
        raise WorkedCasesError(problems)
    return cases


def _case(row: dict[str | Any, str | Any]) -> Iterator[WorkedCase]:
    """The case of a row; none in a row that was left empty."""
    filled = {column: cell for column, cell in row.items() if cell}
    if None in filled:
        raise ValueError("more cells than headings: a text with commas belongs in quotation marks")
    if filled:
        try:
            yield WorkedCase.model_validate(filled)
        except ValidationError as wrong:
            raise ValueError(explain(wrong)) from None


def mistaken(case: WorkedCase, rule: ClockRule | None, calendar: Calendar) -> str | None:
    """Where a case and the rules differ: both times, the reasoning and the count by the rules. None when nowhere.

    The rule is that of the case's kind of complaint; none where the pack has no such clock for it.
    """
    try:
        length, source = _step(case, rule)
    except LookupError as missing:
        return f"{case.id}: {missing.args[0]}"
    assert rule is not None
    counting = _counting(case, rule)
    by_hand = Due(at=case.due, provisional=case.provisional)
    by_pack = runs_out(calendar, case.start, length, counting, case.pauses)
    if by_pack == by_hand:
        return None
    days = (f"  {day_line(day)}" for day in count(calendar, case.start, length, counting, case.pauses))
    told = [
        f"{case.id}: {case.clock} of {case.pack} runs out",
        f"  by hand {_shown(calendar, by_hand)}",
        f"  by pack {_shown(calendar, by_pack)}",
        f"by hand ({case.source}): {case.reasoning}",
        f"by pack ({source.citation}): starts {both(calendar, case.start)}",
    ]
    return "\n".join([*told, *days])


def _step(case: WorkedCase, rule: ClockRule | None) -> tuple[Span, Source]:
    """Length and source of a clock, or of the rung to which it was extended.

    Raises:
        LookupError: there is none.
    """
    if rule is None:
        raise LookupError(f"{case.pack} has no clock {case.clock} for {case.kind or 'ordinary complaints'}")
    if not case.rung:
        return rule.length, rule.source
    if case.rung > len(rule.ladder):
        raise LookupError(f"{case.clock} of {case.pack} has {len(rule.ladder)} rungs and no rung {case.rung}")
    rung = rule.ladder[case.rung - 1]
    if rung.length is None:
        raise LookupError(f"rung {case.rung} of {case.clock} has no length: the notice itself names the time")
    return rung.length, rung.source


def _counting(case: WorkedCase, rule: ClockRule) -> Counting:
    made_up = rule.makeup_days if case.makeup_days is None else case.makeup_days
    return rule.counting.model_copy(update={"makeup_days": made_up})


def _shown(calendar: Calendar, due: Due) -> str:
    return f"{calendar.local(due.at):%a %Y-%m-%d %H:%M:%S %z}" + (", provisional" if due.provisional else "")
