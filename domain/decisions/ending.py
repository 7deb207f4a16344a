"""Decisions on the way to the end: call-back, withdrawal, tasks settled by hand, remarks."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from domain.decisions.base import Decision
from domain.model import Channel, Evidence, Identifier, Instant, LongText, ShortText


class RecordCallback(Decision):
    """One attempt of the mandatory satisfaction call-back."""

    NAME = "record_callback"

    reached: bool
    """Whether the customer was spoken to."""
    at: Instant | None = None
    """When; now if empty, and never in the future. Decides the day-part."""
    solved: bool | None = None
    """Reached: is it solved? A withdrawn complaint: does the customer stand by it?"""
    satisfied: bool | None = None
    """Reached: are you satisfied?"""
    said: ShortText | None = None
    """Reached: what the customer said."""

    @model_validator(mode="after")
    def _answers_go_with_reached(self) -> Self:
        answered = [self.solved is not None, self.satisfied is not None, self.said is not None]
        if answered != [self.reached] * 3:
            raise ValueError("solved, satisfied and said are all given when the customer was reached, else none")
        return self


class ConfirmUnreachable(Decision):
    """A supervisor confirms that enough attempts were made."""

    NAME = "confirm_unreachable"

    reason: ShortText
    """What was tried besides calling."""


class Withdraw(Decision):
    """The customer withdraws the complaint. It stops the clocks and is still called back."""

    NAME = "withdraw"

    channel: Channel
    """How the customer said so."""
    reason: ShortText
    """What they said."""


class Settlement(StrEnum):
    """How a person settles a task."""

    DONE = "done"
    RETRY = "retry"
    NOT_NEEDED = "not_needed"


class ResolveTask(Decision):
    """A person settles what automation could not, or reports a remedy as carried out."""

    NAME = "resolve_task"

    task: Identifier
    """Id of the task, as shown by the query ``open_tasks``."""
    settlement: Settlement
    """Done (by hand, with proof in the note), retry (the machine tries again), or not needed."""
    note: ShortText
    """What was done, or why it is not needed."""
    evidence: Evidence | None = None
    """Proof, where there is any."""
    complaint: dict[str, object] | None = None
    """For the task ``intake`` only: the complaint, corrected."""


class AddNote(Decision):
    """A remark for the file."""

    NAME = "add_note"

    text: LongText
    """The remark."""
