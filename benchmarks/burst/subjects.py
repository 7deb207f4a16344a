"""What is opened so that its time runs out at one instant: complaints of ours, or the floor."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.book.programs import PATIENCE, Programs
from benchmarks.burst import floor
from benchmarks.lifecycle.life import NARRATIVE, OWNER
from benchmarks.lifecycle.lives import complaint
from client.gateway import open_complaint
from domain.complaint import Complaint
from domain.reading import read
from embedded.process import ROOT, child
from workflows.names import workflow_id

SHIPPED = "cn-banking"
PROMISED = timedelta(hours=8)
CHANGES = f"""
name = "{SHIPPED}"
includes = ["shared/as-shipped.toml"]

[clocks.promise]
length = {{ hours = {PROMISED // timedelta(hours=1)} }}
warn_before = []
"""
"""The rules as shipped, but for the committed reply deadline: complaints received at one instant are due at one."""


def write_packs(directory: Path) -> Path:
    """A directory of rule packs for the worker."""
    shutil.copytree(ROOT / "rulepacks", directory)
    shutil.copy(ROOT / "rulepacks" / f"{SHIPPED}.toml", directory / "shared" / "as-shipped.toml")
    (directory / f"{SHIPPED}.toml").write_text(CHANGES, encoding="utf-8")
    return directory


@dataclass(frozen=True)
class Subject:
    """One way to make a promise."""

    name: str
    processes: dict[str, int]
    """Process ids of everything that works for it."""
    open: Callable[[str, datetime], Awaitable[None]]
    """Makes a promise under a reference, for an instant."""
    ask: Callable[[str], Awaitable[object]] | None = None
    """Says something about a promise that is not due, as staff do meanwhile, until it is answered."""


def ours(running: Programs) -> Subject:
    """Complaints, on server, bank and worker as ``make run`` keeps them."""

    async def open_(reference: str, due: datetime) -> None:
        given = complaint(reference) | {"received_at": (due - PROMISED).isoformat()}
        await open_complaint(running.client, read(Complaint, given))

    async def ask(reference: str) -> object:
        handle = running.client.get_workflow_handle(workflow_id(reference))
        return await handle.execute_update("add_note", {"by": OWNER, "text": "The customer prefers calls at noon."})

    return Subject("complaints", {name: one.process.pid for name, one in running.children.items()}, open_, ask)


@asynccontextmanager
async def timers(running: Programs) -> AsyncIterator[Subject]:
    """The floor, with its own worker in the place of ours."""

    async def open_(reference: str, due: datetime) -> None:
        promise = floor.Promise(reference, due.timestamp(), NARRATIVE)
        await running.client.start_workflow(
            floor.WORKFLOW_TYPE, promise, id=f"floor-{reference}", task_queue=floor.TASK_QUEUE
        )

    await running.stop_worker()
    words = (sys.executable, "-m", "benchmarks.burst.floor")
    async with child("floor", words, running.environment, running.data, running.lock, PATIENCE) as worker:
        yield Subject("floor", {"server": running.server.process.pid, "worker": worker.process.pid}, open_)


def instant(seconds: float) -> datetime:
    """Some seconds from now, to the second."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
