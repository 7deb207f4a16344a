"""Guarantees proved here, for the tier ladder:

- a complaint climbs by decision, by condition or by time, never beyond the top and never down;
- at each tier somebody who reaches it takes ownership explicitly, and until then nobody handles it;
- a new owner is of a higher level, the expert needed, or assigned by a supervisor who is somebody else.
"""

from __future__ import annotations

import pytest

from domain.model import Staff
from tests.domain import stages
from tests.domain.people import (
    ACCUSED,
    CALLER,
    ENGINEER,
    EXECUTIVE,
    MANAGER,
    OTHER_MANAGER,
    OTHER_TELLER,
    SPECIALIST,
    SUPERVISOR,
    TELLER,
)


@pytest.mark.parametrize("by", [TELLER, OTHER_TELLER, SPECIALIST, MANAGER, SUPERVISOR])
def test_handlers_and_supervisors_lift_a_complaint(by: Staff) -> None:
    case = stages.assessed()
    case.must("escalate", by, to_tier=3)
    assert (case.file.tier, case.file.tier_changes[-1].by) == (3, by)


@pytest.mark.parametrize(
    ("by", "to_tier", "code"),
    [
        (CALLER, 2, "role_may_not"),
        (ENGINEER, 2, "role_may_not"),
        (Staff(id=ACCUSED, role="manager"), 2, "complained_of"),
        (TELLER, 4, "no_such_tier"),
    ],
)
def test_nobody_else_does_and_not_beyond_the_top(by: Staff, to_tier: int, code: str) -> None:
    assert stages.assessed().refused("escalate", by, to_tier=to_tier) == code


def test_tiers_never_fall() -> None:
    case = stages.assessed()
    case.must("escalate", to_tier=3)
    assert case.refused("escalate", to_tier=2) == "tier_falls"
    assert case.refused("escalate", to_tier=3) == "tier_falls"


def test_after_climbing_nobody_handles_before_somebody_of_the_tier_took_ownership() -> None:
    case = stages.assessed()
    case.must("escalate", to_tier=2)
    assert case.refused("request_investigation", TELLER) == "tier_needs_owner"
    assert case.refused("take_ownership", TELLER) == "role_below_tier"
    case.must("take_ownership", SPECIALIST)
    case.must("request_investigation", SPECIALIST)
    assert [ownership.owner for ownership in case.file.owners] == [TELLER, SPECIALIST]


def test_who_reaches_the_new_tier_already_keeps_the_complaint() -> None:
    case = stages.assessed()
    case.must("take_ownership", MANAGER)
    case.must("escalate", to_tier=3)
    case.must("request_investigation", MANAGER)


def test_a_handover_between_equals_needs_a_supervisor_who_is_somebody_else() -> None:
    case = stages.assessed()
    case.must("take_ownership", MANAGER)
    assert case.refused("take_ownership", MANAGER) == "already_owner"
    assert case.refused("take_ownership", OTHER_MANAGER) == "handover_needs_higher"
    assert case.refused("take_ownership", EXECUTIVE) == "handover_needs_higher"
    by_themselves = OTHER_MANAGER.model_dump()
    assert case.refused("take_ownership", OTHER_MANAGER, assigned_by=by_themselves) == "handover_needs_higher"
    assert case.refused("take_ownership", OTHER_MANAGER, assigned_by=TELLER.model_dump()) == "role_may_not"
    case.must("take_ownership", OTHER_MANAGER, assigned_by=SUPERVISOR.model_dump())
    assert case.file.owners[-1].assigned_by == SUPERVISOR


def test_a_supervisor_complained_of_assigns_nobody() -> None:
    case = stages.assessed()
    accused = {"id": ACCUSED, "role": "supervisor"}
    assert case.refused("take_ownership", OTHER_TELLER, assigned_by=accused) == "complained_of"


def test_call_back_staff_owns_nothing() -> None:
    assert stages.assessed().refused("take_ownership", CALLER) == "role_may_not"


def test_a_tier_that_nobody_takes_over_in_time_is_a_breach_on_record() -> None:
    case = stages.assessed()
    case.must("escalate", to_tier=2)
    case.wait(hours=8)
    (clock,) = [clock for clock in case.file.clocks if clock.kind == "take_over"]
    assert clock.breached_at == clock.due_at
    case.must("take_ownership", SPECIALIST)
    assert clock.state == "met late"


@pytest.mark.parametrize(
    ("times", "people", "media", "tier"), [(1, 1, False, 1), (2, 1, False, 2), (1, 20, False, 3), (1, 1, True, 3)]
)
def test_contacts_crowds_and_media_lift_a_complaint(times: int, people: int, media: bool, tier: int) -> None:
    case = stages.investigating()
    for _ in range(times):
        case.tell("customer_contacted_us", people=people, media=media)
    assert case.file.tier == tier


def test_a_regulator_lifts_a_complaint_to_the_tier_that_answers_regulators() -> None:
    case = stages.investigating()
    case.tell("regulator_contacted_us")
    assert (case.file.tier, case.file.tier_changes[-1].reason) == (3, "regulator")


def test_each_tier_has_its_own_time_from_taking_over() -> None:
    case = stages.assessed()
    case.must("escalate", to_tier=2)
    case.wait(hours=3)
    case.must("take_ownership", SPECIALIST)
    clocks = {clock.id: clock.state for clock in case.file.clocks if clock.kind == "tier"}
    assert clocks == {"tier-1": "stopped", "tier-2": "running"}
    case.must("escalate", SPECIALIST, to_tier=3)
    case.must("take_ownership", MANAGER)
    assert not [clock for clock in case.file.clocks if clock.kind == "tier" and clock.ticking]
