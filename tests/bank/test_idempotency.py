"""Guarantees of the stand-in's idempotency, for every kind of order:

* The same key with the same body: one effect, and the same answer however often.
* The same key with another body: 409, and no effect.
* Both hold for many requests at once, and after the process was killed.
* An order without a key, or one that is malformed, is refused with one word, and nothing of it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from domain.effects import Order
from tests import orders
from tests.bank import asking
from tests.bank_server import RunningBank, running_bank

KINDS: list[tuple[Callable[[str], Order], str]] = [
    (orders.letter_order, "letters"),
    (orders.investigation_order, "requests"),
    (orders.remedy_order, "requests"),
    (orders.notice_order, "requests"),
    (orders.payout_order, "bookings"),
]
every_order = pytest.mark.parametrize(("make", "state"), KINDS, ids=lambda value: getattr(value, "__name__", ""))


@every_order
def test_the_same_order_again_is_answered_alike(
    make: Callable[[str], Order], state: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    order = make(reference)
    answers = [asking.order(http, order) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(bank.inspect(state, reference)) == 1


@every_order
def test_another_order_under_the_key_is_refused(
    make: Callable[[str], Order], state: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    asking.order(http, make(reference))
    answer = asking.order(http, make(f"{reference}-2"), key=make(reference).key)
    assert (answer.status_code, answer.json()) == (409, {"code": "key_reused"})
    assert bank.inspect(state, f"{reference}-2") == []


@every_order
def test_the_same_order_in_another_spelling_is_the_same_order(
    make: Callable[[str], Order], state: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    order = make(reference)
    first = asking.order(http, order)
    spaced = http.post(
        asking.PATHS[type(order)],
        content=order.model_dump_json(indent=4),
        headers={"Idempotency-Key": order.key, "Content-Type": "application/json"},
    )
    assert spaced.content == first.content


@every_order
def test_many_at_once_have_one_effect(
    make: Callable[[str], Order], state: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: asking.order(http, make(reference)).content, range(24)))
    assert len(set(answers)) == 1
    assert len(bank.inspect(state, reference)) == 1


@every_order
def test_the_effect_and_the_answer_survive_a_restart(make: Callable[[str], Order], state: str, tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        with running_bank(tmp_path / "bank.db") as bank, httpx.Client(base_url=bank.url, trust_env=False) as http:
            answers.append(asking.order(http, make("R-1")).content)
            assert len(bank.inspect(state, "R-1")) == 1
    assert answers[0] == answers[1]


@every_order
def test_an_order_without_a_key_is_refused(
    make: Callable[[str], Order], state: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    order = make(reference)
    answer = http.post(asking.PATHS[type(order)], json=order.model_dump(mode="json"))
    assert (answer.status_code, answer.json()) == (422, {"code": "malformed_request"})
    assert bank.inspect(state, reference) == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"not json", f'{{"to": "{orders.NAME}"}}'.encode()])
def test_a_malformed_order_is_refused_without_repeating_it(body: bytes, http: httpx.Client) -> None:
    answer = http.post("/letters", content=body, headers={"Idempotency-Key": "k", "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (422, {"code": "malformed_request"})


def test_the_same_key_in_two_systems_is_two_keys(reference: str, http: httpx.Client) -> None:
    answers = [asking.order(http, make(reference), key="one-key") for make, _ in KINDS]
    assert {answer.status_code for answer in answers} == {200}


def test_a_lookup_is_answered_alike_after_a_restart(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with running_bank(tmp_path / "bank.db") as bank, httpx.Client(base_url=bank.url, trust_env=False) as http:
            found.append([asking.look_up(http, orders.customer_query(r)).json() for r in ("R-1", "R-2")])
    assert found[0] == found[1]
    assert found[0][1]["earlier_complaints"] == ["R-1"]
