"""Opening many complaints. Interrupted and repeated imports end in the same state: a reference is opened once.

Nothing is kept about how far an import came: the server alone knows what is open, and is asked for many at a time.
"""

from __future__ import annotations

import asyncio

from client.failures import Refused
from domain.model import Stage
from domain.reading import Unreadable
from intake.inbox import Inbox, Line
from intake.patience import PatientServer
from intake.source import Found, Rejected, Wrong
from intake.tally import Tally

AT_A_TIME = 32
"""Complaints being opened at once; more do not make a server faster."""


class Import:
    """One run over one file."""

    def __init__(self, inbox: Inbox, tally: Tally, server: PatientServer | None = None) -> None:
        """Prepare a run.

        Args:
            inbox: what is read from the file.
            tally: where it is counted.
            server: where to open it; without one everything is read and checked, and nothing opened.
        """
        self.inbox, self.tally, self.server = inbox, tally, server
        self._new: asyncio.Queue[Found | None] = asyncio.Queue(AT_A_TIME)
        self._trouble: Exception | None = None
        self.stopped = False
        """Whether it was told to stop, or had to."""

    def stop(self) -> None:
        """Open no more; what is being opened is finished."""
        self.stopped = True
        self.inbox.close()
        if self.server:
            self.server.hurry = True

    async def run(self) -> None:
        """Open everything. Whatever stops it, nothing that is being opened is left in doubt.

        Raises:
            Unreadable: the file as a whole, or from some line on; what stands before is opened.
            ServerNotThere: the server has not answered for too long, or refuses whatever it is asked.
            OSError: the file of rejected lines cannot be written.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sort_all())
            if self.server:
                for _ in range(AT_A_TIME):
                    group.create_task(self._open_new(self.server))
        if self._trouble:
            raise self._trouble

    async def _sort_all(self) -> None:
        try:
            batch = await self.inbox.take()
            self.tally.rejects.begin()  # the file is one that can be read
            while batch and not self.stopped:
                await self._sort(batch)
                batch = await self.inbox.take()
        except Unreadable as trouble:
            self._trouble = trouble
        except Exception as trouble:
            self._stop_because(trouble)
        finally:
            await self._tell_the_end()

    async def _tell_the_end(self) -> None:
        if self.server:
            for _ in range(AT_A_TIME):
                await self._new.put(None)

    async def _sort(self, batch: list[Line]) -> None:
        """Count what needs no opening, and hand on what does."""
        fresh: dict[str, tuple[Found, str]] = {}
        for line in batch:
            if isinstance(line, Rejected):
                self.tally.reject(line)
            elif content := self.tally.new(line):
                fresh[line.complaint.reference] = line, content
        known = await self.server.known(list(fresh)) if self.server else {}
        for reference, (found, content) in fresh.items():
            if self.server is None:
                self.tally.check()
            elif before := known.get(reference):
                same = None if before.digest is None else before.digest == content
                self.tally.before(found, is_open=before.is_open, same=same)
            else:
                await self._new.put(found)

    async def _open_new(self, server: PatientServer) -> None:
        while found := await self._new.get():
            if not self.stopped:
                try:
                    await self._open(server, found)
                except Exception as trouble:
                    self._stop_because(trouble)

    async def _open(self, server: PatientServer, found: Found) -> None:
        try:
            receipt = await server.open(found.complaint)
        except Refused as refused:
            self.tally.reject(Rejected(found.line, None, Wrong.REFUSED, refused.sentence))
            return
        if receipt.opened:
            self.tally.open()
        else:
            self.tally.before(found, is_open=receipt.stage != Stage.CLOSED, same=receipt.same_content)

    def _stop_because(self, trouble: Exception) -> None:
        if not self.stopped:
            self._trouble = trouble
        self.stop()
