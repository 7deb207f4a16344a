"""One standard life from outside: what people and departments say, and when, whatever engine it is that carries it out.

Nothing here knows of Temporal, so that the peers' drivers, which do not have it, play the same life.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.lifecycle.told import Told

DEPARTMENTS = ("technology", "operations")
NARRATIVE = (
    "周一我从手机银行向外地的供货商转了8000元，账户当场扣了款，对方到今天都没收到。打了三次热线，每次都说“系统正在处理”，"
    "没有人告诉我钱到底在哪里、哪天能到。货压在仓库里发不出来。"
)
QUESTION = "该笔汇款的报文停在哪个环节？请附接口日志。"
FINDING = "接口网关升级后回执队列的一个分区没有消费者，当日下午的12笔汇款停留在队列中。"
REASONS = "接口升级后回执队列中断，您的汇款停留在待清算科目，责任在我行。"
SUMMARY = "跨行转账8000元已扣款，收款行未入账。"
LONGEST = {
    "assess": SUMMARY, "request_investigation": QUESTION, "investigation_result": FINDING,
    "propose_resolution": REASONS,
}  # fmt: skip
"""The longest text of each message that has one: all that engines without our rules are told."""
OWNER, APPROVER, CALLER, ENGINEER = (
    {"id": person, "role": role}
    for person, role in (
        ("FL-0021", "first_line"), ("SP-0007", "specialist"), ("CB-0003", "call_back"), ("IT-0042", "department_staff"),
    )
)  # fmt: skip


class Handle(Protocol):
    """One life under way."""

    async def execute_update(self, name: str, message: Any) -> Any:
        """Say something, and wait for the answer."""

    async def signal(self, name: str, message: Any) -> Any:
        """Say something, and wait until it is kept."""

    async def result(self) -> Any:
        """Wait for the end."""


class Manner(Protocol):
    """How to speak to one kind of engine."""

    async def start(self, reference: str) -> Any:
        """Begin a life, and give its handle."""

    def message(self, name: str, department: str = "") -> Any:
        """What is said."""


@dataclass(frozen=True)
class Life:
    """One life, stimulus by stimulus; each waits for what causes it, and ``pace`` seconds more."""

    way: Manner
    told: Told
    reference: str
    pace: float

    async def live(self) -> Any:
        """Live it to its end, and give the handle."""
        handle: Handle = await self.way.start(self.reference)
        await self._told("letter acknowledgement")
        await self._say(handle, "verify_identity")
        await self._say(handle, "assess")
        for department in DEPARTMENTS:
            await self._say(handle, "request_investigation", department)
        for department in DEPARTMENTS:
            await self._told(f"investigation {department}")
            await asyncio.sleep(self.pace)
            await handle.signal("investigation_result", self.way.message("investigation_result", department))
        await self._say(handle, "propose_resolution")
        await self._told("notice approval")
        await self._say(handle, "decide_compensation")
        await self._told("letter offer")
        await self._say(handle, "record_customer_answer")
        await self._told("notice callback")
        await self._say(handle, "record_callback")
        await handle.result()
        return handle

    async def _told(self, what: str) -> None:
        await self.told.wait(self.reference, what)

    async def _say(self, handle: Handle, name: str, department: str = "") -> None:
        await asyncio.sleep(self.pace)
        await handle.execute_update(name, self.way.message(name, department))
