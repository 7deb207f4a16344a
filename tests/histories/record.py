"""Records golden histories: ``python -m tests.histories.record [NAME ...]``; without a name, those that are missing.

One that is there is left as it is, whatever the code does today: that is what it is for. Recording it anew, by its
name, is right only while no complaint of that version is open anywhere.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import Client, WorkflowExecution

from tests.histories import golden
from tests.histories.scenarios import SCENARIOS, Scenario
from tests.server import ROOT, Server, running_server
from tests.waiting import answered

CODE = ("activities", "domain", "rulepacks", "workflows", "requirements.lock")
"""What a history depends on."""


async def record(names: Sequence[str]) -> None:
    """Play these scenarios, each on a server with its settings, and keep the histories."""
    commit = _commit()
    for settings, group in groupby(sorted(names, key=_settings), key=_settings):
        with TemporaryDirectory() as directory:
            async with running_server(Path(directory), *settings) as server:
                for name in group:
                    entries = golden.index() | {name: await _entry(server, name, SCENARIOS[name], commit)}
                    golden.write_index({known: entries[known] for known in SCENARIOS if known in entries})


def _settings(name: str) -> tuple[str, ...]:
    return SCENARIOS[name].settings


def _commit() -> str:
    """The commit whose code this is."""
    if _git("status", "--porcelain", "--", *CODE):
        sys.exit(f"Commit your changes to {', '.join(CODE)} first: a history says which code recorded it.")
    return _git("rev-parse", "HEAD")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


async def _entry(server: Server, name: str, scenario: Scenario, commit: str) -> golden.Json:
    runs = [run for key in await scenario.play(server) for run in await _runs(server.client, key)]
    histories = [name] if len(runs) == 1 else [f"{name}-{number}" for number in range(1, len(runs) + 1)]
    for history, run in zip(histories, runs, strict=True):
        handle = server.client.get_workflow_handle(run.id, run_id=run.run_id)
        golden.write(history, await handle.fetch_history())
    return {
        "about": scenario.about,
        "recorded_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit,
        "temporalio": version("temporalio"),
        "histories": histories,
    }


async def _runs(client: Client, key: str) -> list[WorkflowExecution]:
    """Every run of a workflow, the oldest first; the list is a moment behind."""
    last = (await client.get_workflow_handle(key).describe()).run_id

    async def listed() -> list[WorkflowExecution]:
        return [run async for run in client.list_workflows(f"WorkflowId = '{key}'")]

    runs = await answered(listed, lambda found: last in {run.run_id for run in found})
    return sorted(runs, key=lambda run: run.start_time)


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:] or [name for name in SCENARIOS if name not in golden.index()]))
