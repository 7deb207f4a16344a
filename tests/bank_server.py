"""The stand-in bank, served over real HTTP for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from bank.__main__ import listen
from bank.app import create_app


class RunningBank:
    """A stand-in that answers at an address: set its faults, look into its state."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, trust_env=False)

    def faults(self, *rules: dict[str, Any], **plan: Any) -> None:
        """Replace what goes wrong."""
        self._client.put("/faults", json={"rules": rules, **plan}).raise_for_status()

    def hits(self) -> list[int]:
        """How often each fault came up."""
        return [rule["hits"] for rule in self._client.get("/faults").raise_for_status().json()["rules"]]

    def inspect(self, what: str, reference: str = "%") -> list[dict[str, Any]]:
        """Stored state: letters, requests, bookings, customers."""
        answer = self._client.get(f"/inspect/{what}", params={"reference": reference}).raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    def put(self, path: str, body: dict[str, Any]) -> None:
        """Register something with the stand-in."""
        self._client.put(path, json=body).raise_for_status()

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()


@contextmanager
def running_bank(data: Path, token: str | None = None) -> Iterator[RunningBank]:
    """Serve the stand-in on a free port of loopback until the end of the block."""
    # Connections queue up from here on: nobody has to wait for the server to be ready.
    with listen(0) as listening:
        config = uvicorn.Config(create_app(data, token), access_log=False, log_level="critical", timeout_keep_alive=60)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        bank = RunningBank(f"http://127.0.0.1:{listening.getsockname()[1]}")
        try:
            yield bank
        finally:
            bank.close()
            server.should_exit = True
            thread.join(timeout=30)
