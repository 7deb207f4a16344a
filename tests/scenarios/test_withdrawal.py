"""Withdrawing a complaint ends its handling at once, and never spares the call-back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bank.script import Act, Script
from domain.complaint import Complaint
from tests.scenarios.ended import play
from tests.server import Server, complaint

WITHDRAWN = [
    Act(when="request_investigation", say={"department": "technology", "question": "款项在哪里？"}),
    Act(when="technology-1", send="withdraw", say={"channel": "phone", "reason": "钱到了，不追究了。"}),
]


def _received(reference: str, **changes: Any) -> Complaint:
    received = {"received_at": datetime.now(UTC).isoformat()} | complaint(reference, **changes)
    return Complaint.model_validate(received)


async def test_a_withdrawn_complaint_is_called_back(server: Server) -> None:
    ended = await play(server, _received("WITHDRAWN-1"), Script(acts=WITHDRAWN))
    assert ended.closed.outcome == "withdrawn"
    assert ended.file["investigations"][0]["state"] == "recalled"
    assert ended.asked("withdrawn") == ["technology"]
    assert ended.clock("law-1")["stopped_at"] and not ended.clock("law-1")["breached_at"]
    assert len(ended.calls) == 1
    assert [kind for kind, _, _ in ended.sent] == ["acknowledgement"]


async def test_a_withdrawal_that_the_customer_does_not_stand_by_goes_on_one_tier_up(server: Server) -> None:
    refusing = Act(when="record_callback", say={"solved": False, "satisfied": False, "said": "我没有说过撤诉。"})
    ended = await play(server, _received("WITHDRAWN-2"), Script(acts=[*WITHDRAWN, refusing]))
    assert (ended.closed.outcome, ended.closed.tier, ended.closed.cycles) == ("satisfied", 2, 2)
    assert ended.file["withdrawals"][0]["revived_at"]
    assert ended.file["cycles"][1]["answered_at"]


async def test_any_complaint_comes_to_its_end_without_a_script(server: Server) -> None:
    represented = {"name": "测试代理人", "capacity": "持授权书的家属"}
    ended = await play(server, _received("UNSCRIPTED-1", representative=represented, received_by=None), Script())
    assert ended.closed.outcome == "satisfied"
    assert ended.closed.departments == ["operations"]
