"""Carrying out errands: one activity each, retried without end, given to a person when impossible."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError
from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError

from activities import interface
from domain import effects, errands, requests, settling
from domain.casefile import Errand
from domain.reading import Unreadable, explain
from workflows.desk import Desk
from workflows.payloads import content

T = TypeVar("T")

RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
"""Without end: what stays impossible raises a non-retryable error and becomes a task for a person."""
TIMEOUT = timedelta(minutes=1)
SILENCE = timedelta(seconds=15)
"""A request of which nothing is heard for so long has died with its worker, and is repeated."""

ACTIVITIES: dict[type[requests.Request], Any] = {
    effects.CustomerQuery: interface.look_up_customer,
    effects.CalendarsQuery: interface.resolve_calendars,
    effects.LetterOrder: interface.send_letter,
    effects.InvestigationOrder: interface.dispatch_investigation,
    effects.RemedyOrder: interface.dispatch_remedy,
    effects.NoticeOrder: interface.notify_staff,
    effects.PayoutOrder: interface.pay_out,
    effects.ReversalOrder: interface.reverse_payment,
    effects.ArchiveOrder: interface.archive_complaint,
}
"""Which system does what."""


class Errands:
    """Carries out every errand that the case orders, several at a time, each once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._under_way: dict[str, asyncio.Task[None]] = {}

    @property
    def idle(self) -> bool:
        """Whether no activity is under way."""
        return not self._under_way

    async def run(self) -> None:
        """Start what is ordered, as long as the complaint lives."""
        while True:
            await workflow.wait_condition(lambda: bool(self._ordered()) or self._failed() is not None)
            if failed := self._failed():
                raise failed
            for errand in self._ordered():
                self._under_way[errand.id] = asyncio.create_task(self._carry_out(errand))

    def _ordered(self) -> list[Errand]:
        if not self._desk.open:
            return []
        return [errand for errand in self._desk.file.errands if errand.pending and errand.id not in self._under_way]

    def _failed(self) -> BaseException | None:
        """A fault of our own code: it must stop the workflow task, not be lost in a background task."""
        finished = (task for task in self._under_way.values() if task.done() and not task.cancelled())
        return next((task.exception() for task in finished if task.exception()), None)

    async def _carry_out(self, errand: Errand) -> None:
        request = requests.request(self._desk.file, errand, workflow.info().workflow_id)
        try:
            outcome = await ask(ACTIVITIES[type(request)], request, summary(errand))
        except (ActivityError, Unreadable) as failed:
            why = str(failed.__cause__ or failed)
            self._desk.at_this_time(lambda file, now: errands.impossible(file, errand, why, now))
        else:
            self._desk.at_this_time(lambda file, now: settling.errand_answered(file, errand, outcome, now))
        del self._under_way[errand.id]


async def ask(does: Callable[..., Awaitable[T]], request: BaseModel, summary: str | None = None) -> T:
    """Ask a system, as often as it takes, for its answer.

    Raises:
        ActivityError: what was asked is impossible.
        Unreadable: the answer is not the system's. An operator can complete an activity by hand, with anything; the SDK
            would stop the complaint for ever over it.
    """
    answer = await workflow.execute_activity(
        does.__name__,
        request,
        result_type=RawValue,
        start_to_close_timeout=TIMEOUT,
        heartbeat_timeout=SILENCE,
        retry_policy=RETRIES,
        summary=summary,
    )
    try:
        read: T = _answers(does).validate_json(content(answer))
    except (Unreadable, ValidationError) as wrong:
        why = explain(wrong) if isinstance(wrong, ValidationError) else str(wrong)
        raise Unreadable(f"the answer cannot be read, find out whether it was done: {why}") from None
    return read


@cache
def _answers(does: Callable[..., Awaitable[T]]) -> TypeAdapter[T]:
    return TypeAdapter(get_type_hints(does)["return"])


def summary(errand: Errand) -> str:
    """One line for the Temporal UI, without personal data."""
    match errand.letter, errand.to:
        case (None, ""):
            return errand.subject or errand.kind
        case (None, to):
            return f"{errand.notice} to {to}"
        case (letter, _):
            return f"{letter} by {errand.channels[0]}".replace("_", " ")
