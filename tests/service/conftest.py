"""One long look at a worker with everything on: what it gave away is then examined by many tests."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.testing import WorkflowEnvironment

from activities.archive import Archive
from demo.cases import Case, the_eight_cases
from embedded.process import ROOT
from tests.bank_server import running_bank
from tests.replay import replay_every_history
from tests.scenarios.ended import Ended, told
from tests.server import Server, complaint
from tests.service.observed import Watched, collector, recorder, watched, watching_environment
from tests.temporal_server import at, skipping_server
from tests.worker_process import own_environment, worker_process
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE

SECRET = "王秀兰的卡 6222 0000 1111"
"""Words that no machine may repeat."""


@dataclass
class Observed:
    """What a worker gave away while complaints lived and failed."""

    cases: list[Case]
    ended: dict[str, Ended]
    """The eight cases, by reference."""
    log: list[str]
    lines: list[dict[str, Any]]
    metrics: str
    spans: list[Span]
    span_bytes: bytes
    directory: list[dict[str, str]]
    """Headers of the requests to the customer directory."""
    letters: list[str]
    """Text of every letter."""
    exit_code: int | None


@asynccontextmanager
async def idle_server() -> AsyncIterator[WorkflowEnvironment]:
    """A server that skips time when told to, and has no worker of its own."""
    async with await skipping_server() as env:
        with env.with_time_skipping_disabled():
            yield env


def environment(env: WorkflowEnvironment, bank: str) -> dict[str, str]:
    """What a worker of this server and this bank needs."""
    return at(env.client.service_client.config.target_host, env.client.namespace) | {
        "COMPLAINTS_BANK_URL": bank,
        "COMPLAINTS_CUSTOMER_KEY_SECRET": "a secret of more than thirty-two characters",
    }


@pytest.fixture(scope="session")
async def observed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Observed]:
    """Play the eight cases and a few misfortunes, stop the worker, and keep what it gave away."""
    data = tmp_path_factory.mktemp("observed")
    async with idle_server() as env:
        with running_bank(data / "bank.db") as bank, collector() as spans, recorder(bank.url) as directory:
            given = environment(env, bank.url) | watching_environment()
            given |= {"COMPLAINTS_DIRECTORY_URL": directory.url, "OTEL_EXPORTER_OTLP_ENDPOINT": spans.url}
            async with worker_process(data, **given) as process, watched(process, given) as seen:
                await seen.until_ready()
                await _by_the_command_line(data, given)
                cases = the_eight_cases()
                archive_url = f"sqlite:///{data}/archive.db"
                async with opened_archive(archive_url) as archive:
                    server = Server(env, bank, archive, archive_url)
                    played = [await told(server, file) for file in _files()]
                    await _misfortunes(server)
                metrics = await _settled(seen)
                process.send_signal(signal.SIGTERM)
                await process.wait()
            yield Observed(
                cases=cases,
                ended={ended.closed.reference: ended for ended in played},
                log=seen.log,
                lines=seen.lines,
                metrics=metrics,
                spans=spans.spans,
                span_bytes=b"".join(spans.bodies),
                directory=directory.headers,
                letters=[letter["request"]["body"] for letter in bank.inspect("letters")],
                exit_code=process.returncode,
            )
        # Recorded with tracing on, replayed without: that changes nothing for complaints that live already.
        await replay_every_history(env.client)


@asynccontextmanager
async def opened_archive(url: str) -> AsyncIterator[Archive]:
    """The archive of the worker."""
    archive = await Archive.open(url)
    try:
        yield archive
    finally:
        await archive.close()


def _files() -> list[str]:
    return [file.stem for file in sorted((ROOT / "demo" / "cases").glob("*.toml"))]


async def _by_the_command_line(data: Path, given: dict[str, str]) -> None:
    """Open a complaint with ``starter.py``, which begins its trace, and have a decision refused."""
    refused = json.dumps({"by": {"id": "E-9", "role": "nobody"}, "text": SECRET})
    for expected, command in (
        (0, ["open", str(ROOT / "demo" / "own-complaint.json")]),
        (1, ["send", "MY-0001", "add_note", refused]),
    ):
        program = (sys.executable, str(ROOT / "starter.py"), *command)
        running = await asyncio.create_subprocess_exec(
            *program, env=own_environment(**given), cwd=data, stdout=DEVNULL, stderr=DEVNULL
        )
        assert await running.wait() == expected


async def _misfortunes(server: Server) -> None:
    """What no log, metric or span may repeat: broken promises, garbage, refusals, a bank that fails."""
    server.bank.faults(
        {"kind": "500", "path": "/letters", "count": 2}, {"kind": "malformed", "path": "/letters", "count": 1}
    )
    long_ago = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    case = await server.open(complaint("MISFORTUNE-1", narrative=SECRET, received_at=long_ago))
    await case.handle.signal("customer_contacted_us", {"message_id": "m-1", "channel": SECRET, "summary": SECRET})
    await case.handle.signal("customer_contacted_us", args=[SECRET, SECRET])
    await case.handle.signal("no_such_message", SECRET)
    assert await case.refused("add_note", by={"id": "E-9", "role": "nobody"}, text=SECRET) == "role_unknown"
    assert await case.refused("add_note", text=SECRET) == "unreadable"
    lost = await server.open(complaint("MISFORTUNE-2"))
    assert (await lost.file())["stage"], "it was taken up"
    await lost.handle.terminate(reason=SECRET)
    await server.client.start_workflow(
        WORKFLOW_TYPE, {"narrative": SECRET}, id="complaint-MISFORTUNE-3", task_queue=TASK_QUEUE
    )


async def _settled(seen: Watched) -> str:
    """The metrics, once they tell of all that."""
    return await seen.until_scraped(
        r'^complaints_open{.*stage="unreadable".*} 1$',
        r'^complaints_ended_otherwise{.*status="terminated".*} 1$',
        r"^complaints_breached{.*} 1$",
        r"^complaints_reply_overdue{.*} 1$",
        r'^complaints_breaches_total{clock="law".*} 1$',
        r'^complaints_errands_impossible_total{errand="letter".*} 1$',
    )
