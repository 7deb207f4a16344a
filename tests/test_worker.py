"""The worker process starts only when it can work, and ends in order.

- No server, no settings, half of a versioning: one sentence and exit code 2.
- SIGTERM ends it with exit code 0, after running work is done.
- Its log is one JSON object per line, and never quotes an exception: that may quote a customer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.common import VersioningBehavior

from activities.settings import SettingsError
from embedded.process import ROOT, free_port
from logs import JsonLines
from tests.complaints import NAME
from tests.temporal_server import at, temporal_server
from worker import load_worker_settings

BANK = {
    "COMPLAINTS_BANK_URL": "http://127.0.0.1:9",
    "COMPLAINTS_CUSTOMER_KEY_SECRET": "a secret of more than thirty-two characters",
}


@asynccontextmanager
async def worker_process(directory: Path, **environment: str) -> AsyncIterator[Process]:
    """``worker.py`` in a process of its own."""
    archive = {"COMPLAINTS_ARCHIVE_URL": f"sqlite:///{directory}/archive.db"}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "COMPLAINTS_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "worker.py")), env=own | archive | environment, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_no_server_is_one_sentence(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port(0)}"
    async with worker_process(tmp_path, **at(address), **BANK) as process:
        _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode() == (
        f"No Temporal server answers at {address} (connection refused); start it, or set TEMPORAL_ADDRESS.\n"
    )


async def test_without_settings_of_the_bank_it_does_not_start(tmp_path: Path) -> None:
    async with worker_process(tmp_path, **at("127.0.0.1:1")) as process:
        _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode().count("\n") == 1
    assert "COMPLAINTS_" in said.decode()


async def test_it_says_when_it_is_ready_and_ends_in_order(tmp_path: Path) -> None:
    async with temporal_server() as server, worker_process(tmp_path, **server, **BANK) as process:
        assert process.stderr
        messages = []
        async for line in process.stderr:
            messages.append(json.loads(line)["message"])
            if messages[-1] == "worker ready":
                process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert messages[-1] == "worker stopped"


def test_versioning_is_off_unless_both_names_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_worker_settings().deployment is None
    monkeypatch.setenv("TEMPORAL_DEPLOYMENT_NAME", "complaints")
    with pytest.raises(SettingsError, match="TEMPORAL_WORKER_BUILD_ID together"):
        load_worker_settings()
    monkeypatch.setenv("TEMPORAL_WORKER_BUILD_ID", "2026-11-22")
    deployment = load_worker_settings().deployment
    assert deployment is not None
    assert deployment.use_worker_versioning
    assert deployment.version.to_canonical_string() == "complaints.2026-11-22"
    assert deployment.default_versioning_behavior is VersioningBehavior.AUTO_UPGRADE


def test_tuning_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_WORKER_MAX_CACHED_WORKFLOWS", "many")
    with pytest.raises(
        SettingsError, match=r"^COMPLAINTS_WORKER_MAX_CACHED_WORKFLOWS: Input should be a valid integer"
    ):
        load_worker_settings()


class TestLog:
    def line(self, message: str, *words: object, **more: Any) -> dict[str, Any]:
        record = logging.LogRecord("complaints", logging.WARNING, __file__, 1, message, words, more.pop("error", None))
        record.__dict__ |= more
        formatted = JsonLines().format(record)
        assert "\n" not in formatted
        parsed: dict[str, Any] = json.loads(formatted)
        return parsed

    def test_a_record_is_one_object(self) -> None:
        line = self.line("sent %s", "letter-1", temporal_activity={"attempt": 2})
        assert line["message"] == "sent letter-1"
        assert (line["level"], line["logger"]) == ("warning", "complaints")
        assert line["temporal_activity"] == {"attempt": 2}
        assert line["at"].endswith("+00:00")

    def test_an_exception_shows_where_and_not_what(self) -> None:
        try:
            try:
                raise ValueError(NAME)
            except ValueError as first:
                raise RuntimeError(f"could not send to {NAME}") from first
        except RuntimeError as error:
            line = self.line("failed", error=(type(error), error, error.__traceback__))
        assert [one["type"] for one in line["error"]] == ["RuntimeError", "ValueError"]
        assert "test_worker.py" in line["error"][0]["at"][0]
        assert NAME not in json.dumps(line)
