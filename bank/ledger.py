"""The ledger: every booking has two postings that cancel each other out, and a reversal mirrors its booking.

An account is opened with its first booking, for any customer number that is not closed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from fastapi import APIRouter

from activities.contract import RefusalCode
from bank.faults import FaultKind, Faults
from bank.parts import REFUSALS, IdempotencyKey, TheFaults, TheStore
from bank.store import Refused, Row, Store, now
from domain.effects import LedgerEntry, PayoutOrder, ReversalOrder
from domain.model import Money

router = APIRouter(prefix="/ledger", tags=["ledger"], responses=REFUSALS)

EXPENSE = "complaints-expense"
CLOSED = "-closed"
"""Customer numbers that end so have no open account, with no need of a fault rule."""


@router.post("/payments")
async def pay(order: PayoutOrder, key: IdempotencyKey, store: TheStore, faults: TheFaults) -> LedgerEntry:
    """Pay the customer. Refused with no_account or account_closed."""

    def effect() -> LedgerEntry:
        account = _open_account(order.customer_number, key, faults)
        postings = [(EXPENSE, -order.money.amount), (account, order.money.amount)]
        return _book(store, order.reference, order.kind, order.money, postings)

    return store.once("ledger/payments", key, order, LedgerEntry, effect)


@router.post("/reversals")
async def reverse(order: ReversalOrder, key: IdempotencyKey, store: TheStore) -> LedgerEntry:
    """Reverse a booking, or a part of it, once. Refused with unknown_entry, already_reversed or above_entry."""

    def effect() -> LedgerEntry:
        booking, postings = _reversible(store, order.reference, order.entry)
        booked = _booked(postings)
        money = order.money or booked
        if money.currency != booked.currency or money.amount > booked.amount:
            raise Refused(422, RefusalCode.ABOVE_ENTRY)
        mirrored = [(row["account"], money.amount.copy_sign(-_amount(row))) for row in postings]
        return _book(store, order.reference, f"reversal of {order.entry}", money, mirrored, reverses=booking)

    return store.once("ledger/reversals", key, order, LedgerEntry, effect)


def _open_account(customer: str | None, key: str, faults: Faults) -> str:
    if customer is None:
        raise Refused(422, RefusalCode.NO_ACCOUNT)
    if customer.endswith(CLOSED) or faults.strike("/ledger/payments", {FaultKind.ACCOUNT_CLOSED}, key, customer):
        raise Refused(422, RefusalCode.ACCOUNT_CLOSED)
    return f"customer:{customer}"


def _reversible(store: Store, reference: str, entry: str) -> tuple[int, list[Row]]:
    number = int(entry[2:]) if re.fullmatch(r"B-[0-9]{6,15}", entry) else 0
    of = "SELECT account, amount, currency FROM postings JOIN bookings ON id = booking WHERE id = ? AND reference = ?"
    postings = store.rows(of, number, reference)
    if not postings:
        raise Refused(422, RefusalCode.UNKNOWN_ENTRY)
    if store.row("SELECT id FROM bookings WHERE reverses = ?", number):
        raise Refused(422, RefusalCode.ALREADY_REVERSED)
    return number, postings


def _booked(postings: list[Row]) -> Money:
    return next(Money(amount=amount, currency=row["currency"]) for row in postings if (amount := _amount(row)) > 0)


def _amount(posting: Row) -> Decimal:
    return Decimal(posting["amount"])


def _book(
    store: Store,
    reference: str,
    text: str,
    money: Money,
    postings: list[tuple[str, Decimal]],
    reverses: int | None = None,
) -> LedgerEntry:
    at = now()
    number = store.add("bookings", reference=reference, text=text, at=at.isoformat(), reverses=reverses)
    for account, amount in postings:
        store.add("postings", booking=number, account=account, amount=str(amount), currency=money.currency)
    return LedgerEntry(entry=f"B-{number:06}", money=money, booked_at=at)
