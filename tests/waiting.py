"""Waiting for a state: looked at again and again, for a bounded time, with what there was instead in the failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE = 60.0
"""Seconds of real time for an awaited state."""

T = TypeVar("T")


async def _nothing() -> None:
    """Nothing more can be said."""


async def eventually(look: Callable[[], Awaitable[T | None]], state: Callable[[], Awaitable[object]] = _nothing) -> T:
    """Look until there is something to see; give up after a while, showing the state."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while loop.time() < end:
        if found := await look():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"never seen; the state is {await state()}")


async def answered(ask: Callable[[], Awaitable[T]], holds: Callable[[T], object]) -> T:
    """Ask until the answer is the one that is waited for; give up after a while, showing the last."""

    async def look() -> tuple[T] | None:
        answer = await ask()
        return (answer,) if holds(answer) else None

    return (await eventually(look, ask))[0]
