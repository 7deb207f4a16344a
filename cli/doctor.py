"""Looking at everything that complaints depend on. The command returns its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.checks.archive import archive_checks
from cli.checks.bank import bank_checks
from cli.checks.finding import Finding, State, examine
from cli.checks.machine import machine_checks
from cli.checks.patrol import patrol_checks
from cli.checks.server import Server, server_checks
from cli.checks.work import work_checks
from cli.terminal import say
from client.connection import reach

STYLES = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "bold red", State.NOT_CHECKED: "dim"}


async def examine_all(json: bool) -> int:
    """Make every check, all at once; 1 when something does not work."""
    server = Server(reach(quiet=True))
    checks = [
        *server_checks(server),
        *work_checks(server),
        *patrol_checks(server),
        *machine_checks(),
        *archive_checks(),
        *bank_checks(),
    ]
    findings = await examine(checks)
    say(findings, Group(_table(findings), Text(), _summary(findings)), as_json=json)
    return 1 if any(finding.state is State.FAILED for finding in findings) else 0


def _table(findings: Sequence[Finding]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in _gathered(findings):
        said = Text.assemble((finding.check, "bold"), f": {finding.found}")
        if finding.advice:
            said.append(f"\n-> {finding.advice}", style="cyan")
        table.add_row(Text(finding.state, style=STYLES[finding.state]), said)
    return table


def _gathered(findings: Sequence[Finding]) -> list[Finding]:
    """What is not checked for one reason stands in one line."""
    lines: dict[object, Finding] = {}
    for finding in findings:
        alike = (finding.found, finding.advice) if finding.state is State.NOT_CHECKED else finding.check
        first = lines.get(alike)
        lines[alike] = first.model_copy(update={"check": f"{first.check}, {finding.check}"}) if first else finding
    return list(lines.values())


def _summary(findings: Sequence[Finding]) -> Text:
    counted = Counter(finding.state for finding in findings)
    names = {state: str(state) for state in State} | {State.WARNING: f"warning{'s' * (counted[State.WARNING] != 1)}"}
    return Text(", ".join(f"{counted[state]} {names[state]}" for state in State if counted[state]) + ".")
