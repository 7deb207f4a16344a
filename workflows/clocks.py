"""Time: the committed reply deadline as a timer of its own, and one lazy alarm for everything else that falls due."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

from domain import clocks, timekeeping
from domain.sheet import summary_of_alarm, summary_of_timer
from domain.timekeeping import Due
from workflows.desk import Desk


class Clocks:
    """Lets things happen when they fall due."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def watch_reply_deadline(self) -> None:
        """Wait for the committed reply deadline; its timer shows the date for its whole length."""
        while True:
            await workflow.wait_condition(lambda: self._due(reply=True) is not None)
            await self._wait_for(self._due(reply=True), _moved)

    async def watch_everything_else(self) -> None:
        """Wait for the earliest of all other due times; re-armed only when one becomes due earlier."""
        while True:
            await workflow.wait_condition(lambda: self._due(reply=False) is not None)
            await self._wait_for(self._due(reply=False), _sooner)

    def _due(self, *, reply: bool) -> Due | None:
        return timekeeping.next_due(self._desk.file, reply) if self._desk.open else None

    async def _wait_for(self, due: Due | None, changed: Callable[[Due, Due | None], bool]) -> None:
        if due is None:
            return  # a message that was woken by the same change came first, and stopped the clock
        left = due.at - self._desk.now()
        if left > timedelta(0):
            with contextlib.suppress(asyncio.TimeoutError):
                await workflow.wait_condition(
                    lambda: changed(due, self._due(reply=due.reply)), timeout=left, timeout_summary=self._label(due)
                )
        timekeeping.run_out(self._desk.file, self._desk.now())

    def _label(self, due: Due) -> str:
        clock = clocks.next_reply_deadline(self._desk.file) if due.reply else None
        return summary_of_timer(self._desk.file, clock) if clock else summary_of_alarm(self._desk.file, due)


def _moved(armed: Due, now: Due | None) -> bool:
    return now is None or now.at != armed.at


def _sooner(armed: Due, now: Due | None) -> bool:
    return now is not None and now.at < armed.at
