"""Guarantees of what a sender is told when something goes wrong:

- A message sent while a complaint begins a new run is sent again, and nothing else is.
- A server that has lost its namespace, as one does whose database is too slow, is not taken for a missing complaint.
"""

from __future__ import annotations

import pytest
from temporalio.service import RPCError, RPCStatusCode

from client.connection import ServerNotThere, reach
from client.failures import ROLL_OVER_ATTEMPTS, through_a_roll_over
from client.gateway import case_file, open_complaint
from client.known import known
from tests.complaints import complaint
from tests.temporal_server import in_namespace


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


async def test_a_namespace_that_is_lost_is_no_missing_complaint(bare: dict[str, str]) -> None:
    client = await reach(in_namespace(bare, "lost"))
    for asked in (open_complaint(client, complaint()), case_file(client, "R-1"), known(client, ["R-1"])):
        with pytest.raises(ServerNotThere, match="does not find the namespace lost at the moment; try again"):
            await asked
