"""The end of a complaint: nobody who wrote while it was being archived is closed away.

- A regulator's letter, the customer's word and a message that could not be read become tasks that are seen to first;
  they are in the archive, too, and lists show the complaint to whoever looks for what needs attention.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.waiting import answered
from tests.workflows.case import SUPERVISOR, Case
from workflows.names import ATTENTION


async def regulator(case: Case) -> None:
    letter = {"regulator": "NFRA", "their_reference": "N-1", "summary": "asks for a report"}
    await case.tell("regulator_contacted_us", **letter)


async def customer(case: Case) -> None:
    await case.tell("customer_contacted_us", channel="phone", kind="new_information", summary="one more thing")


async def nobody_knows(case: Case) -> None:
    await case.handle.signal("tea", "?")


@pytest.mark.parametrize(
    ("writes", "task"),
    [(regulator, "regulator-1"), (customer, "contact"), (nobody_knows, "quarantine")],
    ids=["regulator", "customer", "unreadable"],
)
async def test_what_comes_while_it_is_being_archived_is_seen_to_before_it_closes(
    case: Case, writes: Callable[[Case], Awaitable[None]], task: str
) -> None:
    await case.reach("calling_back")
    archiving = case.bank.hold(case.reference, "archive_complaint")
    await case.call_back()
    await archiving.arrived.wait()
    await writes(case)
    await answered(case.tasks, lambda tasks: task in tasks)
    archiving.go.set()
    await case.wrote("archived")
    described = await answered(case.handle.describe, lambda found: found.typed_search_attributes[ATTENTION])
    assert described.close_time is None
    await case.send("resolve_task", by=SUPERVISOR, task=task, settlement="done", note="seen to")
    assert (await case.closed())["outcome"] == "satisfied"
    late = [entry for kept in case.bank.orders(case.reference, "keep_journal_page") for entry in kept.entries]
    assert [entry["what"] for entry in late][1:] == ["resolve_task"]
    assert len(case.bank.orders(case.reference, "archive_complaint")) == 1
