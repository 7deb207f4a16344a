"""A server on which every complaint begins a new run after 150 events, and a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import server, worker_for
from tests.workflows.hostile.at_stage import Openers
from tests.workflows.recorded_bank import RecordedBank


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
