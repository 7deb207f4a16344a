"""The server as an import needs it: asked again while it does not answer, but not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar

from temporalio.client import Client

from client.connection import ServerNotThere
from client.failures import Refused, ServerFull, WorkerNotThere
from client.gateway import OpenReceipt, open_complaint
from client.known import Known, known
from domain.complaint import Complaint

PAUSE = 1.0
"""Seconds between two attempts; the client itself has tried for some before it gives up."""
ABOUT_THE_COMPLAINT = {"invalid_argument", "too_large"}
"""Refusals that cost one complaint; any other would meet the next one just as well."""
OVERLOADED = "resource_exhausted"

T = TypeVar("T")


class PatientServer:
    """The server, waited for."""

    def __init__(self, client: Client, patience: float) -> None:
        """Ask by this connection, and wait so many seconds for a server that does not answer."""
        self._client, self.patience = client, patience
        self._asking, self._heard = 0, monotonic()
        self._full: ServerFull | None = None
        self.hurry = False
        """Whether to wait no more."""

    @property
    def silence(self) -> float:
        """For how many seconds it has owed an answer."""
        return monotonic() - self._heard if self._asking else 0.0

    async def known(self, references: Sequence[str]) -> dict[str, Known]:
        """Those of the references that were opened before.

        Raises:
            ServerNotThere: it does not answer, or refuses whatever it is asked.
        """
        return await self._ask(lambda: known(self._client, references))

    async def open(self, complaint: Complaint) -> OpenReceipt:
        """Open a complaint that was unknown a moment ago.

        Raises:
            Refused: because of the complaint.
            ServerNotThere: it does not answer, or refuses whatever it is asked.
        """
        attempts = 0

        async def attempt() -> OpenReceipt:
            nonlocal attempts
            attempts += 1
            return await open_complaint(self._client, complaint)

        receipt = await self._ask(attempt)
        # What an attempt without an answer has left behind is our own.
        is_ours = attempts > 1 and receipt.same_content
        return receipt.model_copy(update={"opened": True}) if is_ours else receipt

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        if not self._asking:
            self._heard = monotonic()
        self._asking += 1
        try:
            while (answer := await self._attempt(call)) is None:
                if self.hurry or self.silence > self.patience:
                    raise self._why()
                await asyncio.sleep(PAUSE)
            self._heard, self._full = monotonic(), None
            return answer
        finally:
            self._asking -= 1

    def _why(self) -> ServerNotThere:
        """Why it is not waited for any longer."""
        address = self._client.service_client.config.target_host
        return self._full or ServerNotThere(f"The Temporal server at {address} does not answer.")

    async def _attempt(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The answer, or nothing when there is none."""
        try:
            async with asyncio.timeout(max(self.patience - self.silence, PAUSE)):
                return await call()
        except ServerFull as full:
            self._full = full
            return None
        except (ServerNotThere, WorkerNotThere, TimeoutError):
            return None
        except Refused as refused:
            if refused.code == OVERLOADED:
                return None
            self._heard = monotonic()
            if refused.code in ABOUT_THE_COMPLAINT:
                raise
            raise ServerNotThere(refused.sentence) from None
