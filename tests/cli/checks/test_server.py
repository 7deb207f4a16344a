"""The Temporal server as a doctor sees it, against a real one.

- Connection, clock, namespace and search attributes; what depends on something that is missing is not checked.
- A retention that is too short, a wrong clock, missing attributes, a clash, no room: each is told with what to do.
- Where the client's settings come from is told by name; what they hold is not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType

from cli.checks.finding import Finding, State, examine
from cli.checks.server import (
    Server,
    attribute_findings,
    clock_finding,
    namespace_finding,
    server_checks,
)
from client.attributes import WANTED, register_attributes
from client.connection import connect, reach
from embedded.process import free_port
from tests.temporal_server import at, in_namespace, temporal_server

INT = IndexedValueType.INDEXED_VALUE_TYPE_INT
KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


@pytest.fixture(scope="module")
async def there() -> AsyncIterator[dict[str, str]]:
    async with temporal_server() as environment:
        yield environment


async def findings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return {one.check: one for one in await examine(server_checks(Server(reach())))}


async def test_a_server_that_was_set_up(there: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    await register_attributes(await connect(there))
    found = await findings(there, monkeypatch)
    states = {name: one.state for name, one in found.items()}
    assert states.pop("namespace") is State.WARNING  # the development server keeps complaints for a day
    assert set(states.values()) == {State.OK}
    address = there["TEMPORAL_ADDRESS"]
    assert found["client settings"].found.startswith(f"{address}, namespace default, no TLS; from TEMPORAL_ADDRESS")
    assert found["server"].found.startswith("Temporal 1.")
    assert found["attribute room"].found == (
        "sqlite can hold 4 keyword, 2 keyword list, 2 int, 3 double, 1 bool, 1 datetime, 3 text more"
    )


async def test_clocks_of_one_machine_agree(there: dict[str, str]) -> None:
    assert abs(await Server(reach(there)).ahead()) < timedelta(seconds=1)


async def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"127.0.0.1:{free_port(0)}"
    found = await findings(at(address), monkeypatch)
    assert found.pop("client settings").state is State.OK
    server = found.pop("server")
    assert (server.state, server.found, server.advice) == (
        State.FAILED,
        f"No Temporal server answers at {address} (connection refused)",
        "start it, or set TEMPORAL_ADDRESS",
    )
    assert {one.state for one in found.values()} == {State.NOT_CHECKED}


async def test_no_namespace(there: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = await findings(in_namespace(there, "nowhere"), monkeypatch)
    assert (found["server"].state, found["namespace"].state) == (State.OK, State.FAILED)
    assert found["namespace"].advice == "set TEMPORAL_NAMESPACE, or make it with 'starter.py setup'"
    assert found["search attributes"].state is State.NOT_CHECKED


async def test_settings_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await findings(at("127.0.0.1:1") | {"TEMPORAL_PROFILE": "production"}, monkeypatch)
    assert found["client settings"].state is State.FAILED
    assert "'production' not found" in found["client settings"].found
    assert found["server"].state is State.FAILED


async def test_where_settings_come_from_is_named_without_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.bank]\naddress = "127.0.0.1:1"\nnamespace = "complaints"\n')
    environment = {"TEMPORAL_CONFIG_FILE": str(file), "TEMPORAL_PROFILE": "bank", "TEMPORAL_API_KEY": "hunter2"}
    found = (await findings(environment, monkeypatch))["client settings"]
    assert found.found == f"127.0.0.1:1, namespace complaints, TLS; from profile bank of {file}, TEMPORAL_API_KEY"


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (0, State.OK, "agree within 5 s"),
        (5, State.OK, "agree within 5 s"),
        (30, State.WARNING, "this machine is 30 seconds behind the server"),
        (-30, State.WARNING, "this machine is 30 seconds ahead of the server"),
        (7_200, State.FAILED, "this machine is 2 hours behind the server"),
    ],
)
def test_a_clock_that_is_wrong(ahead: int, state: State, said: str) -> None:
    one = clock_finding(timedelta(seconds=ahead))
    assert (one.state, said in one.found) == (state, True)
    assert ("NTP" in one.advice) == (state is not State.OK)


@pytest.mark.parametrize(("days", "state"), [(1, State.WARNING), (30, State.OK), (365, State.OK)])
def test_a_retention_that_is_too_short(days: int, state: State) -> None:
    one = namespace_finding("complaints", timedelta(days=days))
    assert one.state is state
    assert ("starter.py setup --retention 90d" in one.advice) == (state is State.WARNING)


class TestAttributes:
    def test_missing_ones_are_named(self) -> None:
        present = {name: kind for name, kind in WANTED.items() if name != "RulePack"}
        found = attribute_findings(present, "postgres12")[0]
        assert (found.state, found.found, found.advice) == (State.FAILED, "missing: RulePack", "starter.py setup")

    def test_a_clash_is_named_with_both_types(self) -> None:
        (found,) = attribute_findings(WANTED | {"ComplaintTier": KEYWORD}, "postgres12")
        assert (found.state, "ComplaintTier is keyword and must be int" in found.found) == (State.FAILED, True)
        assert "search-attribute remove --name ComplaintTier" in found.advice

    def test_no_room_is_told_before_it_is_needed(self) -> None:
        others = {f"Other{number}": INT for number in range(3)}
        found = attribute_findings(others, "postgres12")[-1]
        assert (found.check, found.state) == ("attribute room", State.FAILED)
        assert found.found == "postgres12 cannot hold 1 more of the type int, and 3 of 3 taken"
        assert "a namespace of its own" in found.advice

    def test_where_there_is_no_limit_none_is_told(self) -> None:
        assert [one.check for one in attribute_findings(WANTED, "elasticsearch")] == ["search attributes"]
