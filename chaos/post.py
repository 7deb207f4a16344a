"""How messages travel in a run: twice, out of order, again after every failure, and with a record of every answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from chaos.evidence import Sent
from client.connection import ServerNotThere
from client.failures import Refused, WorkerNotThere
from client.gateway import open_complaint, send
from domain.complaint import Complaint
from domain.facts import FACTS
from domain.reading import read

T = TypeVar("T")

AGAIN_AFTER = 0.5
"""Seconds before somebody whose message met nobody sends it again."""
PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)


class Post:
    """Sends what everybody has to say, and writes down what they were answered."""

    def __init__(self, client: Client, record: Path) -> None:
        self._client = client
        self._record = record
        self.sent: list[Sent] = []
        self.attempts = 0
        """How often something was sent, repetitions included."""

    async def open(self, complaint: dict[str, Any]) -> None:
        """Open a complaint, until somebody says that it is open."""
        opened = read(Complaint, complaint)
        await self._until_answered(lambda: open_complaint(self._client, opened))
        self._note(Sent(opened.reference, "open", "open", opened.reference, "accepted"))

    async def tell(self, reference: str, name: str, message: dict[str, Any]) -> str:
        """Send one message until it is answered; ``accepted``, or the code of the refusal.

        The same message may be sent as often as one likes: its id makes it one.
        """
        answer = "accepted"
        try:
            await self._until_answered(lambda: send(self._client, reference, name, message))
        except Refused as refused:
            answer = refused.code
        kind = "signal" if name in FACTS else "update"
        self._note(Sent(reference, kind, name, str(message["message_id"]), answer))
        return answer

    async def cancel(self, reference: str) -> None:
        """Request cancellation as an operator would in the Temporal UI."""
        handle = self._client.get_workflow_handle(f"complaint-{reference}")
        answer = "accepted"
        try:
            await self._until_answered(lambda: handle.cancel(reason="the customer rang"))
        except RPCError as refused:
            answer = refused.status.name.lower()
        self._note(Sent(reference, "cancel", "cancel", reference, answer, datetime.now(UTC).isoformat()))

    async def _until_answered(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            self.attempts += 1
            try:
                return await ask()
            except (ServerNotThere, WorkerNotThere):
                pass
            except RPCError as wrong:
                if wrong.status not in PASSING:
                    raise
            # The SDK turns the cancellation of a call into a failure of the call.
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError
            await asyncio.sleep(AGAIN_AFTER)

    def _note(self, one: Sent) -> None:
        self.sent.append(one)
        with self._record.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(asdict(one))}\n")


def read_record(file: Path) -> list[Sent]:
    """What the senders of an earlier run were answered."""
    return [Sent(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


class Mailbag:
    """The facts of one complaint: each is carried twice, in any order."""

    def __init__(self, post: Post, reference: str, chance: Random) -> None:
        self._post = post
        self._reference = reference
        self._chance = chance
        self._bag: list[tuple[str, dict[str, Any]]] = []
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._bag)

    def put(self, name: str, message: dict[str, Any]) -> None:
        """Have a fact carried, unless one of its id was before."""
        if message["message_id"] not in self._known:
            self._known.add(message["message_id"])
            self._bag += [(name, message)] * 2

    async def carry(self) -> bool:
        """Carry any one of them; false when there is none."""
        if not self._bag:
            return False
        name, message = self._bag.pop(self._chance.randrange(len(self._bag)))
        await self._post.tell(self._reference, name, message)
        return True
