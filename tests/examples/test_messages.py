"""Guarantee: every file under ``examples/messages`` can be sent as it stands, and a real complaint takes it.

Sent in the order of a complaint's life, each is accepted. The one exception is a refusal that belongs to the story.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from client.published import ROOT
from domain.decisions import DECISIONS
from domain.facts import FACTS
from tests.server import Case, Server
from tests.waiting import answered

MORNING = 10
STORY = [
    "take_ownership", "verify_identity", "assess", "request_investigation", "investigation_accepted",
    "evidence_added", "customer_contacted_us", "add_note", "pause_clock", "resume_clock",
    "investigation_extension_requested", "extend_deadline", "investigation_result", "investigation_declined",
    "propose_resolution", "decide_compensation", "record_customer_answer", "escalate", "regulator_contacted_us",
    "resolve_task", "withdraw", "confirm_unreachable", "record_callback",
]  # fmt: skip
REFUSED = {"confirm_unreachable": "not_enough_attempts"}


def sent(name: str) -> dict[str, Any]:
    """The file of a message."""
    message: dict[str, Any] = json.loads((ROOT / "examples" / "messages" / f"{name}.json").read_text(encoding="utf-8"))
    return message


def test_the_story_has_every_message() -> None:
    assert sorted(STORY) == sorted({**FACTS, **DECISIONS})


async def test_every_example_is_taken_by_a_real_complaint(server: Server) -> None:
    case = await server.open(sent("complaint") | {"received_at": datetime.now(UTC).isoformat()})
    for name in STORY:
        await _what_comes_before(name, case)
        if name in FACTS:
            await case.handle.signal(name, sent(name))
        elif name in REFUSED:
            assert await case.refused(name, **sent(name)) == REFUSED[name]
        else:
            receipt = await case.decide(name, **sent(name))
            assert receipt["reference"] == case.reference
    assert (await case.handle.result())["outcome"] == "withdrawn"
    file = await case.file()
    written = [entry["what"] for entry in file["journal"]]
    assert {*FACTS, *DECISIONS} - set(REFUSED) <= set(written)
    assert [kept["name"] for kept in file["quarantine"]] == ["evidence_added"]  # the one made below


async def _what_comes_before(name: str, case: Case) -> None:
    """What the story needs besides the examples."""
    match name:
        case "record_customer_answer":
            await answered(case.file, lambda file: file["cycles"][-1]["proposals"][-1]["status"] == "offered")
        case "resolve_task":
            await case.handle.signal("evidence_added", {"uri": "vault://evidence/1"})
        case "withdraw":
            by = {"id": "OP-0045", "role": "department_staff"}
            await answered(case.file, lambda file: any(task["id"] == "remedy-1-2" for task in file["tasks"]))
            await case.decide("resolve_task", by=by, task="remedy-1-2", settlement="done", note="cleared by hand")
        case "confirm_unreachable":
            await answered(case.file, lambda file: file["stage"] == "calling_back")
            supervisor = {"id": "SV-0003", "role": "supervisor"}
            await case.decide("resolve_task", by=supervisor, task="regulator-1", settlement="done", note="answered")
            now = (await case.env.get_current_time(case.handle)).astimezone(ZoneInfo("Asia/Shanghai"))
            await case.pass_time((now + timedelta(days=1)).replace(hour=MORNING, minute=0) - now)
