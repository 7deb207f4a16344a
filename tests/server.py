"""A real Temporal server with the real worker, the real activities and the stand-in bank over HTTP, for tests.

How to use it. ``tests/conftest.py`` has the session fixture ``server`` of the type :class:`Server` below: one server
and one worker for all tests that a process runs. At its end the history of every complaint is replayed (a worker that
keeps no workflow in memory would do that at every step, but loses queries that come together for ten seconds). Choose
references of your own, unique over all tests::

    async def test_a_guarantee(server: Server) -> None:
        case = await server.open(complaint("MY-TEST-1"))          # a dict: the JSON of a complaint
        receipt = await case.decide("verify_identity", by=..., verified=True, method="app login")
        code = await case.refused("assess", by=..., nature="fees")  # code of the expected refusal
        await case.tell("customer_contacted_us", channel="phone", summary="asks")
        await case.pass_time(timedelta(days=3))                    # this complaint only, in about 0.1 s
        file = await case.file()

The bank's state is shared: look only at your own reference (``server.bank.inspect("letters", reference)``), and set
faults for your own customer number.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import AnyHttpUrl, SecretStr
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.archive import Archive
from activities.bank import bank_activities
from activities.settings import BankSettings
from client.attributes import register_attributes
from domain.model import Identifier
from tests.bank_server import RunningBank, running_bank
from tests.replay import replay_every_history
from tests.temporal_server import skipping_server
from worker import WorkerSettings, build_worker
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

ROOT = Path(__file__).parents[1]


@dataclass
class Case:
    """One complaint under test, by the public interface only."""

    env: WorkflowEnvironment
    handle: WorkflowHandle[Any, Any]
    reference: Identifier
    _numbers: Iterator[int] = field(default_factory=count)

    async def decide(self, update: str, **message: Any) -> dict[str, Any]:
        """Send a decision that is accepted."""
        receipt: dict[str, Any] = await self.handle.execute_update(update, message)
        return receipt

    async def refused(self, update: str, **message: Any) -> str:
        """Send a decision that is refused, and give the code of the refusal."""
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await self.handle.execute_update(update, message)
        assert isinstance(failed.value.cause, ApplicationError)
        return str(failed.value.cause.type)

    async def tell(self, signal: str, **message: Any) -> None:
        """Send a fact."""
        await self.handle.signal(signal, {"message_id": f"test-{next(self._numbers)}"} | message)

    async def pass_time(self, span: timedelta) -> None:
        """Let time pass for this complaint."""
        await self.env.fast_forward(self.handle, span)

    async def file(self) -> dict[str, Any]:
        """The case file."""
        file: dict[str, Any] = await self.handle.query("case_file")
        return file

    async def tasks(self) -> list[dict[str, Any]]:
        """The open tasks."""
        tasks: list[dict[str, Any]] = await self.handle.query("open_tasks")
        return tasks

    async def deadlines(self) -> dict[str, dict[str, Any]]:
        """The clocks by their ids."""
        return {clock["id"]: clock for clock in await self.handle.query("deadlines")}


@dataclass
class Server:
    """Everything that runs."""

    env: WorkflowEnvironment
    bank: RunningBank
    archive: Archive
    archive_url: str

    @property
    def client(self) -> Client:
        """A client; complaints that it starts live by their own clocks, until time is passed for them."""
        return self.env.client

    async def open(self, complaint: dict[str, Any]) -> Case:
        """Start a complaint; it is received now, unless it says otherwise."""
        complaint = {"received_at": datetime.now(UTC).isoformat()} | complaint
        reference = complaint["reference"]
        handle: WorkflowHandle[Any, Any] = await self.client.start_workflow(
            WORKFLOW_TYPE, complaint, id=workflow_id(reference), task_queue=TASK_QUEUE
        )
        return Case(self.env, handle, reference)


def complaint(reference: str, **changes: Any) -> dict[str, Any]:
    """An ordinary complaint as JSON, with a customer number of its own."""
    return {
        "reference": reference,
        "channel": "app",
        "complainant": {"name": "测试客户", "customer_number": f"C-{reference}", "channels": ["app", "post"]},
        "subject": {"product": "transfer"},
        "narrative": "钱转出去三天了，对方没有收到。",
        "summary": "转账已扣款，收款人未收到。",
        "received_by": {"id": "FL-0021", "role": "first_line"},
    } | changes


@asynccontextmanager
async def running_server(data: Path, *settings: str, ui_port: int | None = None) -> AsyncIterator[Server]:
    """Bring server, bank and worker up, with the Temporal UI where a port is given; down again afterwards."""
    with running_bank(data / "bank.db") as bank:
        async with (
            await skipping_server(*settings, ui_port=ui_port) as env,
            bank_activities(bank_settings(bank, data)) as activities,
        ):
            await register_attributes(env.client)
            archive_url = f"sqlite:///{data}/archive.db"
            archive = await Archive.open(archive_url)
            # Otherwise every complaint would jump to its next deadline whenever nobody does anything.
            with env.with_time_skipping_disabled():
                async with build_worker(env.client, WorkerSettings(), activities):
                    yield Server(env, bank, archive, archive_url)
                await replay_every_history(env.client)
            await archive.close()


def bank_settings(bank: RunningBank, data: Path) -> BankSettings:
    """How the activities reach the stand-in, with an archive of their own."""
    return BankSettings(
        bank_url=AnyHttpUrl(bank.url),
        archive_url=SecretStr(f"sqlite:///{data}/archive.db"),
        customer_key_secret=SecretStr("a secret of more than thirty-two characters"),
        rulepacks=ROOT / "rulepacks",
    )
