"""What the bank's systems answer over HTTP. What they are asked is in ``domain.effects``.

Both together are the contract that a real bank implements; ``docs/interface/bank-openapi.json`` is generated from it.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from domain.model import Identifier, Instant, Model


class CustomerLookup(Model):
    """Ask the directory about a customer, and note that they complain."""

    reference: Identifier
    """The complaint; the directory notes it with the customer, so that the next complaint finds it."""
    customer_number: Identifier
    """The bank's number of the customer."""


class CustomerAnswer(Model):
    """What the directory says about a customer."""

    known: bool
    """Whether the directory has this customer number."""
    earlier_complaints: list[Identifier] = []
    """References of the complaints noted before this one, oldest first; the same for the same reference."""
    vulnerable: bool = False
    """Whether the customer is marked as in need of special care."""


class LetterState(StrEnum):
    """Where a letter is."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


class Letter(Model):
    """A letter, as the letter system knows it."""

    letter_id: str
    """The letter system's own id."""
    state: LetterState
    """Under way, delivered or bounced."""
    at: Instant
    """Since when it is so."""
    ask_again_after_seconds: int = Field(default=3_600, ge=1, le=86_400)
    """While under way: when it is worth asking again."""


class RefusalCode(StrEnum):
    """Why a system of the bank refuses a request that no repetition would mend."""

    MALFORMED_REQUEST = "malformed_request"
    NOT_AUTHORISED = "not_authorised"
    KEY_REUSED = "key_reused"
    NOT_FOUND = "not_found"
    NO_ACCOUNT = "no_account"
    ACCOUNT_CLOSED = "account_closed"
    UNKNOWN_ENTRY = "unknown_entry"
    ALREADY_REVERSED = "already_reversed"
    ABOVE_ENTRY = "above_entry"


class Refusal(Model):
    """Body of every 4xx answer."""

    code: RefusalCode
    """The reason; people are told this word and nothing else of the answer."""
