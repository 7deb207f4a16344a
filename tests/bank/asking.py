"""Asking the stand-in as a client of its contract does."""

from __future__ import annotations

import httpx

from domain.effects import (
    CustomerQuery,
    InvestigationRequest,
    LetterOrder,
    NoticeOrder,
    Order,
    PayoutOrder,
    RemedyRequest,
    ReversalOrder,
)

PATHS: dict[type[Order], str] = {
    LetterOrder: "/letters",
    InvestigationRequest: "/departments/investigations",
    RemedyRequest: "/departments/remedies",
    NoticeOrder: "/departments/notices",
    PayoutOrder: "/ledger/payments",
    ReversalOrder: "/ledger/reversals",
}


def order(http: httpx.Client, order: Order, key: str | None = None) -> httpx.Response:
    """Order something under its key, or under another."""
    headers = {"Idempotency-Key": key or order.key, "Content-Type": "application/json"}
    return http.post(PATHS[type(order)], content=order.model_dump_json(), headers=headers)


def look_up(http: httpx.Client, query: CustomerQuery) -> httpx.Response:
    """Ask the directory."""
    asked = {"reference": query.reference, "customer_number": query.complainant.customer_number}
    return http.post("/customers/lookups", json=asked)
