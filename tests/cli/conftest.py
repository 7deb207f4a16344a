"""The command line as people run it: a process of its own against a real server, in a directory of its own."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.loaded import Loaded, loaded
from tests.server import Server
from tests.temporal_server import at, temporal_server


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document."""
        return json.loads(self.out)


Starter = Callable[..., Awaitable[Said]]


END = ExitStack()


@cache
def program() -> Loaded:
    """Loaded by the first test that needs it, for all."""
    return END.enter_context(loaded())


@pytest.fixture(scope="session", autouse=True)
def end() -> Iterator[None]:
    """Ends what was loaded."""
    with END:
        yield


@pytest.fixture
def run(server: Server, tmp_path: Path) -> Starter:
    """Run ``starter.py`` where a worker is."""
    return starter_in(at(server.client.service_client.config.target_host), tmp_path)


@pytest.fixture(scope="session")
async def bare() -> AsyncIterator[dict[str, str]]:
    """The environment that finds a server without any worker."""
    async with temporal_server() as environment:
        yield environment


@pytest.fixture
def idle(bare: dict[str, str], tmp_path: Path) -> Starter:
    """Run ``starter.py`` where nobody works."""
    return starter_in(bare, tmp_path)


def starter_in(environment: dict[str, str], directory: Path) -> Starter:
    """Run ``starter.py`` in a directory with an environment; the directory is where it may leave files."""

    async def run(*words: str, given: str | bytes = b"") -> Said:
        own = {**os.environ, **environment, "TZ": "UTC"}
        code, out, err = await program().run(words, own, directory, given.encode() if isinstance(given, str) else given)
        said = Said(code, out.decode(), err.decode())
        assert "Traceback" not in said.out + said.err
        return said

    return run
