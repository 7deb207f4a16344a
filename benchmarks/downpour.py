"""What everybody sends in a flood, and what must have become of each message in the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from domain.case import KEPT_EARLY_FACTS

Handle = WorkflowHandle[Any, Any]
Json = dict[str, Any]

OWNER = {"id": "FL-0021", "role": "first_line"}
ENGINEER = {"id": "T-7", "role": "department_staff"}
STRANGER = {"id": "X-1", "role": "gardener"}
ASKED = "technology-1"
"""The investigation that the department answers in parts."""
PASSING = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.UNAVAILABLE, RPCStatusCode.RESOURCE_EXHAUSTED)
"""The complaint was just beginning a new run, or ten decisions were under way: the same is sent again."""


@dataclass
class Sent:
    """What the senders were told, by which the complaint is judged."""

    facts: dict[str, str] = field(default_factory=dict)
    """Names of the facts that are to be in the journal once, by message id."""
    notes: set[str] = field(default_factory=set)
    """Texts of the remarks that are to be in the journal once."""
    early: int = 0
    """Answers to questions that nobody asked: those beyond what the file keeps are quarantined too."""
    unusable: int = 0
    """Signals that are to be quarantined."""
    refused: int = 0
    """Decisions that were refused, as they had to be."""
    again: int = 0
    """Messages that were sent before."""
    insisted: int = 0
    """Attempts that met the complaint between two runs, or too busy, and were made again."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should have got."""

    @property
    def quarantined(self) -> int:
        """How many messages are to be in the quarantine."""
        return self.unusable + max(0, self.early - KEPT_EARLY_FACTS)


class Sender:
    """One of those who send at the same time: facts and decisions of all kinds, with their repetitions and mistakes."""

    def __init__(self, handle: Handle, sent: Sent, chance: Random) -> None:
        self._handle, self._sent, self._chance = handle, sent, chance
        self._facts: list[tuple[str, Json]] = []
        self._notes: list[tuple[str, Json]] = []
        self._kinds = cycle(self._in_turn())

    async def send(self) -> None:
        """Send the next message."""
        await next(self._kinds)()

    def _in_turn(self) -> list[Callable[[], Awaitable[None]]]:
        turns: dict[Callable[[], Awaitable[None]], int] = {
            self._evidence: 8, self._contact: 4, self._part: 3, self._fact_again: 6, self._accepted: 2, self._time: 2,
            self._regulator: 2, self._early: 1, self._unreadable: 2, self._unknown: 1, self._reused: 1, self._note: 5,
            self._note_without_id: 3, self._note_again: 3, self._refused: 2,
        }  # fmt: skip
        kinds = [kind for kind, times in turns.items() for _ in range(times)]
        self._chance.shuffle(kinds)
        return [self._evidence, self._note, *kinds]

    async def _fact(self, name: str, **content: Any) -> None:
        # As long as an id may be: what is carried must not depend on it.
        message = {"message_id": f"{name}-{uuid4().hex}".ljust(80, "x"), **content}
        await self._signal(name, message)
        self._sent.facts[message["message_id"]] = name
        self._facts.append((name, message))

    async def _fact_again(self) -> None:
        await self._signal(*self._chance.choice(self._facts))
        self._sent.again += 1

    async def _evidence(self) -> None:
        uri = f"vault://{uuid4().hex}"
        await self._fact("evidence_added", evidence={"uri": uri, "description": "a page of a statement"})

    async def _contact(self) -> None:
        kind = self._chance.choice(["chase", "correction", "new_information"])
        await self._fact("customer_contacted_us", channel="phone", kind=kind, summary="客户再次来电询问进展。")

    async def _part(self) -> None:
        finding = {"final": False, "finding": "The log of this hour shows nothing.", "evidence": []}
        await self._fact("investigation_result", investigation=ASKED, by=ENGINEER, **finding)

    async def _accepted(self) -> None:
        await self._fact("investigation_accepted", investigation=ASKED, by=ENGINEER)

    async def _time(self) -> None:
        await self._fact("investigation_extension_requested", investigation=ASKED, by=ENGINEER,
                         until="2099-01-31T17:00:00+08:00", reason="the logs are on tape")  # fmt: skip

    async def _early(self) -> None:
        unheard = f"branch-{self._chance.randint(100, 104)}"
        await self._fact("investigation_declined", investigation=unheard, by=ENGINEER, reason="not ours")
        self._sent.early += 1

    async def _regulator(self) -> None:
        await self._fact("regulator_contacted_us", regulator="the regulator", their_reference="R-1", summary="asks")

    async def _unreadable(self) -> None:
        shapes: list[list[Any]] = [[{"colour": "red"}], [b"\x00\xff"], [], [None], [{}, {}]]
        shape = self._chance.choice(shapes)
        await self._signal("evidence_added", *shape)
        self._sent.unusable += 1

    async def _unknown(self) -> None:
        await self._signal("no_such_signal", {"message_id": uuid4().hex})
        self._sent.unusable += 1

    async def _reused(self) -> None:
        name, message = self._chance.choice([one for one in self._facts if one[0] == "evidence_added"])
        other = message | {"evidence": {"uri": "vault://another", "description": "another page"}}
        await self._signal(name, other)
        self._sent.unusable += 1

    async def _note(self) -> None:
        note = {"by": OWNER, "text": uuid4().hex, "message_id": f"note-{uuid4().hex}".ljust(80, "x")}
        await self._decide(note, uuid4().hex)

    async def _note_without_id(self) -> None:
        await self._decide({"by": OWNER, "text": uuid4().hex}, uuid4().hex)

    async def _decide(self, note: Json, update_id: str) -> None:
        await self._insist(note, update_id)
        self._sent.notes.add(note["text"])
        self._notes.append((update_id, note))

    async def _note_again(self) -> None:
        update_id, note = self._chance.choice(self._notes)
        # With an id of its own it is known by that, whatever the update's id is.
        answer = await self._insist(note, uuid4().hex if "message_id" in note else update_id)
        expected = note.get("message_id", update_id)
        if answer["message"] != expected:
            self._sent.wrong.append(f"{expected} was answered with the receipt of {answer['message']}")
        self._sent.again += 1

    async def _refused(self) -> None:
        by = self._chance.choice([OWNER, STRANGER])
        name = "add_note" if by is STRANGER else "take_ownership"
        try:
            await self._insist({"by": by, "text": "not on the record"} if by is STRANGER else {"by": by}, None, name)
        except WorkflowUpdateFailedError:
            self._sent.refused += 1
        else:
            self._sent.wrong.append(f"{name} by {by['id']} was accepted")

    async def _insist(self, message: Json, update_id: str | None, name: str = "add_note") -> Json:
        receipt: Json = await self._until_taken(lambda: self._handle.execute_update(name, message, id=update_id))
        return receipt

    async def _signal(self, name: str, *payloads: Any) -> None:
        await self._until_taken(lambda: self._handle.signal(name, args=payloads))

    async def _until_taken(self, send: Callable[[], Awaitable[Any]]) -> Any:
        """Send, and again as long as the complaint is between two runs or too busy."""
        while True:
            try:
                return await send()
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                pass
            except RPCError as wrong:
                if wrong.status not in PASSING:
                    raise
            self._sent.insisted += 1
