"""The way to the bank's systems: one shared HTTP client, idempotency keys, and errors sorted by what mends them.

What may pass later raises a retryable ``ApplicationError``; what no repetition mends raises a non-retryable one. Their
``type`` is a word of :class:`BankFailure`. Their messages name the system, the request and the status or refusal code:
they are kept in plain text by Temporal, so nothing of a request's or an answer's body may be in them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from time import perf_counter
from typing import TypeVar

import httpx
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import BaseModel, ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import Refusal
from activities.settings import BankSettings, System
from domain.metrics import BANK_REQUESTS

A = TypeVar("A", bound=BaseModel)

LONGEST_RETRY_AFTER = timedelta(hours=1)
"""A system that asks for more is asked again after this: a wrong header must not silence a complaint."""


class BankFailure(StrEnum):
    """Every ``type`` of error that an activity raises."""

    UNREACHABLE = "BankUnreachable"
    FAILED = "BankFailed"
    BUSY = "BankBusy"
    UNAUTHORISED = "BankUnauthorised"
    LETTER_UNDER_WAY = "LetterUnderWay"
    ARCHIVE_UNAVAILABLE = "ArchiveUnavailable"
    KEY_REUSED = "BankKeyReused"
    REFUSED = "BankRefused"
    ANSWER_UNREADABLE = "BankAnswerUnreadable"
    ARCHIVE_REFUSED = "ArchiveRefused"


def bank_client(settings: BankSettings) -> httpx.AsyncClient:
    """The one client that all systems share."""
    token = settings.bank_token
    return httpx.AsyncClient(
        headers={"Authorization": f"Bearer {token.get_secret_value()}"} if token else {},
        timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
        mounts={"all://127.0.0.1": None, "all://localhost": None},  # no proxy of the environment for loopback
        event_hooks={"request": [_continue_trace]},
    )


async def _continue_trace(request: httpx.Request) -> None:
    """Let the bank's systems continue the trace of the activity, if there is one."""
    TraceContextTextMapPropagator().inject(request.headers)


class BankSystem:
    """One system of the bank, reached over the shared client."""

    def __init__(self, system: System, client: httpx.AsyncClient, settings: BankSettings) -> None:
        self._name = system.value
        self._client = client
        self._url = settings.url(system)
        # httpx measures silence; an answer that drips in byte by byte needs a limit of its own.
        self._patience = settings.connect_timeout + settings.read_timeout

    async def order(self, path: str, order: BaseModel, key: str, answer: type[A]) -> A:
        """Have something done: the same key has its effect once, however often it is asked."""
        with self._measured():
            return self._read(await self._send("POST", path, order, {"Idempotency-Key": key}), path, answer)

    async def ask(self, path: str, question: BaseModel, answer: type[A]) -> A:
        """Ask something that changes nothing, or changes the same thing each time."""
        with self._measured():
            return self._read(await self._send("POST", path, question, {}), path, answer)

    async def find(self, path: str, key: str, answer: type[A]) -> A | None:
        """Look up what became of an order; nothing when the system never had it."""
        with self._measured():
            response = await self._send("GET", path, None, {}, {"key": key})
            return None if response.status_code == 404 else self._read(response, path, answer)

    @contextmanager
    def _measured(self) -> Iterator[None]:
        """Note for the metrics how long a request took and how it ended."""
        began, outcome = perf_counter(), "cancelled"
        try:
            yield
            outcome = "answered"
        except ApplicationError as failed:
            outcome = failed.type or "failed"
            raise
        finally:
            if activity.in_activity():
                took = timedelta(seconds=perf_counter() - began)
                meter = activity.metric_meter().create_histogram_timedelta(BANK_REQUESTS.given_name, BANK_REQUESTS.help)
                meter.record(took, BANK_REQUESTS.labels(outcome) | {"system": self._name})

    async def _send(
        self,
        method: str,
        path: str,
        body: BaseModel | None,
        headers: dict[str, str],
        query: dict[str, str] | None = None,
    ) -> httpx.Response:
        content = body.model_dump_json() if body else None
        try:
            async with asyncio.timeout(self._patience):
                return await self._client.request(
                    method,
                    self._url + path,
                    params=query,
                    content=content,
                    headers=headers | ({"Content-Type": "application/json"} if content else {}),
                )
        except (httpx.RequestError, TimeoutError) as error:
            # Not chained: the exception of the client carries the request.
            raise ApplicationError(
                f"the {self._name} did not answer {path} ({type(error).__name__})", type=BankFailure.UNREACHABLE
            ) from None

    def _read(self, response: httpx.Response, path: str, answer: type[A]) -> A:
        if not response.is_success:
            raise self._failure(response, path)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError:
            raise ApplicationError(
                f"the {self._name} answered {path} with {response.status_code} and not with {answer.__name__}",
                type=BankFailure.ANSWER_UNREADABLE,
                non_retryable=True,
            ) from None

    def _failure(self, response: httpx.Response, path: str) -> ApplicationError:
        status = response.status_code
        said = f"the {self._name} answered {path} with {status}"
        match status:
            case 429 | 503:
                return ApplicationError(said, type=BankFailure.BUSY, next_retry_delay=retry_after(response))
            case 401 | 403:
                # An expired token or a closed gate: mended at the bank, not by a person for each complaint.
                return ApplicationError(said, type=BankFailure.UNAUTHORISED)
            case 408:
                return ApplicationError(said, type=BankFailure.UNREACHABLE)
            case _ if status >= 500:
                return ApplicationError(said, type=BankFailure.FAILED)
            case _ if status < 400:
                return ApplicationError(said, type=BankFailure.ANSWER_UNREADABLE, non_retryable=True)
            case 409:
                return ApplicationError(said, type=BankFailure.KEY_REUSED, non_retryable=True)
        return ApplicationError(
            f"the {self._name} refused {path} with {status}{_code(response)}",
            type=BankFailure.REFUSED,
            non_retryable=True,
        )


def retry_after(response: httpx.Response) -> timedelta | None:
    """How long the system asks to be left alone: in seconds or until a date, or nothing that can be read."""
    header = response.headers.get("Retry-After", "").strip()
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), LONGEST_RETRY_AFTER.total_seconds()))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    wait = until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def _code(response: httpx.Response) -> str:
    """The refusal code, when it is one of the contract: free text of an answer is never repeated."""
    try:
        return f": {Refusal.model_validate_json(response.content).code}"
    except ValidationError:
        return ""
