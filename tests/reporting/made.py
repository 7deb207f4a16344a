"""Closed complaints as reports count them, changed where a test needs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.figures import Figures
from domain.timeledger import Party, TimeShare
from reporting.results import Report, Span
from reporting.tally import Tally

CLOSED = datetime(2026, 8, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def counted(**changes: Any) -> Figures:
    """A complaint that was answered after four days and closed after six, all in time."""
    shares = [
        TimeShare(tier=1, party=Party.DEPARTMENT, department="technology", time=3 * DAY),
        TimeShare(tier=1, party=Party.CUSTOMER, time=1 * DAY),
        TimeShare(tier=2, party=Party.HANDLER, time=2 * DAY),
    ]
    ordinary: dict[str, Any] = {
        "reference": "C-1", "rule_pack": "cn-banking", "outcome": "satisfied", "nature": "fees", "tier": 2, "cycles": 1,
        "reached": True, "solved": True, "satisfied": True, "received_at": CLOSED - 6 * DAY,
        "answered_at": CLOSED - 2 * DAY, "closed_at": CLOSED,
        "kept": {"acknowledgement": True, "law": True, "promise": True, "call_back": True},
        "escalations": {"decision": 1}, "time": shares, "department_time": {"technology": 3 * DAY},
    }  # fmt: skip
    return Figures.model_validate(ordinary | changes)


def report(*complaints: Figures, **changes: Any) -> Report:
    """A report over some complaints."""
    tally = Tally()
    for one in complaints:
        tally.add(one)
    span = Span(first=CLOSED.date(), last=CLOSED.date(), zone="Asia/Shanghai")
    made: dict[str, Any] = {
        "made_at": CLOSED, "period": span, "compared_with": span, "rule_pack": None, "cohort": "", "gaps": [],
        "received": len(complaints), "results": tally.results(), "before": Tally().results(), "course": [],
        "rule_packs": [], "open_book": None,
    }  # fmt: skip
    return Report(**made | changes)
