"""A server on which every complaint begins a new run after 150 events, a worker, and the books over all messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import server, worker_for
from tests.workflows.hostile.accounts import Account, Outcome
from tests.workflows.hostile.at_stage import Openers
from tests.workflows.recorded_bank import RecordedBank

BOOKS: Counter[tuple[str, Outcome]] = Counter()
"""Messages of the whole test run by sender and outcome."""


def book(sender: str, account: Account) -> None:
    """Add an account to the books."""
    BOOKS.update((sender, outcome) for _, outcome in account.outcomes)


@pytest.fixture(scope="session")
async def rolling_env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    async with (
        server("limit.historyCount.suggestContinueAsNew=150") as environment,
        worker_for(environment.client, recorded_bank),
    ):
        yield environment


@pytest.fixture
def openers(rolling_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> Openers:
    return Openers(rolling_env, recorded_bank)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what became of all hostile messages."""
    for sender in sorted({sender for sender, _ in BOOKS}):
        outcomes = {outcome: times for (by, outcome), times in BOOKS.items() if by == sender}
        terminalreporter.section(f"{sum(outcomes.values())} hostile messages by the {sender}")
        for outcome, times in sorted(outcomes.items()):
            terminalreporter.write_line(f"{times:7} {outcome.what} {outcome.code}")
