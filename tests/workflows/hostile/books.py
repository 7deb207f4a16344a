"""The books over all hostile messages of a test run, shown at its end; each process of the run keeps its own."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.workflows.hostile.accounts import Account, Outcome

BOOKS: Counter[tuple[str, Outcome]] = Counter()
"""Messages of the whole test run by sender and outcome."""


def book(sender: str, account: Account) -> None:
    """Add an account to the books."""
    BOOKS.update((sender, outcome) for _, outcome in account.outcomes)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the books over to the process that shows them."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["books"] = [(sender, *outcome, times) for (sender, outcome), times in BOOKS.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the books of a process that has ended; one that was killed has left none."""
    for sender, what, code, times in getattr(node, "workeroutput", {}).get("books", []):
        BOOKS[sender, Outcome(what, code)] += times


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what became of all hostile messages."""
    for sender in sorted({sender for sender, _ in BOOKS}):
        outcomes = {outcome: times for (by, outcome), times in BOOKS.items() if by == sender}
        terminalreporter.section(f"{sum(outcomes.values())} hostile messages by the {sender}")
        for outcome, times in sorted(outcomes.items()):
            terminalreporter.write_line(f"{times:7} {outcome.what} {outcome.code}")
