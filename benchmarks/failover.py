"""How long complaints wait when a worker is killed: ``python -m benchmarks.failover [--complaints 40] [--rounds 5]``.

Two workers share the complaints; in every round one is killed with ``kill -9`` and each complaint is sent a fact.
Its delay is the time between the server's own stamps on the fact and on the next completed step, so that neither this
program nor its clock is measured. The same facts sent while both workers live show what a busy machine adds by itself;
and as all complaints are sent a fact at once, the other worker has to read all their files at once. One JSON document
goes to standard output; the exit code is 1 when the server took longer than promised to give the killed worker up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from client.connection import connect
from client.deployment import routing
from embedded.process import ROOT
from tests.bank_server import running_bank
from tests.complaints import complaint_json
from tests.temporal_server import temporal_server
from tests.waiting import answered
from tests.worker_process import BANK, own_environment
from worker import STICKY
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

PROMISED = 3.0
"""Seconds by which a killed worker may delay its complaints."""
Handle = WorkflowHandle[Any, Any]


@dataclass
class Waited:
    """Delays in seconds, by what happened to the worker that had the complaint in memory."""

    undisturbed: list[float] = field(default_factory=list)
    """Both workers lived."""
    left_alone: list[float] = field(default_factory=list)
    """The other worker was killed."""
    orphaned: list[float] = field(default_factory=list)
    """Its own worker was killed."""
    given_up: list[float] = field(default_factory=list)
    """The part of that until the server gave the worker up; the rest is the other worker's reading of the file."""


@dataclass(frozen=True)
class Step:
    """The step that took a fact in."""

    delay: float
    """Seconds after the fact."""
    by: str
    """Identity of the worker that took it."""
    given_up: float | None = None
    """Seconds after the fact at which the server gave up the worker that should have taken it."""


async def started(environment: dict[str, str], client: Client) -> Process:
    """A worker that asks for work."""
    program = (sys.executable, str(ROOT / "worker.py"))
    process = await asyncio.create_subprocess_exec(*program, env=environment, cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL)
    own = f"{process.pid}@"

    async def polling() -> int:
        return sum(one.identity.startswith(own) for one in (await routing(client)).pollers)

    await answered(polling, lambda found: found)
    return process


async def opened(client: Client) -> Handle:
    """A complaint with nothing on its way."""
    given = complaint_json()
    handle: Handle = await client.start_workflow(
        WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE
    )
    await answered(lambda: handle.query("case_file"), lambda file: file["stage"] == "acknowledged")
    return handle


async def told(handle: Handle) -> str:
    """Send it a document, which has no effect outside."""
    name = uuid4().hex
    evidence = {"uri": f"vault://{name}", "description": "a page"}
    await handle.signal("evidence_added", {"message_id": name, "evidence": evidence})
    return name


async def step(handle: Handle, name: str) -> Step:
    """The step that took this document in, once it is done; the server tells when, so that asking costs nothing."""
    sent, given_up = None, None
    async for event in handle.fetch_history_events(wait_new_event=True):
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED and name in str(event):
            sent = event.event_time.ToNanoseconds()
        elif sent and event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            given_up = (event.event_time.ToNanoseconds() - sent) / 1e9
        elif sent and event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            by = event.workflow_task_completed_event_attributes.identity
            return Step((event.event_time.ToNanoseconds() - sent) / 1e9, by, given_up)
    raise RuntimeError(f"{handle.id} has ended")


async def steps(handles: list[Handle]) -> list[Step]:
    """Tell all of them, and wait for the step of each."""
    names = await asyncio.gather(*(told(handle) for handle in handles))
    return list(await asyncio.gather(*map(step, handles, names)))


async def kill_round(handles: list[Handle], victim: Process, waited: Waited) -> None:
    """Measure undisturbed, then with one worker killed."""
    before = await steps(handles)
    waited.undisturbed += [one.delay for one in before]
    victim.kill()
    await victim.wait()
    after = await steps(handles)
    for last, now in zip(before, after, strict=True):
        (waited.orphaned if last.by.startswith(f"{victim.pid}@") else waited.left_alone).append(now.delay)
        if now.given_up is not None:
            waited.given_up.append(now.given_up)


async def measured(complaints: int, rounds: int) -> Waited:
    """All rounds on one server."""
    waited = Waited()
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="complaints-failover-")))
        bank = stack.enter_context(running_bank(directory / "bank.db"))
        server = await stack.enter_async_context(temporal_server())
        archive = f"sqlite:///{directory}/archive.db"
        ours = BANK | {"COMPLAINTS_BANK_URL": bank.url, "COMPLAINTS_ARCHIVE_URL": archive}
        environment = own_environment(**server, **ours)
        client = await connect(server)
        workers = [await started(environment, client) for _ in range(2)]
        try:
            handles = [await opened(client) for _ in range(complaints)]
            for number in range(rounds):
                await kill_round(handles, workers.pop(0), waited)
                worst = max(waited.orphaned, default=0)
                sys.stderr.write(f"round {number + 1} of {rounds}: the worst orphan waited {worst:.2f} s\n")
                workers.append(await started(environment, client))
        finally:
            for one in workers:
                one.kill()
            await asyncio.gather(*(one.wait() for one in workers))
    return waited


def summary(delays: list[float]) -> dict[str, Any]:
    """What there is to say of many delays."""
    ordered = sorted(delays)
    if not ordered:
        return {"complaints": 0}
    ninety_nine = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return {
        "complaints": len(ordered), "median": round(median(ordered), 3), "p99": round(ninety_nine, 3),
        "worst": round(ordered[-1], 3),
    }  # fmt: skip


def verdict(waited: Waited) -> dict[str, Any]:
    """The figures, and whether the promise was kept: it is about the waiting, which no busy machine makes longer."""
    return {
        "undisturbed": summary(waited.undisturbed), "left_alone": summary(waited.left_alone),
        "orphaned": summary(waited.orphaned), "given_up": summary(waited.given_up),
        "sticky_timeout": STICKY.total_seconds(), "promised": PROMISED,
        "kept": bool(waited.given_up) and max(waited.given_up) <= PROMISED,
    }  # fmt: skip


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--complaints", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found = verdict(asyncio.run(measured(options.complaints, options.rounds)))
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}  # noqa: DTZ011
    sys.stdout.write(json.dumps(head | found, indent=2) + "\n")
    return 0 if found["kept"] else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(code)
