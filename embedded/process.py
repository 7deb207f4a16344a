"""A program that runs beside this one, in a process group of its own, with its output in a log file."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


class NotStarted(Exception):
    """Something does not run as it should. The text says what, with the last lines of its log."""


@dataclass(frozen=True)
class Child:
    """A running program."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    async def died(self) -> NotStarted:
        """Wait until it ends by itself, which it never should."""
        code = await self.process.wait()
        last = self.log.read_text(errors="replace").splitlines()[-5:]
        return NotStarted(
            "\n  ".join([f"The {self.name} ended (exit code {code}); see {self.log}. Its last lines:", *last])
        )

    async def stop(self, patience: float) -> None:
        """Ask it to end, and end the whole group when it takes longer."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), patience)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def child(
    name: str, command: Sequence[str], environment: Mapping[str, str], data: Path, lock: int, patience: float
) -> AsyncIterator[Child]:
    """Run a program until the block is left. It holds the lock on the data for as long as it lives."""
    log = data / f"{name}.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
            cwd=ROOT,
            start_new_session=True,  # a Ctrl-C in the terminal reaches this program only, which then stops all in order
            pass_fds=[lock],
        )
    running = Child(name, process, log)
    try:
        yield running
    finally:
        await asyncio.shield(running.stop(patience))


def free_port(preferred: int) -> int:
    """The preferred port of this machine, or any free one when somebody has it."""
    for port in (preferred, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as listening:
            return int(listening.getsockname()[1])
    raise NotStarted("This machine has no free port.")
