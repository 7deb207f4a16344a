"""Arguments and options that commands share."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import completing
from cli.spans import span

Reference = Annotated[
    str, typer.Argument(metavar="REF", help="The complaint's reference.", autocompletion=completing.references)
]
PerhapsReference = Annotated[
    str | None,
    typer.Argument(metavar="[REF]", help="One complaint; all, if empty.", autocompletion=completing.references),
]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: one JSON document on standard output.")]
Limit = Annotated[int, typer.Option(min=1, help="How many are shown.")]
Among = Annotated[int, typer.Option(min=1, help="How many complaints are asked, those with the next due time first.")]

Overdue = Annotated[bool, typer.Option("--overdue", help="A due time has passed, or the reply is owed past a promise.")]
OverdueTasks = Annotated[bool, typer.Option("--overdue", help="Their due time has passed.")]
DueWithin = Annotated[
    timedelta | None,
    typer.Option(parser=span, metavar="3d|12h", help="The reply is due within this time, or its time has passed."),
]
Tier = Annotated[int | None, typer.Option(min=1, max=9, help="At this tier.")]
Stage = Annotated[
    str | None, typer.Option(help="At this stage, such as investigating.", autocompletion=completing.stages)
]
Nature = Annotated[
    str | None, typer.Option(help="Of this nature, such as system_fault.", autocompletion=completing.natures)
]
AwaitedDepartment = Annotated[str | None, typer.Option(help="Awaiting this department.")]
Owner = Annotated[str | None, typer.Option(metavar="STAFF-ID", help="Owned by this member of staff.")]
NeedsAttention = Annotated[bool, typer.Option("--needs-attention", help="Somebody has to look at it.")]
Breached = Annotated[bool, typer.Option("--breached", help="A promise was broken, now or earlier.")]
Closed = Annotated[bool, typer.Option("--closed", help="Closed ones, as long as the server keeps them.")]
Everything = Annotated[bool, typer.Option("--all", help="All events, not only the latest.")]
Role = Annotated[str | None, typer.Option(help="The turn of this role, such as call_back.")]
Person = Annotated[str | None, typer.Option(metavar="STAFF-ID", help="The turn of this person.")]
Department = Annotated[str | None, typer.Option(help="The turn of this department.")]

MessageName = Annotated[
    str,
    typer.Argument(metavar="MESSAGE", help="Its name, such as verify_identity.", autocompletion=completing.messages),
]
PerhapsMessageName = Annotated[
    str | None,
    typer.Argument(metavar="[MESSAGE]", help="Name of a message; all, if empty.", autocompletion=completing.messages),
]
Content = Annotated[
    str | None,
    typer.Argument(metavar="[JSON|@FILE|-]", help="The message, checked before it is sent; without it, an example."),
]
ClockId = Annotated[
    str | None,
    typer.Option(metavar="CLOCK", help="Count this clock out, day by day.", autocompletion=completing.clocks),
]


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise typer.BadParameter(f"{name} is no encoding of text; gb18030, utf-16 and latin-1 are some.") from None
    return name


ComplaintFile = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A complaint as JSON; received now, if it is silent.")
]
Recorded = Annotated[Path | None, typer.Option(metavar="FILE", help="A CFPB table: its complaints instead.")]
Sample = Annotated[int, typer.Option(min=1, help="How many of its complaints.")]

ImportFile = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A CFPB table or JSON lines, gzipped or not; - is standard input.")
]
RulePack = Annotated[str | None, typer.Option(help="Rule pack for all; us-cfpb for a CFPB table.")]
ImportLimit = Annotated[int | None, typer.Option(min=1, help="Only the first so many complaints.")]


class Received(StrEnum):
    """Which time of receipt an imported complaint gets."""

    RECORDED = "recorded"
    NOW = "now"


WhenReceived = Annotated[Received, typer.Option(help="The recorded time of receipt, or now.")]
Encoding = Annotated[
    str | None,
    typer.Option(parser=_encoding, metavar="NAME", help="Such as gb18030; otherwise UTF-8, or what its mark says."),
]
Rejects = Annotated[Path, typer.Option(help="Where rejected lines go, as JSON lines.")]
WaitForServer = Annotated[
    timedelta,
    typer.Option(parser=span, metavar="1m", show_default="1m", help="How long to wait for a server that is away."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file only; no server is needed.")]

Retention = Annotated[
    timedelta | None,
    typer.Option(parser=span, metavar="90d", help="Keep closed complaints so long: 90 days in a new namespace."),
]
PatrolEvery = Annotated[
    timedelta | None,
    typer.Option(parser=span, metavar="1h", help="Look so often for complaints ended by a side door: 1h at first."),
]
Wait = Annotated[
    timedelta,
    typer.Option(parser=span, metavar="5m", show_default=False, help="So long to wait for what is not ready yet."),
]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept in the file.")]
By = Annotated[str, typer.Option(metavar="STAFF_ID", help="Which supervisor brings it back.")]
CurrentVersion = Annotated[
    str | None,
    typer.Option(
        metavar="DEPLOYMENT:BUILD",
        help="Give complaints to workers of this build; without BUILD, to workers without versioning.",
    ),
]
