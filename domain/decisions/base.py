"""What all decisions carry, and what their senders get back."""

from __future__ import annotations

from typing import ClassVar

from domain.model import Identifier, Instant, Model, Staff


class Decision(Model):
    """What all decisions carry."""

    NAME: ClassVar[str]

    by: Staff
    """Who decides."""
    message_id: Identifier | None = None
    """Chosen by the sender; the same id again returns the first receipt. The update id is used when empty."""


class Receipt(Model):
    """What the sender of an accepted decision gets back."""

    reference: Identifier
    """The complaint."""
    message: Identifier
    """Which message this answers."""
    at: Instant
    """When it was entered in the file."""
    repeated: bool = False
    """True when the same message had been accepted before; nothing was done twice."""
    stage: str
    """Stage of the complaint after it."""
    tier: int
    """Tier of the complaint after it."""
    note: str
    """What it brought about, in a sentence."""
