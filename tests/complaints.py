"""Complaints for tests, each with a reference of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from domain.complaint import Complaint

NAME = "Wang Xiulan"
NARRATIVE = "My card 6222 0000 1111 was kept by the machine."


def complaint_json(**changes: Any) -> dict[str, Any]:
    """A complaint as an intake system sends it, of a customer who never complained before."""
    number = uuid4().hex[:10]
    return {
        "reference": f"T-{number}",
        "received_at": datetime.now(UTC).isoformat(),
        "channel": "app",
        "complainant": {"name": NAME, "customer_number": f"C-{number}", "channels": ["app"], "language": "en"},
        "subject": {"product": "Debit card"},
        "narrative": NARRATIVE,
        "summary": "Cash machine retained the card.",
    } | changes


def complaint(**changes: Any) -> Complaint:
    """A complaint as read."""
    return Complaint.model_validate(complaint_json(**changes))
