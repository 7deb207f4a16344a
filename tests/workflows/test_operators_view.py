"""What operators see in the Temporal UI is right, is enough to act on, and names nobody.

- Every search attribute finds the complaint, whatever its sender has written into them.
- The case sheet shows stage, clocks, who is awaited, and the JSON to send; the pickers describe every message.
- Every timer and activity says in its summary what it is for.
- Nothing of the customer stands in search attributes, memo, summaries, sheet, workflow id or the worker's log.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

from domain.decisions import DECISIONS
from domain.facts import FACTS
from domain.sheet import WRITTEN
from tests.waiting import eventually
from tests.workflows.case import OWNER, Case
from tests.workflows.conftest import OpenCase, complaint
from tests.workflows.recorded_bank import RecordedBank
from workflows import case_sheet, names
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

NAME, NUMBER, WORDS, WISH, AGENT = "Zhuge Liangming", "C-31415926", "my cat ate it", "a golden cup", "Sima Yiting"
PERSONAL = (NAME, NUMBER, WORDS, WISH, AGENT)


async def metadata(case: Case) -> WorkflowMetadata:
    found: WorkflowMetadata = await case.handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return found


def readable(sheet: str) -> str:
    """The sheet without the marks that keep its lines unbroken in the UI."""
    return sheet.translate({0x2003: " ", 0xA0: " ", 0x2011: "-"})


async def summaries(case: Case) -> list[tuple[HistoryEvent, str]]:
    """Timers and activities of the present run, with their summaries."""
    history = await case.handle.fetch_history()
    kinds = ("timer_started_event_attributes", "activity_task_scheduled_event_attributes")
    started = [event for event in history.events if any(event.HasField(kind) for kind in kinds)]  # type: ignore[arg-type]
    return [(event, event.user_metadata.summary.data.decode()) for event in started]


async def finds(case: Case, query: str) -> bool:
    async def look() -> bool:
        found = case.client.list_workflows(f"WorkflowId = '{case.handle.id}' AND {query}")
        return [run async for run in found] != []

    return bool(await eventually(look, case.file))


async def within_the_second(case: Case, attribute: str, clock_id: str) -> str:
    due = datetime.fromisoformat((await case.clock(clock_id))["due_at"])
    around = [(due + offset).isoformat() for offset in (-timedelta(seconds=1), timedelta(seconds=1))]
    return f"{attribute} BETWEEN '{around[0]}' AND '{around[1]}'"


async def test_every_search_attribute_finds_the_complaint(case: Case) -> None:
    assert await finds(case, "ComplaintStage = 'acknowledged' AND NeedsAttention = false AND ComplaintNature IS NULL")
    await case.reach("investigating")
    for query in (
        "ComplaintStage = 'investigating'",
        "ComplaintNature = 'system_fault'",
        "ComplaintOwner = 'u1'",
        "ComplaintTier = 1",
        "RulePack = 'cn-banking'",
        "CustomerKey = 'k-4f1c'",
        "AwaitingDepartments IN ('technology')",
        await within_the_second(case, "ReplyDueAt", "promise-1"),
        await within_the_second(case, "NextActionAt", "acceptance-technology-1"),
        "DeadlineBreached = false",
        "ComplaintOutcome IS NULL",
    ):
        assert await finds(case, query)
    await case.handle.signal("nonsense")
    assert await finds(case, "NeedsAttention = true")
    await case.wait_for("promise-1")
    assert await finds(case, "DeadlineBreached = true AND ComplaintTier > 1")


async def test_what_a_sender_has_written_into_the_lists_does_not_stay(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    given = complaint()
    said = (
        SearchAttributePair(names.OUTCOME, "satisfied"),
        SearchAttributePair(names.NATURE, "none"),
        SearchAttributePair(names.STAGE, "closed"),
        SearchAttributePair(names.AWAITING, ["technology"]),
    )
    with workflow_env.with_time_skipping_disabled():
        handle = await workflow_env.client.start_workflow(
            WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE,
            search_attributes=TypedSearchAttributes(said),
        )  # fmt: skip
    case = Case(workflow_env, workflow_env.client, recorded_bank, handle)
    assert await finds(case, "ComplaintStage = 'acknowledged' AND ComplaintOutcome IS NULL AND ComplaintNature IS NULL")
    assert await finds(case, "AwaitingDepartments IS NULL")


async def test_a_department_is_awaited_until_its_remedy_is_carried_out(case: Case) -> None:
    await case.reach("remedying")
    (department,) = {task["department"] for task in (await case.tasks()).values() if task["department"]}
    assert await finds(case, f"AwaitingDepartments IN ('{department}')")


async def test_a_reply_that_is_owed_past_the_law_keeps_its_due_time(case: Case) -> None:
    await case.reach("acknowledged")
    await case.wait_for("law-1")
    assert await finds(case, f"DeadlineBreached = true AND {await within_the_second(case, 'ReplyDueAt', 'law-1')}")


async def test_the_outcome_is_found_after_the_end(case: Case) -> None:
    await case.reach("closed")
    assert await finds(case, "ComplaintOutcome = 'satisfied' AND ComplaintStage = 'closed'")
    assert await finds(case, "AwaitingDepartments IS NULL AND ReplyDueAt IS NULL AND NextActionAt IS NULL")


@pytest.mark.parametrize(
    ("stage", "message", "awaited"),
    [
        ("acknowledged", "verify_identity", "u1"),
        ("identity_verified", "assess", "u1"),
        ("investigating", "investigation_accepted", "technology"),
        ("approving", "decide_compensation", "specialist"),
        ("remedying", "resolve_task", "operations"),
        ("calling_back", "record_callback", "call_back"),
    ],
)
async def test_the_sheet_says_where_it_stands_and_what_to_send(
    case: Case, stage: str, message: str, awaited: str
) -> None:
    await case.reach(stage)

    async def look() -> str | None:
        details = readable((await metadata(case)).current_details)
        return details if f"**{message}**" in details else None

    sheet: str = await eventually(look, case.file)
    assert sheet.startswith(f"# {case.reference}: {stage.replace('_', ' ')}")
    shown = [clock["due_local"] for clock in await case.handle.query("deadlines") if clock["state"] == "running"]
    assert shown
    assert all(due in sheet for due in shown)
    assert awaited in sheet.partition("## Awaited")[2].partition("## ")[0]
    blocks = [json.loads(block.partition("```")[0]) for block in sheet.split("```json\n")[1:]]
    ready = (await case.tasks())[awaited_task(message)]["ready"]
    assert ready | {field: words for field, words in WRITTEN.items() if field in ready} in blocks


def awaited_task(message: str) -> str:
    return {"investigation_accepted": "technology-1", "resolve_task": "remedy-1-2"}.get(message, message)


async def test_the_pickers_describe_every_message(case: Case) -> None:
    await case.stage("acknowledged")
    definition = (await metadata(case)).definition
    signals = {one.name: one.description for one in definition.signal_definitions if one.name}
    updates = {one.name: one.description for one in definition.update_definitions}
    assert signals.keys() >= FACTS.keys()
    assert updates.keys() == DECISIONS.keys()
    for name in FACTS | DECISIONS:
        sentence, _, example = (signals | updates)[name].partition(" JSON: ")
        assert sentence.endswith(".")
        assert json.loads(example)
    queries = {one.name: one.description for one in definition.query_definitions}
    assert all(queries[name] for name in ("case_file", "deadlines", "open_tasks"))


async def test_every_timer_and_activity_says_what_it_is_for(case: Case) -> None:
    await case.reach("calling_back")
    found = await summaries(case)
    assert all(text.strip('"') for _, text in found)
    timers = [text for event, text in found if event.HasField("timer_started_event_attributes")]
    assert any("Reply due" in text for text in timers)
    assert all(len(text.encode()) <= 200 for _, text in found)


async def test_nothing_of_the_customer_is_seen(open_case: OpenCase, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    case = await open_case(
        complainant={"name": NAME, "customer_number": NUMBER, "channels": ["app"], "language": "en"},
        representative={"name": AGENT, "capacity": "son"},
        narrative=WORDS,
        wishes=WISH,
        promises=[WISH],
    )
    seen = [case.handle.id]
    await case.stage("acknowledged")
    proof = {"uri": "vault://1", "description": "signed authorisation"}
    await case.send("verify_identity", by=OWNER, verified=True, method="app login", authorisation=proof)
    await case.handle.signal("customer_contacted_us", {"channel": "phone", "summary": WORDS, "who": NAME})
    await case.tell("customer_contacted_us", channel="phone", kind="other", summary=WORDS)
    await case.refused("add_note", by=OWNER, text=WORDS, customer=NAME)
    await case.send("add_note", by=OWNER, text=f"{NAME} {WORDS}")
    seen.append((await metadata(case)).current_details)
    await case.reach_from("identity_verified", "calling_back")
    seen.append((await metadata(case)).current_details)
    await case.wait_for("call_back-1")
    seen += [(await metadata(case)).current_details, str((await case.handle.describe()).raw_description)]
    seen += [text for _, text in await summaries(case)]
    seen += [record.getMessage() + str(record.__dict__) for record in caplog.records]
    for personal in PERSONAL:
        assert not [text for text in seen if personal in text]


def test_the_personal_data_would_be_noticed() -> None:
    """The words looked for are what the complaint above is made of, as any JSON of it shows."""
    text: Any = json.dumps(PERSONAL)
    assert all(personal in text for personal in PERSONAL)


async def test_the_sheet_shows_the_time_that_is_left_when_somebody_looks(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    await case.reach("investigating")
    due = datetime.fromisoformat((await case.clock("law-1"))["due_at"])

    class AnHourBefore(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return due - timedelta(minutes=61)

    monkeypatch.setattr(case_sheet, "datetime", AnHourBefore)
    shown = readable((await metadata(case)).current_details)
    assert re.search(r"final response, by law\s.*\| 1 h 1 min", shown)
