"""The command line: open and import complaints, send messages, look.

Exit codes: 0 done; 1 refused, or some lines rejected; 2 not there, or wrong usage; 3 unexpected; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.spans import span

if TYPE_CHECKING:
    from temporalio.client import Client

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Reference = Annotated[str, typer.Argument(metavar="REF", help="The complaint's reference.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: one JSON document on standard output.")]


class Received(StrEnum):
    """Which time of receipt an imported complaint gets."""

    RECORDED = "recorded"
    NOW = "now"


@app.command("open")
def open_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A complaint as JSON; received now, if it is silent.")],
    json: AsJson = False,
) -> None:
    """Open one complaint. Opening the same reference again is the same complaint, and it says so."""
    from cli.sending import open_file

    _finish(lambda client: open_file(client, file, json), json)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CFPB table or JSON lines, gzipped or not.")],
    rule_pack: Annotated[str | None, typer.Option(help="Rule pack for all; us-cfpb for a CFPB table.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many complaints.")] = None,
    received: Annotated[Received, typer.Option(help="The recorded time of receipt, or now.")] = Received.RECORDED,
    rejects: Annotated[Path, typer.Option(help="Where rejected lines go.")] = Path("rejected.jsonl"),
    json: AsJson = False,
) -> None:
    """Open every complaint of a file. Can be repeated at any time: what is open already is counted as such."""
    from cli.importing import import_file

    recorded = received is Received.RECORDED
    _finish(lambda client: import_file(client, file, rule_pack, limit, recorded, rejects, json), json)


@app.command()
def show(reference: Reference, json: AsJson = False) -> None:
    """Show the case file: where it stands, its clocks, whose turn it is, the journal."""
    from cli.looking import show

    _finish(lambda client: show(client, reference, json), json)


@app.command()
def tasks(
    reference: Annotated[str | None, typer.Argument(metavar="[REF]", help="One complaint, or the most urgent.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the most urgent complaints.")] = 20,
    json: AsJson = False,
) -> None:
    """Who must do what by when. With a reference, also the messages ready to be sent."""
    from cli.looking import most_urgent_tasks, tasks_of

    if reference:
        _finish(lambda client: tasks_of(client, reference, json), json)
    else:
        _finish(lambda client: most_urgent_tasks(client, limit, json), json)


@app.command("list")
def list_(limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50, json: AsJson = False) -> None:
    """List the complaints that are not closed, the most urgent first."""
    from cli.looking import list_open

    _finish(lambda client: list_open(client, limit, json), json)


@app.command()
def send(
    reference: Reference,
    message: Annotated[str, typer.Argument(help="Name of the message, such as verify_identity.")],
    content: Annotated[str, typer.Argument(metavar="JSON|@FILE|-", help="The message, checked before it is sent.")],
    json: AsJson = False,
) -> None:
    """Send one message: a decision is answered at once, a fact is taken in."""
    from cli.sending import send

    _finish(lambda client: send(client, reference, message, content, json), json)


@app.command()
def deadlines(
    reference: Reference,
    explain: Annotated[str | None, typer.Option(metavar="CLOCK", help="Count this clock out, day by day.")] = None,
    json: AsJson = False,
) -> None:
    """Every clock of a complaint with its state and its source."""
    from cli.looking import show_deadlines

    _finish(lambda client: show_deadlines(client, reference, explain, json), json)


@app.command()
def demo(
    recorded: Annotated[Path | None, typer.Option(metavar="FILE", help="A CFPB table: its complaints instead.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many of its complaints.")] = 200,
    json: AsJson = False,
) -> None:
    """Play the eight cases to their end on a server of their own, as 'make demo' does.

    With --recorded, real complaints are brought to their end on the running server, as the companies answered them.
    """
    if recorded:
        from cli.playing import play_recorded

        _finish(lambda client: play_recorded(client, recorded, sample, json), json)
    from embedded.__main__ import main

    raise typer.Exit(main(["demo"]))


@app.command()
def setup(
    retention: Annotated[
        timedelta | None,
        typer.Option(parser=span, metavar="90d", help="Keep closed complaints so long: 90 days in a new namespace."),
    ] = None,
    wait: Annotated[
        timedelta,
        typer.Option(parser=span, metavar="5m", show_default="5m", help="How long to wait for what is not ready yet."),
    ] = timedelta(minutes=5),
    current_version: Annotated[
        str | None,
        typer.Option(
            metavar="DEPLOYMENT:BUILD",
            help="Give complaints to workers of this build; without BUILD, to workers without versioning.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Prepare a Temporal server: namespace, retention, search attributes. Repeating it changes nothing.

    With worker versioning, complaints stand still until a current version is named: --current-version names it.
    """
    from cli.setup import set_up

    _alone(lambda: set_up(retention, wait, current_version, json), json)


def _finish(work: Callable[[Client], Awaitable[int]], json: bool) -> None:
    # Imported here and in the commands, so that --help answers at once.
    from cli.terminal import outcome

    raise typer.Exit(outcome(work, as_json=json))


def _alone(work: Callable[[], Awaitable[int]], json: bool) -> None:
    """For commands that find their way to the server themselves."""
    from cli.terminal import plainly_ended

    raise typer.Exit(plainly_ended(work, as_json=json))


def main() -> None:
    """Run the command line."""
    code = 0
    try:
        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 2
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's runtime threads can abort a short-lived interpreter while it tears itself down; the work is done by now.
    os._exit(code)


if __name__ == "__main__":
    main()
