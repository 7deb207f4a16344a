"""Whether one complaint survives a flood: ``python -m benchmarks.flood [--messages 20000] [--senders 8]``.

Several senders send facts of all kinds, decisions, repetitions, misused ids and nonsense to one complaint, as fast as
the server takes them; near the end somebody requests its cancellation. Then its tasks are settled, the customer is
called back, and the archive's record is compared with what the senders were told: every message once, none twice. One
JSON document goes to standard output; the exit code is 1 when anything was lost, doubled or too large.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client
from temporalio.converter import default

from benchmarks.downpour import ASKED, OWNER, Handle, Json, Sender, Sent
from chaos.evidence import Archived, read_archive
from chaos.pack import write_packs
from client.connection import connect
from domain.casefile import CaseFile
from domain.errands import needs_attention
from domain.facts import FACTS
from domain.sheet import sheet
from domain.stages import stage
from tests.bank_server import running_bank
from tests.complaints import complaint_json
from tests.replay import replay_every_history
from tests.temporal_server import temporal_server
from tests.waiting import answered
from tests.worker_process import BANK, own_environment, worker_process
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

EVENTS = 10_000
"""The longest history that a run may have."""
BYTES = 2_000_000
"""What the server takes in one piece, nearly."""
SUPERVISOR = {"id": "S-1", "role": "supervisor"}
CALLER = {"id": "CB-1", "role": "call_back"}
ASSESSMENT = {"by": OWNER, "nature": "system_fault", "summary": "A fault.", "points": ["Where is the money?"]}


@dataclass
class Run:
    """One of the workflow's runs, as the server has it."""

    events: int
    carried: bytes = b""
    """The file with which it began; empty for the first."""
    attributes: Json = field(default_factory=dict)
    """The search attributes with which it began."""
    failures: list[str] = field(default_factory=list)
    """Why steps of it failed, but for messages that came in between."""
    again: int = 0
    """Steps that were taken again because a message came in between."""


@dataclass
class Flood:
    """A flood that is over, and everything that is left of it."""

    messages: int
    sent: Sent
    runs: list[Run]
    closed: Json
    archived: Archived
    sheets: list[str]
    """Differences between a case sheet at the end of a run and what the next one began with."""
    seconds: float
    """From the first message until all were taken in."""
    cpu_seconds: float
    """What the worker used of its processor meanwhile."""

    @property
    def journal(self) -> list[Json]:
        """Every entry that the archive holds."""
        return [*self.archived.pages, *(entry for row in self.archived.rows for entry in row["file"]["journal"])]


async def endured(messages: int, senders: int, settings: list[str] | None = None) -> Flood:
    """Let the flood come over a complaint, and close it."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="complaints-flood-")))
        bank = stack.enter_context(running_bank(directory / "bank.db"))
        server = await stack.enter_async_context(temporal_server(settings=settings or []))
        packs = {"COMPLAINTS_RULEPACKS": str(write_packs(directory / "rulepacks"))}
        environment = own_environment(**server, **BANK | packs | {"COMPLAINTS_BANK_URL": bank.url})
        client = await connect(server)
        worker = await stack.enter_async_context(worker_process(directory, **environment))
        assert worker.stderr
        reading = asyncio.create_task(_read_to_the_end(worker.stderr))
        stack.callback(reading.cancel)
        handle = await under_investigation(client)
        begin, cpu = time.monotonic(), _cpu(worker.pid)
        sent = await poured(handle, messages, senders)
        await answered(lambda: handle.query("case_file"), lambda file: _taken_in(file, sent))
        seconds, cpu = time.monotonic() - begin, _cpu(worker.pid) - cpu
        closed = await called_back(handle)
        runs, sheets = await read_runs(client, handle)
        await replay_every_history(client)
        archived = read_archive(directory / "archive.db")[closed["reference"]]
    return Flood(messages, sent, runs, closed, archived, sheets, seconds, cpu)


async def _read_to_the_end(log: asyncio.StreamReader) -> None:
    async for _ in log:
        pass


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def under_investigation(client: Client) -> Handle:
    """A complaint that a department is asked about."""
    given = complaint_json(received_by=OWNER)
    handle: Handle = await client.start_workflow(
        WORKFLOW_TYPE, given, id=workflow_id(given["reference"]), task_queue=TASK_QUEUE
    )
    await answered(lambda: handle.query("case_file"), lambda file: file["stage"] == "acknowledged")
    await handle.execute_update("verify_identity", {"by": OWNER, "verified": True, "method": "app login"})
    await handle.execute_update("assess", ASSESSMENT)
    question = {"by": OWNER, "department": "technology", "question": "What happened?", "investigation": ASKED}
    await handle.execute_update("request_investigation", question)
    return handle


async def poured(handle: Handle, messages: int, senders: int) -> Sent:
    """Send everything, all senders at once; when nine tenths are sent, the customer withdraws."""
    sent, left = Sent(), iter(range(messages))

    async def pour(number: int) -> None:
        sender = Sender(handle, sent, Random(number))
        for one in left:
            if one == messages * 9 // 10:
                await handle.cancel(reason="the customer rang")
            await sender.send()

    await asyncio.gather(*(pour(number) for number in range(senders)))
    return sent


def _taken_in(file: Json, sent: Sent) -> bool:
    return bool(file["withdrawals"]) and file["quarantined"] == sent.quarantined


async def called_back(handle: Handle) -> Json:
    """Settle what waits for people, and call the customer back."""
    while tasks := [one for one in await handle.query("open_tasks") if one["message"] == "resolve_task"]:
        settled = {"by": SUPERVISOR, "task": tasks[0]["id"], "settlement": "done", "note": "seen to"}
        await handle.execute_update("resolve_task", settled)
    call = {"by": CALLER, "reached": True, "solved": True, "satisfied": True, "said": "thank you"}
    await handle.execute_update("record_callback", call)
    closed: Json = await handle.result()
    return closed


async def read_runs(client: Client, last: Handle) -> tuple[list[Run], list[str]]:
    """Every run, the first one first, and where a case sheet was not the same after a roll-over as before."""
    runs: list[Run] = []
    sheets: list[str] = []
    run_id = (await last.describe()).run_id
    while run_id:
        handle = client.get_workflow_handle(last.id, run_id=run_id)
        events = list((await handle.fetch_history()).events)
        if runs:
            sheets += await _other_sheet(handle, runs[0])
        runs.insert(0, _run(events))
        run_id = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return runs, sheets


async def _other_sheet(before: Handle, after: Run) -> list[str]:
    seen = await before.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    carried = sheet(CaseFile.model_validate_json(after.carried), datetime.now(UTC))
    return [
        f"{one!r} is now {other!r}"
        for one, other in zip(_lasting(seen.current_details), _lasting(carried), strict=False)
        if one != other
    ]


def _lasting(text: str) -> list[str]:
    """The lines of a case sheet without the minutes that are left."""
    return [line.rpartition("|")[0].rpartition("|")[0] if line.startswith("|") else line for line in text.splitlines()]


def _run(events: list[HistoryEvent]) -> Run:
    started = events[0].workflow_execution_started_event_attributes
    run = Run(events=len(events))
    if started.continued_execution_run_id:
        run.carried = started.input.payloads[0].data
        found = started.search_attributes.indexed_fields.items()
        run.attributes = {name: default().payload_converter.from_payload(value) for name, value in found}
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            if failed.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND:
                run.again += 1
            else:
                run.failures.append(f"{WorkflowTaskFailedCause.Name(failed.cause)} {failed.failure.message[:200]}")
    return run


def losses(flood: Flood) -> Iterator[str]:
    """Everything that should not be."""
    yield from flood.sent.wrong
    yield from flood.sheets
    entered = Counter(_entered(flood.journal))
    expected = {*flood.sent.facts.items(), *((note, "add_note") for note in flood.sent.notes)}
    for one in expected - entered.keys():
        yield f"{one} was accepted and is not in the journal"
    for one, times in entered.items():
        if one not in expected or times > 1:
            yield f"{one} is {times} times in the journal"
    numbers = sorted(entry["number"] for entry in flood.journal)
    if numbers != list(range(flood.closed["journal_length"])):
        yield f"the archive has {len(numbers)} of {flood.closed['journal_length']} entries"
    quarantined = sum(entry["what"] == "quarantined" for entry in flood.journal)
    if quarantined != flood.sent.quarantined:
        yield f"{quarantined} messages were quarantined, and {flood.sent.quarantined} were to be"
    for run in flood.runs:
        yield from run.failures
        yield from _unlike(run)
        if run.events >= EVENTS or len(run.carried) >= BYTES:
            yield f"a run has {run.events} events, and began with {len(run.carried)} bytes"


def _entered(journal: list[Json]) -> Iterator[tuple[str, str]]:
    for entry in journal:
        message = entry["message"] or {}
        if entry["what"] == "add_note":
            yield message["text"], "add_note"
        elif "message_id" in message and "by" not in message and entry["what"] in FACTS:
            yield message["message_id"], entry["what"]


def _unlike(run: Run) -> Iterator[str]:
    """Search attributes that do not say what the file says with which the run began."""
    if not run.carried:
        return
    file = CaseFile.model_validate_json(run.carried)
    owner = file.owner.id if file.owner else None
    truth = {"ComplaintStage": stage(file), "ComplaintTier": file.tier, "ComplaintOwner": owner,
             "NeedsAttention": needs_attention(file), "RulePack": file.pinned().pack.name}  # fmt: skip
    for name, value in truth.items():
        if run.attributes.get(name) != value:
            yield f"a run began with {name} {run.attributes.get(name)}, and its file says {value}"


def verdict(flood: Flood) -> Json:
    """The figures, and everything that was lost."""
    lost = list(losses(flood))
    return {
        "messages": flood.messages, "seconds": round(flood.seconds, 1),
        "worker_cpu_seconds": round(flood.cpu_seconds, 1), "runs": len(flood.runs),
        "events": [run.events for run in flood.runs], "most_events": max(run.events for run in flood.runs),
        "steps_taken_again": sum(run.again for run in flood.runs),
        "carried_bytes": [len(run.carried) for run in flood.runs],
        "journal": flood.closed["journal_length"], "facts": len(flood.sent.facts), "notes": len(flood.sent.notes),
        "again": flood.sent.again, "quarantined": flood.sent.quarantined, "refused": flood.sent.refused,
        "insisted": flood.sent.insisted, "losses": len(lost), "first_losses": lost[:10], "kept": not lost,
    }  # fmt: skip


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--set", action="append", help="a dynamic setting of the server, as NAME=VALUE")
    options = parser.parse_args()
    found = verdict(asyncio.run(endured(options.messages, options.senders, options.set)))
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}  # noqa: DTZ011
    sys.stdout.write(json.dumps(head | found, indent=2) + "\n")
    return 0 if found["kept"] else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(code)
