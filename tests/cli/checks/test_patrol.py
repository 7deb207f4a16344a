"""Whether a doctor sees how the patrols are: none, paused, late, and what the last one has found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from cli.checks.finding import State, examine
from cli.checks.patrol import patrol_checks, patrol_finding
from cli.checks.server import Server
from client.connection import connect
from client.patrol import Patrols, set_patrol
from domain.patrol import Lost, PatrolReport
from tests.temporal_server import temporal_server
from workflows.names import PATROL

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(*references: str, later_run: bool = False) -> PatrolReport:
    found = [
        Lost(workflow_id=f"complaint-{name}", run_id="r", ending="terminated", ended_at=NOW, later_run=later_run)
        for name in references
    ]
    lost, back = ([], found) if later_run else (found, [])
    looked_at = NOW - timedelta(minutes=5)
    return PatrolReport(looked_at=looked_at, compared=42, lost=lost, brought_back=back, told=[])


def seen(last: PatrolReport | None, waiting: timedelta | None = None) -> tuple[State, str, str]:
    since = NOW - waiting if waiting else None
    one = patrol_finding(Patrols(every=HOUR, paused=False, report=last, waiting_since=since), NOW)
    return one.state, one.found, one.advice


def test_none_is_lost() -> None:
    looked = "5 minutes ago, ended runs compared with the archive: 42; none is lost"
    assert seen(report()) == (State.OK, looked, "")
    assert seen(report("A", later_run=True))[:2] == (State.OK, f"{looked}, 1 brought back")


def test_lost_ones_are_named_with_what_to_do() -> None:
    state, found, advice = seen(report("A", "B", "C", "D"))
    assert state is State.WARNING
    assert found.endswith("nobody handles, or the archive lacks, A, B, C and 1 more")
    assert advice.endswith("starter.py reopen A --reason ... --by ...")


def test_one_that_does_not_come_to_its_end_is_told_after_a_while() -> None:
    assert seen(None, timedelta(minutes=1))[0] is State.OK
    state, found, _ = seen(report(), timedelta(minutes=11))
    assert (state, found) == (State.WARNING, "one has not come to its end for 11 minutes")


async def test_on_a_server_they_are_missing_then_there_then_paused() -> None:
    async with temporal_server() as environment:
        client = await connect(environment)

        async def look() -> tuple[State, str, str]:
            (one,) = await examine(patrol_checks(Server(_given())))
            return one.state, one.found, one.advice

        async def _given() -> Client:
            return client

        assert await look() == (
            State.WARNING, "nobody looks for complaints that ended by a side door", "starter.py setup",
        )  # fmt: skip
        assert await set_patrol(client, None) == (HOUR, None)
        assert (await look())[:2] == (State.OK, "one goes every 1 hour; the first has not come to its end")
        await client.get_schedule_handle(PATROL).pause()
        assert (await look())[1:] == (
            "somebody has paused it", f"temporal schedule toggle --unpause --schedule-id {PATROL}",
        )  # fmt: skip
