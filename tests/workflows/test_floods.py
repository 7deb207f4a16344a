"""A complaint takes in whatever comes, in whatever numbers, and closes; nothing is lost, nothing is applied twice.

- A flood of facts, decisions, repetitions and nonsense from several senders leaves every message in the archive, once.
  The 20,000 of the promise are the command ``python -m benchmarks.flood``; here are fewer of them in shorter runs.
- While the archive does not answer, or a complaint cannot be read, no new run begins: the server refuses what is too
  much to its sender, and all that it took is taken in afterwards.
- Messages of any length go into the archive in pieces that it can take; what it refuses waits for a person.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from benchmarks.flood import endured, verdict
from client.failures import Refused
from client.gateway import send
from domain.room import CARRIED
from tests.waiting import eventually
from tests.workflows.case import OWNER, SUPERVISOR, WITHDRAWAL, Case, entries, idle
from tests.workflows.conftest import OpenCase, complaint, opener, server, worker_for
from tests.workflows.recorded_bank import RecordedBank
from tests.workflows.rolling import evidence, numbers, rolled, runs

SIGNALS = 150
"""Which the server takes in one run, instead of ten thousand."""
LONG = "钱" * 25_000


@pytest.fixture(scope="module")
async def narrow_env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    settings = ("limit.historyCount.suggestContinueAsNew=60", f"history.maximumSignalsPerExecution={SIGNALS}")
    async with server(*settings) as environment, worker_for(environment.client, recorded_bank):
        yield environment


@pytest.fixture
def open_narrow(narrow_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> OpenCase:
    return opener(narrow_env, recorded_bank)


async def test_a_flood_is_in_the_archive_whole_and_once() -> None:
    found = verdict(await endured(1_200, 8, ["limit.historyCount.suggestContinueAsNew=300"]))
    assert found["losses"] == 0, found
    assert found["runs"] >= 4, found
    assert found["most_events"] < 2_000, found


async def told_until_refused(case: Case) -> int:
    """Send documents until the server takes no more; how many it took."""
    took = 0
    while True:
        page = {"message_id": f"d-{took}", "evidence": {"uri": f"vault://{took}", "description": "a page"}}
        try:
            await case.handle.signal("evidence_added", page)
        except RPCError as refused:
            if refused.status is not RPCStatusCode.INVALID_ARGUMENT:
                raise
            return took
        took += 1


async def test_while_the_archive_does_not_answer_the_rest_is_refused_to_its_senders(open_narrow: OpenCase) -> None:
    case = await open_narrow()
    await case.stage("acknowledged")
    held = case.bank.hold(case.reference, "keep_journal_page")
    took = await told_until_refused(case)
    assert took >= SIGNALS
    with pytest.raises(Refused, match="more messages than it can take in") as refused:
        await send(case.client, case.reference, "evidence_added", {
            "message_id": "late", "evidence": {"uri": "vault://late", "description": "a page"}})  # fmt: skip
    assert refused.value.code == "too_many_messages"
    count = await runs(case)
    held.go.set()
    await rolled(case, count)
    file = await case.until(lambda file: len(file["evidence"]) == took)
    assert numbers(case, file) == list(range(file["journal_length"]))
    await case.send("add_note", by=OWNER, text="it goes on")


async def test_a_complaint_that_cannot_be_read_keeps_what_the_server_takes(
    narrow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    reference = f"P-{uuid4().hex[:10]}"
    case = await opener(narrow_env, recorded_bank)(reference=reference, colour="red")
    await case.until(lambda file: file["stage"] == "unreadable")
    assert await told_until_refused(case) == SIGNALS
    await case.until(lambda file: file["waiting"] == SIGNALS)
    corrected = {"by": SUPERVISOR, "task": "intake", "settlement": "done", "note": "typed in again"}
    await case.send("resolve_task", **corrected, complaint=complaint(reference))
    await rolled(case, 1)
    file = await case.until(lambda file: len(file.get("evidence", [])) == SIGNALS)
    assert numbers(case, file) == list(range(file["journal_length"]))
    assert not await case.task_failures()


async def test_what_the_archive_refuses_waits_for_a_person_if_it_is_too_much_for_a_new_run(
    open_narrow: OpenCase,
) -> None:
    async def refuses(page: Any) -> Any:
        raise ApplicationError("no such complaint", type="Refused", non_retryable=True)

    case = await open_narrow(before=("keep_journal_page", refuses))
    await case.stage("acknowledged")
    notes = CARRIED // len(LONG.encode()) + 5
    for number in range(notes):
        await case.handle.execute_update("add_note", {"by": OWNER, "text": LONG, "message_id": f"n-{number}"})
    asked = len(case.bank.orders(case.reference, "keep_journal_page"))
    await evidence(case, "x")

    async def asked_again() -> bool:
        return len(case.bank.orders(case.reference, "keep_journal_page")) > asked

    await eventually(asked_again, case.tasks)
    count = await runs(case)
    case.bank.as_usual(case.reference, "keep_journal_page")
    await case.send("resolve_task", by=SUPERVISOR, task="journal", settlement="done", note="archive repaired")
    await rolled(case, count)
    file = await case.file()
    kept = {entry["number"] for page in case.bank.orders(case.reference, "keep_journal_page") for entry in page.entries}
    assert kept | {entry["number"] for entry in file["journal"]} == set(range(file["journal_length"]))
    assert not await case.task_failures()


async def test_a_long_journal_is_archived_before_the_complaint(open_case: OpenCase) -> None:
    """Together with the file it would be more than the server takes in one piece."""
    case = await open_case()
    await case.stage("acknowledged")
    await case.until(idle)
    for number in range(40):
        await case.send("add_note", by=OWNER, text=LONG, message_id=f"n-{number}")
    shown = await case.file()
    assert 0 < len(entries(shown, "add_note")) < 40, "what a query shows is limited too"
    await case.send("withdraw", **WITHDRAWAL)
    await case.stage("calling_back")
    await case.call_back()
    assert (await case.closed())["outcome"] == "withdrawn"
    kept = case.bank.orders(case.reference, "archive_complaint")[-1].file
    assert numbers(case, kept) == list(range(kept["journal_length"]))
    assert not await case.task_failures()
