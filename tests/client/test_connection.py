"""Whoever connects is told in one sentence, within seconds, what is not there.

- The address and namespace come from the environment or a TOML profile; without any, from Temporal's default.
- No server, a server that never answers, an unknown name, a wrong namespace: each has a sentence with the address.
- Settings that cannot be read name the mistake.
"""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from client import connection
from client.connection import ServerNotThere, connect, connect_config
from embedded.process import free_port
from tests.temporal_server import at, in_namespace


async def test_connects_as_the_environment_says(bare: dict[str, str]) -> None:
    client = await connect(in_namespace(bare, "idle"))
    assert client.namespace == "idle"
    assert client.service_client.config.target_host == bare["TEMPORAL_ADDRESS"]


async def test_connects_as_the_profile_says(bare: dict[str, str], tmp_path: Path) -> None:
    profile = tmp_path / "temporal.toml"
    profile.write_text(f'[profile.default]\naddress = "{bare["TEMPORAL_ADDRESS"]}"\nnamespace = "idle"\n')
    client = await connect({"TEMPORAL_CONFIG_FILE": str(profile)})
    assert client.namespace == "idle"


def test_without_settings_the_default_address_is_used() -> None:
    assert connect_config({"TEMPORAL_CONFIG_FILE": "/nonexistent"})["target_host"] == "localhost:7233"


async def test_the_client_speaks_the_language_of_the_worker(bare: dict[str, str]) -> None:
    client = await connect(bare)
    assert [plugin.name() for plugin in client.config()["plugins"]] == ["complaints"]


async def test_no_server_is_said_at_once_with_the_address() -> None:
    address = f"127.0.0.1:{free_port(0)}"
    began = time.monotonic()
    with pytest.raises(ServerNotThere) as said:
        await connect(at(address))
    assert str(said.value) == (
        f"No Temporal server answers at {address} (connection refused); start it, or set TEMPORAL_ADDRESS."
    )
    assert time.monotonic() - began < 5


async def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", timedelta(milliseconds=300))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        with pytest.raises(ServerNotThere, match=rf"127\.0\.0\.1:{port} \(no answer\)"):
            await connect(at(f"127.0.0.1:{port}"))


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        ("no-such-host.invalid:7233", "dns error"),
        ("not an address", "it cannot be reached"),
        ("a b:c", "it cannot be reached"),
    ],
)
async def test_an_address_that_leads_nowhere_is_named(address: str, cause: str) -> None:
    with pytest.raises(ServerNotThere) as said:
        await connect(at(address))
    assert str(said.value) == f"No Temporal server answers at {address} ({cause}); start it, or set TEMPORAL_ADDRESS."


async def test_a_namespace_that_is_not_there_has_its_own_sentence(bare: dict[str, str]) -> None:
    with pytest.raises(ServerNotThere) as said:
        await connect(in_namespace(bare, "nowhere"))
    assert str(said.value) == (
        f"The Temporal server at {bare['TEMPORAL_ADDRESS']} has no namespace nowhere; set TEMPORAL_NAMESPACE, or "
        "make it with 'starter.py setup'."
    )


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('[profile.default]\nadress = "x"\n', "unknown field `adress`"),
        ("[profile.default\n", "unclosed table"),
    ],
)
def test_settings_that_cannot_be_read_name_the_mistake(tmp_path: Path, toml: str, named: str) -> None:
    profile = tmp_path / "temporal.toml"
    profile.write_text(toml)
    with pytest.raises(ServerNotThere, match="The Temporal client settings cannot be used") as said:
        connect_config({"TEMPORAL_CONFIG_FILE": str(profile)})
    assert "\n" not in str(said.value)
    assert named in str(said.value)


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(ServerNotThere, match="'production' not found"):
        connect_config({"TEMPORAL_CONFIG_FILE": "/nonexistent", "TEMPORAL_PROFILE": "production"})
