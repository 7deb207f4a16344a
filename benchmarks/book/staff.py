"""How long people and systems wait for an answer of one complaint among very many.

**Updates** are timed by whoever sends them, from the request to the receipt. **Signals** are timed by the server's own
stamps, from the fact to the completed step that took it in: nothing is asked of the complaint, so no replay is added.
Warm complaints are in the worker's memory; cold ones were evicted from it, and each is used once. **Bare** requests ask
the server whether it lives, and no complaint: what they wait for is the machine. All come in one shuffled sequence, so
that whatever else the machine does meets them alike.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

from temporalio.client import Client

from benchmarks.book.intake import reference
from benchmarks.failover import step, told
from benchmarks.lifecycle.life import OWNER
from client.gateway import send
from workflows.names import workflow_id

WARM, COLD, BARE = "warm", "cold", "bare"
SUPERVISOR = {"id": "SU-0001", "role": "supervisor"}


@dataclass(frozen=True)
class Shape:
    """How messages come."""

    name: str
    senders: int
    pause: tuple[float, float]
    """Least and most seconds before each message of one sender."""


PACED = "one at a time, paced"
SHAPES = (
    Shape(PACED, 1, (0.08, 0.2)),
    Shape("eight senders, paced", 8, (0.64, 1.6)),
    Shape("one at a time, back to back", 1, (0.0, 0.0)),
    Shape("eight at a time, back to back", 8, (0.0, 0.0)),
)
"""Eight paced senders together send as often as the one."""
Message = tuple[str, str, str]
"""State, kind and complaint."""
Delays = dict[str, dict[str, list[float]]]
"""Seconds, by state and kind."""


async def note(client: Client, complaint: str) -> float:
    """A remark for the file."""
    return await _decided(
        client, complaint, "add_note", {"by": OWNER, "text": "The customer prefers calls in the evening."}
    )


async def take_ownership(client: Client, complaint: str) -> float:
    """Another person answers for the complaint from now on, with a time of their own; the lists show it."""
    person = {"id": f"SP-{uuid4().hex[:8]}", "role": "specialist"}
    return await _decided(client, complaint, "take_ownership", {"by": person, "assigned_by": SUPERVISOR})


async def _decided(client: Client, complaint: str, name: str, message: dict[str, Any]) -> float:
    begin = time.perf_counter()
    await send(client, complaint, name, message)
    return time.perf_counter() - begin


async def evidence(client: Client, complaint: str) -> float:
    """A document comes."""
    handle = client.get_workflow_handle(workflow_id(complaint))
    return (await step(handle, await told(handle))).delay


async def ask(client: Client, complaint: str) -> float:
    """Nothing but a request and its answer."""
    begin = time.perf_counter()
    await client.service_client.check_health()
    return time.perf_counter() - begin


UPDATES: dict[str, Callable[[Client, str], Awaitable[float]]] = {"add_note": note, "take_ownership": take_ownership}
KINDS = UPDATES | {"evidence_added": evidence}
DO = KINDS | {BARE: ask}


class Staff:
    """Everybody who sends messages to the complaints of one book."""

    def __init__(self, client: Client, opened: int, cached: int, each: int) -> None:
        """Choose the complaints.

        Args:
            client: the server.
            opened: how many complaints there are.
            cached: how many the worker keeps in memory.
            each: messages of each kind to warm and to cold ones, in each shape.
        """
        self._client, self._each, self._chance = client, each, Random(opened)
        evicted = list(range(opened - cached - each))
        self._cold = iter(self._chance.sample(evicted, min(len(evicted), each * len(KINDS) * len(SHAPES))))
        self._warm = [reference(number) for number in range(opened - each, opened)]

    async def measured(self, shape: Shape) -> Delays:
        """All messages of one shape."""
        await self._send([(WARM, "add_note", one) for one in self._warm], Shape("", 8, (0.0, 0.0)))
        messages = [(WARM, kind, one) for kind in KINDS for one in self._warm]
        messages += [(COLD, kind, reference(next(self._cold))) for kind in KINDS for _ in range(self._each)]
        messages += [(BARE, BARE, "")] * self._each
        self._chance.shuffle(messages)
        return await self._send(messages, shape)

    async def _send(self, messages: list[Message], shape: Shape) -> Delays:
        found: Delays = {state: defaultdict(list) for state in (WARM, COLD, BARE)}

        async def sender() -> None:
            while messages:
                state, kind, complaint = messages.pop()
                await asyncio.sleep(self._chance.uniform(*shape.pause))
                found[state][kind].append(await DO[kind](self._client, complaint))

        await asyncio.gather(*(sender() for _ in range(shape.senders)))
        return found
