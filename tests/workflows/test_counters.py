"""What happens to a complaint is counted once, however often its history is replayed and its run begins anew.

Again and again a fresh worker takes over, which replays the run from its first event, and the server suggests a new run
after 120 events; the counts are read from the SDK itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from temporalio.client import Client
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig
from temporalio.worker import Worker

from domain.metrics import BREACHES, CLOSED, ESCALATIONS, OPENED, QUARANTINED, REFUSED, Metric
from tests.workflows.case import OWNER, SPECIALIST, Case, Json, idle
from tests.workflows.conftest import opener, server, worker_for
from tests.workflows.recorded_bank import RecordedBank
from tests.workflows.rolling import evidence, rolled, runs
from workflows.plugin import complaints_plugin


class Counted:
    """Sums up what a worker counted."""

    def __init__(self) -> None:
        self._buffer = MetricBuffer(100_000)
        self.runtime = Runtime(telemetry=TelemetryConfig(metrics=self._buffer))
        self._sums = Counter[tuple[str, str]]()

    def of(self, metric: Metric) -> dict[str, int]:
        """How often each happened, by the metric's label."""
        for update in self._buffer.retrieve_updates():
            own = next((one for one in (metric, *KNOWN) if one.given_name == update.metric.name), None)
            if own:
                self._sums[own.name, str(update.attributes.get(own.label or "", ""))] += int(update.value)
        return {which: count for (name, which), count in self._sums.items() if name == metric.name}


KNOWN = (OPENED, CLOSED, BREACHES, ESCALATIONS, QUARANTINED, REFUSED)


@dataclass
class Rolling:
    """A complaint that begins anew again and again, and what its workers count."""

    case: Case
    counted: Counted
    _hire: Callable[[], Worker]
    _working: AsyncExitStack

    async def replayed(self) -> Json:
        """The case file as a fresh worker tells it, which has nothing in memory and must replay the run to know it."""
        await self._working.aclose()
        await self._working.enter_async_context(self._hire())
        return await self.case.file()


@asynccontextmanager
async def rolling() -> AsyncIterator[Rolling]:
    """A complaint that was just opened, on a server that soon suggests new runs."""
    bank, counted = RecordedBank(), Counted()
    async with server("limit.historyCount.suggestContinueAsNew=120") as env, AsyncExitStack() as working:
        address = env.client.service_client.config.target_host
        own = await Client.connect(address, plugins=[complaints_plugin()], runtime=counted.runtime)
        await working.enter_async_context(worker_for(own, bank))
        yield Rolling(await opener(env, bank)(), counted, partial(worker_for, own, bank), working)


async def test_everything_is_counted_once_over_replays_and_new_runs() -> None:
    async with rolling() as life:
        case, counted = life.case, life.counted
        await case.reach("investigating")
        for number in range(3):
            await case.handle.signal("evidence_added", {"message_id": f"garbage-{number}"})
        assert await case.refused("escalate", by=OWNER, to_tier=9, reason="wide") == "no_such_tier"
        await case.send("escalate", by=SPECIALIST, to_tier=2, reason="wide impact")
        await life.replayed()
        assert await runs(case) == 1  # so all of this was replayed
        await case.until(idle)
        for name in ("a", "b"):
            before = await runs(case)
            await evidence(case, name, 65)
            await rolled(case, before)
            await life.replayed()
        await case.wait_for("promise-1")
        await case.until(lambda file: file["tier"] == 3)
        await life.replayed()
        await evidence(case, "c", 5)
        await case.until(lambda file: "vault://c/4" in str(file["evidence"]))
        file = await life.replayed()
        assert counted.of(OPENED) == {"app": 1}
        assert counted.of(QUARANTINED) == {"": 3}
        assert counted.of(REFUSED) == {"no_such_tier": 1}
        assert [change["reason"] for change in file["tier_changes"]] == ["decision", "technology silent"]
        assert counted.of(ESCALATIONS) == {"decision": 1, "department_silent": 1}
        assert counted.of(BREACHES) == Counter(clock["kind"] for clock in file["clocks"] if clock["breached_at"])
        assert counted.of(CLOSED) == {}


async def test_a_withdrawn_complaint_is_counted_as_closed() -> None:
    async with rolling() as life:
        case, counted = life.case, life.counted
        await case.stage("acknowledged")
        await life.replayed()
        await case.handle.cancel()
        await case.stage("calling_back")
        await life.replayed()
        await case.call_back(solved=True, satisfied=True)
        await case.closed()
        assert (await life.replayed())["outcome"] == "withdrawn"
        assert counted.of(CLOSED) == {"withdrawn": 1}
        assert counted.of(OPENED) == {"app": 1}
