"""What keeps a complaint alive around its story: shelter from cancellation, timers, errands, a fresh history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.interface import keep_journal_page
from domain import closing, room
from domain.casefile import HIDDEN, Entry
from domain.closing import ClosedComplaint
from domain.effects import JournalPage
from domain.reading import Unreadable
from domain.settling import open_task
from domain.stages import stage
from workflows.clocks import Clocks
from workflows.counters import Counters
from workflows.desk import JOURNAL, Desk
from workflows.errands import Errands, ask
from workflows.publisher import Publisher

ROLL_ANYWAY, ROLL_ANYWAY_BYTES = 7_000, 16_000_000
"""Length of the history after which a new run begins even while activities are under way; their keys make repeating
them safe. The server suggests it at 4,096 events or 4 MB, and ends a complaint that goes beyond 50 MB."""


class Upkeep:
    """Runs the story of a complaint and everything that goes on beside it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._errands = Errands(desk)
        self._publisher = Publisher(desk)
        self._counters = Counters(desk)
        self._clocks = Clocks(desk)
        self._paging = asyncio.Lock()

    async def shelter(self, story: Coroutine[Any, Any, ClosedComplaint]) -> ClosedComplaint:
        """Tell the story to its end, whatever is requested meanwhile; a cancel request is a withdrawal."""
        told = asyncio.create_task(story)
        tasks: list[asyncio.Task[Any]] = [told, *map(asyncio.create_task, self._beside())]
        while not told.done():
            await self._until(lambda: any(task.done() for task in tasks) or self._must_roll())
            for task in tasks:
                if task.done():
                    task.result()
            if not told.done():
                await self._roll()
        return await self._end(told.result())

    def _beside(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What goes on beside the story."""
        yield self._errands.run()
        yield self._report()
        yield self._clocks.watch_reply_deadline()
        yield self._clocks.watch_everything_else()
        yield self._desk.catch_up()

    async def _report(self) -> None:
        """Count and show in the lists whatever is entered in the file."""
        while True:
            await self._publisher.news()
            self._counters.count()
            self._publisher.publish(whole=False)

    async def _end(self, closed: ClosedComplaint) -> ClosedComplaint:
        """Close the file, show it closed, and let nobody wait for an answer that will not come."""
        self._desk.file.closed_at = closed.closed_at
        self._publisher.publish()
        self._counters.count()
        await self._until(self._nothing_waits)
        await self._archived(self._archive_late_entries)
        return closed  # with which the server drops the alarm, too

    def _must_roll(self) -> bool:
        info = workflow.info()
        if not (self._desk.open and info.is_continue_as_new_suggested()):
            return False
        if self._errands.idle or info.get_current_history_length() > ROLL_ANYWAY:
            return True
        return info.get_current_history_size() > ROLL_ANYWAY_BYTES

    async def _roll(self) -> None:
        """Begin a new run with the same file, so that the history never grows too long."""
        await self._archived(self._archive_old_entries)
        await self._until(self._nothing_waits)
        self._publisher.publish()  # the new run does not know what this one has shown
        self._counters.count()  # and takes what is in the file as counted
        room.tidy(self._desk.file)
        workflow.continue_as_new(self._desk.file)

    async def _archived(self, archive: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Archive what has to be, and again where facts were still to be taken in."""
        await self._undisturbed(archive())
        while self._desk.behind:
            await self._until(lambda: not self._desk.behind)
            await self._undisturbed(archive())

    def _nothing_waits(self) -> bool:
        """Whether no message waits to be answered or taken in."""
        return not self._desk.behind and workflow.all_handlers_finished()

    @property
    def at_rest(self) -> bool:
        """Whether no facts wait, and no page of the journal is on its way."""
        return not self._desk.behind and not self._paging.locked()

    async def shorten_journal(self) -> None:
        """A journal that is too long to be archived in one piece with the file goes before it, page by page."""
        # A run of an earlier version that is replayed did not do so.
        if room.too_long(self._desk.file.journal) and workflow.patched("long-journal-first"):
            await self._archive_old_entries()
            while self._desk.behind:
                await workflow.wait_condition(lambda: not self._desk.behind)
                await self._archive_old_entries()

    async def _archive_old_entries(self) -> None:
        """What the archive refuses stays in the file; if it is too much for that, until a person has seen to it."""
        file = self._desk.file
        async with self._paging:
            # With the complaint goes the whole journal that the file has then.
            while not closing.archive_ordered(file) and (page := room.old_page(file.journal)):
                if await self._kept(page):
                    file.journal = file.journal[len(page) :]
                elif room.carriable(file):
                    return
                else:
                    await workflow.wait_condition(lambda: open_task(file, JOURNAL) is None)

    async def _archive_late_entries(self) -> None:
        """What came while the complaint was being archived belongs to it too."""
        file = self._desk.file
        while late := closing.late_entries(file):
            page = room.page(late)
            if not await self._kept(page):
                return
            file.archived_entries = page[-1].number + 1

    async def _kept(self, entries: list[Entry]) -> bool:
        """Keep a page of the journal. What the archive will not have stays in the file, and a person looks at it."""
        reference, first = self._desk.file.complaint.reference, entries[0].number
        page = JournalPage(
            reference=reference,
            workflow_id=workflow.info().workflow_id,
            key=f"{reference}/journal/{first}",
            first=first,
            entries=[entry.model_dump(mode="json") for entry in entries],
        )
        try:
            await ask(keep_journal_page, page)
        except (ActivityError, Unreadable) as failed:
            self._desk.page_refused(page.first, str(failed.__cause__ or failed))
            return False
        return True

    async def _undisturbed(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in a task of its own, which a cancel request does not reach."""
        task = asyncio.create_task(work)
        await self._until(task.done)
        task.result()

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition. A cancel request reaches this task only, once; it is a withdrawal."""
        while not condition():
            try:
                await workflow.wait_condition(condition)
            except asyncio.CancelledError:
                self._desk.withdraw(f"cancel requested: {workflow.cancellation_reason() or 'no reason given'}")

    def case_file(self) -> dict[str, Any]:
        """The file as the query shows it, with its stage, or why there is none yet."""
        if self._desk.unreadable is not None or not self._desk.readable:
            return {"stage": "unreadable", "reason": self._desk.unreadable, "waiting": len(self._desk.in_tray)}
        file = self._desk.file
        shown = file.model_dump(mode="json", exclude=HIDDEN)
        shown["journal"] = shown["journal"][len(file.journal) - len(room.newest(file.journal)) :]
        return {"stage": stage(file)} | shown
