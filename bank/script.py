"""What the people of the bank do in one complaint, and what its customer answers: data for the scripted staff."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from domain.model import Identifier, Model


class Act(Model):
    """One message that somebody sends when it is their turn. Acts of one task follow each other in their order."""

    model_config = ConfigDict(extra="forbid")

    when: str
    """Id of the open task that it answers; ``*`` stands for any characters. While the task waits for an act whose
    condition does not hold yet, nobody touches it."""
    send: str | None = None
    """Name of the message; that of the task itself when empty."""
    by: Identifier | None = None
    """Staff id of the sender; somebody of the role when empty."""
    role: Identifier | None = None
    """Role of the sender; as the task asks for when empty."""
    say: dict[str, Any] = {}
    """What the sender fills in. ``<+3 days>`` becomes that time from then; answers follow the order of the points."""
    refused: str | None = None
    """Code with which the message must be refused."""
    tier: int = Field(default=1, ge=1)
    """Only once the complaint is at this tier."""
    cycle: int = Field(default=1, ge=1)
    """Only once the complaint is in this cycle."""
    after: Identifier | None = None
    """Only once the clock of this id has run out."""
    day: int = Field(default=0, ge=0)
    """Only from so many days after the opening on."""
    hour: int | None = Field(default=None, ge=0, le=23)
    """Only in this hour of the customer's day."""


class Script(Model):
    """Everything that is told of a complaint; where it is silent, the staff brings the complaint to its end."""

    model_config = ConfigDict(extra="forbid")

    acts: list[Act] = []
    """In order."""
    zone: str = "Asia/Shanghai"
    """Where the customer lives: nobody is called at night."""
