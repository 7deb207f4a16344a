"""Guarantees proved here, for what becomes of a provisional credit:

- the decision makes it final or has it taken back, in whole or in part; what is final is never taken back;
- nothing is paid twice, and what becomes final was approved like every compensation;
- a withdrawal alone decides nothing about it.
"""

from __future__ import annotations

import pytest

from domain import tasks
from domain.casefile import CreditState, ErrandKind
from tests.domain import credit_cases as at
from tests.domain import said
from tests.domain.cases import Case
from tests.domain.credit_cases import (
    FEE,
    PROOF,
    clock,
    credit,
    decide,
    letter,
    more_time,
    open_tasks,
    refund,
    usd,
)
from tests.domain.people import (
    CALLER,
    CLERK,
    MANAGER,
    SUPERVISOR,
)


def test_upheld_the_credit_is_final_and_only_the_rest_is_paid() -> None:
    case = decide(at.credited("450.00"), "upheld", refund("500.00"), FEE)
    assert credit(case).state is CreditState.FINAL
    assert case.proposal is not None
    assert [remedy.payable for remedy in case.proposal.remedies] == [usd("50.00"), usd("20.00")]
    assert case.proposal.remedies[0].covered == usd("450.00")
    case.do_all()
    assert at.balance(case) == 520
    assert clock(case, "correction-1").state == clock(case, "report-1").state == "met"


def test_upheld_a_credit_that_covers_everything_leaves_nothing_to_pay() -> None:
    case = decide(at.credited(), "upheld", refund("500.00"))
    assert clock(case, "correction-1").state == "met"
    assert not any(errand.kind is ErrandKind.PAYOUT for errand in case.file.errands)
    covered = "500.00 USD, of which 500.00 USD was credited provisionally and is now final"
    assert covered in letter(case, "letter-final-1")


def test_refunds_are_covered_first_and_other_currencies_not_at_all() -> None:
    case = at.credited()
    case.must("propose_resolution", position="upheld", remedies=[FEE, refund("490.00")])
    case.must("decide_compensation", MANAGER)
    assert case.proposal is not None
    assert [remedy.covered for remedy in case.proposal.remedies] == [usd("10.00"), usd("490.00")]
    assert case.proposal.remedies[0].payable == usd("10.00")


def test_upheld_the_proposal_promises_the_credit_so_that_it_is_approved() -> None:
    case = at.credited()
    for remedies in ([], [refund("499.99")]):
        code = case.refused("propose_resolution", position="upheld", remedies=remedies)
        assert code == "credit_not_promised"


def test_partly_upheld_the_difference_is_taken_back_on_the_day_that_the_notice_names() -> None:
    case = decide(at.credited(), "partly_upheld", refund("180.00"))
    assert (credit(case).kept, credit(case).debit) == (usd("180.00"), usd("320.00"))
    case.do_all()
    case.wait(days=8)
    case.do_all()
    assert credit(case).state is CreditState.PART_FINAL
    assert at.balance(case) == 180


def test_partly_upheld_with_as_much_money_as_the_credit_makes_it_final() -> None:
    case = decide(at.credited("450.00"), "partly_upheld", refund("460.00"))
    assert credit(case).state is CreditState.FINAL
    case.do_all()
    assert at.balance(case) == 460


def test_not_upheld_the_whole_is_taken_back_and_a_goodwill_payment_is_paid_beside() -> None:
    case = decide(at.credited(), "not_upheld", FEE)
    assert (credit(case).kept, credit(case).debit) == (None, usd("500.00"))
    case.do_all()
    case.wait(days=8)
    case.do_all()
    assert credit(case).state is CreditState.REVERSED
    assert at.balance(case) == 20


@pytest.mark.parametrize(("position", "state"), [("upheld", "final"), ("not_upheld", "to_be_reversed")])
def test_a_decision_before_the_booking_holds_once_it_is_booked(position: str, state: str) -> None:
    case = at.ordered()
    decide(case, position, *([refund("500.00")] if position == "upheld" else []))
    assert credit(case).state is CreditState.ORDERED
    assert not any(errand.kind is ErrandKind.PAYOUT for errand in case.file.errands)
    case.do("credit-1")
    assert credit(case).state == state
    if position == "upheld":
        assert clock(case, "correction-1").state == "met"


def test_a_credit_on_which_a_decision_rests_is_made_and_not_dropped() -> None:
    case = decide(at.ordered(), "upheld", refund("500.00"))
    case.give_up("credit-1")
    assert case.stage == "remedying"
    assert case.refused("resolve_task", task="impossible-credit-1", settlement="not_needed") == "remedy_owed"
    case.must("resolve_task", task="impossible-credit-1", settlement="done", evidence=PROOF)
    assert credit(case).state is CreditState.FINAL


def test_a_credit_that_was_not_upheld_and_cannot_be_made_is_dropped() -> None:
    case = decide(at.ordered(), "not_upheld")
    case.give_up("credit-1")
    case.must("resolve_task", task="impossible-credit-1", settlement="not_needed")
    assert credit(case).state is CreditState.GIVEN_UP


def test_after_the_decision_there_is_no_provisional_credit() -> None:
    case = decide(at.assessed(), "not_upheld")
    assert case.refused("extend_deadline", MANAGER, **more_time()) == "clock_not_running"


def test_the_report_does_not_wait_for_what_mends_the_bank() -> None:
    case = decide(at.credited(), "upheld", refund("500.00"), said.work("retraining"))
    case.do_all()
    assert clock(case, "report-1").state == clock(case, "correction-1").state == "met"
    assert case.stage == "remedying"
    assert case.refused("record_callback", CALLER) == "not_calling_back"
    case.must("resolve_task", CLERK, task="remedy-1-2")
    assert case.stage == "calling_back"


# Withdrawal ----------------------------------------------------------------------------------------------------------


def withdrawn() -> Case:
    case = at.credited()
    case.must("withdraw")
    return case


def test_a_withdrawal_leaves_the_credit_until_a_person_with_authority_decides() -> None:
    case = withdrawn()
    assert credit(case).state is CreditState.CREDITED
    task = next(task for task in tasks.open_tasks(case.file) if task.id == "decide-credit-1")
    assert task.role == "manager"
    assert "500.00 USD" in task.what
    assert case.refused("resolve_task", SUPERVISOR, task=task.id, settlement="done") == "no_authority"
    assert case.refused("resolve_task", task=task.id, settlement="retry") == "retry_impossible"
    case.must("resolve_task", MANAGER, task=task.id, settlement="done")
    assert credit(case).state is CreditState.FINAL


def test_a_credit_taken_back_after_a_withdrawal_is_announced_like_any_other() -> None:
    case = withdrawn()
    case.must("resolve_task", SUPERVISOR, task="decide-credit-1", settlement="not_needed")
    assert "You withdrew the complaint." in letter(case, "letter-debit-credit-1")
    case.do_all()
    case.wait(days=8)
    case.do_all()
    assert credit(case).state is CreditState.REVERSED


def test_a_withdrawn_complaint_does_not_close_before_its_credit_is_decided() -> None:
    case = withdrawn()
    case.do_all()
    at.call_back(case)
    case.do_all()
    assert case.stage == "closing"
    case.must("resolve_task", MANAGER, task="decide-credit-1", settlement="done")
    case.do_all()
    assert case.closed is not None
    assert case.closed.paid == {"USD": 500}
    assert case.closed.compensation == {"provisional_credit": {"USD": 500}}


def test_a_customer_who_does_not_stand_by_the_withdrawal_has_the_credit_decided_with_the_complaint() -> None:
    case = withdrawn()
    case.do_all()
    at.call_back(case, solved=False)
    assert "decide-credit-1" not in open_tasks(case)
    assert credit(case).state is CreditState.CREDITED
    assert case.file.cycle.number == 2


def test_a_remedy_decided_by_law_is_still_owed_after_a_withdrawal() -> None:
    case = decide(at.assessed(), "upheld", refund("500.00"))
    case.must("withdraw")
    case.do_all()
    assert at.balance(case) == 500
