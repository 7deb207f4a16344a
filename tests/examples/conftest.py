"""Other people's clients as they run them: programs of their own, against the server and worker of the tests."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server import ROOT, Server
from tests.temporal_server import at, temporal_server

SOURCES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "src")
OLDEST_NODE = (20, 3)


@dataclass(frozen=True)
class Ran:
    """What a program said, on both channels, and its exit code."""

    code: int
    said: str


async def ran(*command: str, cwd: Path, environment: Mapping[str, str] | None = None, given: bytes = b"") -> Ran:
    """Run a program to its end. Not subprocess.run: the worker of the tests lives in this event loop."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env={**os.environ, **(environment or {})}, stdin=PIPE, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate(given)
    assert process.returncode is not None
    return Ran(process.returncode, said.decode())


@pytest.fixture
def here(server: Server) -> dict[str, str]:
    """The environment in which clients find the server of the tests, and the ``temporal`` program."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return at(server.client.service_client.config.target_host, PATH=path)


@pytest.fixture(scope="session")
async def nobody_works() -> AsyncIterator[dict[str, str]]:
    """The environment that finds a server without any worker."""
    async with temporal_server() as environment:
        yield environment


@pytest.fixture(scope="session")
async def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript intake, installed and compiled in a copy of the checkout."""
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node and npm, "these tests need Node.js and npm; .ci/packages installs them"
    version = (await ran(node, "--version", cwd=ROOT)).said
    assert tuple(map(int, re.findall(r"\d+", version)[:2])) >= OLDEST_NODE, f"Node.js {version} is too old"
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "docs" / "interface", copy / "docs" / "interface")
    intake = copy / "examples" / "typescript-intake"
    intake.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / "examples" / "typescript-intake" / name
        if source.is_dir():
            shutil.copytree(source, intake / name, ignore=shutil.ignore_patterns("generated"))
        else:
            shutil.copy(source, intake / name)
    for command in (["ci"], ["run", "build"]):
        done = await ran(npm, *command, cwd=intake)
        assert done.code == 0, done.said
    return intake


@asynccontextmanager
async def listening(intake: Path, environment: Mapping[str, str]) -> AsyncIterator[str]:
    """Run the intake on a free port, and give its address."""
    process = await asyncio.create_subprocess_exec(
        *("node", "dist/server.js"), cwd=intake, env={**os.environ, **environment, "PORT": "0"}, stdout=PIPE
    )
    try:
        yield await _address(process)
    finally:
        process.terminate()
        async with asyncio.timeout(30):
            assert await process.wait() == 0, "the intake stops when it is told to"


async def _address(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
    assert line.startswith("listening on "), line
    return line.removeprefix("listening on ").strip()
