"""A reference names one complaint for as long as the archive knows it, however short the server's own memory is.

The worker and both archives are the real ones; that retention is over is played by a second start, which a server only
allows once it has forgotten the first, or to a sender who does not ask it to refuse.

- The same complaint again ends at once, with what became of the first; nothing is sent, asked or booked. So does every
  run of one that its sender has started with a cron schedule.
- Another complaint, or one that comes with messages, is never handled under the old reference, and never lost: it waits
  for a person, who opens it under a new one; only then it ends.
- While the archive does not answer, the complaint waits, takes messages in, and is handled as soon as it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowUpdateStage
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.archive import Archive
from activities.bank_http import BankFailure
from domain.complaint import Complaint
from domain.effects import ArchiveOrder
from domain.reopening import ClosedBefore
from tests.postgres import running_postgres
from tests.waiting import eventually
from tests.workflows.case import OWNER, SUPERVISOR, WITHDRAWAL, Case, refusal
from tests.workflows.conftest import OpenCase, complaint
from tests.workflows.recorded_bank import Answer, RecordedBank
from workflows.names import STAGE, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

CONTACT = {"message_id": "m-1", "channel": "phone", "summary": "asks what became of it"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    """The real archive, on each database."""
    sqlite = request.param == "sqlite"
    opened = await Archive.open(f"sqlite:///{tmp_path}/archive.db" if sqlite else request.getfixturevalue("postgres"))
    yield opened
    await opened.close()


class Reopened:
    """A complaint that was closed, and whatever comes under its reference afterwards."""

    def __init__(self, env: WorkflowEnvironment, bank: RecordedBank, archive: Archive, first: Case) -> None:
        self._env, self._bank, self._archive, self.first = env, bank, archive, first
        self.reference = first.reference

    async def open(self, content: dict[str, Any], answer: Answer | None = None, **start: Any) -> Case:
        """Start a workflow of the same reference, as a sender does who does not ask the server to refuse it."""
        self._bank.next_time(self.reference, "closed_before", answer or self._archive.closed_before)
        with self._env.with_time_skipping_disabled():
            handle = await self._env.client.start_workflow(
                WORKFLOW_TYPE, content, id=workflow_id(self.reference), task_queue=TASK_QUEUE, **start
            )
        return Case(self._env, self._env.client, self._bank, handle)

    def effects(self) -> int:
        """How often the bank was asked to do something for this reference."""
        return len([name for name, order in self._bank.asked if order.reference == self.reference]) - len(
            self._bank.orders(self.reference, "closed_before")
        )


@pytest.fixture
async def reopened(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank, open_case: OpenCase, archive: Archive
) -> Reopened:
    """A complaint that was closed and is in the archive."""

    async def keep(order: ArchiveOrder) -> Any:
        return await archive.archive_complaint(order)

    case = await open_case(("archive_complaint", keep), summary="The first one.")
    await case.reach("closed")
    return Reopened(workflow_env, recorded_bank, archive, case)


def again(reopened: Reopened, **changes: Any) -> dict[str, Any]:
    """The complaint as it comes once more, with another time of receipt."""
    return complaint(reopened.reference, summary="The first one.") | changes


async def test_the_same_complaint_again_ends_with_what_became_of_the_first(reopened: Reopened) -> None:
    first, effects = await reopened.first.closed(), reopened.effects()
    second = await reopened.open(again(reopened))
    closed = await second.closed()
    assert closed == first
    assert reopened.effects() == effects
    description = await second.handle.describe()
    assert description.typed_search_attributes[STAGE] == "closed"
    assert not await second.task_failures()


async def test_one_that_is_started_by_the_clock_again_and_again_is_handled_once(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank, archive: Archive
) -> None:
    given, asking, over = complaint(), asyncio.Lock(), asyncio.Event()

    async def known(one: Complaint) -> ClosedBefore | None:
        async with asking:
            return None if over.is_set() else await archive.closed_before(one)

    recorded_bank.next_time(given["reference"], "closed_before", known)
    recorded_bank.next_time(given["reference"], "archive_complaint", archive.archive_complaint)
    with workflow_env.with_time_skipping_disabled():
        started = await workflow_env.client.start_workflow(
            WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE, cron_schedule="@every 1s"
        )
    latest = workflow_env.client.get_workflow_handle(started.id)
    case = Case(workflow_env, workflow_env.client, recorded_bank, latest)
    await case.stage("acknowledged")
    await case.send("withdraw", **WITHDRAWAL)
    await case.stage("calling_back")
    await case.call_back()
    first = started.result_run_id

    async def ended_again() -> bool:
        runs = workflow_env.client.list_workflows(f"WorkflowId = '{started.id}' AND ExecutionStatus = 'Completed'")
        return len([run async for run in runs if run.run_id != first]) > 1

    await eventually(ended_again, case.handle.describe)
    await latest.terminate("the schedule is stopped")
    async with asking:
        over.set()
    assert len(recorded_bank.letters(case.reference)) == 1
    assert len(recorded_bank.orders(case.reference, "archive_complaint")) == 1


async def test_another_complaint_waits_for_a_person_and_is_never_handled(reopened: Reopened) -> None:
    effects = reopened.effects()
    second = await reopened.open(again(reopened, summary="Quite another matter."))
    file = await second.stage("unreadable")
    today = f"{datetime.now(UTC):%Y-}"
    assert file["reason"].startswith(f"The reference {reopened.reference} was closed on {today}")
    task = (await second.tasks())["intake"]
    assert task["what"].startswith("open this complaint under a new reference: ")
    assert "complaint" not in task["ready"]
    sheet = await second.ask("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert sheet.current_details.startswith("# This complaint is not handled\n")

    settle = {"by": SUPERVISOR, "task": "intake", "settlement": "done", "note": "opened as W-2"}
    assert await second.refused("add_note", by=OWNER, text="?") == "complaint_unreadable"
    assert await second.refused("resolve_task", **settle, complaint=again(reopened)) == "reference_closed"
    assert (await second.send("resolve_task", **settle))["stage"] == "closed"
    assert await second.closed() == await reopened.first.closed()
    assert reopened.effects() == effects


async def test_a_message_that_comes_with_it_is_not_lost(reopened: Reopened) -> None:
    start: dict[str, Any] = {"start_signal": "customer_contacted_us", "start_signal_args": [CONTACT]}
    second = await reopened.open(again(reopened), **start)
    file = await second.stage("unreadable")
    assert file["waiting"] == 1
    await second.handle.cancel()
    await second.send("resolve_task", by=SUPERVISOR, task="intake", settlement="done", note="told the customer")
    assert (await second.closed())["reference"] == reopened.reference


async def test_a_decision_that_waits_for_the_archive_is_refused_when_that_knows_the_complaint(
    reopened: Reopened, archive: Archive
) -> None:
    known = asyncio.Event()

    async def slowly(one: Complaint) -> ClosedBefore | None:
        await known.wait()
        return await archive.closed_before(one)

    second = await reopened.open(again(reopened), slowly)
    accepted = WorkflowUpdateStage.ACCEPTED
    note = await second.handle.start_update("add_note", {"by": OWNER, "text": "?"}, wait_for_stage=accepted)
    known.set()
    assert (await refusal(note.result())).type == "closed"
    assert await second.closed() == await reopened.first.closed()


async def test_an_archive_that_does_not_answer_is_waited_for(open_case: OpenCase) -> None:
    async def unavailable(complaint: Any) -> Any:
        raise ApplicationError("does not answer", type=BankFailure.ARCHIVE_UNAVAILABLE)

    case = await open_case(("closed_before", unavailable))
    await case.asked("closed_before")
    await case.tell("customer_contacted_us", **CONTACT)
    assert (await case.file())["stage"] == "received"
    case.bank.as_usual(case.reference, "closed_before")
    await case.wait(timedelta(minutes=5))
    file = await case.stage("acknowledged")
    assert file["contact_count"] == 1


async def test_a_closing_record_that_cannot_be_read_is_still_a_closed_complaint(open_case: OpenCase) -> None:
    async def spoilt(complaint: Any) -> Any:
        raise ApplicationError("the closing record cannot be read", type="ArchiveRefused", non_retryable=True)

    case = await open_case(("closed_before", spoilt))
    assert (await case.stage("unreadable"))["reason"] == "the closing record cannot be read"
    assert case.bank.letters(case.reference) == []
