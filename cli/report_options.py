"""The options of ``report``. Nothing is imported here that takes time: every start of the command line reads this."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reporting.period import By


class ReportLanguage(StrEnum):
    """Language of the report."""

    ENGLISH = "en"
    CHINESE = "zh"


def _pack(name: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) is None:
        raise typer.BadParameter(f"{name!r} is no name of a rule pack.")
    return name


DATE = ["%Y-%m-%d"]
ReportPeriod = Annotated[
    str | None,
    typer.Argument(metavar="[PERIOD]", help="2026, 2026-Q3, 2026-08, 2026-W33, 2026-08-01..2026-08-15; or 30 days."),
]
From = Annotated[datetime | None, typer.Option("--from", formats=DATE, metavar="DATE", help="First day.")]
To = Annotated[
    datetime | None, typer.Option("--to", formats=DATE, metavar="DATE", help="Last day, included; or today.")
]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Whose days, such as Europe/London; or those of this machine.")
]
Course = Annotated[By | None, typer.Option("--by", help="Cut the course by this; or as the length suggests.")]
OfPack = Annotated[
    str | None, typer.Option("--rule-pack", parser=_pack, metavar="NAME", help="Only those under this rule pack.")
]
Html = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write one HTML page with charts that needs no network, instead of the tables."),
]
Speak = Annotated[ReportLanguage, typer.Option("--language", help="Of the tables and the page.")]
ArchiveUrl = Annotated[
    str | None,
    typer.Option("--archive", metavar="URL", help="The archive; or what COMPLAINTS_ARCHIVE_URL or the settings name."),
]
