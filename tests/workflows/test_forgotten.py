"""Guarantee: a complaint that a worker forgets is freed at once, and not when Python next looks at all that it has.

With a thousand complaints in memory, such a look takes half a second, in which no complaint gets an answer.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.casefile import CaseFile
from service.runtime import COLLECTIONS, collect_seldom
from tests.histories import golden
from workflows.complaint import ComplaintWorkflow
from workflows.desk import Desk
from workflows.plugin import complaints_plugin

STEP = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
LARGE = (CaseFile, ComplaintWorkflow, Desk)
"""What a complaint is to its worker, apart from what the SDK keeps of it."""


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def alive() -> Counter[type]:
    return Counter(type(one) for one in gc.get_objects() if type(one) in LARGE)


def lived(share: float) -> WorkflowHistory:
    """A recorded complaint, or so much of its life, up to the end of a step."""
    whole = golden.read("1-stuck-transfer")
    steps = [number for number, event in enumerate(whole.events) if event.event_type == STEP]
    last = steps[int(len(steps) * share)] if share < 1 else len(whole.events)
    return WorkflowHistory(whole.workflow_id, list(whole.events)[:last])


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("share", [1, 0.5], ids=["closed", "open"])
async def test_a_forgotten_complaint_is_freed_at_once(share: float) -> None:
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[complaints_plugin()])
    before = alive()
    await replayer.replay_workflow(lived(share))
    assert alive() == before


@pytest.fixture
def own_settings() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("own_settings")
def test_a_worker_looks_at_the_young_as_often_as_ever_and_at_all_the_less() -> None:
    young, older, everything = gc.get_threshold()
    collect_seldom()
    assert gc.get_threshold() == COLLECTIONS
    assert COLLECTIONS[:2] == (young, older)
    assert COLLECTIONS[2] >= 10 * everything
    assert gc.get_freeze_count() > 10_000
