"""Brings server, bank and worker up, and down again in the opposite order."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from temporalio.client import Client

from activities.settings import SETTINGS_FILE
from embedded.process import ROOT, Child, NotStarted, child, free_port
from embedded.server import LESS_WORK, server_command, server_ready, worker_ready

T = TypeVar("T")

START_WITHIN = 60.0
"""Seconds for each program to be ready; on a busy small machine the worker needs ten."""
SETTINGS = "settings.toml"
DRAIN = 35.0
"""Longer than the worker's own graceful shutdown."""


@dataclass(frozen=True)
class Running:
    """The whole product, running on this machine."""

    client: Client
    address: str
    ui: str
    bank: str
    data: Path
    children: tuple[Child, ...]

    async def one_died(self) -> NotStarted:
        """Wait until one of the programs ends by itself."""
        deaths = [asyncio.ensure_future(one.died()) for one in self.children]
        try:
            await asyncio.wait(deaths, return_when=asyncio.FIRST_COMPLETED)
            return next(death.result() for death in deaths if death.done())
        finally:
            for death in deaths:
                death.cancel()


@asynccontextmanager
async def up(data: Path) -> AsyncIterator[Running]:
    """Start everything on the data of this directory; stop the worker, the bank and the server afterwards."""
    port, ui_port, bank_port = free_port(7233), free_port(8233), free_port(8090)
    bank_command = [sys.executable, "-m", "bank", "--port", str(bank_port), "--data", str(data / "bank.db")]
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(locked(data))
        environment = environment_of(data, port, bank_port)

        async def start(name: str, command: list[str], patience: float) -> Child:
            return await stack.enter_async_context(child(name, command, environment, data, lock, patience))

        server = await start("server", server_command(data, port, ui_port), patience=15)
        client = await ready(server_ready(environment), server)
        bank = await start("bank", bank_command, patience=5)
        worker = await start("worker", [sys.executable, "worker.py"], patience=DRAIN)
        await ready(worker_ready(client, worker.process.pid), server, bank, worker)
        yield Running(
            client=client,
            address=f"localhost:{port}",
            ui=f"http://localhost:{ui_port}/namespaces/{client.namespace}/workflows",
            bank=f"http://127.0.0.1:{bank_port}",
            data=data,
            children=(server, bank, worker),
        )


def clear(data: Path) -> None:
    """Throw away what an earlier demonstration left; never anything else, and nothing that is in use."""
    if data.exists() and any(data.iterdir()) and not (data / "lock").exists():
        raise NotStarted(f"{data} holds files of somebody else; choose an empty directory.")
    with locked(data):
        for file in data.iterdir():
            if file.name != "lock":
                shutil.rmtree(file) if file.is_dir() else file.unlink()


async def ready(state: Awaitable[T], *children: Child) -> T:
    """Wait for a state, but not longer than the programs that bring it about live."""
    ready = asyncio.ensure_future(state)
    deaths = [asyncio.ensure_future(one.died()) for one in children]
    try:
        await asyncio.wait([ready, *deaths], timeout=START_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if ready.done():
            return ready.result()
        late = NotStarted(f"The {children[-1].name} was not ready within {START_WITHIN:.0f} s; see {children[-1].log}.")
        raise next((death.result() for death in deaths if death.done()), late)
    finally:
        for one in (ready, *deaths):
            one.cancel()


def environment_of(data: Path, port: int, bank_port: int) -> dict[str, str]:
    """What the programs are told. Settings for another server or bank, left in the shell, must not reach them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "COMPLAINTS_"))}
    tuning = {name: value for name, value in os.environ.items() if name.startswith("COMPLAINTS_WORKER_")}
    profile = data / "temporal.toml"
    profile.write_text(f'[profile.default]\naddress = "localhost:{port}"\nnamespace = "default"\n')
    return (
        LESS_WORK
        | own
        | tuning
        | {
            "TEMPORAL_CONFIG_FILE": str(profile),
            SETTINGS_FILE: str(_settings(data, bank_port)),
            "PYTHONUNBUFFERED": "1",
        }
    )


def _settings(data: Path, bank_port: int) -> Path:
    """The settings of the worker in a file, so that commands of the same person can be given them too."""
    settings = {
        "bank_url": f"http://127.0.0.1:{bank_port}",
        "archive_url": f"sqlite:///{data / 'archive.db'}",
        "customer_key_secret": _secret(data / "customer-key"),
        "rulepacks": str(ROOT / "rulepacks"),
    }
    file = data / SETTINGS
    file.touch(mode=0o600)
    # A string of JSON is one of TOML.
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()), encoding="utf-8")
    return file


def _secret(file: Path) -> str:
    """The secret of this data's customer keys, made at the first start."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    return file.read_text()


@contextmanager
def locked(data: Path) -> Iterator[int]:
    """One set of programs per data directory. The programs inherit the lock: it outlives a parent that was killed."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotStarted(
                f"Programs are running on {data} already; stop them first, or use another --data."
            ) from None
        os.set_inheritable(file.fileno(), True)
        yield file.fileno()
