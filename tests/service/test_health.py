"""Guarantees of the health answers:

- ready only while Temporal has this worker's polls and the archive answers; what is missing is named, and nothing else;
- an answer that is old is not believed; whatever goes wrong in asking is no answer;
- an address that cannot be used is one sentence and exit code 2.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

import service.health
from client.connection import connect
from embedded.process import free_port
from service.address import Address
from service.health import Readiness, health, health_app
from tests.temporal_server import temporal_server
from tests.waiting import eventually
from tests.worker_process import BANK, worker_process

ASKED = timedelta(milliseconds=50)


async def answers() -> bool:
    return True


async def raises() -> bool:
    raise RuntimeError("the password is hunter2")


async def ready(state: Readiness) -> tuple[int, dict[str, object]]:
    transport = httpx.ASGITransport(app=health_app(state))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as http:
        answer = await http.get("/ready")
        assert (await http.get("/live")).json() == {"live": True}
    return answer.status_code, answer.json()


@asynccontextmanager
async def kept_asking(state: Readiness, monkeypatch: pytest.MonkeyPatch, **times: timedelta) -> AsyncIterator[Address]:
    """The state, asked and answered at an address of its own."""
    for name, span in times.items():
        monkeypatch.setattr(service.health, name, span)
    address = Address("127.0.0.1", free_port(0))
    async with service.health._answering(state, address):
        yield address


async def test_nothing_is_ready_before_it_was_asked() -> None:
    state = Readiness({"temporal": answers, "archive": answers})
    assert await ready(state) == (503, {"ready": False, "missing": ["temporal", "archive"]})


async def test_what_is_missing_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    state = Readiness({"temporal": answers, "archive": raises})
    async with kept_asking(state, monkeypatch, EVERY=ASKED) as address, httpx.AsyncClient(trust_env=False) as http:

        async def half() -> bool:
            missing: list[str] = (await http.get(f"http://{address}/ready")).json()["missing"]
            return missing == ["archive"]

        await eventually(half, lambda: ready(state))
        assert (await ready(state))[0] == 503
        assert "hunter2" not in (await http.get(f"http://{address}/ready")).text


async def test_an_old_answer_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [True, False]

    async def once() -> bool:
        return told.pop(0) if told else False

    state = Readiness({"temporal": once})
    async with kept_asking(state, monkeypatch, EVERY=ASKED, RECENT=timedelta(seconds=1)):
        for expected in (200, 503):

            async def seen(status: int = expected) -> bool:
                return (await ready(state))[0] == status

            await eventually(seen, lambda: ready(state))


async def test_a_client_that_does_not_poll_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers, and other workers poll: that does not make this one ready."""
    monkeypatch.setattr(service.health, "EVERY", ASKED)
    async with temporal_server() as environment, worker_process(tmp_path, **environment, **BANK):
        client, address = await connect(environment), Address("127.0.0.1", free_port(0))
        async with health(client, f"sqlite:///{tmp_path}/archive.db", address) as state:

            async def archive_only() -> bool:
                return state.missing() == ["temporal"]

            await eventually(archive_only, lambda: ready(state))
            assert (await service.health._polled(client)) is False


class TestAddress:
    @pytest.mark.parametrize("which", ["HEALTH", "METRICS"])
    async def test_a_port_that_somebody_has(self, tmp_path: Path, which: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            async with temporal_server() as environment:
                given = environment | BANK | {f"COMPLAINTS_WORKER_{which}_ADDRESS": address}
                async with worker_process(tmp_path, **given) as process:
                    _, said = await process.communicate()
        assert process.returncode == 2
        expected = f"COMPLAINTS_WORKER_{which}_ADDRESS: {address} cannot be used (address already in use).\n"
        assert said.decode().splitlines(keepends=True)[-1] == expected
        assert "Traceback" not in said.decode()
