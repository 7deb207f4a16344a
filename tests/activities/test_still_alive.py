"""Guarantee: a request that takes long says that it is alive, as long as it lives; a quick one says nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities import still_alive
from workflows.errands import SILENCE, TIMEOUT


class Bank(ActivityInboundInterceptor):
    """A request that is answered when the test says so."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        await self.answered.wait()
        return "answered"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(still_alive, "EVERY", timedelta(milliseconds=5))
    return Bank()


async def run(bank: Bank, beats: list[object], enough: int) -> object:
    def beat(*details: object) -> None:
        beats.append(details)
        if len(beats) >= enough:
            bank.answered.set()

    environment = ActivityEnvironment()
    environment.on_heartbeat = beat
    outer = still_alive.StillAlive().intercept_activity(bank)
    asked: Any = None
    return await environment.run(outer.execute_activity, asked)


async def test_a_long_request_says_that_it_is_alive_until_it_is_answered(bank: Bank) -> None:
    beats: list[object] = []
    assert await run(bank, beats, enough=3) == "answered"
    assert len(beats) == 3


async def test_an_answered_request_says_nothing_any_more(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    timers: list[asyncio.TimerHandle] = []
    wait = loop.call_later

    def noted(*args: Any, **kwargs: Any) -> asyncio.TimerHandle:
        timers.append(wait(*args, **kwargs))
        return timers[-1]

    monkeypatch.setattr(loop, "call_later", noted)
    await run(bank, [], enough=2)
    assert len(timers) == 3
    assert timers[-1].cancelled()


async def test_a_quick_request_says_nothing(bank: Bank) -> None:
    beats: list[object] = []
    bank.answered.set()
    assert await run(bank, beats, enough=1) == "answered"
    assert beats == []


def test_a_dead_request_is_noticed_long_before_its_time_is_over() -> None:
    assert 3 * still_alive.EVERY < SILENCE < TIMEOUT / 2
