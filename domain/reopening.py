"""A reference names one complaint for as long as the archive knows it: a closed one is not handled a second time."""

from __future__ import annotations

from domain.closing import ClosedComplaint
from domain.messages import resolve_task
from domain.model import Model
from domain.tasks import INTAKE, OpenTask, intake_task


class ClosedBefore(Model):
    """What the archive knows of a complaint that has the reference of one that is being opened."""

    closed: ClosedComplaint
    """What became of it."""
    same_content: bool
    """Whether the one that is being opened is the very same; another time of receipt makes no difference."""

    @property
    def sentence(self) -> str:
        """Why the one that is being opened is not handled."""
        closed = self.closed
        return f"The reference {closed.reference} was closed on {closed.closed_at:%Y-%m-%d} ({closed.outcome})"


def refused_task(before: ClosedBefore) -> OpenTask:
    """The only task of another complaint under the reference of a closed one."""
    task = intake_task(before.sentence)
    what = f"open this complaint under a new reference: {before.sentence}"
    return task.model_copy(update={"what": what, "ready": resolve_task(INTAKE, task.role)})
