"""The command that reports. It returns its exit code."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import typer

from cli.archives import archive_at
from cli.terminal import hint, say
from domain.model import Language
from reporting.making import make_report
from reporting.page import write_page
from reporting.period import BadPeriod, By, Period, read_period, zone_of
from reporting.table import report_table
from reporting.words import Words

LOCALTIME = Path("/etc/localtime")


def wanted(period: str | None, first: datetime | None, last: datetime | None, zone: str | None) -> Period:
    """The period that was asked for; anything else is wrong usage, and says so."""
    try:
        place = zone_of(zone or _zone_of_this_machine())
        today = datetime.now(place).date()
        return read_period(period, _day(first), _day(last), place, today)
    except BadPeriod as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _zone_of_this_machine() -> str:
    """Its name, which a report has to state; UTC where the machine does not say."""
    if named := os.environ.get("TZ", "").lstrip(":"):
        return named
    _, found, name = str(LOCALTIME.resolve()).partition("/zoneinfo/")
    return name if found else "UTC"


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


async def report(
    period: Period, by: By | None, rule_pack: str | None, language: str, html: Path | None, archive: str | None,
    json: bool,
) -> int:  # fmt: skip
    """Report on a period; exit code 2 when neither the archive nor the server could be read."""
    words = Words(Language(language))
    made = await make_report(period, by, rule_pack, archive_at(archive), words)
    if html:
        write_page(made, words, html)
        hint(f"The report is in {html}.")
    if json or not html:
        say(made, report_table(made, words), as_json=json)
    for gap in made.gaps if json or html else ():
        hint(gap)
    return 2 if made.results is None and made.open_book is None else 0
