"""Guarantees of the ledger:

* Money is booked exactly, once per order, whatever happens to the answer.
* A reversal mirrors its booking, or takes back a part of it, once; a second one under another key is refused.
* A closed or missing account is a refusal that people read, without the customer's number in it.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from activities.bank_http import BankFailure, BankSystem
from activities.ledger import Ledger
from domain.model import Money
from tests import orders
from tests.activities.failing import failure, run
from tests.bank_server import RunningBank


@pytest.fixture
def books(ledger: BankSystem) -> Ledger:
    return Ledger(ledger)


def balance(bank: RunningBank, reference: str, account: str = f"customer:{orders.NUMBER}") -> Decimal:
    bookings = bank.inspect("bookings", reference)
    postings = [posting for booking in bookings for posting in booking["postings"]]
    assert sum(Decimal(posting["amount"]) for posting in postings) == 0
    return sum((Decimal(posting["amount"]) for posting in postings if posting["account"] == account), Decimal(0))


@pytest.mark.parametrize("amount", ["0.01", "50.00", "99999999999999.99"])
async def test_a_payment_is_booked_exactly(amount: str, books: Ledger, bank: RunningBank) -> None:
    order = orders.payout_order(orders.new_reference(), amount=amount)
    entry = await run(books.pay_out, order)
    assert entry.money == order.money
    assert balance(bank, order.reference) == Decimal(amount)


@pytest.mark.parametrize("fault", ["lost_answer", "duplicate"])
async def test_a_payment_is_made_once(fault: str, books: Ledger, bank: RunningBank) -> None:
    order = orders.payout_order(orders.new_reference())
    bank.faults({"kind": fault, "count": 1})
    if fault == "lost_answer":
        await failure(books.pay_out, order)
    entries = [await run(books.pay_out, order, attempt) for attempt in (2, 3)]
    assert entries[0] == entries[1]
    assert balance(bank, order.reference) == order.money.amount


async def test_a_reversal_brings_the_money_back_once(books: Ledger, bank: RunningBank) -> None:
    reference = orders.new_reference()
    paid = await run(books.pay_out, orders.payout_order(reference))
    order = orders.reversal_order(reference, paid.entry)
    bank.faults({"kind": "lost_answer", "count": 1})
    await failure(books.reverse_payment, order)
    reversal = await run(books.reverse_payment, order, attempt=2)
    assert reversal.money == Money(amount=Decimal(50), currency="CNY")
    assert balance(bank, reference) == 0
    assert [booking["reverses"] for booking in bank.inspect("bookings", reference)] == [None, int(paid.entry[2:])]


async def test_a_second_reversal_under_another_key_is_refused(books: Ledger, bank: RunningBank) -> None:
    reference = orders.new_reference()
    paid = await run(books.pay_out, orders.payout_order(reference))
    await run(books.reverse_payment, orders.reversal_order(reference, paid.entry))
    error = await failure(books.reverse_payment, orders.reversal_order(reference, paid.entry, "reversal-2"))
    assert (error.type, error.non_retryable) == (BankFailure.REFUSED, True)
    assert error.message.endswith("with 422: already_reversed")
    assert balance(bank, reference) == 0


async def test_a_part_of_a_provisional_credit_is_taken_back_once(books: Ledger, bank: RunningBank) -> None:
    reference = orders.new_reference()
    credit = await run(books.pay_out, orders.credit_order(reference))
    part = Money(amount=Decimal("320.00"), currency="CNY")
    order = orders.reversal_order(reference, credit.entry, "debit-credit-1", part)
    bank.faults({"kind": "lost_answer", "count": 1})
    await failure(books.reverse_payment, order)
    debits = [await run(books.reverse_payment, order, attempt) for attempt in (2, 3)]
    assert debits[0] == debits[1]
    assert debits[0].money == part
    assert balance(bank, reference) == Decimal("180.00")
    rest = orders.reversal_order(reference, credit.entry, "debit-again", Money(amount=Decimal(180), currency="CNY"))
    error = await failure(books.reverse_payment, rest)
    assert error.message.endswith("already_reversed")


@pytest.mark.parametrize(("amount", "currency"), [("500.01", "CNY"), ("1.00", "USD")])
async def test_no_more_and_no_other_money_is_taken_back_than_was_booked(
    amount: str, currency: str, books: Ledger, bank: RunningBank
) -> None:
    reference = orders.new_reference()
    credit = await run(books.pay_out, orders.credit_order(reference))
    money = Money(amount=Decimal(amount), currency=currency)
    error = await failure(books.reverse_payment, orders.reversal_order(reference, credit.entry, money=money))
    assert error.message.endswith("with 422: above_entry")
    assert balance(bank, reference) == 500


@pytest.mark.parametrize("entry", ["B-999999", "B-", "nonsense", "B-٣"])
async def test_what_was_never_booked_cannot_be_reversed(entry: str, books: Ledger) -> None:
    error = await failure(books.reverse_payment, orders.reversal_order(orders.new_reference(), entry))
    assert error.message == "the ledger refused /ledger/reversals with 422: unknown_entry"


async def test_the_booking_of_another_complaint_cannot_be_reversed(books: Ledger) -> None:
    paid = await run(books.pay_out, orders.payout_order(orders.new_reference()))
    error = await failure(books.reverse_payment, orders.reversal_order(orders.new_reference(), paid.entry))
    assert error.message.endswith("unknown_entry")


@pytest.mark.parametrize(
    ("number", "code"),
    [(None, "no_account"), ("C-100212-closed", "account_closed"), (orders.NUMBER, "account_closed")],
)
async def test_no_account_to_pay_to(number: str | None, code: str, books: Ledger, bank: RunningBank) -> None:
    bank.faults({"kind": "account_closed", "customer": "*8899"})
    order = orders.payout_order(orders.new_reference(), number)
    error = await failure(books.pay_out, order)
    assert (error.type, error.non_retryable) == (BankFailure.REFUSED, True)
    assert error.message == f"the ledger refused /ledger/payments with 422: {code}"
    assert bank.inspect("bookings", order.reference) == []


async def test_a_refused_payment_can_be_made_when_the_account_is_open_again(books: Ledger, bank: RunningBank) -> None:
    bank.faults({"kind": "account_closed", "customer": "*8899"})
    order = orders.payout_order(orders.new_reference())
    await failure(books.pay_out, order)
    bank.faults()
    await run(books.pay_out, order)
    assert balance(bank, order.reference) == order.money.amount
