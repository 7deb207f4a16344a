"""Whose turn it is, over all complaints.

- Tasks of all complaints stand in one order, the soonest due first; role, person, department and lateness narrow them.
- No more complaints are asked than are needed for the first ones, and it is said when not all were asked.
- A complaint that does not answer is named, and hides no other; where nobody works at all, that is said at once.
- A ready command can be pasted into a shell, whatever the people concerned have written.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from cli import turns
from cli.turns import Whose, tasks_of_all
from client import failures, gateway
from client.attributes import register_attributes
from client.connection import connect
from client.failures import WorkerNotThere
from client.listing import Wanted, find
from embedded.process import ROOT
from tests.cli.conftest import Starter
from tests.complaints import complaint_json
from tests.server import Case, Server, complaint
from tests.temporal_server import at
from tests.waiting import answered, eventually
from workflows import names
from workflows.names import WORKFLOW_TYPE, workflow_id

OWNER = {"id": "E-81", "role": "first_line"}
FAR_AHEAD = 500


@pytest.fixture
async def client(server: Server) -> Client:
    """As the command line connects."""
    return await connect(at(server.client.service_client.config.target_host))


async def opened(server: Server, days_ago: int = 0, owner: str = "E-81", **changes: Any) -> Case:
    """A complaint that has been acknowledged, and has a task."""
    received = datetime.now(UTC) - timedelta(days=days_ago)
    changes |= {"received_at": received.isoformat(), "received_by": {"id": owner, "role": "first_line"}}
    case = await server.open(complaint(f"TURN-{uuid4().hex[:10]}", **changes))
    await eventually(case.tasks)
    return case


async def listed(client: Client, case: Case, **wanted: Any) -> None:
    """Wait until the list of the server has the complaint as it is now."""
    await so_many(client, Wanted(reference_begins=case.reference, **wanted), 1)


async def so_many(client: Client, wanted: Wanted, number: int) -> None:
    """Wait until the list of the server has so many complaints that are wanted, or more."""
    await answered(lambda: find(client, wanted, 1), lambda found: found.matched >= number)


async def asked(
    client: Client, capsys: pytest.CaptureFixture[str], whose: Whose, limit: int = FAR_AHEAD, among: int = FAR_AHEAD
) -> tuple[int, dict[str, Any]]:
    """Exit code and answer for machines."""
    code = await tasks_of_all(client, whose, limit, among, json=True)
    return code, json.loads(capsys.readouterr().out)


async def test_all_complaints_in_one_order(server: Server, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [await opened(server), await opened(server, days_ago=90), await opened(server)]
    for case in cases:
        await listed(client, case, stage="acknowledged")
    _, whole = await asked(client, capsys, Whose())
    due = [datetime.fromisoformat(task["due"]) for task in whole["tasks"] if task["due"]]
    assert due == sorted(due)
    assert {case.reference for case in cases} <= {task["reference"] for task in whole["tasks"]}
    assert whole["asked"] == whole["open_complaints"]
    _, first = await asked(client, capsys, Whose(), limit=1)
    assert first["tasks"] == whole["tasks"][:1]


async def test_only_as_many_are_asked_as_are_needed(
    server: Server, client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in [await opened(server, days_ago=90), await opened(server), await opened(server)]:
        await listed(client, case, stage="acknowledged")
    monkeypatch.setattr(turns, "AT_A_TIME", 1)
    _, first = await asked(client, capsys, Whose(), limit=1)
    assert len(first["tasks"]) == 1
    assert first["asked"] < first["open_complaints"]
    await tasks_of_all(client, Whose(), FAR_AHEAD, 1, json=True)
    assert "Only 1 of " in capsys.readouterr().err


async def test_role_person_department_and_lateness_narrow_them(
    server: Server, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    case, late = await opened(server), await opened(server, days_ago=90)
    await case.decide("verify_identity", by=OWNER, verified=True, method="app login")
    said = {"nature": "system_fault", "summary": "s", "points": ["p"], "investigation_needed": True}
    await case.decide("assess", by=OWNER, responsibility="undetermined", **said)
    await case.decide("request_investigation", by=OWNER, department="technology", question="where?")
    await listed(client, case, department="technology")
    await listed(client, late, overdue=True)

    _, theirs = await asked(client, capsys, Whose(department="technology"))
    assert case.reference in {task["reference"] for task in theirs["tasks"]}
    assert {task["department"] for task in theirs["tasks"]} == {"technology"}
    _, mine = await asked(client, capsys, Whose(role="department_staff"))
    assert {task["role"] for task in mine["tasks"]} == {"department_staff"}
    _, overdue = await asked(client, capsys, Whose(overdue=True))
    assert late.reference in {task["reference"] for task in overdue["tasks"]}
    assert case.reference not in {task["reference"] for task in overdue["tasks"]}
    assert all(datetime.fromisoformat(task["due"]) < datetime.now(UTC) for task in overdue["tasks"])
    _, nobody = await asked(client, capsys, Whose(person="E-0"))
    assert (nobody["tasks"], nobody["open_complaints"]) == ([], 0)


async def test_a_persons_tasks_are_those_of_their_complaints(
    server: Server, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    person = f"E-{uuid4().hex[:6]}"
    case = await opened(server, owner=person)
    await listed(client, case, owner=person)
    _, theirs = await asked(client, capsys, Whose(person=person))
    assert [(task["reference"], task["message"]) for task in theirs["tasks"]] == [(case.reference, "verify_identity")]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon: the tests know who will not answer."""
    monkeypatch.setattr(gateway, "PATIENCE", timedelta(seconds=2))
    monkeypatch.setattr(failures, "PATIENCE", timedelta(seconds=2))


@pytest.mark.usefixtures("hurried")
async def test_one_that_does_not_answer_hides_no_other(
    server: Server, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = f"E-{uuid4().hex[:6]}"
    case = await opened(server, owner=owner)
    silent = await client.start_workflow(
        WORKFLOW_TYPE,
        complaint("SILENT-1"),
        id=workflow_id("SILENT-1"),
        task_queue="nobody-works-here",
        search_attributes=TypedSearchAttributes([SearchAttributePair(names.OWNER, owner)]),
    )
    try:
        await so_many(client, Wanted(owner=owner), 2)
        code, answer = await asked(client, capsys, Whose(person=owner))
    finally:
        await silent.terminate()
    assert code == 1
    assert [task["reference"] for task in answer["tasks"]] == [case.reference]
    (unanswered,) = answer["not_answered"]
    assert unanswered["reference"] == "SILENT-1"
    assert "No worker answered for the complaint SILENT-1" in unanswered["reason"]


@pytest.mark.usefixtures("hurried")
async def test_where_nobody_works_that_is_said_at_once(bare: dict[str, str]) -> None:
    client = await connect(bare)
    await register_attributes(client)
    for _ in range(turns.AT_A_TIME + 1):
        await gateway.open_complaint(client, gateway.read_complaint(json.dumps(complaint_json()).encode()))
    await so_many(client, Wanted(), turns.AT_A_TIME + 1)
    with pytest.raises(WorkerNotThere):
        await asyncio.wait_for(tasks_of_all(client, Whose(), 10, 200, json=True), 30)


async def test_a_ready_command_can_be_pasted_into_a_shell(server: Server, run: Starter) -> None:
    words = """the customer's "card" $(date) `date` \\ * 卡"""
    case = await opened(server, summary=words)
    await case.decide("verify_identity", by=OWNER, verified=True, method="app login")
    said = await run("tasks", case.reference)
    (line,) = (line for line in said.out.splitlines() if " send " in line and "assess" in line)
    filled = line.replace("<nature>", "fees").replace("<point to be answered>", "Why?")
    environment = os.environ | at(server.client.service_client.config.target_host)
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", filled, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE
    )
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert (await case.file())["cycles"][0]["assessment"]["summary"] == words
    assert json.loads(shlex.split(line)[-1])["summary"] == words
