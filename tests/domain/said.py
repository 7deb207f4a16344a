"""What people say in the tests: one ordinary message of each kind, changed where a test needs it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from domain.complaint import Complaint
from domain.decisions import DECISIONS, Decision
from domain.examples import EXAMPLES
from domain.facts import FACTS, Fact
from domain.model import Staff
from domain.reading import read
from tests.domain.people import ACCUSED, CALLER, ENGINEER, MANAGER, SUPERVISOR, TELLER

RECEIVED = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
"""A Monday morning, with no holiday for a month."""
NARRATIVE = "I am Wang Xiulan and my account 6222020200112233445 was debited twice."
NAME = "Wang Xiulan"
CUSTOMER = "C-88001234"

COMPLAINT: dict[str, Any] = {
    "reference": "CB-2026-0001",
    "received_at": RECEIVED,
    "channel": "branch",
    "complainant": {"name": NAME, "customer_number": CUSTOMER, "channels": ["email", "sms"], "language": "en"},
    "subject": {"product": "interbank transfer", "branch": "Lujiazui", "staff": [ACCUSED]},
    "narrative": NARRATIVE,
    "summary": "A transfer was debited and did not arrive.",
    "happened_on": date(2026, 2, 27),
    "amount": {"amount": "800.00", "currency": "CNY"},
    "received_by": TELLER.model_dump(),
}

SENDERS: dict[str, Staff] = {
    "decide_compensation": MANAGER,
    "extend_deadline": MANAGER,
    "record_callback": CALLER,
    "confirm_unreachable": SUPERVISOR,
    "resolve_task": SUPERVISOR,
    "investigation_accepted": ENGINEER,
    "investigation_declined": ENGINEER,
    "investigation_extension_requested": ENGINEER,
    "investigation_result": ENGINEER,
    "evidence_added": ENGINEER,
}
"""Who sends a message in the ordinary course; the owner sends the rest."""

_numbers = count(1)


def complaint(**changes: Any) -> Complaint:
    """A complaint of a small double debit, changed as told."""
    return read(Complaint, COMPLAINT | {"received_at": RECEIVED.isoformat(), "happened_on": "2026-02-27"} | changes)


def decision(name: str, by: Staff | None = None, **changes: Any) -> Decision:
    """An ordinary decision of a kind, changed as told."""
    sender = by or SENDERS.get(name, TELLER)
    return read(DECISIONS[name], EXAMPLES[name] | {"by": sender.model_dump()} | changes)


def fact(name: str, by: Staff | None = None, **changes: Any) -> Fact:
    """An ordinary fact of a kind, with a message id of its own, changed as told."""
    content = EXAMPLES[name] | {"message_id": f"fact-{next(_numbers)}"} | changes
    if "by" in FACTS[name].model_fields and name != "customer_contacted_us":
        content["by"] = (by or SENDERS.get(name, ENGINEER)).model_dump()
    if name == "investigation_extension_requested" and "until" not in changes:
        content["until"] = "2026-03-06T17:00:00+08:00"
    return read(FACTS[name], content)


def money(amount: int | str, kind: str = "compensation", currency: str = "CNY") -> dict[str, Any]:
    """A remedy that pays."""
    return {"kind": kind, "description": "paid back", "money": {"amount": str(amount), "currency": currency}}


def work(kind: str = "correction", department: str = "operations") -> dict[str, Any]:
    """A remedy that a department carries out."""
    return {"kind": kind, "description": "set right", "department": department}
