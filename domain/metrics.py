"""Every metric of our own, by the name under which Prometheus reads it. The SDK's metrics come beside them.

Labels are words of the trade and never many: no reference, no person, no text. Gauges tell of the whole book of
complaints and every worker reports the same ones, so take ``max()`` over workers; counters and histograms are each
worker's own, so take ``sum()``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Metric:
    """One metric."""

    name: str
    """As scraped."""
    kind: Literal["counter", "gauge", "histogram"]
    """Counters and histograms are kept by each worker for itself; gauges are the whole book's."""
    help: str
    """What it counts."""
    label: str | None = None
    """What tells its series apart; the SDK adds the namespace and the like."""

    @property
    def given_name(self) -> str:
        """Its name without what the exporter adds."""
        match self.kind:
            case "counter":
                return self.name.removesuffix("_total")
            case "histogram":
                return self.name.removesuffix("_seconds")
            case _:
                return self.name

    def labels(self, value: str) -> dict[str, str]:
        """The label with a value, where there is one."""
        return {self.label: value} if self.label else {}


OPENED = Metric("complaints_opened_total", "counter", "Complaints whose handling began.", "channel")
CLOSED = Metric("complaints_closed_total", "counter", "Complaints closed after their call-back.", "outcome")
BREACHES = Metric("complaints_breaches_total", "counter", "Deadlines that ran out, by kind of clock.", "clock")
ESCALATIONS = Metric("complaints_escalations_total", "counter", "Steps up the tiers.", "reason")
QUARANTINED = Metric("complaints_quarantined_total", "counter", "Messages that could not be read or used.")
REFUSED = Metric("complaints_refused_total", "counter", "Decisions that were refused.", "code")
IMPOSSIBLE = Metric(
    "complaints_errands_impossible_total",
    "counter",
    "Letters, payments and the like that became a person's task.",
    "errand",
)
FAILING = Metric(
    "complaints_errands_failing_total", "counter", "Errands that failed for so long that a person was told.", "errand"
)

BANK_REQUESTS = Metric(
    "complaints_bank_request_duration_seconds", "histogram",
    "Requests to the bank's systems, from sending to the answer read; the label system tells which.", "outcome",
)  # fmt: skip

OPEN = Metric("complaints_open", "gauge", "Open complaints.", "stage")
OPEN_BY_TIER = Metric("complaints_open_by_tier", "gauge", "Open complaints.", "tier")
BREACHED = Metric("complaints_breached", "gauge", "Open complaints that broke a promise to customer, law or regulator.")
OVERDUE = Metric("complaints_overdue", "gauge", "Open complaints whose next action is overdue.")
REPLY_OVERDUE = Metric(
    "complaints_reply_overdue", "gauge", "Unanswered complaints whose every reply deadline has passed."
)
CALL_BACKS_DUE = Metric(
    "complaints_call_backs_due", "gauge", "Complaints whose call-back is overdue or falls due within a day."
)
ATTENTION = Metric("complaints_needing_attention", "gauge", "Open complaints that wait for somebody to look at them.")
STUCK = Metric("complaints_stuck", "gauge", "Open complaints whose steps keep failing in the worker.")
ENDED_OTHERWISE = Metric(
    "complaints_ended_otherwise", "gauge",
    "Complaints that ended past their one close path, as long as the server keeps them.", "status",
)  # fmt: skip
BOOK_READ = Metric(
    "complaints_book_read_timestamp_seconds", "gauge", "When all gauges of the book were last read, in Unix time."
)

METRICS = (
    OPENED, CLOSED, BREACHES, ESCALATIONS, QUARANTINED, REFUSED, IMPOSSIBLE, FAILING, BANK_REQUESTS,
    OPEN, OPEN_BY_TIER, BREACHED, OVERDUE, REPLY_OVERDUE, CALL_BACKS_DUE, ATTENTION, STUCK, ENDED_OTHERWISE, BOOK_READ,
)  # fmt: skip
"""All of them."""
