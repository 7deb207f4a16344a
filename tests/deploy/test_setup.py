"""The set-up job, against a real server.

- The namespace keeps closed histories for 90 days, and has the search attributes. Again: nothing changes.
- It waits for a server that comes up after it.
- What waiting cannot mend ends it at once, with the reason.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

import deploy.setup as job
from client.attributes import AttributesRefused, register_attributes
from client.connection import ServerNotThere, connect
from tests.server import TEMPORAL
from tests.temporal_server import at, in_namespace, temporal_server
from workflows.names import SEARCH_ATTRIBUTES


@pytest.fixture(scope="module")
async def there() -> AsyncIterator[dict[str, str]]:
    async with temporal_server("clash") as environment:
        yield environment


async def retention(client: Client) -> timedelta:
    answer = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def test_the_namespace_is_made_once_with_retention_and_attributes(there: dict[str, str]) -> None:
    environment = in_namespace(there, "complaints")
    said = await job.set_up_when_there(environment)
    assert "made, retention 90 days" in said
    assert all(key.name in said for key in SEARCH_ATTRIBUTES)
    client = await connect(environment)
    assert await retention(client) == timedelta(days=90)
    assert await register_attributes(client) == []
    assert "there already" in await job.set_up_when_there(environment)


async def test_it_waits_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    tried = asyncio.Event()
    monkeypatch.setattr(job, "PAUSE", timedelta(milliseconds=100))
    monkeypatch.setattr(job, "tell", lambda _line: tried.set())
    waiting = asyncio.create_task(job.set_up_when_there(at(f"127.0.0.1:{port}", "complaints")))
    await asyncio.wait_for(tried.wait(), 30)
    assert not waiting.done()
    async with await WorkflowEnvironment.start_local(
        port=port, dev_server_existing_path=str(TEMPORAL), dev_server_log_level="error"
    ):
        assert "made" in await asyncio.wait_for(waiting, 60)


async def test_its_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PATIENCE", timedelta(0))
    with pytest.raises(ServerNotThere, match=r"127\.0\.0\.1:1\b"):
        await job.set_up_when_there(at("127.0.0.1:1", "complaints"))


async def test_a_clash_of_types_is_not_waited_for(there: dict[str, str]) -> None:
    environment = in_namespace(there, "clash")
    client = await connect(environment)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace="clash", search_attributes={"ComplaintTier": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD}
        )
    )
    with pytest.raises(AttributesRefused, match="ComplaintTier is keyword and must be int"):
        await job.set_up_when_there(environment)


def test_it_ends_with_its_reason_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(job, "PATIENCE", timedelta(0))
    for name, value in at("127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    assert job.main() == 2
    assert capsys.readouterr().err == "No Temporal server answers at 127.0.0.1:1.\n"
