"""Guarantee: a message sent while a complaint begins a new run is sent again, and nothing else is."""

from __future__ import annotations

import pytest
from temporalio.service import RPCError, RPCStatusCode

from client.failures import ROLL_OVER_ATTEMPTS, through_a_roll_over


class Answers:
    """Fails so many times with a status, then answers."""

    def __init__(self, status: RPCStatusCode, times: int) -> None:
        self.status, self.times, self.asked = status, times, 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise RPCError("unhandled command", self.status, b"")
        return "receipt"


@pytest.mark.parametrize("times", range(ROLL_OVER_ATTEMPTS + 1))
async def test_a_roll_over_is_waited_out(times: int) -> None:
    answers = Answers(RPCStatusCode.FAILED_PRECONDITION, times)
    assert await through_a_roll_over(answers) == "receipt"
    assert answers.asked == times + 1


@pytest.mark.parametrize(
    ("status", "times", "asked"),
    [(RPCStatusCode.NOT_FOUND, 1, 1), (RPCStatusCode.FAILED_PRECONDITION, 99, ROLL_OVER_ATTEMPTS + 1)],
)
async def test_other_failures_and_lasting_ones_are_told(status: RPCStatusCode, times: int, asked: int) -> None:
    answers = Answers(status, times)
    with pytest.raises(RPCError) as told:
        await through_a_roll_over(answers)
    assert (told.value.status, answers.asked) == (status, asked)
