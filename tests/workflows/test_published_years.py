"""Guarantee proved here: while a deadline depends on a year without published holidays, the calendars are read again
every week without a trace, and a pack's file that is edited while the complaint is open makes the deadline certain."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from tests.workflows.case import Case, entries
from tests.workflows.conftest import RULEPACKS, complaint, worker_for
from tests.workflows.recorded_bank import RecordedBank
from workflows.names import WORKFLOW_TYPE, workflow_id

A_WEEK = timedelta(days=8)
"""To the end of the seventh day, and some hours."""


def packs_with_a_long_clock(directory: Path) -> Path:
    """The answer to the regulator is counted through years that nobody has published yet, whatever today is."""
    packs = Path(shutil.copytree(RULEPACKS, directory / "packs"))
    file = packs / "cn-banking.toml"
    text = file.read_text(encoding="utf-8")
    short = "[clocks.regulator]\nlength = { calendar_days = 7 }"
    assert short in text
    file.write_text(text.replace(short, "[clocks.regulator]\nlength = { business_days = 600 }"), encoding="utf-8")
    return packs


def announce(packs: Path, years: range) -> None:
    """The government publishes the holidays of these years."""
    with (packs / "cn-banking.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"\n[calendar.announced.{year}]\ncomplete = true\n" for year in years)


def readings(history: WorkflowHistory) -> int:
    """How often the calendars were asked for."""
    kinds = (event.activity_task_scheduled_event_attributes.activity_type.name for event in history.events)
    return sum(kind == "resolve_calendars" for kind in kinds)


async def test_a_year_that_is_published_while_the_complaint_is_open(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank, tmp_path: Path
) -> None:
    packs = packs_with_a_long_clock(tmp_path)
    queue, content = f"packs-{uuid4().hex}", complaint()
    async with worker_for(workflow_env.client, recorded_bank, queue, packs):
        with workflow_env.with_time_skipping_disabled():
            handle = await workflow_env.client.start_workflow(
                WORKFLOW_TYPE, content, id=workflow_id(content["reference"]), task_queue=queue
            )
        case = Case(workflow_env, workflow_env.client, recorded_bank, handle)
        await case.stage("acknowledged")
        await case.tell("regulator_contacted_us", regulator="NFRA", their_reference="R-1", summary="They ask.")
        await case.wrote("regulator_contacted_us")
        estimated = await case.clock("regulator-1")
        assert estimated["provisional"]

        await case.wait(A_WEEK)
        await case.until(lambda file: file["calendars_read_at"] and not waiting(file))
        assert readings(await handle.fetch_history()) == 1
        assert await case.clock("regulator-1") == estimated
        assert entries(await case.file(), "calendar_published") == []

        started = int(estimated["started_at"][:4])
        announce(packs, range(started, started + 5))
        await case.wait(A_WEEK)
        file = await case.wrote("calendar_published")
        certain = await case.clock("regulator-1")
        assert not certain["provisional"]
        assert len(certain["moves"]) == 1
        assert "published" in certain["moves"][0]

        await case.wait(A_WEEK)
        assert readings(await handle.fetch_history()) == 2
        assert len(entries(file, "calendar_published")) == 1
        assert await case.task_failures() == []
        await handle.terminate()


def waiting(file: dict[str, list[dict[str, str | None]]]) -> bool:
    """Whether the calendars are being read."""
    return any(errand["kind"] == "calendars" for errand in file["errands"])
