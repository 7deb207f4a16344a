"""Guarantees of the departments' tool:

* A question, a remedy and a notice arrive whole, with the workflow id and the ready-to-send JSON of the answer.
* Each arrives once, even when the answer is lost or the request is delivered twice, and keeps its ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from activities.bank_http import BankSystem
from activities.departments import Departments
from domain.effects import Order
from tests import orders
from tests.activities.failing import failure, run
from tests.bank_server import RunningBank

HANDED_OVER: list[tuple[str, str, Callable[[str], Order]]] = [
    ("dispatch_investigation", "investigation", orders.investigation_order),
    ("dispatch_remedy", "remedy", orders.remedy_order),
    ("notify_staff", "notice", orders.notice_order),
]


@pytest.fixture
def tool(departments: BankSystem) -> Departments:
    return Departments(departments)


@pytest.mark.parametrize(("activity", "kind", "make"), HANDED_OVER)
async def test_it_arrives_whole(
    activity: str, kind: str, make: Callable[[str], Any], tool: Departments, bank: RunningBank
) -> None:
    order = make(orders.new_reference())
    acknowledged = await run(getattr(tool, activity), order)
    (request,) = bank.inspect("requests", order.reference)
    assert request["kind"] == kind
    assert request["workflow_id"] == f"complaint-{order.reference}"
    assert request["request"] == order.model_dump(mode="json")
    assert acknowledged.ticket == f"T-{request['id']:06}"


@pytest.mark.parametrize(("activity", "kind", "make"), HANDED_OVER)
async def test_a_lost_answer_does_not_repeat_the_effect(
    activity: str, kind: str, make: Callable[[str], Any], tool: Departments, bank: RunningBank
) -> None:
    order = make(orders.new_reference())
    bank.faults({"kind": "lost_answer", "count": 1})
    await failure(getattr(tool, activity), order)
    again = await run(getattr(tool, activity), order, attempt=2)
    (request,) = bank.inspect("requests", order.reference)
    assert again.ticket == f"T-{request['id']:06}"


@pytest.mark.parametrize(("activity", "kind", "make"), HANDED_OVER)
async def test_delivered_twice_it_is_there_once(
    activity: str, kind: str, make: Callable[[str], Any], tool: Departments, bank: RunningBank
) -> None:
    order = make(orders.new_reference())
    bank.faults({"kind": "duplicate"})
    await run(getattr(tool, activity), order)
    assert bank.hits() == [1]
    assert len(bank.inspect("requests", order.reference)) == 1
