"""The worker process starts only when it can work, and ends in order.

- Whatever it depends on is not there, or is not as it must be: one sentence that says what to do, and exit code 2.
- When complaints are given to workers of another version, it says so instead of waiting in silence.
- SIGTERM ends it with exit code 0, after running work is done.
- Its log is one JSON object per line, and never quotes an exception: that may quote a customer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.common import VersioningBehavior
from temporalio.exceptions import ApplicationError

from activities.settings import SettingsError
from client.connection import connect
from embedded.process import ROOT, free_port
from logs import JsonLines
from tests.complaints import NAME
from tests.temporal_server import at, in_namespace, temporal_server
from tests.worker_process import BANK, said, worker_process
from worker import load_worker_settings

CLOSED = "import os, runpy; os.close(0); runpy.run_path('worker.py', run_name='__main__')"
"""The worker, started with its standard input closed."""


@pytest.mark.parametrize("program", [(), ("-c", CLOSED)], ids=["as usual", "standard input closed"])
async def test_no_server_is_one_sentence(tmp_path: Path, program: tuple[str, ...]) -> None:
    address = f"127.0.0.1:{free_port(0)}"
    async with worker_process(tmp_path, *program, **at(address), **BANK) as process:
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


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[dict[str, str]]:
    """The environment that finds a server; its namespace ``clash`` is spoilt by a test."""
    async with temporal_server("clash", "fresh", "crowded") as environment:
        yield environment


class TestDependencies:
    """Everything is as it must be, but for one thing."""

    async def refusal(self, directory: Path, environment: dict[str, str], **wrong: str) -> str:
        """The one sentence with which the worker ends."""
        async with worker_process(directory, **(environment | BANK | wrong)) as process:
            _, said = await process.communicate()
        assert process.returncode == 2
        assert said.decode().count("\n") == 1
        return said.decode().strip()

    async def test_a_namespace_that_is_not_there(self, server: dict[str, str], tmp_path: Path) -> None:
        said = await self.refusal(tmp_path, in_namespace(server, "nowhere"))
        assert "has no namespace nowhere; set TEMPORAL_NAMESPACE, or make it with 'starter.py setup'" in said

    async def test_a_search_attribute_of_another_type(self, server: dict[str, str], tmp_path: Path) -> None:
        environment = in_namespace(server, "clash")
        client = await connect(environment)
        wrong = {"ReplyDueAt": IndexedValueType.INDEXED_VALUE_TYPE_TEXT}
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="clash", search_attributes=wrong)
        )
        said = await self.refusal(tmp_path, environment)
        assert "ReplyDueAt is text and must be datetime" in said
        assert "temporal operator search-attribute remove --name ReplyDueAt" in said

    async def test_a_missing_search_attribute_is_registered_and_said(
        self, server: dict[str, str], tmp_path: Path
    ) -> None:
        async with worker_process(tmp_path, **in_namespace(server, "fresh"), **BANK) as process:
            ready = await said(process, "worker ready")
        assert "ReplyDueAt" in ready["facts"]["registered"]

    async def test_a_namespace_that_has_no_room_for_a_missing_one(self, server: dict[str, str], tmp_path: Path) -> None:
        environment = in_namespace(server, "crowded")
        client = await connect(environment)
        taken = {f"Taken{number}": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for number in range(10)}
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="crowded", search_attributes=taken)
        )
        told = await self.refusal(tmp_path, environment)
        assert told.startswith("The search attributes cannot be registered: ")
        assert "have an administrator register ComplaintStage (keyword)" in told

    async def test_an_archive_that_cannot_be_opened(self, server: dict[str, str], tmp_path: Path) -> None:
        url = "postgresql://archive:hunter2@127.0.0.1:9/archive"
        said = await self.refusal(tmp_path, server, COMPLAINTS_ARCHIVE_URL=url)
        assert "cannot be opened" in said
        assert "start its database, or correct COMPLAINTS_ARCHIVE_URL" in said
        assert "hunter2" not in said

    async def test_a_rule_pack_that_cannot_be_used(self, server: dict[str, str], tmp_path: Path) -> None:
        pack = (ROOT / "rulepacks" / "cn-banking.toml").read_text(encoding="utf-8")
        (tmp_path / "cn-banking.toml").write_text(pack.replace("version =", "verzion =", 1), encoding="utf-8")
        said = await self.refusal(tmp_path, server, COMPLAINTS_RULEPACKS=str(tmp_path))
        assert said.startswith("The rule pack cn-banking cannot be used: ")
        assert f"{tmp_path}/cn-banking.toml:" in said

    async def test_a_selection_that_names_no_rule_pack(self, server: dict[str, str], tmp_path: Path) -> None:
        shutil.copytree(ROOT / "rulepacks", tmp_path / "packs")
        (tmp_path / "packs" / "us-reg-e.toml").unlink()
        told = await self.refusal(tmp_path, server, COMPLAINTS_RULEPACKS=str(tmp_path / "packs"))
        assert "us-reg-e" in told
        assert "selection.toml" in told

    async def test_no_rule_pack_at_all(self, server: dict[str, str], tmp_path: Path) -> None:
        said = await self.refusal(tmp_path, server, COMPLAINTS_RULEPACKS=str(tmp_path))
        assert said == f"There is no rule pack in {tmp_path}; set COMPLAINTS_RULEPACKS to their directory."

    async def test_a_version_that_is_given_nothing(self, server: dict[str, str], tmp_path: Path) -> None:
        version = {"TEMPORAL_DEPLOYMENT_NAME": "complaints", "TEMPORAL_WORKER_BUILD_ID": "2026.1"}
        async with worker_process(tmp_path, **server, **BANK, **version) as process:
            assert process.stderr
            lines = [json.loads(line) async for line in until_warned(process.stderr)]
        assert lines[-1]["message"] == "this worker gets no new work"
        assert "starter.py setup --current-version complaints:2026.1" in lines[-1]["facts"]["reason"]


async def until_warned(lines: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The lines of a log up to its first warning."""
    async with asyncio.timeout(60):
        async for line in lines:
            yield line
            if json.loads(line)["level"] == "warning":
                return


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


@pytest.mark.parametrize("address", ["9464", ":9464", "localhost:9464", "127.0.0.1:0", "127.0.0.1:99999", "1.2.3:80"])
def test_an_address_that_cannot_be_one_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_WORKER_METRICS_ADDRESS", address)
    with pytest.raises(SettingsError, match=r"^COMPLAINTS_WORKER_METRICS_ADDRESS: give an IP address and a port, such"):
        load_worker_settings()


def test_addresses_are_read_and_there_is_none_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_worker_settings().health_address is None
    for text, port in (("0.0.0.0:8081", 8081), ("[::1]:8082", 8082)):
        monkeypatch.setenv("COMPLAINTS_WORKER_HEALTH_ADDRESS", text)
        address = load_worker_settings().health_address
        assert address is not None
        assert (str(address), address.port) == (text, port)


def test_there_is_no_level_at_which_the_log_quotes_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_WORKER_LOG_LEVEL", "debug")
    with pytest.raises(SettingsError, match=r"^COMPLAINTS_WORKER_LOG_LEVEL: Input should be 'info', 'warning' or"):
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

    def test_what_is_about_a_complaint_carries_its_reference(self) -> None:
        for context in ("temporal_workflow", "temporal_activity"):
            assert self.line("done", **{context: {"workflow_id": "complaint-MY-1"}})["complaint"] == "MY-1"
        assert "complaint" not in self.line("worker ready")

    def test_what_others_put_behind_the_first_line_is_left_out(self) -> None:
        line = self.line("Task exception was never retrieved\nfuture: exception=ValueError(%r)", NAME)
        assert line["message"] == "Task exception was never retrieved"

    def test_a_failure_shows_its_code_and_not_what_was_replaced(self) -> None:
        try:
            try:
                raise ValueError(NAME)
            except ValueError:
                raise ApplicationError(NAME, type="BankFailed") from None
        except ApplicationError as error:
            line = self.line("failed", error=(type(error), error, error.__traceback__))
        assert [(one["type"], one["code"]) for one in line["error"]] == [("ApplicationError", "BankFailed")]

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
