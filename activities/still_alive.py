"""Tells the server that a request is still being worked on, so that one which died with its worker is soon repeated."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

EVERY = timedelta(seconds=3)
"""A request that is answered sooner says nothing; most are."""


class StillAlive(Interceptor):
    """Has every activity of a worker say now and then that it is alive."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Wrap the activities of the worker."""
        return _Beating(next)


class _Beating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        beats = _Beats()
        try:
            return await super().execute_activity(input)
        finally:
            beats.end()


class _Beats:
    """A timer, not a task: nearly every request is answered before the first one, and pays for no more."""

    def __init__(self) -> None:
        self._wait()

    def _wait(self) -> None:
        self._next = asyncio.get_running_loop().call_later(EVERY.total_seconds(), self._beat)

    def _beat(self) -> None:
        activity.heartbeat()
        self._wait()

    def end(self) -> None:
        """Say nothing any more."""
        self._next.cancel()
