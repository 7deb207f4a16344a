"""The ledger: payments to customers, and their reversal."""

from __future__ import annotations

from temporalio import activity

from activities.bank_http import BankSystem
from domain.effects import LedgerEntry, PayoutOrder, ReversalOrder


class Ledger:
    """Books money, each order once."""

    def __init__(self, system: BankSystem) -> None:
        self._system = system

    @activity.defn
    async def pay_out(self, order: PayoutOrder) -> LedgerEntry:
        """Book a payment to the customer, once."""
        return await self._system.order("/ledger/payments", order, order.key, LedgerEntry)

    @activity.defn
    async def reverse_payment(self, order: ReversalOrder) -> LedgerEntry:
        """Reverse a booking, once."""
        return await self._system.order("/ledger/reversals", order, order.key, LedgerEntry)
