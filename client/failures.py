"""What can go wrong between a sender and a complaint, in the words that people see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from client.connection import ServerNotThere

PATIENCE = timedelta(seconds=15)
"""Updates and queries are answered at once; a worker that is busy replaying may need a moment."""

ROLL_OVER_ATTEMPTS = 4
T = TypeVar("T")


class Refused(Exception):
    """A message or complaint was not accepted: a code for machines and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class ServerFull(ServerNotThere):
    """The server answers that it cannot store anything any more. The text is one sentence."""


class WorkerNotThere(Exception):
    """The server is there, but no worker answers for the complaint. The text is one sentence."""


class ArchiveNotThere(Exception):
    """The archive cannot be used as configured. The text is one sentence."""


async def through_a_roll_over(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again while the complaint begins a new run, which the server answers with a failed precondition."""
    for _ in range(ROLL_OVER_ATTEMPTS):
        try:
            return await ask()
        except RPCError as wrong:
            if wrong.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
    return await ask()


@asynccontextmanager
async def plainly(client: Client, reference: str) -> AsyncIterator[None]:
    """Turn what the SDK raises into a refusal, or into the one thing that is not there."""
    try:
        yield
    except WorkflowUpdateFailedError as failed:
        raise _refusal(failed.cause) from None
    except WorkflowQueryFailedError as failed:
        raise Refused("query_failed", f"The complaint {reference} cannot be shown: {failed.message}.") from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise _nobody(reference) from None
    except UnicodeEncodeError:
        raise _no_such(reference) from None
    except RPCError as wrong:
        raise _plain(client, reference, wrong) from None


@asynccontextmanager
async def plainly_of_all(client: Client) -> AsyncIterator[None]:
    """The same for questions about all complaints, which no worker answers."""
    try:
        yield
    except RPCError as wrong:
        match wrong.status:
            case RPCStatusCode.UNAVAILABLE | RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED:
                raise _gone(client, wrong) from None
            case RPCStatusCode.NOT_FOUND if wrong.message.startswith("Namespace "):
                raise _lost(client) from None
            case RPCStatusCode.INVALID_ARGUMENT if "search attribute" in wrong.message:
                sentence = "This namespace has no search attributes of complaints yet: run 'starter.py setup'."
                raise Refused("not_set_up", sentence) from None
            case _:
                raise _unforeseen(wrong) from None


def _refusal(cause: BaseException) -> Refused:
    if isinstance(cause, ApplicationError):
        return Refused(cause.type or "refused", cause.message)
    return Refused("refused", str(cause))


def _plain(client: Client, reference: str, wrong: RPCError) -> Exception:
    match wrong.status:
        case RPCStatusCode.NOT_FOUND if "completed" in wrong.message:
            return Refused("closed", f"The complaint {reference} is closed; nothing can be added to it.")
        case RPCStatusCode.NOT_FOUND if wrong.message.startswith("Namespace "):
            return _lost(client)
        case RPCStatusCode.NOT_FOUND:
            return _no_such(reference)
        case RPCStatusCode.INVALID_ARGUMENT if "execution limit for signal" in wrong.message:
            return _too_many(reference)
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED | RPCStatusCode.FAILED_PRECONDITION:
            return _nobody(reference)
        case RPCStatusCode.UNAVAILABLE:
            return _gone(client, wrong)
        case _:
            return _unforeseen(wrong)


def _no_such(reference: str) -> Refused:
    return Refused("not_found", f"There is no complaint {reference}.")


def _too_many(reference: str) -> Refused:
    return Refused(
        "too_many_messages",
        f"The complaint {reference} has more messages than it can take in at the moment; send this again later.",
    )


def _gone(client: Client, wrong: RPCError) -> ServerNotThere:
    address = client.service_client.config.target_host
    if "disk is full" in wrong.message or "no space left" in wrong.message.lower():
        return ServerFull(f"The Temporal server at {address} cannot store anything: its database or disk is full.")
    return ServerNotThere(f"The Temporal server at {address} stopped answering; try again.")


def _lost(client: Client) -> ServerNotThere:
    """Said of a namespace that was there before, too, by a server whose database is too slow for it."""
    address = client.service_client.config.target_host
    return ServerNotThere(
        f"The Temporal server at {address} does not find the namespace {client.namespace} at the moment; try again."
    )


def _unforeseen(wrong: RPCError) -> Refused:
    return Refused(wrong.status.name.lower(), f"The Temporal server refused: {wrong.message}.")


def _nobody(reference: str) -> WorkerNotThere:
    return WorkerNotThere(
        f"No worker answered for the complaint {reference} within {PATIENCE.seconds} s; start worker.py and try again "
        "(a message with the same message_id counts once)."
    )
