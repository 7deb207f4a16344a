"""The real worker with a bank in its own process that does nothing: what the engine costs without HTTP.

``python -m benchmarks.lifecycle.no_bank`` reads the same settings as ``worker.py``. Rules are resolved as ever; every
other system answers at once from memory.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import uvloop
from temporalio import activity

from activities.bank import Activity
from activities.rules import Rules
from activities.settings import load_settings
from benchmarks.lifecycle.told import Teller
from client.attributes import register_attributes
from client.connection import connect
from domain.complaint import Complaint
from domain.effects import (
    Acknowledged,
    ArchiveOrder,
    ArchiveReceipt,
    CustomerQuery,
    CustomerRecord,
    Delivery,
    InvestigationOrder,
    LedgerEntry,
    LetterOrder,
    LetterOutcome,
    NoticeOrder,
    PayoutOrder,
)
from service.runtime import collect_seldom
from worker import build_worker, load_worker_settings


class NoBank:
    """All systems of a bank, which only tell the driver."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    @activity.defn
    async def closed_before(self, complaint: Complaint) -> None:
        """No reference is taken."""

    @activity.defn
    async def look_up_customer(self, query: CustomerQuery) -> CustomerRecord:
        """Everybody is known, by the reference."""
        return CustomerRecord(known=True, customer_key=query.reference)

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> LetterOutcome:
        """Every letter arrives."""
        self._teller.tell(order.reference, f"letter {order.kind}")
        return LetterOutcome(letter_id="L-000001", delivery=Delivery.DELIVERED, at=datetime.now(UTC))

    @activity.defn
    async def dispatch_investigation(self, order: InvestigationOrder) -> Acknowledged:
        """Every department listens."""
        self._teller.tell(order.reference, f"investigation {order.department}")
        return Acknowledged(ticket="T-000001")

    @activity.defn
    async def notify_staff(self, order: NoticeOrder) -> Acknowledged:
        """Everybody reads."""
        self._teller.tell(order.reference, f"notice {order.kind}")
        return Acknowledged(ticket="T-000001")

    @activity.defn
    async def pay_out(self, order: PayoutOrder) -> LedgerEntry:
        """Everything is paid."""
        return LedgerEntry(entry="B-000001", money=order.money, booked_at=datetime.now(UTC))

    @activity.defn
    async def archive_complaint(self, order: ArchiveOrder) -> ArchiveReceipt:
        """Everything is stored."""
        return ArchiveReceipt(stored_at=datetime.now(UTC))

    def activities(self, rulepacks: Path) -> list[Activity]:
        """What a worker registers."""
        return [
            Rules(rulepacks).resolve_rules, self.closed_before, self.look_up_customer, self.send_letter,
            self.dispatch_investigation, self.notify_staff, self.pay_out, self.archive_complaint,
        ]  # fmt: skip


async def main() -> None:
    """Work until killed."""
    client = await connect()
    await register_attributes(client)
    activities = NoBank(Teller()).activities(load_settings().rulepacks)
    collect_seldom()
    await build_worker(client, load_worker_settings(), activities).run()


if __name__ == "__main__":
    uvloop.run(main())
