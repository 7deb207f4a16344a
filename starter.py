#!/usr/bin/env python3
"""The command line of complaint handling: every command, and where its work is done."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

try:
    import typer
except ModuleNotFoundError:
    sys.exit("The libraries are not installed: run 'make run' once, and use .venv/bin/python starter.py.")

from cli import options as o
from cli import report_options as r
from cli.ending import alone, finish
from cli.helping import ACT, EXAMPLES, EXIT_CODES, LOOK, OPEN, RUN, WELCOME, NamesMessages
from cli.law import commands as law
from cli.options import AsJson, Received, Reference

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich", help=WELCOME, epilog=EXIT_CODES
)


@app.command("open", rich_help_panel=OPEN, epilog=EXAMPLES["open"])
def open_(file: o.ComplaintFile, json: AsJson = False) -> None:
    """Open one complaint. The same reference again is the same complaint.

    JSON: {"reference", "workflow_id", "opened", "stage", "same_content", "note"}.
    """
    from cli.sending import open_file

    finish(lambda client: open_file(client, file, json), json)


@app.command("import", rich_help_panel=OPEN, epilog=EXAMPLES["import"])
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
    alone(lambda: import_file(wanted), json)


@app.command(rich_help_panel=LOOK, epilog=EXAMPLES["show"])
def show(reference: Reference, json: AsJson = False) -> None:
    """Show the case file: where it stands, its clocks, whose turn it is.

    Closed complaints too: by their workflow as long as the server keeps it,
    later from the archive that COMPLAINTS_ARCHIVE_URL names.

    JSON: the case file (docs/interface/case_file.schema.json).
    """
    from cli.looking import show

    finish(lambda client: show(client, reference, json), json)


@app.command(rich_help_panel=LOOK, epilog=EXAMPLES["tasks"])
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
        finish(lambda client: tasks_of(client, reference, whose, json), json)
    else:
        finish(lambda client: tasks_of_all(client, whose, limit, among, json), json)


@app.command("list", rich_help_panel=LOOK, epilog=EXAMPLES["list"])
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
    latest closed first. Times are those of the rule pack's zone, as everywhere;
    of your own clock where the rule packs are not at hand.

    JSON: {"matched", "complaints"}, with exact instants.
    """
    from cli.looking import list_all
    from client.listing import Wanted

    wanted = Wanted(
        overdue=overdue, due_within=due_within, tier=tier, stage=stage, nature=nature, department=department,
        owner=owner, attention=needs_attention, breached=breached, closed=closed,
    )  # fmt: skip
    finish(lambda client: list_all(client, wanted, limit, json), json)


@app.command(rich_help_panel=LOOK, epilog=EXAMPLES["timeline"])
def timeline(reference: Reference, everything: o.Everything = False, json: AsJson = False) -> None:
    """What happened when and by whom, due times met and missed, what waits next.

    Times are those of the rule pack's zone. Of long complaints and of closed
    ones, the archive that COMPLAINTS_ARCHIVE_URL names has the older part.

    JSON: {"reference", "zone", "missing", "events", "awaited"}, all events.
    """
    from cli.timeline import timeline

    finish(lambda client: timeline(client, reference, everything, json), json)


@app.command(rich_help_panel=LOOK, epilog=EXAMPLES["report"])
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
    alone(lambda: report(chosen, by, rule_pack, language, html, archive, json), json)


law.register(app)


@app.command(cls=NamesMessages, rich_help_panel=ACT, epilog=EXAMPLES["send"])
def send(reference: Reference, message: o.MessageName, content: o.Content = None, json: AsJson = False) -> None:
    """Send one message: a decision is answered at once, a fact is taken in.

    'starter.py tasks REF' has the messages that are wanted, ready to be sent.
    Without JSON, an example is shown and nothing is sent.

    JSON: the receipt (docs/interface/receipt.schema.json); of a fact {"sent"}.
    """
    from cli.messages import nothing_to_send
    from cli.sending import send

    if content is None:
        alone(lambda: nothing_to_send(reference, message, json), json)
    else:
        finish(lambda client: send(client, reference, message, content, json), json)


@app.command(rich_help_panel=ACT, epilog=EXAMPLES["messages"])
def messages(message: o.PerhapsMessageName = None, json: AsJson = False) -> None:
    """The messages that can be sent; or one, with its fields and an example.

    JSON: a list of {"name", "kind", "meaning", "example"};
    of one message also its JSON Schema, as "fields".
    """
    from cli.messages import describe, list_messages

    alone(lambda: describe(message, json) if message else list_messages(json), json)


@app.command(rich_help_panel=RUN, epilog=EXAMPLES["demo"])
def demo(recorded: o.Recorded = None, sample: o.Sample = 200, json: AsJson = False) -> None:
    """Play the eight cases to their end on a server of their own.

    With --recorded, real complaints are brought to their end on the running
    server, as the companies answered them.
    """
    if recorded:
        from cli.playing import play_recorded

        finish(lambda client: play_recorded(client, recorded, sample, json), json)
    from embedded.__main__ import main

    raise typer.Exit(main(["demo"]))


@app.command(rich_help_panel=RUN, epilog=EXAMPLES["setup"])
def setup(
    retention: o.Retention = None,
    patrol_every: o.PatrolEvery = None,
    wait: o.Wait = timedelta(minutes=5),
    current_version: o.CurrentVersion = None,
    json: AsJson = False,
) -> None:
    """Prepare a Temporal server: namespace, retention, search attributes, patrol.

    Repeating it changes nothing. With worker versioning, complaints stand still
    until a current version is named: --current-version names it.

    JSON: {"namespace", "made", "retention", "retention_before", "registered",
    "present", "patrol_every", "patrol_every_before", "current_version",
    "current_version_before"}.
    """
    from cli.setup import set_up

    alone(lambda: set_up(retention, patrol_every, wait, current_version, json), json)


@app.command(rich_help_panel=RUN, epilog=EXAMPLES["reopen"])
def reopen(reference: Reference, reason: o.Why, by: o.By, json: AsJson = False) -> None:
    """Bring back a complaint that was terminated, failed, or otherwise ended by force.

    It goes on where it was; nothing is sent or paid twice. One that was closed,
    but is missing in the archive that COMPLAINTS_ARCHIVE_URL names, is archived.

    JSON: {"reference", "run_id", "run_id_before", "ended", "note"}.
    """
    from cli.reopening import reopen

    finish(lambda client: reopen(client, reference, reason, by, json), json)


@app.command(rich_help_panel=RUN, epilog=EXAMPLES["doctor"])
def doctor(json: AsJson = False) -> None:
    """Check all that complaints depend on, and say what to do.

    Server, workers, rule packs, archive and the bank's systems. Nothing is
    changed, sent or booked. What the worker's settings name is checked where
    they are set. The exit code is 1 when something failed.

    JSON: a list of {"check", "state", "found", "advice"};
    the state is ok, warning, failed or not checked.
    """
    from cli.doctor import examine_all

    alone(lambda: examine_all(json), json)


def main() -> None:
    """Run the command line."""
    from cli.ending import run

    # The SDK's runtime threads can abort a short-lived interpreter while it tears itself down; the work is done by now.
    os._exit(run(app))


if __name__ == "__main__":
    main()
