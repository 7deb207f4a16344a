"""A real worker process with everything on, watched from outside while complaints live and fail.

One Temporal server that skips time, the stand-in bank with its faults, and something that receives traces. What the
worker gave away in all that is kept: its log, its metrics, its spans.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from embedded.process import free_port
from tests.waiting import eventually


@dataclass
class Collector:
    """Receives spans as an OpenTelemetry collector does, by HTTP."""

    url: str
    bodies: list[bytes] = field(default_factory=list)
    """Everything that was sent, as bytes."""

    @property
    def spans(self) -> list[Span]:
        """Every span."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port of loopback."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.bodies.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as listening:
        found = Collector(f"http://127.0.0.1:{listening.server_port}")
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield found
        listening.shutdown()


@dataclass
class Watched:
    """A running worker, and what it says."""

    process: Process
    metrics_url: str
    health_url: str
    http: httpx.AsyncClient
    log: list[str] = field(default_factory=list)
    """Its standard error, line by line."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its log."""
        return [json.loads(line) for line in self.log]

    async def scrape(self) -> str:
        """What Prometheus would read now."""
        return (await self.http.get(self.metrics_url)).raise_for_status().text

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Status and body of GET /ready."""
        answer = await self.http.get(f"{self.health_url}/ready")
        return answer.status_code, answer.json()

    async def until_ready(self) -> None:
        """Wait until it can work."""

        async def answers() -> bool:
            try:
                return (await self.ready())[0] == 200
            except httpx.TransportError:
                return False

        await eventually(answers, self._last_words)

    async def until_log(self, message: str) -> None:
        """Wait until its log says something."""

        async def said() -> bool:
            return any(line["message"] == message for line in self.lines)

        await eventually(said, self._last_words)

    async def until_scraped(self, *series: str) -> str:
        """Wait until all of these lines are in the metrics, and give all of them."""

        async def scraped() -> str:
            text = await self.scrape()
            return text if all(re.search(line, text, re.MULTILINE) for line in series) else ""

        text: str = await eventually(scraped, self.scrape)
        return text

    async def _last_words(self) -> list[str]:
        return self.log[-5:]


def watching_environment() -> dict[str, str]:
    """Addresses for metrics and health that nobody has."""
    return {
        "COMPLAINTS_WORKER_METRICS_ADDRESS": f"127.0.0.1:{free_port(0)}",
        "COMPLAINTS_WORKER_HEALTH_ADDRESS": f"127.0.0.1:{free_port(0)}",
        "COMPLAINTS_WORKER_BOOK_EVERY": "1",
    }


@asynccontextmanager
async def watched(process: Process, environment: dict[str, str]) -> AsyncIterator[Watched]:
    """Listen to a worker that was started with :func:`watching_environment`."""
    async with httpx.AsyncClient(trust_env=False) as http:
        seen = Watched(
            process,
            f"http://{environment['COMPLAINTS_WORKER_METRICS_ADDRESS']}/metrics",
            f"http://{environment['COMPLAINTS_WORKER_HEALTH_ADDRESS']}",
            http,
        )
        listening = asyncio.create_task(_listen(seen))
        try:
            yield seen
        finally:
            if process.returncode is None:
                process.kill()
            await listening


async def _listen(seen: Watched) -> None:
    assert seen.process.stderr
    async for line in seen.process.stderr:
        seen.log.append(line.decode())


@dataclass
class Recorder:
    """Stands before a system of the bank and notes the headers of what passes."""

    url: str
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def recorder(before: str) -> Iterator[Recorder]:
    """Pass every request on to a system of the bank."""

    class Passing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            answer = bank.post(self.path, content=body, headers=kept)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with (
        httpx.Client(base_url=before, trust_env=False) as bank,
        ThreadingHTTPServer(("127.0.0.1", 0), Passing) as listening,
    ):
        found = Recorder(f"http://127.0.0.1:{listening.server_port}")
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield found
        listening.shutdown()
