"""``starter.py`` in a process of its own for every command, forked off one that has loaded the libraries already.

To load them takes a second, and the tests give hundreds of commands. Each still has arguments, environment, directory,
streams and exit code of its own, and shares nothing with those before. That the program starts from nothing is proved
where it is started by its name in a shell: each example of its help, rough use, the tour.
"""

from __future__ import annotations

import asyncio
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from subprocess import PIPE
from typing import Any

ROOT = Path(__file__).parents[2]
LARGEST = 200_000
"""Bytes of a command with its environment, at most."""


@dataclass(frozen=True)
class Loaded:
    """Where commands are given to the process that has everything loaded."""

    commands: socket.socket

    async def run(
        self, words: Sequence[str], environment: Mapping[str, str], directory: Path, given: bytes
    ) -> tuple[int, bytes, bytes]:
        """Exit code, standard output and standard error of a command."""
        command = {"words": words, "environment": dict(environment), "directory": str(directory)}
        (theirs, write), *others = [os.pipe() for _ in range(4)]
        handed = [theirs, *(end for _, end in others)]
        socket.send_fds(self.commands, [json.dumps(command).encode()], handed)
        for file in handed:
            os.close(file)
        reads = (asyncio.to_thread(_all_of, read) for read, _ in others)
        _, out, err, code = await asyncio.gather(asyncio.to_thread(_give, write, given), *reads)
        return int(code), out, err


def _give(file: int, what: bytes) -> bytes:
    with suppress(BrokenPipeError), open(file, "wb") as pipe:
        pipe.write(what)
    return b""


def _all_of(file: int) -> bytes:
    with open(file, "rb") as pipe:
        return pipe.read()


@contextmanager
def loaded() -> Iterator[Loaded]:
    """Load once, for as many commands as one likes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = [sys.executable, "-m", "tests.cli.loaded", str(theirs.fileno())]
    # Pipes, because those of the commands are: Python makes its streams for what it finds when it starts.
    with ours, subprocess.Popen(program, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE, pass_fds=[theirs.fileno()]):
        theirs.close()
        yield Loaded(ours)
        ours.shutdown(socket.SHUT_WR)


def serve(commands: socket.socket) -> None:
    """Load everything, and fork for each command until there are no more."""
    for module in pkgutil.walk_packages([str(ROOT / "cli")], "cli."):
        import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    while True:
        content, files, _, _ = socket.recv_fds(commands, LARGEST, 4)
        if not content:
            return
        if os.fork() == 0:
            commands.close()
            _wait_for(json.loads(content), files)
        for file in files:
            os.close(file)


def _wait_for(command: dict[str, Any], files: list[int]) -> None:
    """Fork the command off, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, code = files
    if (process := os.fork()) == 0:
        os.close(code)
        _become(command, streams)
    for file in streams:
        os.close(file)
    _, status = os.waitpid(process, 0)
    os.write(code, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(command: dict[str, Any], streams: list[int]) -> None:
    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(command["environment"])
    time.tzset()
    os.chdir(command["directory"])
    sys.argv = [str(ROOT / "starter.py"), *command["words"]]
    sys.orig_argv = [sys.executable, *sys.argv]
    runpy.run_path(sys.argv[0], run_name="__main__")  # which ends the process


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
