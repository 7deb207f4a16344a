"""A private PostgreSQL 15 for tests: its own cluster in a temporary directory, on a free port of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
OWNER = "postgres"


@contextmanager
def running_postgres(*settings: str) -> Iterator[str]:
    """The URL of an empty database that is gone after the block. Without settings a power cut may spoil it."""
    if not (BINARIES / "initdb").exists():
        raise RuntimeError(f"PostgreSQL 15 is not at {BINARIES}; install it with: apt-get install postgresql-15")
    home = Path(tempfile.mkdtemp(prefix="complaints-postgres-"))
    try:
        with _cluster(home, _free_port(), settings or ("fsync=off",)) as url:
            yield url
    finally:
        shutil.rmtree(home)


@contextmanager
def _cluster(home: Path, port: int, settings: tuple[str, ...]) -> Iterator[str]:
    if os.geteuid() == 0:
        shutil.chown(home, OWNER)
    data = str(home / "data")
    _run("initdb", "--pgdata", data, "--auth", "trust", "--username", OWNER, "--no-sync", "--encoding", "UTF8")
    own = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={home}")
    options = " ".join(f"-c {setting}" for setting in (*own, *settings))
    _run("pg_ctl", "--pgdata", data, "--log", str(home / "log"), "--wait", "--options", options, "start")
    try:
        yield f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"
    finally:
        _run("pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")


def _run(program: str, *arguments: str) -> None:
    """As the user postgres when we are root, which PostgreSQL refuses to be."""
    command = [str(BINARIES / program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", OWNER, "--", *command]
    # Its output goes to a file: pg_ctl leaves the server behind with our pipe, and reading it would never end.
    with tempfile.TemporaryFile() as output:
        finished = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        assert finished.returncode == 0, output.read().decode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
