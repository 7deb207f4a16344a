"""A server on which every complaint begins a new run after 150 events, and a worker whose steps are measured."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import server, worker_for
from tests.workflows.hostile.at_stage import Openers
from tests.workflows.hostile.messages import MANY, MESSAGES
from tests.workflows.recorded_bank import RecordedBank
from workflows.in_step import InStep
from workflows.names import workflow_id

LONGEST = 1.0
"""Seconds of processor time that a step may take; the SDK gives it two by the clock."""


@pytest.hookimpl
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give more messages more time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            limit = float(config.getini("timeout")) * max(1, MESSAGES / MANY)
            item.add_marker(pytest.mark.timeout(limit))


@contextmanager
def steps_measured() -> Iterator[list[float]]:
    """The processor time of every step of the complaints under fire."""
    taken, usual = [], InStep.activate

    def measured(step: InStep, act: Any) -> Any:
        begin = time.thread_time()
        done = usual(step, act)
        if getattr(step.get_info(), "workflow_id", "").startswith(workflow_id("H-")):  # other tests have steps, too
            taken.append(time.thread_time() - begin)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InStep, "activate", measured)
        yield taken


@pytest.fixture(scope="session")
async def rolling_env(recorded_bank: RecordedBank) -> AsyncIterator[WorkflowEnvironment]:
    """The worker does not watch the clock, which runs out on a busy machine whatever was sent."""
    with steps_measured() as taken:
        async with (
            server("limit.historyCount.suggestContinueAsNew=150") as environment,
            worker_for(environment.client, recorded_bank, debug_mode=True),
        ):
            yield environment
    assert not taken or max(taken) < LONGEST


@pytest.fixture
def openers(rolling_env: WorkflowEnvironment, recorded_bank: RecordedBank) -> Openers:
    return Openers(rolling_env, recorded_bank)
