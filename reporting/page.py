"""A report as one HTML file that needs nothing from anywhere: tables that say everything, charts beside them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import plotly.io

from reporting.charts import figure
from reporting.results import Report
from reporting.sections import Chart, Section, Sheet, sections
from reporting.table import span
from reporting.words import Words

STYLE = Path(__file__).with_name("page.css")
NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
CONFIG = {"displayModeBar": False, "responsive": True, "showTips": False}


def write_page(report: Report, words: Words, file: Path) -> None:
    """Write the page, whole or not at all.

    Raises:
        OSError: the file cannot be written there.
    """
    content = "\n".join(_page(report, words))
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
    ) as new:
        try:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
            os.chmod(new.name, 0o644)
            os.replace(new.name, file)
        except BaseException:
            os.unlink(new.name)
            raise


def _page(report: Report, words: Words) -> Iterator[str]:
    title = escape(f"{words['title']}, {report.period.first} .. {report.period.last}")
    yield f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{title}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>"
    yield from _head(report, words)
    drawn = 0
    for section in sections(report, words):
        yield from _section(section, words, library=drawn == 0)
        drawn += sum(bool(chart.labels) for chart in section.charts)
    yield "</main>\n</body>\n</html>"


def _head(report: Report, words: Words) -> Iterator[str]:
    made = f"{report.made_at.astimezone(ZoneInfo(report.period.zone)):%Y-%m-%d %H:%M %Z}"
    facts = {
        "period": span(report.period, words),
        "compared with": span(report.compared_with, words),
        "rule pack": report.rule_pack or words["all"],
        "made at": made,
    }
    yield f"<header>\n<h1>{escape(words['title'])}</h1>\n<dl>"
    for name, fact in facts.items():
        yield f"<div><dt>{escape(words[name])}</dt><dd>{escape(fact)}</dd></div>"
    yield "</dl>"
    for gap in report.gaps:
        yield f'<p class="gap" role="alert"><strong>{escape(words["incomplete"])}.</strong> {escape(gap)}</p>'
    yield "</header>"


def _section(section: Section, words: Words, library: bool) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.title)}</h2>"
    if section.about:
        yield f'<p class="about">{escape(section.about)}</p>'
    for chart in section.charts:
        if chart.labels:
            yield _chart(chart, section.title, library)
            library = False
    shown = [sheet for sheet in section.sheets if sheet.rows]
    for sheet in shown:
        yield from _table(sheet, section.title)
    if section.sheets and not shown:
        yield f'<p class="about">{escape(words["none"])}</p>'
    yield "</section>"


def _chart(chart: Chart, title: str, library: bool) -> str:
    # The table below says the same to those who do not see it.
    drawing = plotly.io.to_html(figure(chart), config=CONFIG, include_plotlyjs=library, full_html=False)
    return f'<div class="chart" role="img" aria-label="{escape(title)}">{drawing}</div>'


def _table(sheet: Sheet, title: str) -> Iterator[str]:
    yield f'<div class="wide" tabindex="0" role="group" aria-label="{escape(title)}"><table>\n<thead><tr>'
    for place, name in enumerate(sheet.head):
        yield f'<th scope="col"{_kind(place, sheet)}>{escape(name)}</th>'
    yield "</tr></thead>\n<tbody>"
    for number, cells in enumerate(sheet.rows):
        yield "<tr>" + "".join(_cell(cell, place, sheet) for place, cell in enumerate(cells)) + "</tr>"
        if sheet.meanings:
            yield f'<tr class="meaning"><td colspan="{len(sheet.head)}">{escape(sheet.meanings[number])}</td></tr>'
    yield "</tbody>\n</table></div>"


def _cell(cell: str, place: int, sheet: Sheet) -> str:
    word = "th" if place == 0 else "td"
    scope = ' scope="row"' if place == 0 else ""
    return f"<{word}{scope}{_kind(place, sheet)}>{escape(cell)}</{word}>"


def _kind(place: int, sheet: Sheet) -> str:
    return "" if place < sheet.texts else ' class="number"'
