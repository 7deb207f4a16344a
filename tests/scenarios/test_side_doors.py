"""No side door is left unseen, and what went through one can be brought back: played with everything real.

- A complaint that was terminated becomes a task of the supervisors at the bank, once; brought back it goes on where it
  was, with every decision and no letter twice, and its journal says who did it and why.
- One that never took a step is brought back too.
- One that was closed, and that the archive has lost, is archived again, and is then in order.
- What needs nothing is not touched: an open complaint, a closed one, one whose sender set a time limit.
- Hundreds at once are told to the last one; a bank that refuses a notice is asked again by the next round.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.archive_schema import closed_complaints, open_engine
from activities.bank_http import BankFailure
from bank.script import Act, Script
from client import records
from client.failures import Refused
from client.reopening import reopen
from domain.complaint import Complaint
from domain.effects import Acknowledged, NoticeOrder
from domain.patrol import Lost, PatrolReport, Round
from tests.scenarios.ended import play
from tests.server import Case, Server, complaint
from tests.waiting import answered, eventually
from tests.workflows.conftest import worker_for
from tests.workflows.recorded_bank import RecordedBank
from workflows.names import PATROL_TYPE, TASK_QUEUE, WORKFLOW_TYPE, workflow_id
from workflows.patrol import PatrolWorkflow

WITHDRAWN = Act(when="request_investigation", send="withdraw", say={"channel": "phone", "reason": "钱到了。"})
OWNER = {"id": "FL-0021", "role": "first_line"}


async def patrol(server: Server, told: list[str]) -> PatrolReport:
    """One round that knows what was told before."""
    report: PatrolReport = await server.client.execute_workflow(
        PATROL_TYPE, told, id=f"patrol-{uuid4().hex}", task_queue=TASK_QUEUE, result_type=PatrolReport
    )
    return report


async def found(server: Server, reference: str, told: list[str]) -> PatrolReport:
    """Rounds until one finds this complaint: the list of complaints is a moment behind."""

    async def look() -> PatrolReport | None:
        report = await patrol(server, told)
        return report if reference in {lost.reference for lost in report.lost} else None

    return await eventually(look)


def tasks(server: Server, reference: str) -> list[dict[str, Any]]:
    """What the supervisors were told about a complaint."""
    requests = [one["request"] for one in server.bank.inspect("requests", reference)]
    return [request for request in requests if request.get("to") == "supervisor" and request.get("kind") == "task"]


async def stage(case: Case, wanted: str) -> dict[str, Any]:
    return await answered(case.file, lambda file: file["stage"] == wanted)


async def test_a_terminated_complaint_is_told_once_and_goes_on_where_it_was(server: Server) -> None:
    case = await server.open(complaint("SIDE-1"))
    await stage(case, "acknowledged")
    await case.decide("verify_identity", by=OWNER, verified=True, method="app login")
    before = await stage(case, "identity_verified")
    await case.tell("customer_contacted_us", channel="phone", summary="asks")
    await case.handle.terminate("by mistake")

    report = await found(server, "SIDE-1", [])
    await patrol(server, report.told)
    (task,) = tasks(server, "SIDE-1")
    assert task["text"].startswith("It was terminated on ")
    assert "starter.py reopen SIDE-1" in task["text"]

    done = await reopen(server.client, "SIDE-1", "wrong button", "SV-0009")
    assert (done.ended, done.run_id != done.run_id_before) == ("terminated", True)
    file = await answered(case.file, lambda file: file["contact_count"] == 1)
    assert file["stage"] == "identity_verified"
    assert {clock["id"]: clock["due_at"] for clock in file["clocks"]} == {
        clock["id"]: clock["due_at"] for clock in before["clocks"]
    }
    (note,) = [entry for entry in file["journal"] if entry["what"] == "add_note"]
    assert note["by"] == {"id": "SV-0009", "role": "supervisor"}
    assert note["message"]["text"] == "Brought back after it was terminated: wrong button"
    progress = await answered(case.file, lambda file: file["progress_letters"] == 1)
    assert progress["acknowledged_at"] == before["acknowledged_at"]
    letters = [letter["kind"] for letter in server.bank.inspect("letters", "SIDE-1")]
    assert letters.count("acknowledgement") == 1

    after = await patrol(server, report.told)
    assert "SIDE-1" not in {lost.reference for lost in after.lost}
    assert "SIDE-1" in {lost.reference for lost in after.brought_back}
    assert len(tasks(server, "SIDE-1")) == 1


async def test_one_that_never_took_a_step_is_brought_back_too(server: Server) -> None:
    given = complaint("SIDE-2") | {"received_at": datetime.now(UTC).isoformat()}
    key, nobody = workflow_id("SIDE-2"), f"nobody-{uuid4().hex}"
    handle = await server.client.start_workflow(WORKFLOW_TYPE, given, id=key, task_queue=nobody)
    await handle.signal("customer_contacted_us", {"message_id": "m-1", "channel": "phone", "summary": "asks"})
    await handle.terminate("by mistake")
    async with worker_for(server.client, RecordedBank(), nobody):
        await reopen(server.client, "SIDE-2", "wrong button", "SV-0009")
        file = await stage(Case(server.env, server.client.get_workflow_handle(key), "SIDE-2"), "acknowledged")
    assert file["contact_count"] == 1


async def test_one_that_the_archive_has_lost_is_archived_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"received_at": datetime.now(UTC).isoformat()} | complaint("SIDE-3")
    ended = await play(server, Complaint.model_validate(given), Script(acts=[WITHDRAWN]))
    with pytest.raises(Refused, match=r"^The complaint SIDE-3 was closed by its call-back, and is in the archive\.$"):
        await reopen(server.client, "SIDE-3", "to be sure", "SV-0009")
    monkeypatch.setenv(records.ARCHIVE_URL, server.archive_url)
    with pytest.raises(Refused, match="is in the archive"):
        await reopen(server.client, "SIDE-3", "to be sure", "SV-0009")

    engine = open_engine(server.archive_url)
    async with engine.begin() as connection:
        await connection.execute(delete(closed_complaints).where(closed_complaints.c.reference == "SIDE-3"))
    await engine.dispose()
    report = await found(server, "SIDE-3", [])
    assert tasks(server, "SIDE-3")[0]["text"].endswith("starter.py reopen SIDE-3 has it archived again.")

    assert (
        await reopen(server.client, "SIDE-3", "restored", "SV-0009")
    ).note == "It is archived again, as it was closed."
    again = await server.archive.look_up("SIDE-3")
    assert again is not None
    assert (again.closed, again.file, again.journal) == (
        ended.archived.closed, ended.archived.file, ended.archived.journal,
    )  # fmt: skip
    assert len(server.bank.inspect("letters", "SIDE-3")) == len(ended.letters)
    assert "SIDE-3" not in {lost.reference for lost in (await patrol(server, report.told)).lost}


async def test_what_needs_nothing_is_not_touched(server: Server) -> None:
    case = await server.open(complaint("SIDE-4"))
    with pytest.raises(Refused, match=r"^The complaint SIDE-4 is open; there is nothing to bring back\.$"):
        await reopen(server.client, "SIDE-4", "to be sure", "SV-0009")
    assert (await case.handle.describe()).run_id == case.handle.first_execution_run_id
    with pytest.raises(Refused, match=r"^There is no complaint SIDE-5\.$"):
        await reopen(server.client, "SIDE-5", "to be sure", "SV-0009")
    limited: WorkflowHandle[Any, Any] = await server.client.start_workflow(
        WORKFLOW_TYPE,
        complaint("SIDE-6") | {"received_at": datetime.now(UTC).isoformat()},
        id=workflow_id("SIDE-6"),
        task_queue=TASK_QUEUE,
        execution_timeout=timedelta(seconds=1),
    )
    await answered(limited.describe, lambda found: found.status is WorkflowExecutionStatus.TIMED_OUT)
    with pytest.raises(Refused, match="was started with a time limit, and a new run would have it too"):
        await reopen(server.client, "SIDE-6", "late", "SV-0009")


class RefusingBank:
    """Finds many complaints, two at a time, and a bank that once refuses to be told of one of them."""

    def __init__(self) -> None:
        self.all = [lost(number) for number in range(5)]
        self.refused = {"complaint-L-3"}
        self.notices: list[str] = []

    @activity.defn
    async def look_for_lost(self, told: list[str]) -> Round:
        """Those that are not told yet."""
        untold = [one for one in self.all if one.run_id not in told]
        known = [one for one in self.all if one.run_id in told]
        return Round(compared=5, lost=untold[:2], more=len(untold) > 2, told=told, known=known)

    @activity.defn
    async def notify_staff(self, order: NoticeOrder) -> Acknowledged:
        """Take a notice in, or refuse it."""
        if order.workflow_id in self.refused:
            raise ApplicationError("no such desk", type=BankFailure.REFUSED, non_retryable=True)
        self.notices.append(order.workflow_id)
        return Acknowledged(ticket=order.key)


def lost(number: int) -> Lost:
    return Lost(
        workflow_id=f"complaint-L-{number}", run_id=f"run-{number}", ending="terminated", later_run=False,
        ended_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


async def test_many_are_told_to_the_last_and_a_refused_notice_is_given_again(server: Server) -> None:
    bank, queue = RefusingBank(), f"patrol-{uuid4().hex}"

    async def go_round(told: list[str]) -> PatrolReport:
        report: PatrolReport = await server.client.execute_workflow(
            PATROL_TYPE, told, id=queue, task_queue=queue, result_type=PatrolReport
        )
        return report

    asked: list[Callable[..., Any]] = [bank.look_for_lost, bank.notify_staff]
    async with Worker(server.client, task_queue=queue, workflows=[PatrolWorkflow], activities=asked):
        first = await go_round([])
        assert sorted(bank.notices) == [f"complaint-L-{number}" for number in (0, 1, 2, 4)]
        assert "run-3" not in first.told
        bank.refused.clear()
        second = await go_round(first.told)
        assert sorted(second.told) == sorted(one.run_id for one in bank.all)
        assert bank.notices.count("complaint-L-3") == 1
        await go_round(second.told)
    assert len(bank.notices) == 5
