"""Pinned rules changed for a test: another rule of a clock, other days published."""

from __future__ import annotations

from typing import Any

from activities.pack_files import pack_paths
from domain.calendar import Hours
from domain.casefile import Clock
from domain.clockrules import ClockKind, PauseRule, Source, SourceStatus
from domain.clocks import find
from domain.pinned import PinnedRules
from tests.domain import said
from tests.domain.cases import PACKS, Case, rules
from tests.domain.people import MANAGER

PACK_NAMES = [path.stem for path in pack_paths(PACKS)]
"""All that are shipped."""
APPRAISAL = PauseRule(reason="outside_appraisal", source=Source(citation="of this test", status=SourceStatus.POLICY))
"""A reason to stand still of which the complainant is told."""
QUIETLY = APPRAISAL.model_copy(update={"reason": "our_own", "tell": False})


def changed(pinned: PinnedRules, kind: ClockKind, **rule: Any) -> PinnedRules:
    """The rules with another rule of one clock."""
    clocks = pinned.pack.clocks | {kind: pinned.pack.clocks[kind].model_copy(update=rule)}
    return pinned.model_copy(update={"pack": pinned.pack.model_copy(update={"clocks": clocks})})


def spread_over(hours: int | None, pack: str = "cn-banking") -> PinnedRules:
    """The rules with another spread; None takes it away."""
    spread = None if hours is None else Hours(hours=hours)
    return rules(pack).model_copy(update={"pack": rules(pack).pack.model_copy(update={"spread": spread})})


def published(pinned: PinnedRules, *years: int) -> PinnedRules:
    """The rules when only these years are published."""
    calendar = pinned.calendar.model_copy(update={"published": list(years)})
    return pinned.model_copy(update={"calendar": calendar})


def pausing(*kinds: ClockKind, pack: str = "cn-banking") -> PinnedRules:
    """The rules when clocks of these kinds may stand still for both reasons."""
    pinned = rules(pack)
    for kind in kinds:
        pinned = changed(pinned, kind, may_pause_for=[APPRAISAL, QUIETLY])
    return pinned


def clock(case: Case, clock_id: str) -> Clock:
    """A clock that was started."""
    found = find(case.file, clock_id)
    assert found is not None
    return found


def due(case: Case, clock_id: str) -> str:
    """When a clock runs out, by the firm's wall clock."""
    return case.pinned.calendar.local(clock(case, clock_id).due_at).strftime("%Y-%m-%d %H:%M:%S")


def owned_at_top(pinned: PinnedRules, received: str) -> Case:
    """Received, acknowledged and verified, and owned at the top: no tier's time runs out on the way."""
    case = Case(said.complaint(received_at=received, happened_on=None), pinned)
    case.do_all()
    case.must("verify_identity")
    case.must("escalate", to_tier=pinned.pack.top_tier)
    case.must("take_ownership", MANAGER)
    case.do_all()
    return case
