"""A report in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reporting.results import Report, Span
from reporting.sections import Sheet, sections
from reporting.words import Words


def report_table(report: Report, words: Words) -> Group:
    """Every table of the report, for a hundred columns."""
    return Group(*_head(report, words), *_body(report, words))


def _head(report: Report, words: Words) -> Iterator[RenderableType]:
    yield Text(words["title"], style="bold")
    yield Text(f"{words['period']}: {span(report.period, words)}")
    yield Text(f"{words['compared with']}: {span(report.compared_with, words)}")
    yield Text(f"{words['rule pack']}: {report.rule_pack or words['all']}")
    for gap in report.gaps:
        yield Text(f"{words['incomplete']}. {gap}", style="bold yellow")


def span(days: Span, words: Words) -> str:
    """A period in words."""
    return f"{days.first} .. {days.last} ({words['both included']}, {days.zone})"


def _body(report: Report, words: Words) -> Iterator[RenderableType]:
    for section in sections(report, words):
        shown = [sheet for sheet in section.sheets if sheet.rows]
        yield Text()
        yield Text(section.title, style="bold")
        if not shown:
            yield Text(words["none"] if section.sheets else section.about, style="dim")
        for sheet in shown:
            yield _table(sheet)


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 3, 0, 0))
    for place, name in enumerate(sheet.head):
        table.add_column(name, justify="left" if place < sheet.texts else "right", overflow="fold")
    for cells in sheet.rows:
        table.add_row(*(Text(cell) for cell in cells))
    return table
