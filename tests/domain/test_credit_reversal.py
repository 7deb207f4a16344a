"""Guarantees proved here, for provisional credits that are taken back, and for the whole way to the close:

- the customer is told of the day, and nothing is taken back before that day has ended;
- the ledger takes it back once, or a person with proof, and only somebody with authority leaves it to the customer;
- nothing closes before the credit is settled.
"""

from __future__ import annotations

from datetime import datetime

from domain import timekeeping
from domain.casefile import CreditState, ErrandKind
from domain.effects import ReversalOrder
from domain.model import Staff
from domain.requests import request
from domain.sheet import sheet
from tests.domain import credit_cases as at
from tests.domain.cases import Case, booking, bounced
from tests.domain.credit_cases import (
    FEE,
    PROOF,
    clock,
    credit,
    decide,
    letter,
    local,
    more_time,
    open_tasks,
    refund,
    usd,
)
from tests.domain.people import (
    CALLER,
    MANAGER,
    SPECIALIST,
    SUPERVISOR,
)


def test_the_debit_comes_as_the_named_day_ends_and_not_before() -> None:
    case = decide(at.credited(), "not_upheld")
    assert "On 9 March 2026 we take back 500.00 USD" in letter(case, "letter-debit-credit-1")
    assert "An interface fault held the transfer back." in letter(case, "letter-debit-credit-1")
    case.do_all()
    case.wait_until(datetime.fromisoformat("2026-03-09T23:59:58-04:00"))
    assert not any(errand.kind is ErrandKind.DEBIT for errand in case.file.errands)
    case.wait(seconds=1)
    order = request(case.file, case.errand("debit-credit-1"), "w")
    assert isinstance(order, ReversalOrder)
    assert (order.entry, order.money) == ("entry-credit-1", usd("500.00"))
    case.do("debit-credit-1")
    assert (credit(case).state, credit(case).reversed_at) == (CreditState.REVERSED, case.now)


def test_nothing_is_taken_back_before_the_notice_is_delivered_and_its_time_has_run_from_there() -> None:
    case = decide(at.credited(), "not_upheld")
    case.wait(days=10)
    assert not any(errand.kind is ErrandKind.DEBIT for errand in case.file.errands)
    case.do("letter-debit-credit-1")
    assert local(case, credit(case).debit_on) == "2026-03-19 23:59:59"


def test_a_notice_that_bounces_goes_by_the_next_channel_and_names_a_new_day() -> None:
    case = decide(at.credited(), "not_upheld")
    case.wait(days=2)
    case.answer("letter-debit-credit-1", bounced(case))
    assert case.errand("letter-debit-credit-1").channels[0] == "sms"
    assert "On 11 March 2026" in letter(case, "letter-debit-credit-1")


def test_a_notice_that_no_channel_carries_is_handed_over_or_sent_again_but_not_dropped() -> None:
    case = decide(at.credited(), "not_upheld")
    while case.errand("letter-debit-credit-1").pending:
        case.answer("letter-debit-credit-1", bounced(case))
    task = "impossible-letter-debit-credit-1"
    assert case.refused("resolve_task", task=task, settlement="not_needed") == "remedy_owed"
    case.wait(days=3)
    case.must("resolve_task", task=task, settlement="retry")
    assert local(case, credit(case).debit_on) == "2026-03-12 23:59:59"
    case.do("letter-debit-credit-1")
    assert credit(case).announced_at == case.now


def impossible_debit() -> Case:
    case = at.to_be_reversed()
    case.wait(days=8)
    case.give_up("debit-credit-1")
    return case


def test_an_impossible_debit_is_done_by_hand_with_proof() -> None:
    case = impossible_debit()
    task = "impossible-debit-credit-1"
    assert case.refused("resolve_task", task=task, settlement="done") == "proof_missing"
    case.must("resolve_task", task=task, settlement="done", evidence=PROOF)
    assert credit(case).state is CreditState.REVERSED


def test_who_leaves_an_impossible_debit_to_the_customer_needs_authority_over_it() -> None:
    case = impossible_debit()
    task = "impossible-debit-credit-1"
    assert case.refused("resolve_task", SUPERVISOR, task=task, settlement="not_needed") == "no_authority"
    case.must("resolve_task", MANAGER, task=task, settlement="not_needed")
    assert (credit(case).state, credit(case).kept) == (CreditState.FINAL, usd("500.00"))


def test_a_debit_of_another_sum_is_put_right_by_a_person() -> None:
    case = at.to_be_reversed()
    case.wait(days=8)
    case.answer("debit-credit-1", booking(case, usd("50.00")))
    assert credit(case).state is CreditState.TO_BE_REVERSED
    task = "wrong-debit-credit-1"
    assert case.refused("resolve_task", task=task, settlement="not_needed") == "remedy_owed"
    assert case.refused("resolve_task", task=task, settlement="retry") == "retry_impossible"
    case.must("resolve_task", task=task, settlement="done", evidence=PROOF)
    assert credit(case).state is CreditState.REVERSED


def test_a_credit_made_by_hand_is_taken_back_by_hand() -> None:
    case = at.ordered()
    case.give_up("credit-1")
    case.must("resolve_task", task="impossible-credit-1", settlement="done", evidence=PROOF)
    decide(case, "not_upheld")
    case.do_all()
    case.wait(days=8)
    assert "impossible-debit-credit-1" in open_tasks(case)
    case.must("resolve_task", task="impossible-debit-credit-1", settlement="done", evidence=PROOF)
    assert credit(case).state is CreditState.REVERSED


# The whole way -------------------------------------------------------------------------------------------------------


def test_from_receipt_to_close_with_a_credit_that_becomes_final() -> None:
    case = at.credited()
    case.wait(days=20)
    case.must("take_ownership", SPECIALIST)
    decide(case, "upheld", refund("500.00"), FEE)
    case.do_all()
    assert case.stage == "calling_back"
    at.call_back(case)
    case.do_all()
    assert case.closed is not None
    assert not case.closed.breached
    assert case.closed.paid == {"USD": 520}
    (kept,) = case.closed.credits
    assert (kept.state, kept.money, kept.kept) == ("final", usd("500.00"), usd("500.00"))


def test_a_complaint_does_not_close_before_the_credit_is_taken_back() -> None:
    case = at.to_be_reversed()
    at.call_back(case)
    case.do_all()
    assert case.stage == "closing"
    case.wait(days=8)
    case.do_all()
    assert case.closed is not None
    assert case.closed.credits[0].state == "reversed"
    assert case.closed.paid == {}


def test_the_caller_did_not_grant_the_credit() -> None:
    case = at.assessed()
    by = Staff(id=CALLER.id, role="manager")
    case.must("extend_deadline", by, **more_time())
    case.do_all()
    decide(case, "not_upheld")
    case.do_all()
    case.wait_until(datetime.fromisoformat("2026-03-03T10:00:00-05:00"))
    assert case.refused("record_callback", CALLER) == "callback_not_independent"


def test_a_second_cycle_disputes_what_the_first_left_open() -> None:
    case = decide(at.credited(), "upheld", refund("500.00"))
    case.do_all()
    at.call_back(case, satisfied=False)
    case.do_all()
    case.must("take_ownership", SPECIALIST)
    case.must("assess", investigation_needed=False)
    case.must("extend_deadline", MANAGER, **more_time(None, clock="law-2"))
    assert clock(case, "law-2").moves
    assert len(case.file.credits) == 1


def test_the_sheet_shows_the_credit_and_the_day_of_the_debit() -> None:
    shown = sheet(at.to_be_reversed().file, at.credited().now).replace("\u00a0", " ").replace("\u2011", "-")
    assert "## Provisional credits" in shown
    assert "500.00 USD on 2026-03-09 23:59 EDT" in shown


def test_what_falls_due_is_the_debit_on_its_day() -> None:
    due = [one for one in timekeeping.upcoming(at.to_be_reversed().file) if one.label == "debit of credit-1"]
    assert [one.reply for one in due] == [False]


def test_played_again_it_comes_out_the_same() -> None:
    case = at.to_be_reversed()
    case.wait(days=8)
    case.do_all()
    again = Case(case.complaint, case.pinned)
    again.play(case.steps)
    assert again.file == case.file
