"""Guarantees proved here, for receiving, acknowledging, verifying and assessing:

- opening pins the rules, starts the clocks from the day of receipt and finds the tier at which the complaint belongs;
- who took the complaint answers for it when the role allows it, and never when complained of;
- nothing is assessed before we know who complains; somebody who represents shows an authorisation;
- an assessment recuses who is complained of, lifts the tier and never lowers it.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain.effects import CustomerRecord
from domain.model import Staff
from domain.tasks import open_tasks
from tests.domain import said, stages
from tests.domain.cases import Case
from tests.domain.people import ACCUSED, CALLER, EXPERT, MANAGER, OTHER_TELLER, SPECIALIST, STRANGER, TELLER

AUTHORISATION = {"uri": "vault://authorisations/1", "description": "signed authorisation"}


def amount(value: int, currency: str = "CNY") -> dict[str, Any]:
    return {"amount": {"amount": str(value), "currency": currency}}


@pytest.mark.parametrize(
    ("changes", "tier", "reason"),
    [
        ({}, 1, None),
        (amount(9_999), 1, None),
        (amount(10_000), 2, "amount"),
        (amount(49_999), 2, "amount"),
        (amount(50_000), 3, "amount"),
        (amount(1_500, "USD"), 2, "amount"),
        (amount(1_000_000, "JPY"), 1, None),
        ({"vulnerable": True}, 2, "vulnerable"),
        ({"media": True}, 3, "media"),
        ({"people": 19}, 1, None),
        ({"people": 20}, 3, "people"),
        ({"regulator": {"regulator": "NFRA", "their_reference": "R-1"}}, 3, "regulator"),
    ],
)
def test_a_complaint_begins_at_the_tier_whose_conditions_hold(changes: dict[str, Any], tier: int, reason: str) -> None:
    case = Case(said.complaint(**changes))
    assert case.file.tier == tier
    assert [change.reason for change in case.file.tier_changes] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("received_by", "owner"),
    [
        (TELLER, TELLER),
        (MANAGER, MANAGER),
        (CALLER, None),
        (STRANGER, None),
        (Staff(id=ACCUSED, role="first_line"), None),
        (None, None),
    ],
)
def test_who_took_the_complaint_answers_for_it_when_the_role_allows(
    received_by: Staff | None, owner: Staff | None
) -> None:
    case = Case(said.complaint(received_by=received_by and received_by.model_dump()))
    assert case.file.owner == owner
    assert ("take_ownership" in [task.id for task in open_tasks(case.file)]) is (owner is None)


def test_the_acknowledgement_stops_its_clock_when_it_is_delivered() -> None:
    case = stages.received()
    case.wait(hours=2)
    case.do("letter-acknowledgement")
    (clock,) = [one for one in case.file.clocks if one.kind == "acknowledgement"]
    assert (clock.state, clock.met_at, case.file.acknowledged_at) == ("met", case.now, case.now)


def test_what_the_directory_knows_may_lift_the_tier() -> None:
    case = stages.received()
    known = CustomerRecord(known=True, customer_key="k-1", earlier_complaints=["CB-1", "CB-2"])
    case.answer("lookup", known)
    assert (case.file.tier, case.file.tier_changes[-1].reason) == (2, "earlier_complaints")
    case = stages.received()
    case.answer("lookup", CustomerRecord(known=True, customer_key="k-1", vulnerable=True))
    assert (case.file.tier, case.file.vulnerable) == (2, True)


# Identity -------------------------------------------------------------------------------------------------------------


def test_a_failed_check_is_on_file_and_the_complaint_waits() -> None:
    case = stages.acknowledged()
    case.must("verify_identity", verified=False)
    assert (case.file.failed_identity_checks, case.stage) == (1, "acknowledged")
    case.must("verify_identity")
    assert case.refused("verify_identity") == "already_verified"


def test_somebody_who_represents_shows_a_signed_authorisation() -> None:
    case = stages.acknowledged(said.complaint(representative={"name": "Li Lei", "capacity": "heir"}))
    assert case.refused("verify_identity") == "authorisation_missing"
    case.must("verify_identity", verified=False)
    case.must("verify_identity", authorisation=AUTHORISATION)
    assert case.file.evidence[-1].uri == AUTHORISATION["uri"]


def test_only_handlers_of_known_roles_who_are_not_complained_of_verify() -> None:
    case = stages.acknowledged()
    assert case.refused("verify_identity", CALLER) == "role_may_not"
    assert case.refused("verify_identity", STRANGER) == "role_unknown"
    assert case.refused("verify_identity", Staff(id=ACCUSED, role="first_line")) == "complained_of"
    case.must("verify_identity", OTHER_TELLER)


# Assessment -----------------------------------------------------------------------------------------------------------


def test_only_the_owner_assesses() -> None:
    case = stages.identity_verified()
    assert case.refused("assess", OTHER_TELLER) == "not_owner"
    assert case.refused("assess", SPECIALIST) == "not_owner"


@pytest.mark.parametrize(("tier", "code"), [(1, "tier_falls"), (4, "no_such_tier")])
def test_an_assessment_lifts_the_tier_and_never_lowers_it(tier: int, code: str) -> None:
    case = stages.identity_verified(said.complaint(received_by=MANAGER.model_dump(), vulnerable=True))
    assert case.refused("assess", MANAGER, tier=tier) == code
    case.must("assess", MANAGER, tier=3)
    case.must("assess", MANAGER)
    assert case.file.tier == 3


def test_who_turns_out_to_be_complained_of_takes_no_part_any_more() -> None:
    case = stages.identity_verified()
    case.must("assess", complained_of=[TELLER.id, OTHER_TELLER.id])
    assert case.refused("request_investigation", TELLER) == "complained_of"
    assert case.refused("take_ownership", OTHER_TELLER) == "complained_of"
    case.must("take_ownership", SPECIALIST)
    case.must("request_investigation", SPECIALIST)


def test_a_correction_by_the_customer_asks_for_a_new_assessment() -> None:
    case = stages.proposing()
    case.tell("customer_contacted_us", kind="correction")
    assert "correction" in [task.id for task in open_tasks(case.file)]
    case.must("assess", summary="Two transfers were debited and did not arrive.")
    assert "correction" not in [task.id for task in open_tasks(case.file)]
    assert case.stage == "proposing"


def test_solved_on_the_spot_takes_the_short_path_through_the_same_gates() -> None:
    case = stages.identity_verified()
    case.must("assess", first_contact=True, investigation_needed=False)
    assert case.stage == "proposing"
    case.must("propose_resolution", remedies=[{"kind": "apology", "description": "we are sorry"}])
    case.do_all()
    case.must("record_customer_answer")
    case.do_all()
    assert case.stage == "calling_back"


def test_an_expert_may_take_over_when_the_assessment_asks_for_one() -> None:
    case = stages.identity_verified(said.complaint(received_by=SPECIALIST.model_dump()))
    case.must("assess", SPECIALIST)
    assert case.refused("take_ownership", EXPERT) == "handover_needs_higher"
    case.must("assess", SPECIALIST, expert_needed="wealth products")
    case.must("take_ownership", EXPERT)
