"""The determination: what the firm found is decided, and the times that the law counts from there begin.

Regulation E (12 CFR 1005.11(c)) tells apart when an error is determined, corrected and reported; other regimes know
only the final response, and have no such clocks.
"""

from __future__ import annotations

from datetime import datetime

from domain import clocks, credits
from domain.casefile import CaseFile, Proposal, ProposalStatus
from domain.clockrules import ClockKind, MetBy
from domain.decisions import Position


def determined(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """The proposal is the firm's decision: it keeps the clocks that ask for one, and starts those that follow it."""
    for clock in file.clocks:
        rule = clocks.rule_of(file, clock)
        if clock.kind == ClockKind.LAW and rule and rule.met_by is MetBy.DETERMINATION:
            clocks.meet(file, now, clock.id)
    number = file.cycle.number
    if any(clock.kind == ClockKind.REPORT and clock.id.startswith(f"report-{number}") for clock in file.clocks):
        return
    clocks.start_duties(file, ClockKind.REPORT, number, "report of the result", now, now)
    if proposal.position is not Position.NOT_UPHELD and proposal.remedies:
        clocks.start_duties(file, ClockKind.CORRECTION, number, "correction of the error", now, now)


def decide_alone(file: CaseFile, proposal: Proposal, now: datetime) -> None:
    """Where the law has errors corrected without asking, the decision is carried out at once, credits included."""
    proposal.status = ProposalStatus.DETERMINED
    file.write(now, "determined", f"{proposal.id}: {proposal.position}")
    credits.decide(file, proposal, now)
