#!/usr/bin/env python3
"""The command line of complaint handling: every command, and where its work is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

try:
    import typer
except ModuleNotFoundError:
    sys.exit("The libraries are not installed: run 'make run' once, and use .venv/bin/python starter.py.")

from cli import options as o
from cli import report_options as r
from cli.helping import ACT, EXIT_CODES, LOOK, OPEN, RUN, WELCOME, NamesMessages, examples
from cli.options import AsJson, Received, Reference

if TYPE_CHECKING:
    from temporalio.client import Client

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich", help=WELCOME, epilog=EXIT_CODES
)


@app.command("open", rich_help_panel=OPEN, epilog=examples("starter.py open demo/own-complaint.json"))
def open_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A complaint as JSON; received now, if it is silent.")],
    json: AsJson = False,
) -> None:
    """Open one complaint. Opening the same reference again is the same complaint, and it says so."""
    from cli.sending import open_file

    _finish(lambda client: open_file(client, file, json), json)


@app.command(
    "import",
    rich_help_panel=OPEN,
    epilog=examples(
        "starter.py import complaints.csv.gz --dry-run",
        "starter.py import complaints.csv.gz --received now --limit 100",
        "starter.py import complaints.csv --encoding gb18030",
        "zcat *.jsonl.gz | starter.py import -",
    ),
)
def import_(
    file: o.ImportFile,
    rule_pack: o.RulePack = None,
    limit: o.ImportLimit = None,
    received: o.WhenReceived = Received.RECORDED,
    encoding: o.Encoding = None,
    rejects: o.Rejects = Path("rejected.jsonl"),
    wait: o.WaitForServer = timedelta(minutes=1),
    dry_run: o.DryRun = False,
    json: AsJson = False,
) -> None:
    """Open every complaint of a file.

    It can be interrupted and repeated at any time: each is opened once.
    A line that is no complaint costs that line only, and is named in the file
    of rejected lines.
    """
    from cli.importing import Wanted, import_file

    recorded = received is Received.RECORDED
    wanted = Wanted(file, rule_pack, limit, recorded, encoding, rejects, wait, dry_run, json)
    _alone(lambda: import_file(wanted), json)


@app.command(rich_help_panel=LOOK, epilog=examples("starter.py show MY-0001", "starter.py show MY-0001 --json"))
def show(reference: Reference, json: AsJson = False) -> None:
    """Show the case file: where it stands, its clocks, whose turn it is.

    Closed complaints too: by their workflow as long as the server keeps it,
    later from the archive that COMPLAINTS_ARCHIVE_URL names.

    JSON: the case file (docs/interface/case_file.schema.json).
    """
    from cli.looking import show

    _finish(lambda client: show(client, reference, json), json)


@app.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "starter.py tasks --overdue", "starter.py tasks --role first_line --limit 10", "starter.py tasks MY-0001"
    ),
)
def tasks(
    reference: o.PerhapsReference = None,
    role: o.Role = None,
    person: o.Person = None,
    department: o.Department = None,
    overdue: o.OverdueTasks = False,
    limit: o.Limit = 50,
    among: o.Among = 200,
    json: AsJson = False,
) -> None:
    """Who must do what by when, the soonest due first.

    With a reference, also the messages, ready to be pasted and sent.

    JSON: {"tasks", "open_complaints", "asked", "not_answered"};
    with a reference, its tasks (docs/interface/open_tasks.schema.json).
    """
    from cli.turns import Whose, tasks_of, tasks_of_all

    whose = Whose(role=role, person=person, department=department, overdue=overdue)
    if reference:
        _finish(lambda client: tasks_of(client, reference, whose, json), json)
    else:
        _finish(lambda client: tasks_of_all(client, whose, limit, among, json), json)


@app.command(
    "list",
    rich_help_panel=LOOK,
    epilog=examples(
        "starter.py list --overdue",
        "starter.py list --due-within 3d --tier 2",
        "starter.py list --stage received --json",
    ),
)
def list_(
    overdue: o.Overdue = False,
    due_within: o.DueWithin = None,
    tier: o.Tier = None,
    stage: o.Stage = None,
    nature: o.Nature = None,
    department: o.AwaitedDepartment = None,
    owner: o.Owner = None,
    needs_attention: o.NeedsAttention = False,
    breached: o.Breached = False,
    closed: o.Closed = False,
    limit: o.Limit = 50,
    json: AsJson = False,
) -> None:
    """List the complaints that match all filters.

    Overdue ones come first, then those that need attention, then the others;
    each by due time: of the reply, or of what comes next. Of closed ones, the
    latest closed first. Times are those of your own clock.

    JSON: {"matched", "complaints"}, with exact instants.
    """
    from cli.looking import list_all
    from client.listing import Wanted

    wanted = Wanted(
        overdue=overdue, due_within=due_within, tier=tier, stage=stage, nature=nature, department=department,
        owner=owner, attention=needs_attention, breached=breached, closed=closed,
    )  # fmt: skip
    _finish(lambda client: list_all(client, wanted, limit, json), json)


@app.command(rich_help_panel=LOOK, epilog=examples("starter.py timeline MY-0001", "starter.py timeline MY-0001 --json"))
def timeline(
    reference: Reference,
    everything: Annotated[bool, typer.Option("--all", help="All events, not only the latest.")] = False,
    json: AsJson = False,
) -> None:
    """What happened when and by whom, due times met and missed, what waits next.

    Times are those of the rule pack's zone. Of long complaints and of closed
    ones, the archive that COMPLAINTS_ARCHIVE_URL names has the older part.

    JSON: {"reference", "zone", "missing", "events", "awaited"}, all events.
    """
    from cli.timeline import timeline

    _finish(lambda client: timeline(client, reference, everything, json), json)


@app.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "starter.py report",
        "starter.py report 2026-Q3 --by month --html report.html --language zh",
        "starter.py report --from 2026-08-01 --to 2026-08-15 --zone Asia/Shanghai --json",
    ),
)
def report(
    period: r.ReportPeriod = None,
    first: r.From = None,
    last: r.To = None,
    zone: r.Zone = None,
    by: r.Course = None,
    rule_pack: r.OfPack = None,
    html: r.Html = None,
    language: r.Speak = r.ReportLanguage.ENGLISH,
    archive: r.ArchiveUrl = None,
    json: AsJson = False,
) -> None:
    """Report on complaints closed in a period, and on those open now.

    Without a period, on the last 30 days, today included. Closed ones come from
    the archive, open ones from the server; if one is missing, the report says so.

    JSON: durations as ISO 8601, exact; shares as count, of and share.
    """
    from cli.reporting import report, wanted

    chosen = wanted(period, first, last, zone)
    _alone(lambda: report(chosen, by, rule_pack, language, html, archive, json), json)


@app.command(
    rich_help_panel=LOOK,
    epilog=examples("starter.py deadlines MY-0001", "starter.py deadlines MY-0001 --explain law-1"),
)
def deadlines(reference: Reference, explain: o.ClockId = None, json: AsJson = False) -> None:
    """Every clock of a complaint with its state and its source.

    JSON: docs/interface/deadlines.schema.json.
    """
    from cli.looking import show_deadlines

    _finish(lambda client: show_deadlines(client, reference, explain, json), json)


@app.command(
    cls=NamesMessages,
    rich_help_panel=ACT,
    epilog=examples(
        """starter.py send MY-0001 take_ownership '{"by": {"id": "E-1", "role": "first_line"}}'""",
        """echo '{"by": {"id": "E-1", "role": "first_line"}, "text": "called"}' | starter.py send MY-0001 add_note -""",
    ),
)
def send(reference: Reference, message: o.MessageName, content: o.Content = None, json: AsJson = False) -> None:
    """Send one message: a decision is answered at once, a fact is taken in.

    'starter.py tasks REF' has the messages that are wanted, ready to be sent.
    Without JSON, an example is shown and nothing is sent.

    JSON: the receipt (docs/interface/receipt.schema.json); of a fact {"sent"}.
    """
    from cli.messages import nothing_to_send
    from cli.sending import send

    if content is None:
        _alone(lambda: nothing_to_send(reference, message, json), json)
    else:
        _finish(lambda client: send(client, reference, message, content, json), json)


@app.command(rich_help_panel=ACT, epilog=examples("starter.py messages", "starter.py messages verify_identity"))
def messages(message: o.PerhapsMessageName = None, json: AsJson = False) -> None:
    """The messages that can be sent; or one, with its fields and an example.

    JSON: a list of {"name", "kind", "meaning", "example"};
    of one message also its JSON Schema, as "fields".
    """
    from cli.messages import describe, list_messages

    _alone(lambda: describe(message, json) if message else list_messages(json), json)


@app.command(rich_help_panel=RUN, epilog=examples("starter.py demo"))
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


@app.command(
    rich_help_panel=RUN,
    epilog=examples("starter.py setup --retention 90d", "starter.py setup --current-version complaints:2026.11"),
)
def setup(
    retention: o.Retention = None,
    wait: o.Wait = timedelta(minutes=5),
    current_version: o.CurrentVersion = None,
    json: AsJson = False,
) -> None:
    """Prepare a Temporal server: namespace, retention, search attributes. Repeating it changes nothing.

    With worker versioning, complaints stand still until a current version is named: --current-version names it.

    JSON: {"namespace", "made", "retention", "retention_before", "registered",
    "present", "current_version", "current_version_before"}.
    """
    from cli.setup import set_up

    _alone(lambda: set_up(retention, wait, current_version, json), json)


@app.command(rich_help_panel=RUN, epilog=examples("COMPLAINTS_SETTINGS_FILE=settings.toml starter.py doctor"))
def doctor(json: AsJson = False) -> None:
    """Check everything that complaints depend on, and say what to do: server, workers, rules, archive, bank's systems.

    Nothing is changed, sent or booked. What the worker's settings name is checked where they are set.
    The exit code is 1 when something failed.

    JSON: a list of {"check", "state", "found", "advice"};
    the state is ok, warning, failed or not checked.
    """
    from cli.doctor import examine_all

    _alone(lambda: examine_all(json), json)


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
    from cli.ending import run

    # The SDK's runtime threads can abort a short-lived interpreter while it tears itself down; the work is done by now.
    os._exit(run(app))


if __name__ == "__main__":
    main()
