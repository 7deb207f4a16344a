"""How to speak to our complaints, and to the floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from temporalio.client import Client

from benchmarks.lifecycle import floor
from benchmarks.lifecycle.life import (
    APPROVER,
    CALLER,
    ENGINEER,
    FINDING,
    LONGEST,
    NARRATIVE,
    OWNER,
    QUESTION,
    REASONS,
    SUMMARY,
)
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id


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

    workflow_type: ClassVar[str] = floor.WORKFLOW_TYPE

    async def start(self, reference: str) -> Any:
        """Start it and give its handle."""
        opening = floor.Opening(reference, f"C-{reference}", NARRATIVE)
        return await self.client.start_workflow(
            self.workflow_type, opening, id=f"floor-{reference}", task_queue=floor.TASK_QUEUE
        )

    def message(self, name: str, department: str = "") -> Any:
        """A message, with the longest of its texts."""
        return floor.Said(by=department or OWNER["id"], text=LONGEST.get(name, ""))


class FullFloorWay(FloorWay):
    """How to speak to the floor with the same commands."""

    workflow_type = floor.FULL_WORKFLOW_TYPE
