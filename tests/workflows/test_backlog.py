"""What has waited for a worker, however much, is taken in by steps of bounded length; nothing is lost or overtaken.

The SDK gives a step two seconds. Thousands of facts can wait, and in a large file each takes a millisecond: a step that
took them all in could never end, and would stop the complaint for ever.

- Facts that waited before the complaint was open, or while it was, are all in the file, once, in their order.
- No run and no complaint ends while some wait.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

import workflows.desk
from tests.workflows.case import SATISFIED, Case, Json, entries
from tests.workflows.conftest import opener, server, worker_for
from tests.workflows.hostile.accounts import journal_of
from tests.workflows.race import Move
from tests.workflows.recorded_bank import RecordedBank
from tests.workflows.rolling import numbers, rolled

STEP, WAITING = 10, 95
NEW_RUN = 150


@pytest.fixture(scope="module")
async def env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflows.desk, "AT_A_TIME", STEP)
        async with server(f"limit.historyCount.suggestContinueAsNew={NEW_RUN}") as environment:
            yield environment


class Worked:
    """A task queue of its own, whose worker comes and goes."""

    def __init__(self, env: WorkflowEnvironment, bank: RecordedBank) -> None:
        self._env, self._bank = env, bank
        self._queue = f"backlog-{uuid4().hex}"

    def worker(self) -> AbstractAsyncContextManager[object]:
        """A worker, as long as the block is not left."""
        return worker_for(self._env.client, self._bank, self._queue)

    async def open(self) -> Case:
        """A new complaint."""
        return await opener(self._env, self._bank, self._queue)()


@pytest.fixture
def worked(env: WorkflowEnvironment, recorded_bank: RecordedBank) -> Worked:
    return Worked(env, recorded_bank)


IDS = [f"d-{number}" for number in range(WAITING)]
UNREADABLE = {*IDS[::10]}
READABLE = [name for name in IDS if name not in UNREADABLE]


async def pile_up(case: Case, names: list[str]) -> None:
    """Send facts, some of which cannot be read."""
    for name in names:
        page: Json = {"message_id": name, "evidence": {"uri": f"vault://{name}", "description": "a page"}}
        await case.handle.signal("evidence_added", {"colour": name} if name in UNREADABLE else page)


async def taken_in(case: Case) -> Json:
    """The file, once all of them are in it."""
    return await case.until(lambda file: len(file.get("evidence", [])) == len(READABLE))


def steps_of(journal: list[Json]) -> Iterator[int]:
    """How many of the facts each step entered."""
    taken: dict[datetime, int] = {}
    for entry in journal:
        if entry["what"] in ("evidence_added", "quarantined"):
            at = datetime.fromisoformat(entry["at"])
            taken[at] = taken.get(at, 0) + 1
    yield from taken.values()


def in_order(journal: list[Json]) -> list[str]:
    return [entry["message"]["message_id"] for entry in entries({"journal": journal}, "evidence_added")]


async def test_before_the_complaint_is_open(worked: Worked) -> None:
    case = await worked.open()
    await pile_up(case, IDS)
    async with worked.worker():
        file = await taken_in(case)
        journal = await journal_of(case, file)
        assert in_order(journal) == READABLE
        assert file["quarantined"] == len(UNREADABLE)
        assert [*steps_of(journal)] == [STEP] * (WAITING // STEP) + [WAITING % STEP]
        assert not await case.task_failures()


async def test_while_the_complaint_is_open_and_through_a_new_run(worked: Worked) -> None:
    case = await worked.open()
    async with worked.worker():
        await case.reach("investigating")
    before = len((await case.handle.fetch_history()).events)
    await pile_up(case, IDS)
    assert before < NEW_RUN < before + WAITING + 3 * WAITING // STEP
    async with worked.worker():
        await taken_in(case)
        await rolled(case, 1)
        file = await case.file()
        journal = await journal_of(case, file)
        assert in_order(journal) == READABLE
        assert file["quarantined"] == len(UNREADABLE)
        assert max(steps_of(journal)) == STEP
        assert numbers(case, file) == list(range(file["journal_length"]))
    assert not await case.task_failures()


async def test_a_complaint_that_is_called_back_meanwhile(worked: Worked) -> None:
    case = await worked.open()
    async with worked.worker():
        await case.reach("calling_back")
        await case.wait_for_hour(10)
    await pile_up(case, READABLE)
    called_back = await Move("record_callback", SATISFIED).arrive(case)
    async with worked.worker():
        assert (await called_back)["code"] == "accepted"
        closed = await case.closed()
    assert closed["outcome"] == "satisfied"
    kept = case.bank.orders(case.reference, "archive_complaint")[-1].file
    pages = case.bank.orders(case.reference, "keep_journal_page")
    late = {entry["number"]: entry for page in pages for entry in page.entries}
    journal = sorted([*late.values(), *kept["journal"]], key=lambda entry: entry["number"])
    assert in_order(journal) == READABLE
    assert not await case.task_failures()
