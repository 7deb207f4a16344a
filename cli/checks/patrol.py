"""Whether complaints that ended by a side door are looked for, and what the last patrol has found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cli.checks.finding import Check, Finding, few, ok, warning
from cli.checks.server import Server
from cli.spans import lasting
from client.patrol import Patrols, patrols
from domain.patrol import PatrolReport
from workflows.names import PATROL

CHECK = "patrol"
LATE = timedelta(minutes=10)
"""A round takes seconds, and waits for a worker, the archive and the bank."""


def patrol_checks(server: Server) -> list[Check]:
    """The one check of the patrol."""
    return [Check(CHECK, lambda: _patrol(server))]


async def _patrol(server: Server) -> list[Finding]:
    found = await patrols(await server.client())
    return [patrol_finding(found, datetime.now(UTC))]


def patrol_finding(found: Patrols | None, now: datetime) -> Finding:
    """What the last patrol has found, or why there was none."""
    if found is None:
        return warning(CHECK, "nobody looks for complaints that ended by a side door", "starter.py setup")
    if found.paused:
        advice = f"temporal schedule toggle --unpause --schedule-id {PATROL}"
        return warning(CHECK, "somebody has paused it", advice)
    if found.waiting_since is not None and now - found.waiting_since > LATE:
        said = f"one has not come to its end for {lasting(now - found.waiting_since)}"
        return warning(CHECK, said, "see its workflow in the Temporal UI; it needs a worker, the archive and the bank")
    if found.report is None:
        return ok(CHECK, f"one goes every {lasting(found.every)}; the first has not come to its end")
    return _last(found.report, now)


def _last(report: PatrolReport, now: datetime) -> Finding:
    ago = lasting(max(now - report.looked_at, timedelta()))
    looked = f"{ago} ago, ended runs compared with the archive: {report.compared}"
    if not report.lost:
        back = f", {len(report.brought_back)} brought back" if report.brought_back else ""
        return ok(CHECK, f"{looked}; none is lost{back}")
    names = [lost.reference for lost in report.lost]
    advice = f"find out why, and bring each back: starter.py reopen {names[0]} --reason ... --by ..."
    return warning(CHECK, f"{looked}; nobody handles, or the archive lacks, {few(names, len(names))}", advice)
