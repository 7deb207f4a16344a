"""What is measured beside the peers: the floor and our complaint, as ``benchmarks.lifecycle`` runs them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from benchmarks.lifecycle import measure
from benchmarks.lifecycle.measure import WARM_UP, Load
from benchmarks.lifecycle.programs import COMPLAINTS, Programs
from benchmarks.lifecycle.programs import Subject as Lived
from benchmarks.lifecycle.report import Block
from benchmarks.peers.counters import prometheus

REQUESTS = dict.fromkeys(("service_requests", "persistence_requests"), "operation")
"""What Temporal counts of a namespace, and the label by which it is told apart."""
LISTS = {"visibility_persistence_requests": "operation"}
"""What it counts of all namespaces together."""


class Subject(Protocol):
    """One engine with the standard life in it."""

    @property
    def name(self) -> str:
        """What it is called in the results."""

    @property
    def server(self) -> int:
        """Process id of the server; what it started belongs to it."""

    @property
    def worker(self) -> int:
        """Process id of what carries the workflows out."""

    async def warm_up(self) -> None:
        """Live a few lives."""

    async def block(self, load: Load, name: str) -> Block:
        """So many lives, and what they cost."""

    async def live(self, load: Load, name: str) -> None:
        """So many lives."""

    @property
    def counters(self) -> Callable[[], Awaitable[dict[str, float]]]:
        """What the server counts itself, since it began."""


@dataclass(frozen=True)
class Ours:
    """One way to live on Temporal."""

    running: Programs
    subject: Lived

    @property
    def name(self) -> str:
        """As in ``benchmarks.lifecycle``."""
        return self.subject.name

    @property
    def server(self) -> int:
        """The embedded server, which all of ours share."""
        return self.running.server

    @property
    def worker(self) -> int:
        """The worker."""
        return self.subject.worker

    async def warm_up(self) -> None:
        """As in ``benchmarks.lifecycle``."""
        await measure.live(self.running, self.subject, WARM_UP, f"W-{self.name}")

    async def block(self, load: Load, name: str) -> Block:
        """As in ``benchmarks.lifecycle``."""
        return await measure.block(self.running, self.subject, load, name)

    async def live(self, load: Load, name: str) -> None:
        """As in ``benchmarks.lifecycle``."""
        await measure.live(self.running, self.subject, load, name)

    async def counters(self) -> dict[str, float]:
        """Requests to the parts of the server and to its database, for this subject's namespace."""
        # The server writes names with an underscore where they have a hyphen.
        namespace = "default" if self.name == COMPLAINTS else self.name.replace("-", "_")
        found = await prometheus(self.running.metrics, LISTS)
        for part in ("frontend", "history", "matching"):
            own = await prometheus(self.running.metrics, REQUESTS, namespace=namespace, service_name=part)
            found |= {f"{part} {name}": value for name, value in own.items()}
        return found
