"""A worker that is lost at every activity of a standard complaint changes nothing: it ends as it would have.

The bank's real ledger is behind. Each activity is lost once: before its effect, or after it and before the worker could
tell. Everything happens once, by the bank's own books.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.common import RetryPolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

import activities.still_alive
import workflows.errands
from activities.bank import Activity, bank_activities
from tests.bank_server import RunningBank, running_bank
from tests.server import bank_settings
from tests.waiting import PATIENCE
from tests.workflows.case import Case, Json
from tests.workflows.conftest import complaint, opener, server
from tests.workflows.recorded_bank import RecordedBank
from tests.workflows.standard_life import ACTIVITIES, live
from workflows.complaint import ComplaintWorkflow


class Mortal(Interceptor):
    """A worker that dies at every activity, once: before the effect, or after it and before it could tell."""

    def __init__(self, after: bool) -> None:
        self.after = after
        self.died = asyncio.Event()
        self.lost: list[tuple[str, str]] = []

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Wrap the activities of the worker."""
        return _Last(next, self)


class _Last(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, mortal: Mortal) -> None:
        super().__init__(next)
        self._mortal = mortal

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info, mortal = activity.info(), self._mortal
        if (name := (info.activity_type, "" if info.is_local else info.activity_id)) in mortal.lost:
            return await self.next.execute_activity(input)
        mortal.lost.append(name)
        if mortal.after:
            await self.next.execute_activity(input)
        mortal.died.set()
        if info.is_local:  # the worker's own; it dies with the workflow task
            await activity.wait_for_worker_shutdown()
            raise RuntimeError("the worker is shut down")
        return activity.raise_complete_async()  # the server never hears of this attempt again


class Insistent(Case):
    """One that asks again when the worker died over the question."""

    async def ask(self, query: str, **how: Any) -> Any:
        """Ask a query until there is an answer."""
        while True:
            try:
                return await super().ask(query, rpc_timeout=timedelta(seconds=2), **how)
            except RPCError as unanswered:
                if unanswered.status not in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
                    raise


class Ground:
    """A server that skips time, and the stand-in bank with its real ledger."""

    def __init__(self, env: WorkflowEnvironment, bank: RunningBank, does: list[Activity]) -> None:
        self.env, self.bank, self.does = env, bank, does

    async def played(self, mortal: Mortal | None = None) -> tuple[Case, Json]:
        """Play the standard complaint, with workers one after the other when they die."""
        queue = f"every-event-{uuid4().hex}"
        # A customer of its own: one with earlier complaints climbs a tier.
        reference = f"L-{uuid4().hex[:10]}"
        complainant = complaint()["complainant"] | {"customer_number": f"C-{reference}"}
        opened = await opener(self.env, RecordedBank(), queue)(reference=reference, complainant=complainant)
        case = Insistent(self.env, self.env.client, opened.bank, opened.handle)
        life = asyncio.create_task(live(case))
        while not life.done():
            async with self._worker(queue, mortal):
                died = asyncio.create_task((mortal.died if mortal else asyncio.Event()).wait())
                await asyncio.wait([life, died], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
                died.cancel()
            if mortal:
                mortal.died.clear()
        return case, await life

    def _worker(self, queue: str, mortal: Mortal | None) -> Worker:
        return Worker(
            self.env.client,
            task_queue=queue,
            workflows=[ComplaintWorkflow],
            activities=self.does,
            interceptors=[mortal] if mortal else [],
        )

    def effects(self, reference: str) -> list[Any]:
        """What the bank's own books say, without its own numbers."""
        kept = ("key", "kind", "state", "text", "postings")
        found = [
            {name: row["request"].get(name, row.get(name)) if "request" in row else row.get(name) for name in kept}
            for what in ("letters", "requests", "bookings")
            for row in self.bank.inspect(what, reference)
        ]
        return sorted(str(one).replace(reference, "REFERENCE") for one in found)


@pytest.fixture(scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    data = tmp_path_factory.mktemp("every-event")
    with pytest.MonkeyPatch.context() as patch, running_bank(data / "bank.db") as bank:
        patch.setattr(workflows.errands, "SILENCE", timedelta(seconds=1))
        patch.setattr(workflows.errands, "RETRIES", RetryPolicy(initial_interval=timedelta(milliseconds=100)))
        patch.setattr(activities.still_alive, "EVERY", timedelta(milliseconds=200))
        async with server() as env, bank_activities(bank_settings(bank, data)) as does:
            yield Ground(env, bank, does)


@pytest.fixture(scope="module")
async def undisturbed(ground: Ground) -> tuple[Case, Json]:
    return await ground.played()


def lasting(closed: Json) -> Json:
    """What became of a complaint, without the times."""
    clocks = [(clock["id"], clock["state"]) for clock in closed["clocks"]]
    kept = ("outcome", "paid", "remedies", "departments", "cycles", "tier", "contacts", "breached", "satisfied")
    return {name: closed[name] for name in kept} | {"clocks": clocks}


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
async def test_the_worker_is_lost_at_every_activity(
    ground: Ground, undisturbed: tuple[Case, Json], after: bool
) -> None:
    expected, closed = undisturbed
    mortal = Mortal(after)
    case, came = await ground.played(mortal)
    activities = ["closed_before", "resolve_rules", *ACTIVITIES.values()]
    assert sorted(name for name, _ in mortal.lost) == sorted(activities)
    assert lasting(came) == lasting(closed)
    assert ground.effects(case.reference) == ground.effects(expected.reference)
    assert str(ground.effects(case.reference)).count("complaints-expense") == 1
    assert not await case.task_failures()
