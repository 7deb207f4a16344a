"""The desk: where the workflow keeps the one case file, and tells it the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from domain import errands, intake, timekeeping
from domain.case import learn, open_case, quarantine
from domain.casefile import CaseFile
from domain.complaint import Complaint
from domain.facts import Fact
from domain.pinned import PinnedRules
from domain.reading import Unreadable, read
from domain.reopening import ClosedBefore, refused_task
from domain.settling import withdraw
from domain.tasks import OpenTask, intake_task, open_tasks
from workflows.names import workflow_id
from workflows.payloads import content

T = TypeVar("T")

JOURNAL = "journal"
"""Id of the task to find out why the archive refuses a page of the journal."""
AT_A_TIME = 250
"""Facts that one step takes in. The SDK gives a step two seconds, and thousands can have waited for a worker."""
BREATH = timedelta(milliseconds=1)
FAST = timedelta(hours=1)
"""By how much the clock of an intake system may be fast. More is a wrong date or zone, and would move the deadlines."""


class Desk:
    """Holds the file of one complaint. Facts wait in the in-tray while it is not open, or where a step has enough."""

    def __init__(self) -> None:
        self._file: CaseFile | None = None
        self._step: datetime | None = None
        """The last step that took facts in."""
        self._learnt = 0
        """How many it took in."""
        self.unreadable: str | None = None
        """Why the complaint itself could not be read, or its rules not resolved; then a person must correct it."""
        self.closed_before: ClosedBefore | None = None
        """The complaint of the same reference that was closed before; then this one is not handled."""
        self.waits_for_archive = False
        """Whether the archive did not answer at once whether the reference is free."""
        self.in_tray: list[Fact | tuple[str, str]] = []
        """Facts, and quarantined messages as name and reason, in order of arrival."""
        self.cancelled: str | None = None
        """Reason of a cancel request that came before the file was open."""

    @property
    def file(self) -> CaseFile:
        """The case file; only used once there is one."""
        if self._file is None:
            raise RuntimeError("the complaint has not been read yet")
        return self._file

    @property
    def readable(self) -> bool:
        """Whether the complaint was read."""
        return self._file is not None

    @property
    def open(self) -> bool:
        """Whether the complaint was read and its rules are known, so that messages can be taken in."""
        return self._file is not None and self._file.rules is not None

    @property
    def ended(self) -> bool:
        """Whether the complaint is closed, or was not handled as one of its reference was closed before."""
        return self._file is not None and self._file.closed_at is not None

    @property
    def behind(self) -> bool:
        """Whether facts wait that could be taken in: no run and no complaint ends before they are."""
        return self.open and bool(self.in_tray)

    def now(self) -> datetime:
        """The time of the present workflow task, in UTC."""
        return workflow.now()

    def take_up(self, payload: RawValue) -> None:
        """Read the complaint that the workflow was started with."""
        try:
            self.accept(read(Complaint, content(payload)))
        except Unreadable as why:
            self.unreadable = str(why)

    def accept(self, complaint: Complaint) -> None:
        """Open a file for a complaint that was read.

        Raises:
            Unreadable: when the complaint does not belong to this workflow.
        """
        if workflow_id(complaint.reference) != workflow.info().workflow_id:
            raise Unreadable(f"reference: the workflow id must be {workflow_id(complaint.reference)}")
        if complaint.received_at > self.now() + FAST:
            raise Unreadable("received_at: this is in the future, and the deadlines would start from it")
        self._file = open_case(complaint, self.now())
        self.unreadable = None

    def refuse(self, before: ClosedBefore) -> None:
        """Do not handle a complaint whose reference is taken; a person opens it under another one."""
        self.closed_before, self.unreadable = before, before.sentence

    def tasks(self) -> list[OpenTask]:
        """Whose turn it is."""
        if self.unreadable is not None:
            return [refused_task(self.closed_before) if self.closed_before else intake_task(self.unreadable)]
        return open_tasks(self.file) if self.readable else []

    def carry_on(self, carried: RawValue) -> None:
        """Go on with the file of the run before."""
        self._file = CaseFile.model_validate_json(content(carried))

    def pin(self, rules: PinnedRules) -> None:
        """Record the rules, and take in what came before them."""
        intake.open_file(self.file, rules, self.now())
        self._empty_in_tray()
        if self.cancelled is not None:
            self.withdraw(self.cancelled)

    def learn(self, item: Fact | tuple[str, str]) -> None:
        """Take in a fact, or note a message that could not be read; behind those that came before it."""
        if not self.open or self.in_tray or not self._has_time():
            self.in_tray.append(item)
        elif isinstance(item, tuple):
            self.at_this_time(lambda file, now: quarantine(file, *item, now))
        else:
            self.at_this_time(lambda file, now: learn(file, item, now))

    def _has_time(self) -> bool:
        """Whether the present step has time for one more fact; then it counts as taken in."""
        if self._step != self.now():
            self._step, self._learnt = self.now(), 0
        self._learnt += 1
        return self._learnt <= AT_A_TIME

    async def catch_up(self) -> None:
        """Take in what a step had no time for, in steps of their own."""
        while True:
            await workflow.wait_condition(lambda: self.behind)
            await workflow.sleep(BREATH, summary=f"{len(self.in_tray)} messages are taken in")
            self._empty_in_tray()

    def _empty_in_tray(self) -> None:
        waiting, self.in_tray = self.in_tray, []
        for item in waiting:
            self.learn(item)

    def at_this_time(self, change: Callable[[CaseFile, datetime], T]) -> T:
        """Change the file after everything that fell due before it has happened."""
        timekeeping.run_out(self.file, self.now())
        return change(self.file, self.now())

    def page_refused(self, first: int, why: str) -> None:
        """The archive will not have a page of the journal: somebody has to find out why."""
        what = f"the journal from entry {first} on could not be archived ({why})"
        errands.open_task(self.file, JOURNAL, what, self.now())
        self.file.write(self.now(), "journal_refused", f"entry {first} on: {why}")

    def withdraw(self, reason: str) -> None:
        """A cancel request is a withdrawal: it stops the handling, and is still called back."""
        if not self.open:
            self.cancelled = reason
        elif not self.file.withdrawn and self.file.outcome is None:
            self.at_this_time(lambda file, now: withdraw(file, reason, None, now))
