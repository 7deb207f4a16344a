"""Guarantee: whatever a complaint is opened with, it is handled or waits for a person, and no workflow task fails."""

from __future__ import annotations

import asyncio
from random import Random
from uuid import uuid4

from temporalio.common import RawValue

from domain.model import Stage
from tests.workflows.case import idle
from tests.workflows.conftest import complaint
from tests.workflows.hostile.accounts import failed_tasks
from tests.workflows.hostile.at_stage import Openers
from tests.workflows.hostile.messages import MESSAGES, by_schema_of, in_any_form
from tests.workflows.hostile.test_hostile_messages import AT_ONCE, SEED

COMPLAINTS = MESSAGES // 30


async def test_every_complaint_is_handled_or_waits_for_a_person(openers: Openers) -> None:
    """Half of them are ordinary ones before they are spoilt, half are whatever the schema allows."""
    chance, at_once = Random(SEED), asyncio.Semaphore(AT_ONCE)
    today = {"received_at": complaint()["received_at"]}
    contents = [content | today for content in by_schema_of("complaint", COMPLAINTS // 2, SEED)]
    contents += [complaint() for _ in contents]

    async def one(content: dict[str, object]) -> str:
        reference = f"H-{uuid4().hex[:10]}"
        payloads = in_any_form(content | {"reference": reference}, chance)
        async with at_once:
            return await settled(openers, reference, payloads)

    assert set(await asyncio.gather(*map(one, contents))) == {Stage.UNREADABLE, Stage.ACKNOWLEDGED}


async def settled(openers: Openers, reference: str, payloads: tuple[RawValue, ...]) -> str:
    """Where a complaint is once it was read and the bank has answered. It is somebody's turn in any case."""
    case = await openers.with_input(reference, payloads)
    file = await case.until(lambda file: bool(file.get("reason") or (file.get("errands") and idle(file))))
    assert await case.tasks()
    assert not await failed_tasks(case)
    return str(file["stage"])
