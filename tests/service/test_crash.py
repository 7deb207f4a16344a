"""A killed worker delays its complaints by the sticky timeout only, which is within the three seconds promised.

How long it takes is measured by ``python -m benchmarks.failover``; here is how it comes about, without a clock:

- The worker asks for a sticky timeout of at most three seconds.
- After ``kill -9`` the next step of its complaint is offered to it alone, given up for that timeout, and taken by
  another worker, which has the complaint's whole file from its history.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from temporalio.api.enums.v1 import EventType, TaskQueueKind, TimeoutType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from benchmarks.failover import PROMISED, Waited, opened, step, told, verdict
from client.connection import connect
from tests.bank_server import running_bank
from tests.temporal_server import temporal_server
from tests.waiting import PATIENCE
from tests.worker_process import BANK, worker_process
from worker import STICKY, WorkerSettings, build_worker


async def test_the_worker_asks_for_no_longer_than_is_promised() -> None:
    async with temporal_server() as environment:
        client: Client = await connect(environment)
        config = build_worker(client, WorkerSettings(), []).config()
    assert config["sticky_queue_schedule_to_start_timeout"] == STICKY
    assert STICKY.total_seconds() <= PROMISED


async def test_another_worker_takes_what_a_killed_one_had_in_memory(tmp_path: Path) -> None:
    with running_bank(tmp_path / "bank.db") as bank:
        async with temporal_server() as server:
            environment = server | BANK | {"COMPLAINTS_BANK_URL": bank.url}
            async with worker_process(tmp_path, **environment) as first:
                handle = await opened(await connect(server))
                first.kill()
                await first.wait()
            name = await told(handle)
            async with worker_process(tmp_path, **environment) as second:
                taken = await asyncio.wait_for(step(handle, name), PATIENCE)
                file = await handle.query("case_file")
            events = (await handle.fetch_history()).events
    assert taken.by.startswith(f"{second.pid}@")
    assert [one["uri"] for one in file["evidence"]] == [f"vault://{name}"]
    assert _after_the_fact(list(events)) == ["offered to one", "given up", "offered to all", "taken"]


def _after_the_fact(events: list[HistoryEvent]) -> list[str]:
    """What became of the step that the fact asked for."""
    kinds = [event.event_type for event in events]
    told_at = len(kinds) - 1 - kinds[::-1].index(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
    return [said for event in events[told_at:] if (said := _said(event))]


def _said(event: HistoryEvent) -> str:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
            queue = event.workflow_task_scheduled_event_attributes.task_queue
            return "offered to one" if queue.kind == TaskQueueKind.TASK_QUEUE_KIND_STICKY else "offered to all"
        case EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            waited = event.workflow_task_timed_out_event_attributes.timeout_type
            return "given up" if waited == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START else "lost"
        case EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            return "taken"
        case _:
            return ""


def test_the_verdict_is_about_the_waiting_and_needs_a_kill() -> None:
    slow_machine = Waited(undisturbed=[4.0], orphaned=[6.5], given_up=[2.1])
    assert verdict(slow_machine)["kept"] is True
    assert verdict(Waited(undisturbed=[0.1], orphaned=[3.4], given_up=[3.2]))["kept"] is False
    assert verdict(Waited(undisturbed=[0.1]))["kept"] is False
