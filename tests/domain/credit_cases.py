"""Complaints under Regulation E on the desk of a test: an alleged error of 500 USD, received on a Monday."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import clocks, letters, tasks
from domain.casefile import Clock, Credit
from domain.model import Money
from tests.domain import said
from tests.domain.cases import Case, rules
from tests.domain.people import CALLER, MANAGER

RECEIVED = "2026-03-02T10:00:00-05:00"
PROOF = {"uri": "vault://receipts/1", "description": "transfer slip"}
LAW = "2026-03-16 23:59:59"
"""Ten business days after Monday 2 March."""
EXTENDED = "2026-04-16 23:59:59"
"""45 calendar days after it."""
FEE = said.money("20.00", "fee_waiver", "USD")


def usd(amount: str) -> Money:
    """Dollars."""
    return Money(amount=Decimal(amount), currency="USD")


def refund(amount: str) -> dict[str, Any]:
    """A remedy that gives the amount in dispute back."""
    return said.money(amount, "refund", "USD")


def more_time(amount: str | None = "500.00", currency: str = "USD", **changes: Any) -> dict[str, Any]:
    """The message that asks for more time, with a credit."""
    credit = {"amount": amount, "currency": currency} if amount else None
    return {"clock": "law-1", "reason_code": "investigation_continues", "credit": credit} | changes


def received(pack: str = "us-reg-e", **changes: Any) -> Case:
    """Just received."""
    amount = {"amount": "500.00", "currency": "USD"}
    return Case(said.complaint(**{"received_at": RECEIVED, "amount": amount} | changes), rules(pack))


def assessed(**changes: Any) -> Case:
    """The facts are clear without asking a department."""
    case = received(**changes)
    case.do_all()
    case.must("verify_identity")
    case.must("assess", investigation_needed=False)
    case.do_all()
    return case


def ordered(amount: str = "500.00", **changes: Any) -> Case:
    """The manager granted more time with a credit; the ledger has not booked it yet."""
    case = assessed(**changes)
    case.must("extend_deadline", MANAGER, **more_time(amount))
    return case


def credited(amount: str = "500.00") -> Case:
    """The customer has the credit and the letter that tells of it."""
    case = ordered(amount)
    case.do_all()
    return case


def decide(case: Case, position: str, *remedies: dict[str, Any]) -> Case:
    """The firm determines what it found, with the approval that money takes."""
    number = 1 + sum(len(cycle.proposals) for cycle in case.file.cycles)
    case.must("propose_resolution", position=position, remedies=list(remedies))
    if case.stage == "approving":
        case.must("decide_compensation", MANAGER, proposal=f"proposal-{number}")
    return case


def to_be_reversed() -> Case:
    """No error was found, and the notice of the debit is delivered."""
    case = decide(credited(), "not_upheld")
    case.do_all()
    return case


def call_back(case: Case, **changes: Any) -> None:
    """Call the customer the next day at ten."""
    case.wait_until((case.pinned.calendar.local(case.now) + timedelta(days=1)).replace(hour=10))
    case.must("record_callback", CALLER, **changes)


def credit(case: Case) -> Credit:
    """The latest credit."""
    return case.file.credits[-1]


def balance(case: Case) -> Decimal:
    """What the ledger gave the customer, less what it took back."""
    return sum(case.account.values(), Decimal(0))


def clock(case: Case, clock_id: str) -> Clock:
    """The clock with an id; it runs or ran."""
    found = clocks.find(case.file, clock_id)
    assert found is not None
    return found


def due(case: Case, clock_id: str = "law-1") -> str:
    """When a clock runs out, by the wall clock of the bank."""
    return local(case, clock(case, clock_id).due_at)


def local(case: Case, instant: datetime | None) -> str:
    """An instant by the wall clock of the bank."""
    assert instant is not None
    return case.pinned.calendar.local(instant).strftime("%Y-%m-%d %H:%M:%S")


def open_tasks(case: Case) -> list[str]:
    """Ids of what waits for somebody."""
    return [task.id for task in tasks.open_tasks(case.file)]


def letter(case: Case, errand_id: str) -> str:
    """Subject and text of a letter that was ordered."""
    errand = case.errand(errand_id)
    assert errand.letter is not None
    return "\n".join(letters.compose(case.file, errand.letter, errand))
