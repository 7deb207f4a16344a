"""Provisional credits, as they stand in the case file."""

from __future__ import annotations

from enum import StrEnum

from domain.effects import LedgerEntry
from domain.model import Identifier, Instant, Money, Record, Staff


class CreditState(StrEnum):
    """Where a provisional credit is."""

    ORDERED = "ordered"
    """The ledger has not booked it yet."""
    CREDITED = "credited"
    """The customer has the full use of it."""
    TO_BE_REVERSED = "to_be_reversed"
    """It, or a part of it, is taken back on the day that the notice names."""
    FINAL = "final"
    """It is the customer's, and can never be taken back."""
    PART_FINAL = "part_final"
    """A part is the customer's, the rest was taken back."""
    REVERSED = "reversed"
    """It was taken back."""
    GIVEN_UP = "given_up"
    """It could not be made, and was dropped before anything was decided on it."""


SETTLED = frozenset({CreditState.FINAL, CreditState.PART_FINAL, CreditState.REVERSED, CreditState.GIVEN_UP})
"""States that no credit ever leaves."""


class Credit(Record):
    """Money credited while an alleged error is investigated."""

    id: Identifier
    """Its id, such as credit-1."""
    money: Money
    """How much."""
    clock: str
    """The clock whose extension needed it."""
    by: Staff
    """Who approved it."""
    ordered_at: Instant
    """When it was ordered."""
    state: CreditState = CreditState.ORDERED
    """Where it is."""
    attempt: int = 1
    """Counts bookings that were wrong and had to be made again."""
    entry: LedgerEntry | None = None
    """The ledger's booking; empty when it was made by hand."""
    credited_at: Instant | None = None
    """When it was booked: from then on it counts how long the customer may wait to be told."""
    told_at: Instant | None = None
    """When the letter that tells of it was delivered."""
    decided_at: Instant | None = None
    """When it was decided what becomes of it."""
    proposal: str | None = None
    """The proposal that decided it; empty when a person did, after a withdrawal."""
    kept: Money | None = None
    """How much of it the customer keeps by that decision."""
    debit: Money | None = None
    """How much of it is taken back."""
    debit_on: Instant | None = None
    """The end of the day on which it is taken back; first the day that the notice names, and never an earlier one."""
    announced_at: Instant | None = None
    """When the notice that names the day was delivered: nothing is taken back before."""
    debit_entry: LedgerEntry | None = None
    """The ledger's booking of what was taken back; empty when it was done by hand."""
    reversed_at: Instant | None = None
    """When it was taken back."""

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in SETTLED
