"""Guarantee: the lists show at once whose turn it is, and that nobody's is any more. What passes from there on as soon
as a system answers is not shown; what does not answer is.

An upsert is the dearest event of a history: none may be wasted, and none may be saved where somebody has or had a turn.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.exceptions import ApplicationError

from activities.bank_http import BankFailure
from tests.workflows.case import CONSENT, PROPOSAL, VOUCHER, Case, idle
from tests.workflows.conftest import OpenCase
from tests.workflows.test_operators_view import finds

ONLY_MONEY = PROPOSAL | {"remedies": [VOUCHER]}
PATIENCE = timedelta(hours=5)
"""More than the pack's patience with a system that keeps failing."""


async def unavailable(order: Any) -> Any:
    raise ApplicationError("does not answer", type=BankFailure.UNREACHABLE)


def shown(history: WorkflowHistory, attribute: str) -> list[str]:
    """The values that an attribute was given, in order."""
    fields = [
        event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
        for event in history.events
        if event.HasField("upsert_workflow_search_attributes_event_attributes")
    ]
    return [json.loads(values[attribute].data) for values in fields if attribute in values]


async def test_what_passes_between_two_systems_is_not_shown(case: Case) -> None:
    await case.reach("proposing")  # or the department's answer and the proposal share a step
    await case.reach_from("proposing", "offered", propose_resolution=ONLY_MONEY)
    await case.reach_from("offered", "closed")
    history = await case.handle.fetch_history()
    assert shown(history, "ComplaintStage") == [
        "received", "acknowledged", "identity_verified", "assessed", "investigating", "proposing", "approving",
        "offered", "remedying", "calling_back", "closing", "closed",
    ]  # fmt: skip


async def test_a_remedy_that_a_department_has_to_carry_out_is_shown(case: Case) -> None:
    await case.reach("remedying")
    assert await finds(case, "ComplaintStage = 'remedying' AND AwaitingDepartments = 'operations'")


async def test_nobody_is_shown_as_awaited_who_has_answered_whatever_the_systems_do(case: Case) -> None:
    await case.reach("offered", propose_resolution=ONLY_MONEY)
    case.bank.next_time(case.reference, "pay_out", unavailable)
    await case.reach_from("offered", "remedying")
    assert await finds(case, "ComplaintStage = 'remedying' AND NeedsAttention = false")
    case.bank.as_usual(case.reference, "pay_out")


async def test_a_system_that_keeps_failing_is_shown_with_the_stage_that_it_holds_up(case: Case) -> None:
    await case.reach("offered", propose_resolution=ONLY_MONEY)
    await case.until(idle)
    case.bank.next_time(case.reference, "send_letter", unavailable)
    await case.send("record_customer_answer", **CONSENT)
    await case.stage("replying")
    assert await finds(case, "ComplaintStage = 'remedying' AND NeedsAttention = false")
    await case.wait(PATIENCE)
    assert await finds(case, "ComplaintStage = 'replying' AND NeedsAttention = true")
    case.bank.as_usual(case.reference, "send_letter")


async def test_a_complaint_is_shown_while_the_archive_does_not_say_whether_its_reference_is_free(
    open_case: OpenCase,
) -> None:
    case = await open_case(("closed_before", unavailable))
    assert await finds(case, "ComplaintStage = 'received' AND NeedsAttention = false")
    case.bank.as_usual(case.reference, "closed_before")
    await case.wait(timedelta(minutes=5))
    await case.stage("acknowledged")
