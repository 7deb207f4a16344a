"""Plays one standard life from outside: what people and departments say, and when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from benchmarks.lifecycle import floor
from benchmarks.lifecycle.told import Told
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

DEPARTMENTS = ("technology", "operations")
NARRATIVE = (
    "周一我从手机银行向外地的供货商转了8000元，账户当场扣了款，对方到今天都没收到。打了三次热线，每次都说“系统正在处理”，"
    "没有人告诉我钱到底在哪里、哪天能到。货压在仓库里发不出来。"
)
QUESTION = "该笔汇款的报文停在哪个环节？请附接口日志。"
FINDING = "接口网关升级后回执队列的一个分区没有消费者，当日下午的12笔汇款停留在队列中。"
REASONS = "接口升级后回执队列中断，您的汇款停留在待清算科目，责任在我行。"
SUMMARY = "跨行转账8000元已扣款，收款行未入账。"
OWNER, APPROVER, CALLER, ENGINEER = (
    {"id": person, "role": role}
    for person, role in (
        ("FL-0021", "first_line"), ("SP-0007", "specialist"), ("CB-0003", "call_back"), ("IT-0042", "department_staff"),
    )
)  # fmt: skip


def complaint(reference: str) -> dict[str, Any]:
    """The complaint with which a life begins."""
    return {
        "reference": reference, "received_at": datetime.now(UTC).isoformat(), "channel": "app",
        "narrative": NARRATIVE, "summary": SUMMARY, "received_by": OWNER,
        "complainant": {"name": "林晓雯", "customer_number": f"C-{reference}", "channels": ["app", "sms"]},
        "subject": {"product": "跨行转账", "business_type": "支付结算"},
        "amount": {"amount": "8000.00", "currency": "CNY"},
    }  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How to speak to one kind of workflow."""

    client: Client

    async def start(self, reference: str) -> Any:
        """Open a complaint and give its handle."""
        given = complaint(reference)
        return await self.client.start_workflow(WORKFLOW_TYPE, given, id=workflow_id(reference), task_queue=TASK_QUEUE)

    def message(self, name: str, department: str = "") -> Any:
        """A message."""
        inquiry = f"{department}-1"
        by_name: dict[str, dict[str, Any]] = {
            "verify_identity": {"by": OWNER, "verified": True, "method": "app login"},
            "assess": {"by": OWNER, "nature": "system_fault", "summary": SUMMARY, "points": ["款项现在在哪里"]},
            "request_investigation": {"by": OWNER, "department": department, "question": QUESTION},
            "investigation_result": {
                "message_id": inquiry, "investigation": inquiry, "by": ENGINEER, "final": True, "finding": FINDING,
                "responsibility": "firm",
            },
            "propose_resolution": {
                "by": OWNER, "position": "upheld", "responsibility": "firm", "reasons": REASONS,
                "answers": [{"point": "款项现在在哪里", "answer": "经人工清算于当日转出。"}],
                "remedies": [{"kind": "voucher", "description": "转账手续费抵用券",
                              "money": {"amount": "50.00", "currency": "CNY"}}],
            },
            "decide_compensation": {
                "by": APPROVER, "proposal": "proposal-1", "decision": "approve", "reason": "follows the actual loss",
            },
            "record_customer_answer": {
                "by": OWNER, "proposal": "proposal-1", "answer": "accept", "channel": "phone", "wording": "同意。",
            },
            "record_callback": {"by": CALLER, "reached": True, "solved": True, "satisfied": True, "said": "钱到了。"},
        }  # fmt: skip
        return by_name[name]


class FloorWay(Way):
    """How to speak to the floor."""

    async def start(self, reference: str) -> Any:
        """Start it and give its handle."""
        opening = floor.Opening(reference, f"C-{reference}", NARRATIVE)
        return await self.client.start_workflow(
            floor.WORKFLOW_TYPE, opening, id=f"floor-{reference}", task_queue=floor.TASK_QUEUE
        )

    def message(self, name: str, department: str = "") -> Any:
        """A message, with the longest of its texts."""
        texts = {
            "assess": SUMMARY, "request_investigation": QUESTION, "investigation_result": FINDING,
            "propose_resolution": REASONS,
        }  # fmt: skip
        return floor.Said(by=department or OWNER["id"], text=texts.get(name, ""))


@dataclass(frozen=True)
class Life:
    """One life, stimulus by stimulus; each waits for what causes it, and ``pace`` seconds more."""

    way: Way
    told: Told
    reference: str
    pace: float

    async def live(self) -> Any:
        """Live it to its end, and give the handle."""
        handle = await self.way.start(self.reference)
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

    async def _say(self, handle: Any, name: str, department: str = "") -> None:
        await asyncio.sleep(self.pace)
        await handle.execute_update(name, self.way.message(name, department))
