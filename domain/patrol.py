"""What a patrol finds: complaints that left their life by a side door, without the call-back that closes them."""

from __future__ import annotations

import re

from domain.effects import NoticeOrder
from domain.model import IDENTIFIER, Instant, Model

SUPERVISOR = "supervisor"
NAMELESS = "without-reference"
"""Stands for what was started by hand under an id that no reference can have, and that may say anything."""


class Lost(Model):
    """One run of a complaint that ended otherwise than by its one way to close."""

    workflow_id: str
    """The workflow."""
    run_id: str
    """Which of its runs."""
    ending: str
    """canceled, failed, terminated, timed_out; or completed, and the archive does not have it, or it was reset."""
    ended_at: Instant
    """When."""
    later_run: bool
    """Whether another run of the complaint followed: somebody has reset it, or brought it back."""

    @property
    def reference(self) -> str:
        """The complaint."""
        given = self.workflow_id.removeprefix("complaint-")
        return given if re.match(IDENTIFIER, given) and len(given) <= 80 else NAMELESS

    def notice(self) -> NoticeOrder:
        """The task for a supervisor; its key is the same whenever this run is found so."""
        found = "later" if self.later_run else "lost"
        return NoticeOrder(
            reference=self.reference, workflow_id=self.workflow_id, key=f"{self.reference}/{found}/{self.run_id}",
            to=SUPERVISOR, kind="task", text=self._text(),
        )  # fmt: skip

    def _text(self) -> str:
        when = f"{self.ended_at:%Y-%m-%d %H:%M} UTC"
        if self.later_run:
            return (
                f"Run {self.run_id} was {self._ended} on {when}, and a later run goes on from an earlier state: see "
                f"what was decided, sent and paid since then (starter.py timeline {self.reference})."
            )
        if self.ending == "completed":
            return (
                f"It was closed on {when}, and the archive does not have it; "
                f"starter.py reopen {self.reference} has it archived again."
            )
        return (
            f"It was {self._ended} on {when} without a call-back, and nobody handles it: find out why, and bring it "
            f"back with starter.py reopen {self.reference}."
        )

    @property
    def _ended(self) -> str:
        return self.ending.replace("_", " ") if self.ending != "failed" else "ended by a failure"


class Round(Model):
    """What one look at all complaints has found."""

    compared: int
    """How many ended runs there were."""
    lost: list[Lost]
    """Those of which nobody was told, at most as many as can be told at once."""
    more: bool
    """Whether there are others of which nobody was told."""
    known: list[Lost]
    """The first of those that were told before, and are as they were."""
    told: list[str]
    """All runs that were told before and are still found."""


class PatrolReport(Model):
    """What a patrol has found and told."""

    looked_at: Instant
    """When it looked."""
    compared: int
    """How many ended runs it compared with the archive."""
    lost: list[Lost]
    """The first of those that nobody handles."""
    brought_back: list[Lost]
    """The first of those that go on in a later run."""
    told: list[str]
    """Runs that somebody was told of, now or before: the next patrol tells the others only."""
