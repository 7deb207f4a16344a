"""The customer directory of the stand-in, with invented customers."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from activities.contract import CustomerAnswer, CustomerLookup
from bank.parts import REFUSALS, TheStore
from bank.store import Store
from domain.model import Identifier, Model, ShortText

router = APIRouter(tags=["directory"])
registration = APIRouter(tags=["stand-in"], include_in_schema=False)


class Customer(Model):
    """Somebody whom the directory knows."""

    name: ShortText
    """Name, invented."""
    vulnerable: bool = Field(default=False)
    """Whether in need of special care."""


DEMO_CUSTOMERS = {
    "C-100201": Customer(name="林晓雯"),
    "C-100202": Customer(name="周国栋", vulnerable=True),
    "C-100203": Customer(name="沈嘉禾"),
    "C-100204": Customer(name="唐雨欣"),
    "C-100205": Customer(name="罗启明"),
    "C-100206": Customer(name="韩梦洁"),
    "C-100207": Customer(name="邵子轩"),
    "C-100208": Customer(name="贺文博"),
    "C-100209": Customer(name="Eleanor Whitcombe", vulnerable=True),
    "C-100210": Customer(name="Marcus Adeyemi"),
    "C-100211": Customer(name="Priya Raman"),
    "C-100212-closed": Customer(name="Tomasz Halloran"),
}
"""The ledger has closed the account of the last one."""


def seed(store: Store) -> None:
    """Register the demo customers, once."""
    for number, customer in DEMO_CUSTOMERS.items():
        store.run("INSERT OR IGNORE INTO customers VALUES (?, ?, ?)", number, customer.name, customer.vulnerable)


@router.post("/customers/lookups", responses={status: REFUSALS[status] for status in (401, 422, 429)})
async def look_up(lookup: CustomerLookup, store: TheStore) -> CustomerAnswer:
    """Look a customer up and note the complaint with them; the same complaint again is answered alike.

    An unknown number is not an error: ``known`` is false.
    """
    with store.transaction():
        customer = store.row("SELECT vulnerable FROM customers WHERE number = ?", lookup.customer_number)
        earlier = _note(store, lookup)
    return CustomerAnswer(
        known=customer is not None, vulnerable=bool(customer and customer["vulnerable"]), earlier_complaints=earlier
    )


def _note(store: Store, lookup: CustomerLookup) -> list[str]:
    number, reference = lookup.customer_number, lookup.reference
    store.run("INSERT OR IGNORE INTO complaints (customer, reference) VALUES (?, ?)", number, reference)
    earlier = store.rows(
        "SELECT reference FROM complaints WHERE customer = ?1 AND id < "
        "(SELECT id FROM complaints WHERE customer = ?1 AND reference = ?2) ORDER BY id",
        number,
        reference,
    )
    return [row["reference"] for row in earlier]


@registration.put("/inspect/customers/{number}", status_code=204)
async def register(number: Identifier, customer: Customer, store: TheStore) -> None:
    """Register a customer with the stand-in."""
    store.run("INSERT OR REPLACE INTO customers VALUES (?, ?, ?)", number, customer.name, customer.vulnerable)
