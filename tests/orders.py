"""Orders as the workflow makes them, for tests of the bank's systems."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.complaint import Complainant, Complaint, Subject
from domain.effects import (
    CustomerQuery,
    InvestigationRequest,
    LetterKind,
    LetterOrder,
    NoticeOrder,
    PayoutOrder,
    RemedyRequest,
    ReversalOrder,
)
from domain.messages import ready_facts, ready_remedy
from domain.model import Channel, Money, Staff

NAME = "韩梦洁 Nobody"
WORDS = "我的钱不见了 – my own words"
NUMBER = "C-778899"
PERSONAL = (NAME, WORDS, NUMBER)
"""Nothing of this may be in a failure."""

DUE = datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC)
_numbers = itertools.count(1)


def new_reference() -> str:
    """A complaint that no other test has."""
    return f"T-{next(_numbers):05}"


def head(reference: str, errand: str) -> dict[str, Any]:
    """What every order carries."""
    return {"reference": reference, "workflow_id": f"complaint-{reference}", "key": f"{reference}/{errand}"}


def complainant(number: str | None = NUMBER) -> Complainant:
    return Complainant(name=NAME, customer_number=number)


def complaint(reference: str, narrative: str = WORDS) -> Complaint:
    return Complaint(
        reference=reference,
        received_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        channel=Channel.PHONE,
        complainant=complainant(),
        subject=Subject(product="interbank transfer"),
        narrative=narrative,
        summary="A transfer was debited and did not arrive.",
    )


def customer_query(reference: str, number: str | None = NUMBER) -> CustomerQuery:
    return CustomerQuery(reference=reference, complainant=complainant(number))


def letter_order(reference: str, channel: Channel = Channel.EMAIL, body: str = WORDS) -> LetterOrder:
    return LetterOrder(
        **head(reference, f"offer-1/{channel}"),
        kind=LetterKind.OFFER,
        channel=channel,
        to=complainant(),
        subject="Our offer",
        body=body,
    )


def investigation_order(reference: str) -> InvestigationRequest:
    return InvestigationRequest(
        **head(reference, "technology-1"),
        investigation="technology-1",
        department="technology",
        question=WORDS,
        accept_by=DUE,
        answer_by=DUE,
        recused=["E7"],
        ready_messages=ready_facts("technology-1"),
    )


def remedy_order(reference: str) -> RemedyRequest:
    return RemedyRequest(
        **head(reference, "remedy-1"),
        remedy="proposal-1-1",
        department="operations",
        kind="correction",
        description=WORDS,
        due=DUE,
        ready_messages=ready_remedy("proposal-1-1"),
    )


def notice_order(reference: str) -> NoticeOrder:
    return NoticeOrder(**head(reference, "reminder-1"), to="technology", kind="reminder", text="Answer.", due=DUE)


def payout_order(reference: str, number: str | None = NUMBER, amount: str = "50.00") -> PayoutOrder:
    return PayoutOrder(
        **head(reference, "payout-1"),
        remedy="proposal-1-1",
        customer_number=number,
        money=Money(amount=Decimal(amount), currency="CNY"),
        kind="compensation",
        approved_by=[Staff(id="E2", role="specialist")],
    )


def credit_order(reference: str) -> PayoutOrder:
    order = payout_order(reference, amount="500.00")
    return order.model_copy(update=head(reference, "credit-1") | {"remedy": "credit-1", "kind": "provisional_credit"})


def reversal_order(reference: str, entry: str, errand: str = "reversal-1", money: Money | None = None) -> ReversalOrder:
    return ReversalOrder(**head(reference, errand), remedy="proposal-1-1", entry=entry, money=money)
