"""Two builds of the worker, as two processes with worker versioning, on a real server and with the real bank.

- A build that is not current yet says so, and what to do.
- What was begun with the first build goes on with the second one once that is current, and ends as it should: what had
  passed the change keeps the old path, what had not takes the new one. New complaints know the second build only.
- SIGTERM ends the first build; the server calls it drained, and the doctor says which builds there are.
- The commands are those of ``docs/upgrades.md``.
"""

from __future__ import annotations

import asyncio
import re
import shlex
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from temporalio.api.deployment.v1 import WorkerDeploymentVersion as Wire
from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentVersionRequest
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from bank.script import Script
from bank.staff import ScriptedStaff
from client.deployment import ACTIVITY_TASKS, WORKFLOW_TASKS, builds, routing
from client.gateway import open_complaint
from domain.complaint import Complaint
from embedded.process import ROOT
from tests.bank_server import RunningBank, running_bank
from tests.server import complaint
from tests.temporal_server import TEMPORAL, at, skipping_server
from tests.upgrades.guide import GUIDE
from tests.waiting import answered
from tests.worker_process import BANK, own_environment, said, worker_process
from workflows.names import workflow_id

OLD, NEW = "2026.11", "2026.12"
DRAINED_AT_ONCE = (
    'matching.wv.VersionDrainageStatusVisibilityGracePeriod="1s"',
    'matching.wv.VersionDrainageStatusRefreshInterval="1s"',
)
"""Instead of minutes."""


@dataclass(frozen=True)
class Place:
    """A server with a bank, where builds come and go."""

    client: Client
    bank: RunningBank
    environment: dict[str, str]
    directory: Path

    def build(self, name: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        """A worker of a build; the new one has the worked change."""
        program = ("-m", "tests.upgrades.next_build") if name == NEW else ("worker.py",)
        version = {"TEMPORAL_DEPLOYMENT_NAME": "complaints", "TEMPORAL_WORKER_BUILD_ID": name}
        return worker_process(self.directory, *program, **self.environment, **version)

    async def guide(self, command: str, build: str = NEW) -> str:
        """What a command of the guide answers, given for a build."""
        [line] = re.findall(rf"^(?:\.venv/bin/python )?({re.escape(command)}.*?)(?: +#.*)?$", GUIDE, re.MULTILINE)
        program, *words = shlex.split(line.replace(NEW, build))
        first = [str(TEMPORAL)] if program == "temporal" else [sys.executable, str(ROOT / program)]
        process = await asyncio.create_subprocess_exec(
            *first, *words, env=own_environment(**self.environment), cwd=self.directory, stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate()
        assert process.returncode == 0, (out + err).decode()
        return out.decode()

    async def open(self, reference: str) -> ScriptedStaff:
        """Open a complaint, and wait until it is acknowledged; its staff has not begun to work."""
        received = complaint(reference, received_at=datetime.now(UTC).isoformat())
        await open_complaint(self.client, Complaint.model_validate(received))
        staff = ScriptedStaff(self.client, reference, Script(), TimeSkipper(self.client))
        await answered(staff.look, lambda view: view.stage == "acknowledged")
        return staff

    async def took(self, reference: str) -> list[str]:
        """Builds that took the steps of a complaint, in their order."""
        events = self.client.get_workflow_handle(workflow_id(reference)).fetch_history_events()
        steps = [event.workflow_task_completed_event_attributes async for event in events]
        return list(dict.fromkeys(step.deployment_version.build_id for step in steps if step.scheduled_event_id))

    def told(self, reference: str) -> int:
        """How often the quality desk heard of a complaint."""
        return [one["request"].get("to") for one in self.bank.inspect("requests", reference)].count("quality")


async def serves(place: Place, build: str) -> None:
    """Wait until a build is given complaints."""
    version = WorkerDeploymentVersion("complaints", build)
    await answered(lambda: routing(place.client), lambda found: found.serves(version))


async def works(place: Place, build: str) -> None:
    """Wait until the server has seen workers of a build that do all the work: until then it refuses to let it ramp."""
    request = DescribeWorkerDeploymentVersionRequest(
        namespace=place.client.namespace, deployment_version=Wire(deployment_name="complaints", build_id=build)
    )

    async def kinds() -> set[int]:
        try:
            found = await place.client.workflow_service.describe_worker_deployment_version(request)
        except RPCError as nothing:
            if nothing.status is not RPCStatusCode.NOT_FOUND:
                raise
            return set()
        return {queue.type for queue in found.version_task_queues}

    await answered(kinds, lambda found: found >= {WORKFLOW_TASKS, ACTIVITY_TASKS})


async def idles(process: asyncio.subprocess.Process, build: str) -> None:
    """Wait until a worker says that it is given nothing, and what to do."""
    warning = await said(process, "this worker gets no new work")
    assert warning["facts"]["reason"].endswith(f"starter.py setup --current-version complaints:{build}")


async def upgraded(place: Place) -> None:
    """One build after the other; whatever happens to complaints meanwhile."""
    async with place.build(OLD) as old:
        await idles(old, OLD)
        assert "(before: workers without versioning)" in await place.guide("starter.py setup --current-version", OLD)
        passed = await place.open("BUILD-PASSED")
        await passed.work(lambda view: view.stage == "identity_verified")
        coming = await place.open("BUILD-COMING")
        async with place.build(NEW) as new:
            await idles(new, NEW)
            await works(place, NEW)
            await place.guide("temporal worker deployment set-ramping-version")
            await serves(place, NEW)
            assert f"(before: complaints:{OLD})" in await place.guide("starter.py setup --current-version")
            fresh = await place.open("BUILD-FRESH")
            old.send_signal(signal.SIGTERM)
            await old.communicate()
            assert old.returncode == 0
            await asyncio.gather(*(staff.work() for staff in (passed, coming, fresh)))
            assert {(await staff.closed()).outcome for staff in (passed, coming, fresh)} == {"satisfied"}
            await answered(
                lambda: builds(place.client, "complaints"), lambda known: known == {NEW: "current", OLD: "drained"}
            )
            assert f"complaints: {NEW} is current, {OLD} is drained" in await place.guide("starter.py doctor")


async def test_complaints_go_on_with_the_next_build(tmp_path: Path) -> None:
    with running_bank(tmp_path / "bank.db") as bank:
        async with await skipping_server(*DRAINED_AT_ONCE) as server:
            here = at(server.client.service_client.config.target_host) | BANK | {"COMPLAINTS_BANK_URL": bank.url}
            here |= {"COMPLAINTS_ARCHIVE_URL": f"sqlite:///{tmp_path}/archive.db"}
            place = Place(server.client, bank, here, tmp_path)
            with server.with_time_skipping_disabled():
                await upgraded(place)
            assert await place.took("BUILD-PASSED") == await place.took("BUILD-COMING") == [OLD, NEW]
            assert await place.took("BUILD-FRESH") == [NEW]
            assert [place.told(f"BUILD-{name}") for name in ("PASSED", "COMING", "FRESH")] == [0, 1, 1]
            for reference in ("BUILD-PASSED", "BUILD-COMING", "BUILD-FRESH"):
                letters = [letter["kind"] for letter in bank.inspect("letters", reference)]
                assert letters.count("acknowledgement") == letters.count("final_response") == 1
