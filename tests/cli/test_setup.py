"""``starter.py setup`` prepares a server, against a real one.

- The namespace keeps closed complaints for 90 days, and has the search attributes. Again: nothing changes.
- The retention changes when asked to, and only then; from what to what is said.
- Patrols go every hour, or as often as was said last.
- It waits for a server that comes up after it, and not for what waiting cannot mend.
- When it is done a complaint can be started at once, with every search attribute.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

from cli.spans import lasting, span
from client.connection import connect, describe_namespace
from client.namespace import retention_of
from client.patrol import patrols
from embedded.process import ROOT, free_port
from tests.cli.conftest import Starter, starter_in
from tests.temporal_server import TEMPORAL, at, in_namespace, temporal_server
from workflows.names import SEARCH_ATTRIBUTES, STAGE, TASK_QUEUE, WORKFLOW_TYPE


@pytest.fixture(scope="module")
async def there() -> AsyncIterator[dict[str, str]]:
    async with temporal_server("bare", "clash") as environment:
        yield environment


def starter(environment: dict[str, str], namespace: str, directory: Path) -> Starter:
    return starter_in(in_namespace(environment, namespace), directory)


async def retention(client: Client) -> timedelta:
    return retention_of(await describe_namespace(client))


async def test_the_namespace_is_made_once_and_can_be_used_at_once(there: dict[str, str], tmp_path: Path) -> None:
    run = starter(there, "new", tmp_path)
    first = await run("setup", "--json")
    client = await connect(in_namespace(there, "new"))
    await client.start_workflow(
        WORKFLOW_TYPE,
        id="complaint-SETUP-1",
        task_queue=TASK_QUEUE,
        search_attributes=TypedSearchAttributes([SearchAttributePair(STAGE, "received")]),
    )
    names = sorted(key.name for key in SEARCH_ATTRIBUTES)
    assert (first.code, first.json["made"], first.json["registered"], first.json["present"]) == (0, True, names, [])
    assert await retention(client) == timedelta(days=90)
    again = (await run("setup", "--json")).json
    assert (again["made"], again["registered"], again["present"]) == (False, [], names)
    assert again["retention_before"] is None


async def test_the_retention_changes_only_when_it_is_given(there: dict[str, str], tmp_path: Path) -> None:
    run = starter(there, "kept", tmp_path)
    client_of = in_namespace(there, "kept")
    assert "made.\nIt keeps closed complaints for 30 days.\n" in (await run("setup", "--retention", "30d")).out
    assert "for 30 days; --retention changes that.\n" in (await run("setup")).out
    assert await retention(await connect(client_of)) == timedelta(days=30)
    assert "for 365 days (before: 30 days).\n" in (await run("setup", "--retention", "365d")).out
    assert await retention(await connect(client_of)) == timedelta(days=365)


async def test_the_patrol_goes_every_hour_until_it_is_told_otherwise(there: dict[str, str], tmp_path: Path) -> None:
    run, client = starter(there, "patrolled", tmp_path), in_namespace(there, "patrolled")
    assert "ended by a side door are looked for every 1 hour.\n" in (await run("setup")).out
    found = await patrols(await connect(client))
    assert found is not None
    assert (found.every, found.report) == (timedelta(hours=1), None)
    again = (await run("setup", "--json")).json
    assert (again["patrol_every"], again["patrol_every_before"]) == ("PT1H", None)
    assert "are looked for every 15 minutes (before: 1 hour).\n" in (await run("setup", "--patrol-every", "15m")).out
    assert "are looked for every 15 minutes.\n" in (await run("setup")).out
    found = await patrols(await connect(client))
    assert found is not None
    assert found.every == timedelta(minutes=15)


async def test_other_commands_name_it_where_it_is_wanted(there: dict[str, str], tmp_path: Path) -> None:
    missing, bare = starter(there, "wanted", tmp_path), starter(there, "bare", tmp_path)
    for words in (["list"], ["show", "R-1"]):
        said = await missing(*words)
        assert (said.code, said.out) == (2, "")
        assert "has no namespace wanted; set TEMPORAL_NAMESPACE, or make it with 'starter.py setup'.\n" in said.err
    assert (await missing("setup")).code == 0
    assert (await missing("list")).code == 0
    said = await bare("list", "--overdue")
    assert (said.code, "run 'starter.py setup'" in said.err) == (1, True)


async def test_a_retention_that_the_server_refuses_is_told(there: dict[str, str], tmp_path: Path) -> None:
    said = await starter(there, "short", tmp_path)("setup", "--retention", "1s")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Refused (namespace): The server makes no namespace: ")
    assert said.err.count("\n") == 1


async def test_it_waits_for_the_server(tmp_path: Path) -> None:
    port = free_port(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "starter.py"), "setup", "--wait", "60s"),
        env=at(f"127.0.0.1:{port}", "late"),
        cwd=tmp_path,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stderr
    told = (await process.stderr.readline()).decode()
    assert told.startswith(f"No Temporal server answers at 127.0.0.1:{port} (connection refused);")
    assert told.endswith("Waiting for it.\n")
    async with await WorkflowEnvironment.start_local(
        port=port, dev_server_existing_path=str(TEMPORAL), dev_server_log_level="error"
    ):
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.startswith(b"Namespace late: made.\n")


async def test_its_patience_ends(tmp_path: Path) -> None:
    said = await starter_in(at("127.0.0.1:1", "never"), tmp_path)("setup", "--wait", "1s", "--json")
    assert said.code == 2
    assert "No Temporal server answers at 127.0.0.1:1 " in said.err


async def test_settings_that_cannot_be_read_are_not_waited_for(tmp_path: Path) -> None:
    environment = at("127.0.0.1:1") | {"TEMPORAL_PROFILE": "production"}
    async with asyncio.timeout(30):
        said = await starter_in(environment, tmp_path)("setup")
    assert (said.code, said.out) == (2, "")
    assert "'production' not found" in said.err
    assert "Waiting" not in said.err


async def test_a_clash_of_types_is_refused_with_what_to_do(there: dict[str, str], tmp_path: Path) -> None:
    client = await connect(in_namespace(there, "clash"))
    wrong = {"ComplaintTier": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD}
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="clash", search_attributes=wrong)
    )
    async with asyncio.timeout(60):
        said = await starter(there, "clash", tmp_path)("setup", "--json")
    assert said.code == 1
    assert said.json["refused"]["code"] == "search_attributes"
    assert "ComplaintTier is keyword and must be int" in said.json["refused"]["sentence"]
    assert "search-attribute remove --name ComplaintTier" in said.err
    listed = await starter(there, "clash", tmp_path)("list", "--tier", "2")
    assert (listed.code, "run 'starter.py setup'" in listed.err) == (1, True)


@pytest.mark.parametrize(
    ("text", "length", "words"),
    [
        ("90d", timedelta(days=90), "90 days"),
        ("1d", timedelta(days=1), "1 day"),
        ("36h", timedelta(hours=36), "36 hours"),
        ("5m", timedelta(minutes=5), "5 minutes"),
        ("90s", timedelta(seconds=90), "90 seconds"),
    ],
)
def test_lengths_of_time_are_read_and_said(text: str, length: timedelta, words: str) -> None:
    assert span(text) == length
    assert lasting(length) == words


@pytest.mark.parametrize("text", ["", "90", "d", "0d", "-1d", "1.5h", "90 d", "2w", "999999d"])
def test_what_is_no_length_of_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="write it as 30s, 5m, 24h or 90d"):
        span(text)
