"""What ``--help`` teaches: examples that work as they stand, in the order in which a newcomer would try them.

Nothing is imported here that takes time: every start of the command line reads this module.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

OPEN, LOOK, RULES, ACT, RUN = "Open", "Look", "Rules and deadlines", "Act", "Run and check"
"""Panels of the commands."""

WELCOME = """Handle customers' complaints: open and import them, see whose turn it is, send messages.

The three most usual things:

[bold]starter.py tasks[/]                   whose turn it is, the soonest due first
[bold]starter.py tasks MY-0001[/]           one complaint, with the messages ready to be sent
[bold]starter.py list --overdue[/]          what is late"""

EXIT_CODES = """[bold]Exit codes[/]   0 done   1 refused, or done in part   2 not there, or wrong usage
             3 unexpected   130 interrupted

[bold]--json[/] gives one JSON document on standard output; what was not done as
{"refused": {"code", "sentence"}} or {"failed": {"exit_code", "kind", "sentence"}}.
Remarks for people go to standard error."""


def _examples(*lines: str) -> str:
    """The end of a command's help: examples, each a line for a shell."""
    return "\n".join(["[bold]Examples[/]", "", *(f"  {escaped(line)}" for line in lines)])


def escaped(text: str) -> str:
    """Text as it is, where rich would read markup."""
    return text.replace("[", r"\[")


EXAMPLES = {
    "open": _examples("starter.py open demo/own-complaint.json"),
    "import": _examples(
        "starter.py import complaints.csv.gz --dry-run",
        "starter.py import complaints.csv.gz --received now --limit 100",
        "starter.py import complaints.csv --encoding gb18030",
        "zcat *.jsonl.gz | starter.py import -",
    ),
    "show": _examples("starter.py show MY-0001", "starter.py show MY-0001 --json"),
    "tasks": _examples(
        "starter.py tasks --overdue", "starter.py tasks --role first_line --limit 10", "starter.py tasks MY-0001"
    ),
    "list": _examples(
        "starter.py list --overdue",
        "starter.py list --due-within 3d --tier 2",
        "starter.py list --stage received --json",
    ),
    "timeline": _examples("starter.py timeline MY-0001", "starter.py timeline MY-0001 --json"),
    "report": _examples(
        "starter.py report",
        "starter.py report 2026-Q3 --by month --html report.html --language zh",
        "starter.py report --from 2026-08-01 --to 2026-08-15 --zone Asia/Shanghai --json",
    ),
    "deadlines": _examples("starter.py deadlines MY-0001", "starter.py deadlines MY-0001 --explain law-1"),
    "clock": _examples(
        "starter.py clock cn-banking --received 2026-03-02T10:00",
        "starter.py clock us-cfpb --received 2026-12-21T16:00-05:00 --clock all --json",
        "starter.py clock cn-banking --received 2026-03-02 --rung 1",
    ),
    "pack": _examples("starter.py pack diff uk-disp uk-psd"),
    "pack check": _examples("starter.py pack check rulepacks/*.toml"),
    "pack diff": _examples(
        "starter.py pack diff us-cfpb us-reg-e --on complaints.csv.gz",
        "starter.py pack diff cn-banking draft.toml --on archive --json",
        "starter.py pack diff cn-banking us-cfpb",
    ),
    "send": _examples(
        """starter.py send MY-0001 take_ownership '{"by": {"id": "E-1", "role": "first_line"}}'""",
        """echo '{"by": {"id": "E-1", "role": "first_line"}, "text": "called"}' | starter.py send MY-0001 add_note -""",
    ),
    "messages": _examples("starter.py messages", "starter.py messages verify_identity"),
    "demo": _examples("starter.py demo"),
    "setup": _examples("starter.py setup --retention 90d", "starter.py setup --current-version complaints:2026.11"),
    "reopen": _examples('starter.py reopen MY-0001 --reason "terminated by mistake" --by SV-0009'),
    "doctor": _examples("COMPLAINTS_SETTINGS_FILE=settings.toml starter.py doctor"),
}
"""Of every command, by its name: lines for a shell, the first one first."""


class NamesMessages(TyperCommand):
    """A command whose help also lists the messages; they are only read when somebody asks for help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with one line per message."""
        from rich.console import Console
        from rich.padding import Padding

        from cli.messages import every_message

        super().format_help(ctx, formatter)
        Console(highlight=False).print(Padding(every_message(), (0, 1, 1, 1)))
