"""The people of a run: customers who complain, staff who work on it whatever breaks, and the post between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from random import Random
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError

from bank.ordinary import ORDINARY
from bank.staff import NotAsTold, ScriptedStaff, View
from chaos.cast import Part, part
from chaos.post import AGAIN_AFTER, Mailbag, Post
from domain.facts import FACTS

LOOKS_PER_SECOND = 12.0
"""By all of the staff together: each takes the longer to think, the more complaints there are."""
HANDS = 16
"""How many of them are at it at once; more would only have the server answer all of them too late."""
STUBBORN = 12
"""How often in a row somebody is refused before they give up."""


class HardPressedStaff(ScriptedStaff):
    """Staff whose facts go by the post, and whose decisions are sent until they are answered, some of them twice."""

    def __init__(self, client: Client, own: Part, post: Post, bag: Mailbag, chance: Random) -> None:
        super().__init__(client, own.reference, own.script)
        self.refused_in_a_row = 0
        self._post = post
        self._bag = bag
        self._chance = chance
        self._numbers = count(1)

    async def send(self, message: str, content: dict[str, Any]) -> str | None:
        """Send a message; the code of its refusal, if it was refused."""
        if message in FACTS:
            self._bag.put(message, content)
            if message == "investigation_accepted":
                self._bag.put("investigation_result", _result(content))
            return None
        content.setdefault("message_id", f"decision-{next(self._numbers)}")
        answer = await self._post.tell(self.reference, message, content)
        self.refused_in_a_row = 0 if answer == "accepted" else self.refused_in_a_row + 1
        if answer == "accepted" and self._chance.random() < 0.3:
            await self._post.tell(self.reference, message, content)
        return None if answer == "accepted" else answer


def _result(accepted: dict[str, Any]) -> dict[str, Any]:
    """What the department sends as soon as it has taken an investigation on; the post may bring it first."""
    head = {"investigation": accepted["investigation"], "by": accepted["by"]}
    number = f"{accepted['investigation']}-investigation_result"
    return head | {"message_id": number, "final": True} | ORDINARY["investigation_result"]


class Crowd:
    """Keeps a number of complaints in flight, and brings all to their end when the storm is over."""

    def __init__(self, client: Client, post: Post, seed: int, size: int, minutes: float) -> None:
        self.opened = 0
        self.closed = 0
        self.fewest = size
        """How many were in flight when the fewest were, since all were open and until the storm was over."""
        self.resting: set[str] = set()
        """Complaints that are open at the end, because nobody has anything to do for now."""
        self.gave_up: dict[str, str] = {}
        """Complaints whose staff was refused again and again, with what they tried last."""
        self._client = client
        self._post = post
        self._seed = seed
        self._size = size
        self._minutes = minutes
        self._think = size / LOOKS_PER_SECOND
        self.all_open = asyncio.Event()
        """Set as soon as as many are in flight as shall be."""
        self._calm = asyncio.Event()
        self._hands = asyncio.Semaphore(HANDS)
        self._numbers = count(1)

    async def live(self) -> None:
        """Until every complaint is closed, or rests."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._size):
                group.create_task(self._one_after_the_other())

    def calm_down(self) -> None:
        """The storm is over: no new complaints, and nobody takes their time."""
        self._calm.set()

    @property
    def in_flight(self) -> int:
        """Complaints that are open."""
        return self.opened - self.closed

    async def _one_after_the_other(self) -> None:
        first = True
        while first or not self._calm.is_set():
            first = False
            own = part(self._seed, next(self._numbers), self._minutes)
            await self._post.open(own.complaint)
            self.opened += 1
            if self.opened >= self._size:
                self.all_open.set()
            await self._life(own)

    async def _life(self, own: Part) -> None:
        chance = Random(f"{self._seed}/{own.reference}")  # noqa: S311  # chance that can be repeated is the point
        bag = Mailbag(self._post, own.reference, chance)
        for name, message in own.facts:
            bag.put(name, message)
        staff = HardPressedStaff(self._client, own, self._post, bag, chance)
        worked = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._carry(bag, chance, worked))
            cancelling = group.create_task(self._cancel(own))
            await self._work(staff, bag, chance, cancelling.done)
            worked.set()

    async def _work(
        self, staff: HardPressedStaff, bag: Mailbag, chance: Random, nobody_cancels: Callable[[], bool]
    ) -> None:
        while True:
            await self._pause(chance)
            async with self._hands:
                if await self._is_closed(staff.reference):
                    self._count_closed()
                    return
                view = await self._look(staff)
                acted = view is not None and await self._acted(staff, view)
            stubborn = staff.refused_in_a_row >= STUBBORN
            busy = acted or bag or view is None or view.machine_at_work or not nobody_cancels()
            if stubborn:
                self.gave_up[staff.reference] = staff.last_event
            if self._calm.is_set() and (stubborn or not busy):
                self.resting.add(staff.reference)
                return

    def _count_closed(self) -> None:
        self.closed += 1
        if self.all_open.is_set() and not self._calm.is_set():
            self.fewest = min(self.fewest, self.in_flight)

    async def _is_closed(self, reference: str) -> bool:
        """Whether nothing can be done any more; not, when nobody can say."""
        with suppress(RPCError):
            described = await self._client.get_workflow_handle(f"complaint-{reference}").describe()
            return described.status is not WorkflowExecutionStatus.RUNNING
        return False

    async def _look(self, staff: HardPressedStaff) -> View | None:
        """How the complaint stands, when anybody can say."""
        try:
            return await staff.look()
        except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
            await asyncio.sleep(AGAIN_AFTER)
            return None

    async def _acted(self, staff: HardPressedStaff, view: View) -> bool:
        try:
            return await staff.act(view)
        except NotAsTold:
            return True  # refused, because something else came first: look again

    async def _carry(self, bag: Mailbag, chance: Random, worked: asyncio.Event) -> None:
        while bag or not worked.is_set():
            await self._pause(chance)
            async with self._hands:
                await bag.carry()

    async def _cancel(self, own: Part) -> None:
        if own.cancel_after is None:
            return
        await self._sleep(own.cancel_after * 12 * self._think)
        for _ in range(2):
            await self._post.cancel(own.reference)

    async def _pause(self, chance: Random) -> None:
        await self._sleep(chance.uniform(0, 2) * self._think)

    async def _sleep(self, seconds: float) -> None:
        """For a time, or until the storm is over; a moment in any case."""
        await asyncio.sleep(0.1)
        try:
            async with asyncio.timeout(seconds):
                await self._calm.wait()
        except TimeoutError:
            return
        await asyncio.sleep(0.4)
