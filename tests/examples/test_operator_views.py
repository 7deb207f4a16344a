"""Guarantee: every view that docs/operator.md offers shows just the complaints that its name says.

One complaint stands in every state that a view looks for, and no view may be left without one.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from typer.main import get_command

import starter
from domain.decisions import ResolveTask
from domain.model import Stage
from domain.reading import read
from tests.examples.closing import MESSAGES, case_of, close
from tests.server import ROOT, Server, complaint
from tests.temporal_server import TEMPORAL
from tests.waiting import eventually
from workflows.names import CUSTOMER, SEARCH_ATTRIBUTES, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

PAGE = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
VIEWS = dict(re.findall(r"^\| ([A-Z][\w -]+) \| `(.+)` \|$", PAGE, re.MULTILINE))
DATE = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")

OPEN = {"new", "asked", "money", "offered", "calling", "regulator", "garbled", "unread", "late"}
EXPECTED = {
    "Needs attention": {"garbled", "unread"},
    "Promise broken": {"late"},
    "Reply due today": {"late"},
    "Anything due today": {"late"},
    "Nobody owns it": {"new", "unread"},
    "Mine": OPEN - {"new", "unread"},
    "Tier 3": {"regulator", "late"},
    "Waiting for technology": {"asked"},
    "Waiting for any department": {"asked"},
    "Money to approve": {"money"},
    "Customer must answer": {"offered"},
    "Call-backs to make": {"calling"},
    "Could not be read": {"unread"},
    "One customer": {"asked"},
    "Closed since": {"closed"},
    "Ended by a side door": {"terminated"},
}
STUCK = "Stuck"


@pytest.fixture(scope="module")
async def book(server: Server) -> Client:
    """One complaint in every state that a view looks for."""
    cast = [*OPEN - {"new", "unread", "late"}, "closed", "terminated"]
    await asyncio.gather(*(server.open(complaint(f"VIEW-{name}")) for name in cast))
    await server.open(complaint("VIEW-new", received_by=None))
    long_ago = datetime.now(UTC) - timedelta(days=60)
    await server.open(complaint("VIEW-late", received_at=long_ago.isoformat()))
    await server.client.start_workflow(WORKFLOW_TYPE, {}, id=workflow_id("VIEW-unread"), task_queue=TASK_QUEUE)
    for name in ("asked", "money", "offered"):
        await _investigate(server, name)
    await case_of(server, "VIEW-calling").decide("withdraw", **MESSAGES["withdraw"])
    await case_of(server, "VIEW-regulator").tell("regulator_contacted_us", **MESSAGES["regulator_contacted_us"])
    await server.client.get_workflow_handle(workflow_id("VIEW-garbled")).signal("evidence_added", "nonsense")
    await close(server, "VIEW-closed")
    await server.client.get_workflow_handle(workflow_id("VIEW-terminated")).terminate("for the test")
    return server.client


OWNER = {"id": "FL-0021", "role": "first_line"}
TECHNICIAN = {"id": "IT-0310", "role": "department_staff"}
APPROVAL = {"proposal": "proposal-1", "decision": "approve", "reason": "actual loss"}


async def _investigate(server: Server, name: str) -> None:
    case = case_of(server, f"VIEW-{name}")
    for message in ("verify_identity", "assess", "request_investigation"):
        await case.decide(message, **MESSAGES[message] | {"by": OWNER})
    if name != "asked":
        await case.tell("investigation_result", **MESSAGES["investigation_result"])
        await case.decide("propose_resolution", **MESSAGES["propose_resolution"] | {"by": OWNER})
    if name == "offered":
        await case.decide("decide_compensation", **MESSAGES["decide_compensation"])


@pytest.mark.parametrize("view", EXPECTED)
async def test_a_view_shows_just_the_complaints_that_its_name_says(book: Client, view: str) -> None:
    query = await _at_this_time(book, VIEWS[view])
    mine = f'({query}) AND WorkflowId STARTS_WITH "complaint-VIEW-"'

    async def shown() -> set[str]:
        return {found.id.removeprefix("complaint-VIEW-") async for found in book.list_workflows(mine)}

    async def as_expected() -> bool:
        return await shown() == EXPECTED[view]

    assert await eventually(as_expected, shown)  # the list is a little behind


async def _at_this_time(client: Client, query: str) -> str:
    """The query with the date and the customer of this test instead of those of the page."""
    asked = await client.get_workflow_handle(workflow_id("VIEW-asked")).describe()
    customer = asked.typed_search_attributes.get(CUSTOMER)
    tonight = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    day = tonight if "<=" in query else "2026-01-01T00:00:00Z"
    return re.sub(r'(?<=CustomerKey = ")\w+', str(customer), DATE.sub(day, query))


def test_every_view_is_proved() -> None:
    assert set(VIEWS) == {*EXPECTED, STUCK}
    assert len(VIEWS) >= 10


def test_the_message_and_the_commands_on_the_page_exist() -> None:
    (message,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    read(ResolveTask, message)
    commands = set(re.findall(r"starter\.py (\w+)", PAGE))
    assert commands
    assert commands <= set(get_command(starter.app).list_commands(None))  # type: ignore[attr-defined]


@workflow.defn(name=WORKFLOW_TYPE, sandboxed=False)
class Broken:
    """A complaint whose worker has a fault."""

    @workflow.run
    async def run(self) -> None:
        """Fail at every step."""
        raise RuntimeError("a fault of the code")


async def test_the_view_of_stuck_complaints_shows_one_whose_worker_has_a_fault() -> None:
    extra = ["--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1"]
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(TEMPORAL), dev_server_log_level="error", dev_server_extra_args=extra
        ) as env,
        Worker(env.client, task_queue=TASK_QUEUE, workflows=[Broken]),
    ):
        await env.client.start_workflow(WORKFLOW_TYPE, {}, id=workflow_id("STUCK-1"), task_queue=TASK_QUEUE)

        async def shown() -> list[str]:
            return [found.id async for found in env.client.list_workflows(VIEWS[STUCK])]

        assert await eventually(shown, shown) == [workflow_id("STUCK-1")]


def test_the_columns_explained_are_those_that_there_are() -> None:
    part = PAGE.split("## Views")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == {key.name for key in SEARCH_ATTRIBUTES}
    (stages,) = re.findall(r"^\| `ComplaintStage` \| where it is: (.+) \|$", part, re.MULTILINE)
    assert stages == ", ".join(f"`{stage}`" for stage in Stage)
