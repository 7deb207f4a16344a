"""Metrics and log lines of what happens to a complaint: each once, also over replays and new runs.

A step that failed and is repeated may be counted again; nothing else is.
"""

from __future__ import annotations

from collections import Counter

from temporalio import workflow

from domain.metrics import BREACHES, CLOSED, ESCALATIONS, FAILING, IMPOSSIBLE, OPENED, QUARANTINED, REFUSED, Metric
from domain.tally import Happening, tally
from workflows.desk import Desk

SAID = {
    OPENED: "complaint opened",
    CLOSED: "complaint closed",
    BREACHES: "deadline breached",
    ESCALATIONS: "complaint escalated",
    QUARANTINED: "message quarantined",
    IMPOSSIBLE: "errand given to a person",
    FAILING: "errand keeps failing",
    REFUSED: "decision refused",
}
"""What the log says of each."""
IN_ORDER = (OPENED, CLOSED, REFUSED)
"""What is no reason to worry; the rest is a warning."""


class Counters:
    """Counts what is entered in the file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counted = self._tally()  # the run before has counted what the file already holds

    def count(self) -> None:
        """Count what has happened since the last time."""
        tallied = self._tally()
        for happening, times in (tallied - self._counted).items():
            count(happening.metric, happening.which, times)
        self._counted = tallied

    def _tally(self) -> Counter[Happening]:
        return tally(self._desk.file) if self._desk.open else Counter()


def count(metric: Metric, which: str, times: int = 1) -> None:
    """Add to a counter and say so in the log; neither happens in a replay."""
    labels = metric.labels(which)
    workflow.metric_meter().create_counter(metric.given_name, metric.help).add(times, labels)
    say = workflow.logger.info if metric in IN_ORDER else workflow.logger.warning
    say(SAID[metric], extra={"facts": labels | ({"times": times} if times > 1 else {})})
