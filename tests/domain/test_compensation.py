"""Guarantees proved here, for money:

- nothing is promised before somebody approved whose authority covers the sum over the whole complaint, per currency;
- who approves neither proposed it nor owns the complaint nor is complained of; large sums need two different people;
- splitting a sum over proposals and cycles does not help;
- a cap binds the next proposals; an approver who is too slow is followed by the next authority, who is shown.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.compensation import approver_roles, next_approver_role
from domain.model import Staff
from domain.tasks import open_tasks
from tests.domain import said, stages
from tests.domain.cases import Case
from tests.domain.people import (
    ACCUSED,
    CALLER,
    EXECUTIVE,
    MANAGER,
    OTHER_EXECUTIVE,
    OTHER_MANAGER,
    SPECIALIST,
    SUPERVISOR,
    TELLER,
)


def asking(amount: str | int, currency: str = "CNY") -> Case:
    return stages.approving(None, said.money(amount, currency=currency))


@pytest.mark.parametrize(
    ("amount", "currency", "roles"),
    [
        ("0.01", "CNY", ["specialist", "manager", "executive"]),
        ("2000", "CNY", ["specialist", "manager", "executive"]),
        ("2000.01", "CNY", ["manager", "executive"]),
        ("20000", "CNY", ["manager", "executive"]),
        ("20000.01", "CNY", ["executive"]),
        ("300.01", "USD", ["manager", "executive"]),
        ("3000.01", "USD", ["executive"]),
    ],
)
def test_who_may_approve_follows_from_the_sum_and_its_currency(amount: str, currency: str, roles: list[str]) -> None:
    case = asking(amount, currency)
    assert case.proposal is not None
    assert approver_roles(case.file, case.proposal) == roles
    (task,) = open_tasks(case.file)
    assert task.role == roles[0]
    assert " or ".join(roles) in task.what


def test_authority_that_does_not_reach_is_refused_and_says_who_is_next() -> None:
    case = asking("2000.01")
    answer = case.send("decide_compensation", SPECIALIST)
    assert "2,000" in str(answer)
    assert "Next: manager or executive" in str(answer)
    assert case.refused("decide_compensation", SUPERVISOR) == "no_authority"


def test_who_proposed_or_owns_the_complaint_does_not_approve_in_another_role_either() -> None:
    case = asking(50)
    assert case.refused("decide_compensation", Staff(id=TELLER.id, role="executive")) == "own_proposal"
    case.must("take_ownership", SPECIALIST)
    assert case.refused("decide_compensation", SPECIALIST) == "handler_approves"
    case.must("decide_compensation", MANAGER)


def test_nobody_complained_of_approves() -> None:
    case = asking(50)
    assert case.refused("decide_compensation", Staff(id=ACCUSED, role="manager")) == "complained_of"


@pytest.mark.parametrize("amount", ["50000", "50000.01"])
def test_above_the_threshold_two_different_people_approve(amount: str) -> None:
    case = asking(amount)
    case.must("decide_compensation", EXECUTIVE)
    assert case.proposal is not None
    if amount == "50000":
        assert case.proposal.status == "offered"
        return
    assert case.proposal.status == "awaiting_approval"
    assert case.refused("decide_compensation", EXECUTIVE) == "approved_by_you_already"
    case.must("decide_compensation", OTHER_EXECUTIVE)
    assert case.proposal.status == "offered"


def test_the_second_of_two_can_still_reject() -> None:
    case = asking(60_000)
    case.must("decide_compensation", EXECUTIVE)
    case.must("decide_compensation", OTHER_EXECUTIVE, decision="reject")
    assert case.proposal is not None
    assert case.proposal.status == "rejected"
    assert case.stage == "proposing"


def dissatisfied_after_paying(amount: int) -> Case:
    """2,000 paid in the first cycle, and the second one has come to its proposal."""
    case = stages.remedying(None, said.money(amount))
    case.do_all()
    case.must("record_callback", CALLER, satisfied=False)
    case.must("take_ownership", SPECIALIST)
    case.must("assess", investigation_needed=False)
    return case


def test_splitting_over_cycles_does_not_help() -> None:
    case = dissatisfied_after_paying(2_000)
    case.must("propose_resolution", SPECIALIST, remedies=[said.money("0.01")])
    assert case.proposal is not None
    assert approver_roles(case.file, case.proposal) == ["manager", "executive"]


def test_splitting_within_a_proposal_does_not_help() -> None:
    case = stages.approving(None, said.money(1_500), said.money(1_500, "refund"))
    assert case.refused("decide_compensation", SPECIALIST) == "not_enough_authority"


def test_money_that_was_offered_and_declined_does_not_count() -> None:
    case = stages.offered(None, said.money(2_000))
    case.must("record_customer_answer", answer="reject")
    case.must("propose_resolution", remedies=[said.money(1_999)])
    case.must("decide_compensation", SPECIALIST, proposal="proposal-2")


@pytest.mark.parametrize(
    ("cap", "code"),
    [
        ({"amount": "50", "currency": "CNY"}, "cap_not_lower"),
        ({"amount": "60", "currency": "CNY"}, "cap_not_lower"),
        ({"amount": "10", "currency": "USD"}, "cap_not_lower"),
    ],
)
def test_a_cap_is_lower_than_what_was_asked(cap: dict[str, Any], code: str) -> None:
    case = asking(50)
    assert case.refused("decide_compensation", MANAGER, decision="return", cap=cap) == code


def test_a_cap_binds_the_next_proposals_of_the_cycle() -> None:
    case = asking(50)
    case.must("decide_compensation", MANAGER, decision="return", cap={"amount": "30", "currency": "CNY"})
    assert case.refused("propose_resolution", remedies=[said.money("30.01")]) == "above_cap"
    case.must("propose_resolution", remedies=[said.money(30)])
    case.must("decide_compensation", MANAGER, proposal="proposal-2", decision="return",
              cap={"amount": "20", "currency": "CNY"})  # fmt: skip
    assert case.refused("propose_resolution", remedies=[said.money(25)]) == "above_cap"


def test_a_currency_in_which_nobody_has_authority_cannot_be_promised() -> None:
    case = stages.proposing()
    assert case.refused("propose_resolution", remedies=[said.money(1, currency="EUR")]) == (
        "currency_without_authority"
    )


def test_an_approver_who_is_too_slow_is_followed_by_the_next_authority() -> None:
    case = asking(50)
    asked = []
    for _ in range(4):
        assert case.proposal is not None
        asked.append(next_approver_role(case.file, case.proposal))
        (task,) = [task for task in open_tasks(case.file) if task.message == "decide_compensation"]
        assert task.role == asked[-1]
        due = max(clock.due_at for clock in case.file.clocks if clock.kind == "approval")
        case.wait_until(due)
    assert asked == ["specialist", "manager", "executive", "executive"]
    case.must("decide_compensation", SPECIALIST)


def test_nothing_is_paid_before_the_customer_agreed() -> None:
    case = asking(50)
    case.must("decide_compensation", OTHER_MANAGER)
    assert not [errand for errand in case.file.errands if errand.kind == "payout"]
    case.must("record_customer_answer")
    (payout,) = [errand for errand in case.file.errands if errand.kind == "payout"]
    assert case.file.cycle.proposals[0].remedies[0].money is not None
    assert case.file.cycle.proposals[0].remedies[0].money.amount == Decimal(50)
    assert payout.id == "payout-1-1"


@pytest.mark.parametrize("answer", ["reject", "counter"])
def test_without_consent_nothing_is_paid(answer: str) -> None:
    case = stages.offered(None, said.money(50))
    case.must("record_customer_answer", answer=answer)
    case.must("propose_resolution", remedies=[said.money(40)], final_position=True)
    case.must("decide_compensation", SPECIALIST, proposal="proposal-2")
    case.do_all()
    case.must("record_customer_answer", proposal="proposal-2", answer="reject")
    case.do_all()
    assert not [errand for errand in case.file.errands if errand.kind == "payout"]
    assert case.stage == "calling_back"
