"""A bank for workflow tests: answers every activity by name, records what it was asked, and fails when told to.

The bank's real systems are tested over HTTP in ``tests/activities``; here the workflow is the subject.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from temporalio import activity

from activities import interface
from domain.complaint import Complaint
from domain.effects import (
    Acknowledged,
    ArchiveOrder,
    ArchiveReceipt,
    CustomerQuery,
    CustomerRecord,
    Delivery,
    InvestigationOrder,
    JournalPage,
    LedgerEntry,
    LetterOrder,
    LetterOutcome,
    NoticeOrder,
    PayoutOrder,
    RemedyOrder,
    ReversalOrder,
)
from domain.reopening import ClosedBefore

Answer = Callable[[Any], Awaitable[Any]]

WAITING = 60
"""Seconds after which an activity that a test holds back gives up."""


class Held:
    """An activity that a test holds back until it lets it go."""

    def __init__(self, answer: Answer) -> None:
        self.arrived = asyncio.Event()
        self.go = asyncio.Event()
        self._answer = answer

    async def __call__(self, order: Any) -> Any:
        """Wait for the test, then answer."""
        self.arrived.set()
        await asyncio.wait_for(self.go.wait(), WAITING)
        return await self._answer(order)


class RecordedBank:
    """Every system of the bank at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._scripts: dict[tuple[str, str], list[Answer]] = {}

    def activities(self) -> list[Callable[..., Any]]:
        """All activities but the resolving of rules, which is the real one."""
        named = [getattr(self, name) for name in dir(self) if name[0] != "_" and hasattr(interface, name)]
        assert len(named) == 10
        return named

    def next_time(self, reference: str, name: str, *answers: Answer) -> None:
        """How the next calls about a complaint are answered; the last answer stays."""
        self._scripts[reference, name] = list(answers)

    def hold(self, reference: str, name: str) -> Held:
        """Hold an activity back until the test lets it go."""
        held = Held(getattr(self, f"_{name}"))
        self.next_time(reference, name, held)
        return held

    def as_usual(self, reference: str, name: str) -> None:
        """Nothing goes wrong any more."""
        self._scripts.pop((reference, name), None)

    def of(self, reference: str) -> list[tuple[str, Any]]:
        """All that was asked about a complaint, in order, with the activities' names."""
        return [(name, order) for name, order in self.asked if order.reference == reference]

    def orders(self, reference: str, name: str) -> list[Any]:
        """What an activity was asked about a complaint, in order."""
        return [order for asked, order in self.of(reference) if asked == name]

    def letters(self, reference: str) -> list[str]:
        """Kinds of the letters that were sent, in order, each once per key."""
        return list({order.key: str(order.kind) for order in self.orders(reference, "send_letter")}.values())

    def notices(self, reference: str) -> list[tuple[str, str]]:
        """To whom and what kind of notice, in order."""
        return [(order.to, order.kind) for order in self.orders(reference, "notify_staff")]

    async def _do(self, name: str, order: Any) -> Any:
        self.asked.append((name, order))
        script = self._scripts.get((order.reference, name))
        if not script:
            return await getattr(self, f"_{name}")(order)
        return await (script.pop(0) if len(script) > 1 else script[0])(order)

    @activity.defn
    async def closed_before(self, complaint: Complaint) -> ClosedBefore | None:
        result: ClosedBefore | None = await self._do("closed_before", complaint)
        return result

    @activity.defn
    async def look_up_customer(self, query: CustomerQuery) -> CustomerRecord:
        result: CustomerRecord = await self._do("look_up_customer", query)
        return result

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> LetterOutcome:
        result: LetterOutcome = await self._do("send_letter", order)
        return result

    @activity.defn
    async def dispatch_investigation(self, order: InvestigationOrder) -> Acknowledged:
        result: Acknowledged = await self._do("dispatch_investigation", order)
        return result

    @activity.defn
    async def dispatch_remedy(self, order: RemedyOrder) -> Acknowledged:
        result: Acknowledged = await self._do("dispatch_remedy", order)
        return result

    @activity.defn
    async def notify_staff(self, order: NoticeOrder) -> Acknowledged:
        result: Acknowledged = await self._do("notify_staff", order)
        return result

    @activity.defn
    async def pay_out(self, order: PayoutOrder) -> LedgerEntry:
        result: LedgerEntry = await self._do("pay_out", order)
        return result

    @activity.defn
    async def reverse_payment(self, order: ReversalOrder) -> LedgerEntry:
        result: LedgerEntry = await self._do("reverse_payment", order)
        return result

    @activity.defn
    async def keep_journal_page(self, page: JournalPage) -> ArchiveReceipt:
        result: ArchiveReceipt = await self._do("keep_journal_page", page)
        return result

    @activity.defn
    async def archive_complaint(self, order: ArchiveOrder) -> ArchiveReceipt:
        result: ArchiveReceipt = await self._do("archive_complaint", order)
        return result

    async def _closed_before(self, complaint: Complaint) -> None:
        return None

    async def _look_up_customer(self, query: CustomerQuery) -> CustomerRecord:
        return CustomerRecord(known=True, customer_key="k-4f1c")

    async def _send_letter(self, order: LetterOrder) -> LetterOutcome:
        return LetterOutcome(letter_id=f"letter-{order.key}", delivery=Delivery.DELIVERED, at=_now())

    async def _dispatch_investigation(self, order: InvestigationOrder) -> Acknowledged:
        return Acknowledged(ticket=f"ticket-{order.key}")

    async def _dispatch_remedy(self, order: RemedyOrder) -> Acknowledged:
        return Acknowledged(ticket=f"ticket-{order.key}")

    async def _notify_staff(self, order: NoticeOrder) -> Acknowledged:
        return Acknowledged(ticket=f"ticket-{order.key}")

    async def _pay_out(self, order: PayoutOrder) -> LedgerEntry:
        return LedgerEntry(entry=f"entry-{order.key}", money=order.money, booked_at=_now())

    async def _reverse_payment(self, order: ReversalOrder) -> LedgerEntry:
        paid = next(paid for paid in self.orders(order.reference, "pay_out") if f"entry-{paid.key}" == order.entry)
        return LedgerEntry(entry=f"entry-{order.key}", money=paid.money, booked_at=_now())

    async def _keep_journal_page(self, page: JournalPage) -> ArchiveReceipt:
        return ArchiveReceipt(stored_at=_now())

    async def _archive_complaint(self, order: ArchiveOrder) -> ArchiveReceipt:
        return ArchiveReceipt(stored_at=_now())


def _now() -> datetime:
    return datetime.now(UTC)
