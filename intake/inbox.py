"""Reads a file ahead in a thread of its own, so that a slow pipe holds up neither the openings nor a Ctrl-C."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress

from intake.source import Found, Rejected

AHEAD = 512
"""Lines read ahead, at most."""
AT_ONCE = 256
"""Lines handed over at once, at most."""

Line = Found | Rejected


class Inbox:
    """What has been read and not been taken yet."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[Line | Exception | None] = asyncio.Queue()
        self._room = threading.Semaphore(AHEAD)
        self._closed = False
        self._end: Exception | bool = False
        self.count = 0
        """Lines read by now."""
        self.all_read = False
        """Whether those are all."""
        threading.Thread(target=self._read_all, daemon=True, name="reader").start()

    async def take(self) -> list[Line]:
        """What has been read since the last time, at least one; nothing at the end.

        Raises:
            Unreadable: the file as a whole; after everything that stood before.
        """
        taken: list[Line] = []
        while not self._end and len(taken) < AT_ONCE and not (taken and self._lines.empty()):
            line = await self._lines.get()
            if isinstance(line, Found | Rejected):
                taken.append(line)
                self._room.release()
            else:
                self._end = line or True
        if not taken and isinstance(self._end, Exception):
            raise self._end
        return taken

    def close(self) -> None:
        """Read no more: whoever waits gets what is there."""
        self._closed = True
        self._room.release()
        self._lines.put_nowait(None)

    def _read_all(self) -> None:
        try:
            for line in self._source:
                self._room.acquire()
                if self._closed:
                    return
                self.count += 1
                self._hand_over(line)
        except Exception as trouble:
            self._hand_over(trouble)
        else:
            self.all_read = True
            self._hand_over(None)

    def _hand_over(self, what: Line | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self._loop.call_soon_threadsafe(self._lines.put_nowait, what)
