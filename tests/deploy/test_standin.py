"""The stand-in for other containers serves every address of its machine, and only with the token."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.deploy.files import ROOT

TOKEN = "the workers' token"
PROGRAM = [sys.executable, "-m", "deploy.standin"]


@contextmanager
def standin(data: Path) -> Iterator[str]:
    """Its address on the network, once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*PROGRAM, "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"COMPLAINTS_BANK_TOKEN": TOKEN}) as process:
        try:
            # Loopback's second address is refused by whoever listens on 127.0.0.1 only.
            yield f"http://127.0.0.2:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) in (0, -signal.SIGTERM)


def test_it_asks_for_the_token(tmp_path: Path) -> None:
    with standin(tmp_path / "bank.db") as address:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(base_url=address, transport=transport) as client:
            assert client.post("/customers/lookups", json={}).status_code == 401
            allowed = client.post("/customers/lookups", json={}, headers={"Authorization": f"Bearer {TOKEN}"})
            assert allowed.status_code == 422


def test_it_does_not_start_without_one(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COMPLAINTS_BANK_TOKEN"}
    refused = subprocess.run(
        [*PROGRAM, "--data", str(tmp_path / "bank.db")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stderr) == (1, "COMPLAINTS_BANK_TOKEN is not set.\n")
