"""How far an import is: a bar in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from rich.progress import BarColumn, Progress, TextColumn

from cli.terminal import console
from intake.bulk import Import

REFRESH = 0.2
"""Seconds between two looks, in a terminal."""
PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""
SPEED_OVER = 30.0
"""Seconds over which the speed is taken: what was open already goes by much faster than what is new."""
SILENT = 3.0
"""Seconds after which a server that does not answer is mentioned."""


@dataclass(frozen=True)
class Extent:
    """How much of a file there is, and how much of it has been read."""

    size: int | None
    """Bytes; empty for a pipe."""
    read: Callable[[], int]
    """Bytes read by now."""
    limit: int | None
    """How many lines are wanted at most."""


@dataclass
class View:
    """An import as somebody sees who waits for it."""

    importing: Import
    extent: Extent
    _looks: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def lines(self) -> int:
        """Lines dealt with."""
        return self.importing.tally.summary.lines

    @property
    def expected(self) -> int | None:
        """How many lines there will be, estimated from the bytes until all are read; empty when nobody knows."""
        inbox, extent = self.importing.inbox, self.extent
        if inbox.all_read or not extent.size:
            return inbox.count if inbox.all_read else extent.limit
        estimate = round(inbox.count * extent.size / max(extent.read(), 1))
        return min(estimate, extent.limit) if extent.limit else estimate

    def words(self, now: float) -> str:
        """How far, how fast, how long still, and what it waits for."""
        expected, speed = self.expected, self._speed(now)
        about = "" if self.importing.inbox.all_read else "about "
        words = [f"{self.lines:,} of {about}{expected:,} lines" if expected else f"{self.lines:,} lines"]
        if waiting := self._waiting():
            return f"{words[0]}, {waiting}"
        if speed:
            words.append(f"{speed:,.0f} per second")
        if speed and expected:
            words.append(f"{timedelta(seconds=round((expected - self.lines) / speed))} left")
        return ", ".join(words)

    def _speed(self, now: float) -> float:
        self._looks.append((now, self.lines))
        while now - self._looks[0][0] > SPEED_OVER:
            self._looks.popleft()
        then, before = self._looks[0]
        return (self.lines - before) / (now - then) if now > then else 0.0

    def _waiting(self) -> str | None:
        if self.importing.stopped:
            return "finishing what has been begun"
        server = self.importing.server
        if server and server.silence > SILENT:
            return f"waiting for the server: {server.silence:.0f} s of {server.patience:.0f} s"
        return None


@asynccontextmanager
async def progress(view: View, *, quiet: bool) -> AsyncIterator[None]:
    """Show on standard error how far it is, until the block is left."""
    if quiet:
        yield
        return
    showing = asyncio.create_task(_bar(view) if console().is_interactive else _plain_lines(view))
    try:
        yield
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _bar(view: View) -> None:
    columns = BarColumn(bar_width=30), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console(), transient=True) as bar:
        task = bar.add_task("", total=None)
        while True:
            bar.update(task, completed=view.lines, total=view.expected, description=view.words(monotonic()))
            await asyncio.sleep(REFRESH)


async def _plain_lines(view: View) -> None:
    view.words(monotonic())  # the speed is taken from here on
    while True:
        await asyncio.sleep(PLAIN_EVERY)
        console().print(view.words(monotonic()), markup=False)
