"""What ``--help`` teaches: examples that work as they stand, in the order in which a newcomer would try them.

Nothing is imported here that takes time: every start of the command line reads this module.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

OPEN, LOOK, ACT, RUN = "Open", "Look", "Act", "Run and check"
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


def examples(*lines: str) -> str:
    """The end of a command's help: examples, each a line for a shell."""
    return "\n".join(["[bold]Examples[/]", "", *(f"  {escaped(line)}" for line in lines)])


def escaped(text: str) -> str:
    """Text as it is, where rich would read markup."""
    return text.replace("[", r"\[")


class NamesMessages(TyperCommand):
    """A command whose help also lists the messages; they are only read when somebody asks for help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with one line per message."""
        from rich.console import Console
        from rich.padding import Padding

        from cli.messages import every_message

        super().format_help(ctx, formatter)
        Console(highlight=False).print(Padding(every_message(), (0, 1, 1, 1)))
