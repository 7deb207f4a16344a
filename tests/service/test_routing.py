"""A worker that is given no complaints says so, and what to do, instead of waiting in silence.

- With a version: as long as complaints are given to another one, or to workers without any.
- Without a version: as long as they are given to a version.
- It says so again and again, and once more when that is mended.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion

from client.connection import connect
from client.deployment import Routing, idle
from service import routing as watching
from service.routing import watched_routing
from tests.deployment import made_current, versioned_worker
from tests.temporal_server import temporal_server
from tests.waiting import eventually

ONE, TWO = (WorkerDeploymentVersion("complaints", build) for build in ("2026.1", "2026.2"))


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    async with temporal_server() as environment:
        yield await connect(environment)


async def logged(caplog: pytest.LogCaptureFixture, level: int, times: int) -> list[logging.LogRecord]:
    """Wait until there are so many records of a level."""

    async def found() -> list[logging.LogRecord] | None:
        records = [record for record in caplog.records if record.levelno == level]
        return records if len(records) >= times else None

    return await eventually(found)


@pytest.mark.parametrize(
    ("version", "current", "ramping", "reason"),
    [
        (None, None, None, None),
        (ONE, ONE, None, None),
        (TWO, ONE, TWO, None),
        (None, ONE, None, "given to complaints:2026.1, and not to workers without versioning"),
        (ONE, None, None, "given to workers without versioning, and not to complaints:2026.1"),
        (ONE, TWO, None, "given to complaints:2026.2, and not to complaints:2026.1"),
    ],
)
def test_who_is_given_complaints(
    version: WorkerDeploymentVersion | None,
    current: WorkerDeploymentVersion | None,
    ramping: WorkerDeploymentVersion | None,
    reason: str | None,
) -> None:
    said = idle(version, Routing(current, ramping, pollers=()))
    assert (said is None) == (reason is None)
    assert (reason or "") in (said or "")


async def test_it_warns_when_another_version_has_taken_over(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", timedelta(milliseconds=50))
    async with (
        versioned_worker(client, "complaints", "2026.1"),
        versioned_worker(client, "complaints", "2026.2"),
    ):
        await made_current(client, "complaints", "2026.1")
        async with watched_routing(client, ONE):
            await made_current(client, "complaints", "2026.2")
            (warning, *_) = await logged(caplog, logging.WARNING, times=1)
        reason = warning.__dict__["facts"]["reason"]
        assert reason.startswith("Complaints are given to complaints:2026.2, and not to complaints:2026.1; ")
        await made_current(client, "complaints", "")


async def test_it_warns_until_the_version_is_current(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", timedelta(milliseconds=50))
    caplog.set_level(logging.INFO, logger="complaints.routing")
    async with versioned_worker(client, "complaints", "2026.1"), watched_routing(client, ONE):
        for warning in await logged(caplog, logging.WARNING, times=2):
            assert "setup --current-version complaints:2026.1" in warning.__dict__["facts"]["reason"]
        await made_current(client, "complaints", "2026.1")
        assert (await logged(caplog, logging.INFO, times=1))[0].getMessage() == "this worker gets work"
    async with watched_routing(client, None):
        caplog.clear()
        (warning, *_) = await logged(caplog, logging.WARNING, times=1)
        assert "setup --current-version complaints:" in warning.__dict__["facts"]["reason"]
        await made_current(client, "complaints", "")
        await logged(caplog, logging.INFO, times=1)
