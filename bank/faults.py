"""Fault injection: what goes wrong on the way to the stand-in and back, by rules that ``PUT /faults`` sets.

Chance is seeded, so that a run with faults can be run again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import ConfigDict, Field
from starlette.datastructures import Headers, QueryParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bank.store import Store, now
from domain.model import Channel, Model


class FaultKind(StrEnum):
    """What can go wrong."""

    LATENCY = "latency"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    BUSY = "429"
    TIMEOUT = "timeout"
    LOST_ANSWER = "lost_answer"
    MALFORMED = "malformed"
    DUPLICATE = "duplicate"
    BOUNCE = "bounce"
    ACCOUNT_CLOSED = "account_closed"


ON_THE_WAY = frozenset(FaultKind) - {FaultKind.LATENCY, FaultKind.BOUNCE, FaultKind.ACCOUNT_CLOSED}
"""Faults of the line; the others are slowness, or decisions of a system."""

OUT_OF_REACH = ("/faults", "/inspect", "/health")
"""Paths that are no part of the bank and never fail."""


class FaultRule(Model):
    """One thing that goes wrong."""

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    """What."""
    path: str = "*"
    """Requests whose path matches this pattern, such as ``/letters`` or ``/departments/*``."""
    customer: str = "*"
    """For bounce and account_closed: customers whose number matches this pattern, such as ``*-closed``."""
    channel: Channel | None = None
    """For bounce: letters by this channel only."""
    probability: float = Field(default=1.0, ge=0, le=1)
    """How often it happens."""
    count: int | None = Field(default=None, ge=1)
    """How many times at most; without end when empty."""
    seconds: float = Field(default=1.0, ge=0, le=3_600)
    """Length of a latency; with 429 and 503 the Retry-After, rounded up; a timeout keeps silent for as long."""
    hits: int = 0
    """How often it happened so far."""

    def exhausted(self) -> bool:
        """Whether it has happened often enough."""
        return self.count is not None and self.hits >= self.count


class FaultPlan(Model):
    """Everything that goes wrong, and how slow the post is."""

    model_config = ConfigDict(extra="forbid")

    seed: int = 0
    """Seed of chance."""
    rules: list[FaultRule] = []
    """Tried in order."""
    post_polls: int = Field(default=2, ge=0)
    """How often a letter by post is asked for before it arrives."""
    ask_again_after_seconds: int = Field(default=1, ge=1)
    """When the sender of a letter under way is told to ask again."""


class Faults:
    """The plan in force, with chance and counts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.row("SELECT faults FROM plan")
        self.plan = FaultPlan.model_validate_json(kept["faults"]) if kept else FaultPlan()
        self._chance = random.Random(self.plan.seed)  # noqa: S311  # chance that can be repeated is the point

    def set(self, plan: FaultPlan) -> None:
        """Replace the plan."""
        self._chance = random.Random(plan.seed)  # noqa: S311
        self._keep(plan)

    def strike(
        self, path: str, kinds: Collection[FaultKind], key: str = "", customer: str = "", channel: Channel | None = None
    ) -> FaultRule | None:
        """The first rule that applies and whose chance comes up; it counts as happened, to the order of this key."""
        for number, rule in enumerate(self.plan.rules):
            if rule.kind in kinds and self._applies(rule, path, customer, channel):
                self._count(number, rule)
                self._store.add("strikes", kind=rule.kind, path=path, key=key, at=now().isoformat())
                return rule
        return None

    def _applies(self, rule: FaultRule, path: str, customer: str, channel: Channel | None) -> bool:
        return (
            not rule.exhausted()
            and fnmatchcase(path, rule.path)
            and fnmatchcase(customer, rule.customer)
            and rule.channel in (None, channel)
            and self._chance.random() < rule.probability
        )

    def _count(self, number: int, rule: FaultRule) -> None:
        rules = [*self.plan.rules]
        rules[number] = rule.model_copy(update={"hits": rule.hits + 1})
        self._keep(self.plan.model_copy(update={"rules": rules}))

    def _keep(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._store.run("INSERT OR REPLACE INTO plan VALUES (1, ?)", plan.model_dump_json())


class FaultyLine:
    """The line between the bank's systems and whoever asks them."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or have it meet its fault."""
        if scope["type"] != "http" or scope["path"].startswith(OUT_OF_REACH):
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        slow = self._faults.strike(scope["path"], {FaultKind.LATENCY}, key)
        fault = self._faults.strike(scope["path"], ON_THE_WAY, key)
        if slow:
            await asyncio.sleep(slow.seconds)
        if fault:
            await self._fail(fault, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _fail(self, fault: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case FaultKind.TIMEOUT:
                await _keep_silent(receive, fault.seconds)
                await _hang_up(send)
            case FaultKind.LOST_ANSWER:
                await self._app(scope, receive, _nowhere)
                await _hang_up(send)
            case FaultKind.DUPLICATE:
                body = await _read(receive)
                await self._app(scope, _replay(body), _nowhere)
                await self._app(scope, _replay(body), send)
            case FaultKind.MALFORMED:
                await JSONResponse({"surprise": True})(scope, receive, send)
            case status:
                wait = {"Retry-After": str(-int(-fault.seconds // 1))} if status is not FaultKind.SERVER_ERROR else {}
                await JSONResponse({}, int(status.value), wait)(scope, receive, send)


def _key(scope: Scope) -> str:
    """Which order a request is about; empty where it is about none."""
    return Headers(scope=scope).get("Idempotency-Key") or QueryParams(scope["query_string"]).get("key", "")


async def _keep_silent(receive: Receive, seconds: float) -> None:
    """Until the other side hangs up, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


async def _hang_up(send: Send) -> None:
    """Cut the connection in the middle of an answer, as a process that dies would."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _nowhere(message: Message) -> None:
    """An answer that nobody hears."""


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
