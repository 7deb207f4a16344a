"""Whole lives of complaints, played through the real rules to the real closing record, varied as in a bank."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random
from typing import Any

from domain import requests
from domain.casefile import ErrandKind
from domain.effects import ArchiveOrder
from domain.model import Nature, Staff
from domain.staff import owned_at_tier
from tests.domain import said
from tests.domain.cases import Case
from tests.domain.people import CALLER, EXECUTIVE, MANAGER, SPECIALIST, SUPERVISOR, TELLER

DEPARTMENTS = ("technology", "operations", "branch", "call_centre", "product_sales", "compliance", "partner")
OWNERS = {1: TELLER, 2: SPECIALIST, 3: EXECUTIVE}
MONEY = ("voucher", "refund", "compensation", "fee_waiver")


class Life:
    """One complaint and the chances of its life."""

    def __init__(self, chance: Random, reference: str) -> None:
        self.chance = chance
        self.case = Case(said.complaint(reference=reference))

    def play(self) -> ArchiveOrder:
        """Live it to the order that archives it."""
        self._go(0.1)
        if self.chance.random() < 0.15:
            self._must("verify_identity", verified=False)
            self._go(20)
        self._must("verify_identity")
        while not self.case.file.outcome:
            self._handle()
            self._call_back()
        self._settle_everything()
        order = requests.request(self.case.file, self.case.errand("archive"), "benchmark")
        assert isinstance(order, ArchiveOrder)
        return order

    def _handle(self) -> None:
        """One cycle, to the final response or to a withdrawal."""
        if self.chance.random() < 0.3:
            self.case.tell("customer_contacted_us")
        self._must("assess", nature=self.chance.choice(list(Nature)))
        asked = self.chance.sample(DEPARTMENTS, self.chance.choice([1, 1, 2, 3]))
        for department in asked:
            self._must("request_investigation", department=department, investigation=self._id(department))
        self._go(0.2)
        for department in asked:
            self._go(self.chance.choice([8, 20, 60, 110]))
            self.case.tell("investigation_result", investigation=self._id(department))
        if self.chance.random() < 0.06:
            self._must("withdraw")
            return
        self._resolve()

    def _id(self, department: str) -> str:
        return f"{department}-{self.case.file.cycle.number}"

    def _resolve(self) -> None:
        """Propose until an offer is answered before it runs out, and carry it out."""
        offer = None
        while offer is None or offer.status != "offered":
            self._go(15)
            self._must("propose_resolution", remedies=self._remedies())
            self._go(5)
            offer = self.case.proposal
            assert offer is not None
            if offer.status == "awaiting_approval":
                self._must("decide_compensation", MANAGER, proposal=offer.id)
            self._go(30)
        self._must("record_customer_answer", proposal=offer.id)
        self._settle_everything()

    def _remedies(self) -> list[dict[str, Any]]:
        chosen = [said.work()] if self.chance.random() < 0.4 else []
        if self.chance.random() < 0.7:
            chosen.append(said.money(self.chance.choice([50, 80, 200, 1200]), self.chance.choice(MONEY)))
        return chosen

    def _call_back(self) -> None:
        """Reached, or three times not; then a supervisor confirms."""
        unreachable = self.chance.random() < 0.08
        for part in (10, 19, 10) if unreachable else (self.chance.choice([10, 15, 19]),):
            self._until_hour(part)
            said_so = None if unreachable else self.chance.random() < 0.85
            self._must("record_callback", CALLER, reached=not unreachable, solved=said_so, satisfied=said_so,
                       said=None if unreachable else "thank you")  # fmt: skip
        if unreachable:
            self._must("confirm_unreachable", SUPERVISOR)

    def _until_hour(self, hour: int) -> None:
        calendar = self.case.file.pinned().calendar
        local = calendar.local(self.case.now + timedelta(hours=self.chance.expovariate(1 / 20)))
        at = local.replace(hour=hour, minute=self.chance.randrange(60))
        self.case.wait_until((at if at > local else at + timedelta(days=1)).astimezone(UTC))

    def _settle_everything(self) -> None:
        """Systems answer, and people do what only they can."""
        self._go(0.1)
        for _ in range(20):
            open_ = [task.id for task in self.case.file.tasks if task.settled_at is None]
            for task in open_:
                self._go(10 if task.startswith("remedy-") else 1)
                self.case.send("resolve_task", SUPERVISOR, task=task, settlement="done")
            self._systems_answer()
            if not open_:
                return

    def _go(self, hours: float) -> None:
        """Time passes, about so much, and the systems answer."""
        self.case.wait(seconds=round(self.chance.expovariate(1 / hours) * 3600, 3))
        self._systems_answer()

    def _systems_answer(self) -> None:
        while waiting := [one.id for one in self.case.pending() if one.kind is not ErrandKind.ARCHIVE]:
            self.case.do(*waiting)

    def _must(self, name: str, by: Staff | None = None, **changes: object) -> None:
        if by is None:
            self._own()
        self.case.must(name, by or OWNERS[self.case.file.tier], **changes)
        self._systems_answer()

    def _own(self) -> None:
        self.case.wait()
        if not owned_at_tier(self.case.file):
            self.case.must("take_ownership", OWNERS[self.case.file.tier])
