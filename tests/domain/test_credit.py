"""Guarantees proved here, for more time that takes a provisional credit:

- it takes a credit of the amount in dispute, granted by somebody with authority who does not handle the complaint, and
  effect only when the ledger has booked it before the old deadline;
- it is booked once, or by hand with proof, and the customer is told of it in time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.casefile import CreditState, ErrandKind
from domain.effects import PayoutOrder
from domain.model import Staff
from domain.permitted import also_permitted
from domain.requests import request
from tests.domain import credit_cases as at
from tests.domain import said, stages
from tests.domain.cases import booking, bounced
from tests.domain.credit_cases import (
    EXTENDED,
    LAW,
    PROOF,
    clock,
    credit,
    due,
    letter,
    more_time,
    usd,
)
from tests.domain.people import (
    COMPLIANCE,
    EXECUTIVE,
    MANAGER,
    OTHER_MANAGER,
    SPECIALIST,
    TELLER,
)

# Asking for it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "changes", "code"),
    [
        (MANAGER, more_time(None), "credit_missing"),
        (MANAGER, more_time("500.00", "CNY"), "credit_currency"),
        (MANAGER, more_time("500.01"), "credit_too_high"),
        (MANAGER, more_time("449.99"), "credit_too_low"),
        (COMPLIANCE, more_time(), "no_authority"),
        (SPECIALIST, more_time(), "not_this_approver"),
        (MANAGER, more_time(reason_code="complex"), "reason_code_unknown"),
        (MANAGER, more_time(clock="promise-1"), "no_ladder"),
    ],
)
def test_a_credit_that_the_rule_does_not_allow_is_refused(by: Staff, changes: dict[str, Any], code: str) -> None:
    assert at.assessed().refused("extend_deadline", by, **changes) == code


@pytest.mark.parametrize("amount", ["450.00", "475.50", "500.00"])
def test_up_to_what_the_rule_names_may_be_withheld(amount: str) -> None:
    case = at.ordered(amount)
    assert credit(case).money == usd(amount)


def test_a_manager_may_not_grant_more_than_their_authority_and_an_executive_may() -> None:
    amount = {"amount": "3000.01", "currency": "USD"}
    case = at.assessed(amount=amount, received_by=SPECIALIST.model_dump())
    assert case.refused("extend_deadline", MANAGER, **more_time("3000.01")) == "not_enough_authority"
    case.must("extend_deadline", EXECUTIVE, **more_time("3000.01"))


def test_who_handles_the_complaint_does_not_grant_its_credit() -> None:
    case = at.assessed()
    case.must("take_ownership", MANAGER)
    assert case.refused("extend_deadline", MANAGER, **more_time()) == "handler_approves"
    case.must("extend_deadline", OTHER_MANAGER, **more_time())


def test_a_customer_whom_the_ledger_does_not_know_gets_no_credit() -> None:
    unknown = said.COMPLAINT["complainant"] | {"customer_number": None}
    case = at.assessed(complainant=unknown)
    assert case.refused("extend_deadline", MANAGER, **more_time()) == "customer_unknown_to_ledger"


def test_where_the_complaint_names_no_amount_the_approver_does() -> None:
    case = at.assessed(amount=None)
    assert case.refused("extend_deadline", MANAGER, **more_time(None)) == "credit_missing"
    case.must("extend_deadline", MANAGER, **more_time("120.00"))


def test_one_credit_at_a_time() -> None:
    case = at.ordered()
    assert case.refused("extend_deadline", MANAGER, **more_time()) == "extension_pending"
    case.do_all()
    clock(case, "law-1").rung = 0  # as a second clock with such a rung would have it
    assert case.refused("extend_deadline", MANAGER, **more_time()) == "credit_stands"


def test_a_credit_that_stands_is_enough_for_the_next_rung() -> None:
    case = at.credited()
    clock(case, "law-1").rung = 0
    case.must("extend_deadline", MANAGER, **more_time(None))
    assert case.file.extensions == []
    assert case.wrote("deadline_extended") == 2
    assert len(case.file.credits) == 1


def test_a_rung_or_a_department_that_needs_no_credit_takes_none() -> None:
    case = stages.investigating()
    gift = {"credit": {"amount": "1.00", "currency": "CNY"}}
    assert case.refused("extend_deadline", MANAGER, clock="law-1", reason_code="complex", **gift) == "credit_not_needed"
    time = {"clock": "investigation-technology-1", "reason_code": "department", "until": "2026-03-06T17:00:00+08:00"}
    assert case.refused("extend_deadline", TELLER, **time, **gift) == "credit_not_needed"


def test_the_case_sheet_offers_the_message_ready_to_be_sent() -> None:
    case = at.assessed()
    ready = also_permitted(case.file)["extend_deadline"]
    assert ready["credit"] == {"amount": "500.00", "currency": "USD"}
    assert ready["by"]["role"] == "manager"
    case.must("extend_deadline", MANAGER, **{name: value for name, value in ready.items() if name != "by"})
    assert "extend_deadline" not in also_permitted(case.file)


# Booking it ----------------------------------------------------------------------------------------------------------


def test_the_ledger_is_asked_once_and_the_extension_waits_for_it() -> None:
    case = at.ordered()
    order = request(case.file, case.errand("credit-1"), "w")
    assert isinstance(order, PayoutOrder)
    assert (order.key, order.kind, order.money) == ("CB-2026-0001/credit-1", "provisional_credit", usd("500.00"))
    assert order.approved_by == [MANAGER]
    assert due(case) == LAW
    case.do("credit-1")
    assert due(case) == due(case, "promise-1") == EXTENDED
    assert credit(case).state is CreditState.CREDITED


@pytest.mark.parametrize("late", [timedelta(seconds=-1), timedelta(0), timedelta(hours=1)])
def test_a_credit_booked_too_late_extends_nothing_and_stands_all_the_same(late: timedelta) -> None:
    case = at.ordered()
    case.wait_until(clock(case, "law-1").due_at + late)
    case.do("credit-1")
    in_time = late < timedelta(0)
    assert clock(case, "law-1").state == ("running" if in_time else "breached")
    assert due(case) == (EXTENDED if in_time else LAW)
    assert credit(case).state is CreditState.CREDITED
    assert case.errand("letter-credit-1").pending


def test_the_customer_is_told_within_the_time_that_counts_from_the_booking() -> None:
    case = at.ordered()
    case.do("credit-1")
    assert due(case, "credit_notice-1") == "2026-03-04 23:59:59"
    body = letter(case, "letter-credit-1")
    assert "we credited 500.00 USD to your account on 2 March 2026" in body
    assert "You have full use of this money while we investigate" in body
    assert "16 April 2026" in body
    case.wait(hours=3)
    case.do("letter-credit-1")
    assert clock(case, "credit_notice-1").state == "met"
    assert credit(case).told_at == case.now


def test_it_counts_from_the_ledgers_own_time_when_that_can_be() -> None:
    case = at.ordered()
    entry = booking(case, usd("500.00"))
    case.wait(hours=30)
    case.answer("credit-1", entry)
    assert credit(case).credited_at == entry.booked_at
    case = at.ordered()
    case.answer("credit-1", entry.model_copy(update={"booked_at": case.now - timedelta(days=9)}))
    assert credit(case).credited_at == case.now


def test_a_letter_that_tells_of_money_is_owed_even_to_who_withdrew() -> None:
    case = at.ordered()
    case.do("credit-1")
    while case.errand("letter-credit-1").pending:
        case.answer("letter-credit-1", bounced(case))
    case.must("withdraw")
    task = "impossible-letter-credit-1"
    assert case.refused("resolve_task", task=task, settlement="not_needed") == "remedy_owed"
    case.must("resolve_task", task=task, settlement="done", evidence=PROOF)
    assert clock(case, "credit_notice-1").state == "met"


def test_an_impossible_credit_is_made_by_hand_with_proof_and_in_time() -> None:
    case = at.ordered()
    case.give_up("credit-1")
    task = "impossible-credit-1"
    assert case.refused("resolve_task", task=task, settlement="done") == "proof_missing"
    case.must("resolve_task", task=task, settlement="done", evidence=PROOF)
    assert due(case) == EXTENDED
    assert (credit(case).state, credit(case).entry) == (CreditState.CREDITED, None)


def test_an_impossible_credit_is_tried_again_under_the_same_key() -> None:
    case = at.ordered()
    case.give_up("credit-1")
    case.must("resolve_task", task="impossible-credit-1", settlement="retry")
    order = request(case.file, case.errand("credit-1"), "w")
    assert isinstance(order, PayoutOrder) and order.key == "CB-2026-0001/credit-1"
    case.do("credit-1")
    assert due(case) == EXTENDED


def test_a_credit_that_is_given_up_extends_nothing_and_makes_room_for_another() -> None:
    case = at.ordered()
    case.give_up("credit-1")
    case.must("resolve_task", task="impossible-credit-1", settlement="not_needed")
    assert (credit(case).state, case.file.extensions, due(case)) == (CreditState.GIVEN_UP, [], LAW)
    case.must("extend_deadline", MANAGER, **more_time())
    case.do("credit-2")
    assert due(case) == EXTENDED


def test_a_wrong_booking_is_reversed_and_not_made_again_before_its_cause_is_known() -> None:
    case = at.ordered()
    case.answer("credit-1", booking(case, usd("77.00"), "wrong"))
    assert due(case) == LAW
    case.do("reversal-credit-1-1")
    assert at.balance(case) == 0
    assert [errand for errand in case.pending() if errand.kind is ErrandKind.CREDIT] == []
    assert case.refused("resolve_task", task="again-credit-1", settlement="done") == "proof_missing"
    case.must("resolve_task", task="again-credit-1", settlement="retry")
    case.do("credit-1-2")
    assert due(case) == EXTENDED
    assert at.balance(case) == 500


@pytest.mark.parametrize(("settlement", "state"), [("done", "credited"), ("not_needed", "given_up")])
def test_after_a_wrong_booking_a_person_may_credit_by_hand_or_give_up(settlement: str, state: str) -> None:
    case = at.ordered()
    case.answer("credit-1", booking(case, usd("77.00"), "wrong"))
    case.give_up("reversal-credit-1-1")
    case.must("resolve_task", task="impossible-reversal-credit-1-1", settlement="done", evidence=PROOF)
    case.must("resolve_task", task="again-credit-1", settlement=settlement, evidence=PROOF)
    assert credit(case).state == state
