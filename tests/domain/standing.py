"""Complaints whose clocks stand still, or may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.clockrules import ClockKind
from domain.pinned import PinnedRules
from tests.domain.cases import Case
from tests.domain.pinned import owned_at_top, pausing

LAW: dict[str, Any] = {"clock": "law-1", "reason_code": "outside_appraisal", "reason": "an expert looks at it"}
PROMISE = LAW | {"clock": "promise-1"}
ON: dict[str, Any] = {"clock": "law-1", "reason": "the appraisal has arrived"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def handled(pinned: PinnedRules | None = None, received: str = "2026-03-02T10:00:00+08:00") -> Case:
    """Owned at the top, where law and promise may stand still."""
    return owned_at_top(pinned or pausing(ClockKind.LAW, ClockKind.PROMISE), received)


def stood_still(case: Case, since: str, until: str, clock_id: str = "law-1") -> None:
    """A clock stands still for a while."""
    case.wait_until(at(since))
    case.must("pause_clock", **LAW | {"clock": clock_id})
    case.wait_until(at(until))
    case.must("resume_clock", **ON | {"clock": clock_id})


def still() -> Case:
    """Law and promise stand still from the third day on."""
    case = handled()
    case.wait_until(at("2026-03-04T09:00:00+08:00"))
    case.must("pause_clock", **LAW)
    case.do_all()
    return case
