"""What reports count of one closed complaint: small, and without a word that anybody wrote."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from domain.closing import ClosedComplaint
from domain.model import Instant, Model
from domain.timekeeping import PROMISES
from domain.timeledger import TimeShare

SILENT = " silent"
"""How the reason ends when a department's silence lifted a complaint."""


class Breach(Model):
    """A clock that ran out."""

    clock: str
    """Its id, such as law-1."""
    kind: str
    """Its kind, such as law."""
    at: Instant
    """When it ran out."""
    late: timedelta | None = None
    """How much later what it measures was done; empty when it never was."""


class Figures(Model):
    """One closed complaint as reports count it."""

    reference: str
    """The complaint."""
    rule_pack: str
    """Name of the rule pack, without its version."""
    outcome: str
    """How it ended."""
    nature: str | None = None
    """What it was about."""
    tier: int
    """The highest tier it reached."""
    cycles: int
    """How often it was answered and called back."""
    contacts: int = 0
    """How often the customer had to contact the bank again."""
    reached: bool
    """Whether the customer was spoken to in the closing call-back."""
    solved: bool | None = None
    """Whether it is solved, as the customer says."""
    satisfied: bool | None = None
    """Whether the customer is satisfied."""
    received_at: Instant
    """When it reached the bank."""
    answered_at: Instant | None = None
    """When the first final response was delivered."""
    closed_at: Instant
    """When it was closed."""
    kept: dict[str, bool] = {}
    """For each kind of promise that was measured: whether every one was kept."""
    breaches: list[Breach] = []
    """Every clock that ran out, also the bank's own."""
    escalations: dict[str, int] = {}
    """Steps up the ladder per reason."""
    compensation: dict[str, dict[str, Decimal]] = {}
    """Money paid per kind of remedy and currency."""
    remedies: dict[str, int] = {}
    """What was carried out, per kind."""
    time: list[TimeShare] = []
    """The time from receipt to close, divided."""
    department_time: dict[str, timedelta] = {}
    """For how long each department had it."""


def figures(closed: ClosedComplaint) -> Figures:
    """What reports count of a closing record."""
    return Figures(
        reference=closed.reference, rule_pack=closed.rule_pack.split(" ")[0], outcome=closed.outcome,
        nature=closed.nature, tier=closed.tier, cycles=closed.cycles, contacts=closed.contacts, reached=closed.reached,
        solved=closed.solved, satisfied=closed.satisfied, received_at=closed.received_at,
        answered_at=closed.answered_at, closed_at=closed.closed_at, kept=_kept(closed), breaches=_breaches(closed),
        escalations=Counter(_reason(step.reason) for step in closed.escalations), compensation=closed.compensation,
        remedies=Counter(closed.remedies), time=closed.time, department_time=closed.department_time,
    )  # fmt: skip


def _kept(closed: ClosedComplaint) -> dict[str, bool]:
    """A clock that was only stopped says nothing; one of several cycles that ran out breaks the promise."""
    kept: dict[str, bool] = {}
    for clock in closed.clocks:
        if clock.kind in PROMISES and (clock.breached_at or clock.state == "met"):
            kept[clock.kind] = kept.get(clock.kind, True) and clock.breached_at is None
    return kept


def _breaches(closed: ClosedComplaint) -> list[Breach]:
    return [
        Breach(
            clock=clock.id, kind=clock.kind, at=clock.breached_at,
            late=clock.met_at - clock.breached_at if clock.met_at else None,
        )
        for clock in closed.clocks
        if clock.breached_at
    ]  # fmt: skip


def _reason(reason: str) -> str:
    """The reason as a code: one for the silence of any department."""
    return "department_silent" if reason.endswith(SILENT) else reason.replace(" ", "_")
