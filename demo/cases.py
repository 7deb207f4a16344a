"""The eight cases as data: the complaint, what everybody does, and how it must end."""

from __future__ import annotations

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from bank.faults import FaultRule
from bank.script import Script
from domain.closing import ClosedComplaint
from domain.complaint import Complaint
from domain.model import Model, Outcome, Stage
from domain.reading import read

CASES = Path(__file__).parent / "cases"


class Expected(Model):
    """How a case must end."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    """Of the closing call-back."""
    tier: int
    """The highest it reached."""
    cycles: int = 1
    """How often it was answered and called back."""
    paid: dict[str, Decimal] = {}
    """Money paid, per currency."""
    remedies: list[str] = []
    """What was carried out, in order."""
    ran_out: list[str] = []
    """Clocks that ran out."""
    refusals: list[str] = []
    """Codes with which messages were refused on the way, in order."""

    def differences(self, closed: ClosedComplaint, refusals: list[str]) -> list[str]:
        """What is not as told, in words; nothing when all is."""
        found = {
            "outcome": closed.outcome,
            "tier": closed.tier,
            "cycles": closed.cycles,
            "paid": closed.paid,
            "remedies": closed.remedies,
            "ran_out": [clock.id for clock in closed.clocks if clock.breached_at],
            "refusals": refusals,
        }
        told = {name: getattr(self, name) for name in found}
        return [f"{name} {found[name]} instead of {told[name]}" for name in found if found[name] != told[name]]


class Case(Model):
    """One case."""

    model_config = ConfigDict(extra="forbid")

    title: str
    """What it is about."""
    seen_at: Stage
    """The stage at which ``make run`` leaves it to be looked at."""
    seen_in_cycle: int = 1
    """The cycle of that stage."""
    complaint: dict[str, Any]
    """As an intake system sends it, but for the time of receipt."""
    faults: list[FaultRule] = []
    """What goes wrong at the bank meanwhile."""
    script: Script = Script()
    """What everybody does."""
    expected: Expected
    """How it ends."""

    @property
    def reference(self) -> str:
        """The complaint's number."""
        return str(self.complaint["reference"])

    def received(self, now: datetime) -> Complaint:
        """The complaint, received now."""
        return read(Complaint, {"received_at": now.isoformat()} | self.complaint)


def load(file: Path) -> Case:
    """Read one case."""
    return Case.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def the_eight_cases() -> list[Case]:
    """All of them, in their order."""
    return [load(file) for file in sorted(CASES.glob("*.toml"))]
