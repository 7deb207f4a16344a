"""The commands about rules, as ``starter.py`` offers them. Nothing is imported here that takes time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import completing
from cli import options as o
from cli.ending import alone, finish
from cli.helping import EXAMPLES, RULES
from cli.options import AsJson, Reference
from cli.report_options import ArchiveUrl

Pack = Annotated[
    str, typer.Argument(metavar="PACK", help="Name of a rule pack, or a copy's file.", autocompletion=completing.packs)
]
Received = Annotated[
    str, typer.Option(metavar="T", help="When it is received: 2026-03-02T10:00, by the pack's clock unless it says so.")
]
Kind = Annotated[str | None, typer.Option(help="Kind of complaint, such as hardship.", autocompletion=completing.kinds)]
Place = Annotated[
    str | None, typer.Option(metavar="CODE", help="Whose holidays: GB-SCT.", autocompletion=completing.places)
]
WhichClock = Annotated[
    str, typer.Option("--clock", metavar="KIND|all", help="Counted out.", autocompletion=completing.clock_kinds)
]
Rung = Annotated[int, typer.Option(min=0, metavar="N", help="After N rungs of its ladder.")]
Pauses = Annotated[
    list[str] | None, typer.Option("--pause", metavar="FROM..TO", help="It stood still; may be repeated.")
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule packs, or selection.toml.")]
A = Annotated[str, typer.Argument(metavar="A", help="A rule pack, or a copy's file.", autocompletion=completing.packs)]
B = Annotated[str, typer.Argument(metavar="B", help="The one to compare it with.", autocompletion=completing.packs)]
On = Annotated[
    str | None, typer.Option("--on", metavar="FILE|archive", help="Complaints: a file as for import, or closed ones.")
]
Shown = Annotated[int, typer.Option("--limit", min=1, help="How many complaints are shown.")]

pack_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Check rule packs, and say what another one would change.",
    epilog=EXAMPLES["pack"],
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(rich_help_panel=RULES, epilog=EXAMPLES["deadlines"])(deadlines)
    app.command(rich_help_panel=RULES, epilog=EXAMPLES["clock"])(clock)
    app.add_typer(pack_app, name="pack", rich_help_panel=RULES)


def deadlines(reference: Reference, explain: o.ClockId = None, json: AsJson = False) -> None:
    """Every clock of a complaint, and the day-by-day count of what is owed.

    Each clock of the reply that runs or stands still is counted out: each day
    counted or skipped and why, the rule's citation, what moved it. --explain
    counts any one clock.

    JSON: docs/interface/deadlines.schema.json; with --explain, that clock.
    """
    from cli.looking import show_deadlines

    finish(lambda client: show_deadlines(client, reference, explain, json), json)


def clock(
    pack: Pack,
    received: Received,
    kind: Kind = None,
    place: Place = None,
    clock: WhichClock = "law",
    rung: Rung = 0,
    pause: Pauses = None,
    json: AsJson = False,
) -> None:
    """What the clocks of a rule pack would come to; no server is needed.

    The clocks that start with receipt, and one of them counted out day by day,
    with its extensions and what may pause it. A clock that starts with something
    else, such as call_back, counts from T as well.

    JSON: {"pack", "version", "title", "kind", "place", "zone", "received_at",
    "clocks"}, each clock with its count, extensions and reasons to pause.
    """
    from cli.law.clock import Wanted, show_clocks

    wanted = Wanted(pack, received, kind, place, clock, rung, pause or [])
    alone(lambda: show_clocks(wanted, json), json)


@pack_app.command("check", epilog=EXAMPLES["pack check"])
def check(files: Files, json: AsJson = False) -> None:
    """Check rule packs and selection.toml; no server is needed.

    Says what each holds, or every problem as file:line: path: how to mend it;
    then the exit code is 1. Deadlines counted by hand, in worked-cases.csv
    beside a pack, are counted again by it.

    JSON: a list of {"file", "problems", "name", "version", "sources", "kinds",
    "places", "chooses", "worked_cases", "wrong_cases"}.
    """
    from cli.law.check import check_all

    alone(lambda: check_all(files, json), json)


@pack_app.command("diff", epilog=EXAMPLES["pack diff"])
def diff(
    a: A,
    b: B,
    on: On = None,
    limit: Shown = 20,
    encoding: o.Encoding = None,
    archive: ArchiveUrl = None,
    json: AsJson = False,
) -> None:
    """What is different under another pack, in the rules and for complaints.

    Each complaint is opened under both: due times, tier of entry, and whether it
    is refused. Of closed complaints from the archive, also whether each clock
    would have been kept, by what happened in fact; only those closed under A.
    A copy of a pack may lie anywhere, under any name. No server is needed.

    JSON: {"a", "b", "rules", "read", "rejected", "left_out", "differing",
    "counts", "complaints"}, complete.
    """
    from cli.law.diff import Wanted, show_difference

    wanted = Wanted(a, b, on, limit, encoding, archive)
    alone(lambda: show_difference(wanted, json), json)
