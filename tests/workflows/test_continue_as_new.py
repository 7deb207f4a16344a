"""A long complaint begins new runs, and nobody notices: nothing is lost, nothing happens twice.

The server is told to suggest a new run after 60 events, so that one life rolls over many times.

- Evidence, clocks, search attributes, case sheet and journal are the same before and after.
- Ids of signals, decisions and updates handled in an earlier run are still known.
- The journal is whole: archived pages and what is carried on, every entry once.
- Neither a failing system nor a refusing archive nor a cancel request in that moment stops or loses anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

import workflows.upkeep
from tests.workflows.case import OWNER, SUPERVISOR, Case, idle
from tests.workflows.conftest import OpenCase, opener, server, worker_for
from tests.workflows.recorded_bank import RecordedBank
from tests.workflows.rolling import MANY, evidence, insist, numbers, rolled, runs
from workflows import names

ROLL_ANYWAY = 200
"""Instead of thousands of events with an activity under way."""


@pytest.fixture(scope="module")
async def rolling_env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflows.upkeep, "ROLL_ANYWAY", ROLL_ANYWAY)
        async with (
            server("limit.historyCount.suggestContinueAsNew=60") as environment,
            worker_for(environment.client, recorded_bank),
        ):
            yield environment


@pytest.fixture
def open_rolling(rolling_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> OpenCase:
    return opener(rolling_env, recorded_bank)


async def view(case: Case) -> dict[str, Any]:
    """What people see of the complaint."""
    description = await case.handle.describe()
    sheet = await case.ask("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return {
        "clocks": await case.ask("deadlines"),
        "tasks": await case.tasks(),
        **{key.name: description.typed_search_attributes.get(key) for key in names.SEARCH_ATTRIBUTES},
        "sheet": sheet.current_details.partition("## Last events")[0],
    }


async def test_a_life_in_many_runs_loses_nothing_and_repeats_nothing(open_rolling: OpenCase) -> None:
    case = await open_rolling()
    await case.reach("investigating")
    note = {"by": OWNER, "text": "kept in mind", "message_id": "note-1"}
    question = {"by": OWNER, "department": "branch", "question": "Who was there?"}
    asked = await case.handle.execute_update("request_investigation", question, id="ask-branch")
    await case.until(idle)
    receipt = await case.send("add_note", **note)
    before = await view(case)
    for name in ("a", "b", "c"):
        count = await runs(case)
        await evidence(case, name)
        await rolled(case, count)
        await case.until(lambda file, name=name: f"vault://{name}/{MANY - 1}" in str(file["evidence"]))  # type: ignore[misc]
        after = await view(case)
        assert {key: (before[key], seen) for key, seen in after.items() if seen != before[key]} == {}
    await evidence(case, "a", 3)
    assert await case.send("add_note", **note) == receipt | {"repeated": True}
    repeated = await case.handle.execute_update("request_investigation", question, id="ask-branch")
    assert repeated == asked | {"repeated": True}
    file = await case.file()
    assert len(file["evidence"]) == 3 * MANY
    assert len(file["investigations"]) == 2
    assert numbers(case, file) == list(range(file["journal_length"]))

    await case.answer("branch-1")
    await case.reach_from("investigating", "closed")
    assert (await case.closed())["outcome"] == "satisfied"
    assert await runs(case) >= 4
    kept = case.bank.orders(case.reference, "archive_complaint")[-1].file
    assert numbers(case, kept) == list(range(kept["journal_length"]))
    assert len(case.bank.orders(case.reference, "pay_out")) == 1


async def test_messages_of_every_moment_are_taken_in(open_rolling: OpenCase) -> None:
    case = await open_rolling()
    await case.stage("acknowledged")

    async def notes(person: int) -> None:
        for number in range(20):
            await insist(case, "add_note", by=OWNER, text=f"{person}/{number}", message_id=f"note-{person}-{number}")

    await asyncio.gather(evidence(case, "x", 60), *(notes(person) for person in range(3)))
    file = await case.until(lambda file: len(file["evidence"]) == 60)
    assert numbers(case, file) == list(range(file["journal_length"]))
    assert await runs(case) > 1
    pages = [entry for page in case.bank.orders(case.reference, "keep_journal_page") for entry in page.entries]
    noted = {entry["message"]["text"] for entry in [*pages, *file["journal"]] if entry["what"] == "add_note"}
    assert len(noted) == 60


async def test_clocks_run_out_in_a_later_run_as_they_would_have(open_rolling: OpenCase) -> None:
    case = await open_rolling()
    await case.reach("assessed")
    promise = await case.clock("promise-1")
    await evidence(case, "a")
    await rolled(case, 1)
    clock = await case.wait_for("promise-1")
    assert (clock["state"], clock["breached_at"]) == ("breached", promise["due_at"])
    await evidence(case, "b")
    await rolled(case, 2)
    assert (await case.clock("promise-1"))["breached_at"] == promise["due_at"]


async def test_a_cancel_request_while_rolling_over_is_a_withdrawal(open_rolling: OpenCase) -> None:
    case = await open_rolling()
    await case.stage("acknowledged")
    held = case.bank.hold(case.reference, "keep_journal_page")
    batches = 0
    while not held.arrived.is_set():
        batches += 1
        await evidence(case, f"a{batches}")
    await case.handle.cancel()
    held.go.set()
    await case.until(lambda file: bool(file["withdrawals"]))
    await case.stage("calling_back")
    await case.call_back()
    assert (await case.closed())["outcome"] == "withdrawn"


async def test_an_archive_that_refuses_a_page_neither_stops_nor_loses_the_journal(open_rolling: OpenCase) -> None:
    async def refuses(page: Any) -> Any:
        raise ApplicationError("no such complaint", type="Refused", non_retryable=True)

    case = await open_rolling(before=("keep_journal_page", refuses))
    await case.stage("acknowledged")
    batches = 0
    while "journal" not in await case.tasks():
        batches += 1
        await evidence(case, f"a{batches}")
    case.bank.as_usual(case.reference, "keep_journal_page")
    count = await runs(case)
    await evidence(case, "b")
    await rolled(case, count)
    file = await case.until(lambda file: len(file["evidence"]) == (batches + 1) * MANY)
    assert numbers(case, file)[-1] == file["journal_length"] - 1
    assert sorted(set(numbers(case, file))) == list(range(file["journal_length"]))
    await case.send("resolve_task", by=SUPERVISOR, task="journal", settlement="done", note="archive repaired")


async def test_a_page_that_an_operator_completes_by_hand_is_kept_by_the_next_run(open_rolling: OpenCase) -> None:
    case = await open_rolling()
    await case.stage("acknowledged")
    held = case.bank.hold(case.reference, "keep_journal_page")
    batches = 0
    while not held.arrived.is_set():
        batches += 1
        await evidence(case, f"a{batches}")
    await case.completed_by_hand("keep_journal_page", "kept by hand")
    await case.until(lambda file: any(task["id"] == "journal" for task in file["tasks"]))
    held.go.set()
    count = await runs(case)
    await evidence(case, "b")
    await rolled(case, count)
    file = await case.until(lambda file: len(file["evidence"]) == (batches + 1) * MANY)
    assert sorted(set(numbers(case, file))) == list(range(file["journal_length"]))
    assert not await case.task_failures()


async def test_a_failing_system_does_not_keep_the_run_from_ending(open_rolling: OpenCase) -> None:
    async def unavailable(order: Any) -> Any:
        raise ApplicationError("does not answer", type="Unavailable")

    case = await open_rolling()
    case.bank.next_time(case.reference, "dispatch_investigation", unavailable)
    await case.reach("investigating")
    count = await runs(case)
    await evidence(case, "a", 110)
    await rolled(case, count)
    case.bank.as_usual(case.reference, "dispatch_investigation")
    await case.wait(timedelta(minutes=6))
    await case.wrote("investigation_dispatched")
    dispatched = {order.key for order in case.bank.orders(case.reference, "dispatch_investigation")}
    assert dispatched == {f"{case.reference}/dispatch-technology-1"}
