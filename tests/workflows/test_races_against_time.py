"""Races against a clock that runs out: who comes before the due instant is in time, who comes at it or later is not.

Every race is run both ways round, first one and then the other; then with both waiting for a worker, in both orders;
and at the same moment. Answers, file and everything that the bank was asked are always those of one of the two orders.

- Standing still against the deadline; a department's answer against its own deadline.
- An extension whose notice is delivered against the deadline that it moves.
- What waits for a worker when the time runs out is late: the file is never changed backwards.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.spreading import share
from tests.waiting import answered, eventually
from tests.workflows.case import MANAGER, TECHNICIAN, Case, Json, entries, idle
from tests.workflows.conftest import OpenCase, opener, worker_for
from tests.workflows.race import Move, different, outcome
from tests.workflows.recorded_bank import RecordedBank

SOON = timedelta(seconds=2)
"""Before the due instant: so long a test waits for it in real time."""
WELL_BEFORE = timedelta(minutes=30)
MOMENT = timedelta(seconds=1)
TURNS = ("progress", "calendars", "technology-1", "law-1", "promise-1", "tier-3", "investigation-technology-1")
"""What may come hours before the day's end, each complaint at a time of its own."""

BY = {"by": MANAGER, "clock": "law-1", "reason": "three systems are involved"}
PAUSE = Move("pause_clock", BY | {"reason_code": "outside_appraisal"})
RESULT = Move(
    "investigation_result",
    {"message_id": "r", "investigation": "technology-1", "by": TECHNICIAN, "final": True, "finding": "a fault"},
    decision=False,
)
MESSAGES = [
    pytest.param(PAUSE, "law-1", ("accepted", "paused"), ("clock_run_out", "breached"), id="standing still"),
    pytest.param(RESULT, "investigation-technology-1", ("told", "met"), ("told", "met late"), id="a department"),
]


def undisturbed() -> str:
    """A reference whose turns are long before the day's end: nothing else happens while no worker is there."""
    by_chance = (f"W-{uuid4().hex[:10]}" for _ in count())
    return next(one for one in by_chance if all(share(one, turn) > 0.25 for turn in TURNS))


async def brought(case: Case, clock: str, before: timedelta) -> datetime:
    """Bring a complaint that a manager owns to a span before the time of a clock; when that runs out."""
    await case.reach("investigating")
    await case.send("escalate", by=MANAGER, to_tier=3, reason="wide impact")
    await case.send("take_ownership", by=MANAGER)
    due = datetime.fromisoformat((await case.clock(clock))["due_at"])
    await case.wait_until(due - before)
    await case.until(idle)
    return due


async def ran_out(case: Case, due: datetime) -> None:
    """Wait until the server has let the timer of an instant fire, whether a worker is there or not."""

    async def look() -> bool:
        history = await case.handle.fetch_history()
        fired = (event for event in history.events if event.HasField("timer_fired_event_attributes"))
        return any(event.event_time.ToNanoseconds() >= int(due.timestamp()) * 10**9 for event in fired)

    await eventually(look, case.now)


async def ended(case: Case, clock: str, answer: Json, due: datetime) -> Json:
    """All that came of a life, some time after the clock ran out or would have."""
    await case.wait_until(due + WELL_BEFORE)

    def decided(shown: Json) -> bool:
        return shown["state"] != "running" or datetime.fromisoformat(shown["due_at"]) > due

    last = await answered(lambda: case.clock(clock), decided)
    return await outcome(case, [answer]) | {"state": last["state"]}


@pytest.mark.parametrize(("move", "clock", "before", "after"), MESSAGES)
async def test_a_message_is_in_time_or_late(
    move: Move, clock: str, before: tuple[str, str], after: tuple[str, str],
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank, open_case: OpenCase,
) -> None:  # fmt: skip
    queue = f"race-{uuid4().hex}"
    open_waiting = opener(workflow_env, recorded_bank, queue)

    async def in_time() -> Json:
        case = await open_case(reference=undisturbed())
        due = await brought(case, clock, WELL_BEFORE)
        return await ended(case, clock, await move.send(case), due)

    async def late() -> Json:
        case = await open_case(reference=undisturbed())
        due = await brought(case, clock, WELL_BEFORE)
        await case.wait_until(due + MOMENT)
        await case.until(idle)
        return await ended(case, clock, await move.send(case), due)

    async def both_waiting() -> list[Json]:
        async with worker_for(workflow_env.client, recorded_bank, queue):
            cases = [await open_waiting(reference=undisturbed()) for _ in range(2)]
            due = [await brought(cases[0], clock, WELL_BEFORE), await brought(cases[1], clock, SOON)]
        passing = asyncio.ensure_future(cases[0].wait_until(due[0] + MOMENT))
        await ran_out(cases[0], due[0])
        coming = [await move.arrive(case) for case in cases]
        await ran_out(cases[1], due[1])
        async with worker_for(workflow_env.client, recorded_bank, queue):
            await passing
            return [
                await ended(*life) for life in zip(cases, [clock] * 2, [await one for one in coming], due, strict=True)
            ]

    async def at_the_same_moment() -> Json:
        case = await open_case(reference=undisturbed())
        due = await brought(case, clock, SOON)

        async def look() -> bool:
            return await case.now() >= due - MOMENT / 50

        await eventually(look)
        return await ended(case, clock, await move.send(case), due)

    first, last, waiting, *together = await asyncio.gather(
        in_time(), late(), both_waiting(), at_the_same_moment(), at_the_same_moment()
    )
    assert (first["answers"][0]["code"], first["state"]) == before
    assert (last["answers"][0]["code"], last["state"]) == after
    for one in waiting:
        assert one == last, different(one, last)
    for one in together:
        assert one in [first, last], different(one, last)


EXTENSION = Move("extend_deadline", BY | {"reason_code": "complex"})


async def test_the_notice_of_an_extension_is_delivered_in_time_or_too_late(
    workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank
) -> None:
    """The post does not answer at first, and is asked again at a certain instant."""
    client, queue = workflow_env.client, f"race-{uuid4().hex}"
    open_case = opener(workflow_env, recorded_bank, queue)

    async def ordered(delivered: timedelta) -> tuple[Case, datetime, Json]:
        case = await open_case(reference=undisturbed())
        due = await brought(case, "law-1", WELL_BEFORE)

        async def not_yet(letter: Any) -> Any:
            recorded_bank.as_usual(case.reference, "send_letter")
            delay = due + delivered - await case.now()
            raise ApplicationError("does not answer", type="Unavailable", next_retry_delay=delay)

        recorded_bank.next_time(case.reference, "send_letter", not_yet)
        return case, due, await EXTENSION.send(case)

    async def life(delivered: timedelta) -> Json:
        case, due, answer = await ordered(delivered)
        return await ended(case, "law-1", answer, due)

    async def tried_again(case: Case) -> None:
        await case.asked("send_letter", lambda _: len(extensions(case)) > 1)

    def extensions(case: Case) -> list[Any]:
        return [order for order in case.bank.orders(case.reference, "send_letter") if "extension" in order.key]

    def no_hands() -> Worker:
        return worker_for(client, recorded_bank, queue, no_remote_activities=True)

    async with Worker(client, task_queue=queue, activities=recorded_bank.activities()):
        async with no_hands():
            first, last, *together = await asyncio.gather(
                life(-WELL_BEFORE / 2), life(MOMENT * 60), life(timedelta(0)), life(-MOMENT / 50)
            )
            waiting = [await ordered(delivered) for delivered in (-MOMENT, MOMENT)]
        passing = [asyncio.ensure_future(case.wait_until(due)) for case, due, _ in waiting]
        for case, due, _ in waiting:
            await asyncio.gather(ran_out(case, due), tried_again(case))
        async with no_hands():
            await asyncio.gather(*passing)
            late = [await ended(case, "law-1", answer, due) for case, due, answer in waiting]
    assert (first["state"], len(entries(first, "deadline_extended"))) == ("running", 1)
    assert (last["state"], len(entries(last, "extension_lapsed"))) == ("breached", 1)
    for one in late:
        assert one == last, different(one, last)
    for one in together:
        assert one in [first, last], different(one, last)
