"""Guarantees of the customer directory:

* A customer is found by number, with the complaints noted before, in their order; asking again changes nothing.
* The customer key is the same for every complaint of one customer, differs between customers and between secrets, and
  does not hold the number.
* Somebody without a number is never mixed up with another of the same name.
"""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr

from activities.bank_http import BankSystem
from activities.directory import Directory
from bank.directory import DEMO_CUSTOMERS
from tests import orders
from tests.activities.failing import run
from tests.bank_server import RunningBank

SECRET = SecretStr("one secret of more than thirty-two characters")


@pytest.fixture
def look(directory: BankSystem) -> Directory:
    return Directory(directory, SECRET)


async def test_a_known_customer(look: Directory) -> None:
    record = await run(look.look_up_customer, orders.customer_query(orders.new_reference(), "C-100202"))
    assert (record.known, record.vulnerable) == (True, True)


async def test_an_unknown_number_is_no_error(look: Directory) -> None:
    record = await run(look.look_up_customer, orders.customer_query(orders.new_reference(), "C-404"))
    assert (record.known, record.vulnerable, record.earlier_complaints) == (False, False, [])


async def test_earlier_complaints_in_their_order_and_the_same_each_time(look: Directory, bank: RunningBank) -> None:
    bank.put("/inspect/customers/C-REPEAT", {"name": "Repeat Customer", "vulnerable": False})
    references = [orders.new_reference() for _ in range(3)]
    for reference in references:
        await run(look.look_up_customer, orders.customer_query(reference, "C-REPEAT"))
    records = [await run(look.look_up_customer, orders.customer_query(r, "C-REPEAT")) for r in references]
    assert [record.earlier_complaints for record in records] == [[], references[:1], references[:2]]


async def test_no_more_earlier_complaints_than_the_file_holds(look: Directory) -> None:
    references = [orders.new_reference() for _ in range(102)]
    for reference in references:
        record = await run(look.look_up_customer, orders.customer_query(reference, "C-MANY"))
    assert record.earlier_complaints == references[1:101]


async def test_the_key_stands_for_the_customer_and_does_not_tell_the_number(look: Directory) -> None:
    numbers = ["C-100201", "C-100201", "C-100203"]
    records = [await run(look.look_up_customer, orders.customer_query(orders.new_reference(), n)) for n in numbers]
    keys = [record.customer_key for record in records]
    assert keys[0] == keys[1] != keys[2]
    assert all(re.fullmatch(r"[a-z2-7]{32}", key) for key in keys)
    assert "100201" not in keys[0]


async def test_another_secret_gives_another_key(directory: BankSystem, look: Directory) -> None:
    query = orders.customer_query(orders.new_reference(), "C-100201")
    other = Directory(directory, SecretStr("another secret of more than thirty-two characters"))
    records = [await run(one.look_up_customer, query) for one in (look, other)]
    assert records[0].customer_key != records[1].customer_key


async def test_strangers_of_one_name_have_different_keys_and_are_not_looked_up(
    look: Directory, bank: RunningBank
) -> None:
    bank.faults({"kind": "500"})
    first, second = orders.new_reference(), orders.new_reference()
    records = [await run(look.look_up_customer, orders.customer_query(r, None)) for r in (first, second, first)]
    assert records[0] == records[2]
    assert records[0].customer_key != records[1].customer_key
    assert not any(record.known for record in records)
    assert bank.hits() == [0]


def test_the_demo_customers_are_registered(bank: RunningBank) -> None:
    registered = {row["number"]: row["name"] for row in bank.inspect("customers")}
    assert registered.items() >= {number: customer.name for number, customer in DEMO_CUSTOMERS.items()}.items()
