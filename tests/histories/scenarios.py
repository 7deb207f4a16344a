"""The complaints whose histories are kept: the eight cases, and what they do not show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from temporalio.testing import TimeSkipper

from bank.faults import FaultKind, FaultRule
from bank.script import Act, Script
from bank.staff import ScriptedStaff
from client.reopening import reopen
from demo.cases import CASES, load
from tests.scenarios.ended import told
from tests.server import Case, Server, complaint
from tests.waiting import answered
from workflows.names import PATROL_TYPE, TASK_QUEUE, WORKFLOW_TYPE, workflow_id

SUPERVISOR = {"id": "SV-0009", "role": "supervisor"}
OWNER = {"id": "FL-0021", "role": "first_line"}
SHORT_RUNS = "limit.historyCount.suggestContinueAsNew=150"
MANY = 60
"""Messages that fill several short runs."""


@dataclass(frozen=True)
class Scenario:
    """Something that can happen to a complaint."""

    about: str
    """What, in a sentence."""
    play: Callable[[Server], Awaitable[list[str]]]
    """Has it happen, and gives the ids of the workflows that it happened to."""
    settings: tuple[str, ...] = ()
    """Dynamic settings of the server on which it happens."""


async def _case(stem: str, server: Server) -> list[str]:
    await told(server, stem)
    return [workflow_id(load(CASES / f"{stem}.toml").reference)]


async def _begun(server: Server, reference: str, **changes: Any) -> Case:
    case = await server.open(complaint(reference, **changes))
    await answered(case.file, lambda file: file["stage"] == "acknowledged")
    return case


async def _ended(server: Server, case: Case, *acts: Act, zone: str = "Asia/Shanghai") -> list[str]:
    """Have the staff bring it to its end."""
    script = Script(acts=list(acts), zone=zone)
    staff = ScriptedStaff(server.client, case.reference, script, TimeSkipper(server.client))
    await staff.work()
    await staff.closed()
    return [case.handle.id]


async def _many_messages(server: Server) -> list[str]:
    case = await _begun(server, "GOLDEN-MANY")
    for number in range(MANY):
        page = {"uri": f"vault://pages/{number}", "description": "a page"}
        await case.tell("evidence_added", evidence=page)
        await answered(case.file, lambda file, there=number + 1: len(file["evidence"]) == there)  # type: ignore[misc]
    return await _ended(server, case)


async def _cancelled(server: Server) -> list[str]:
    case = await _begun(server, "GOLDEN-CANCELLED")
    await case.handle.cancel(reason="the customer asked for it")
    return await _ended(server, case)


async def _withdrawn(server: Server) -> list[str]:
    case = await _begun(server, "GOLDEN-WITHDRAWN")
    asked = Act(when="request_investigation", say={"department": "technology", "question": "款项在哪里？"})
    withdrawn = Act(when="technology-1", send="withdraw", say={"channel": "phone", "reason": "钱到了，不追究了。"})
    revived = Act(when="record_callback", say={"solved": False, "satisfied": False, "said": "我没有说过撤诉。"})
    return await _ended(server, case, asked, withdrawn, revived)


async def _quarantine(server: Server) -> list[str]:
    case = await _begun(server, "GOLDEN-QUARANTINE")
    page = {"message_id": "page-1", "evidence": {"uri": "vault://1", "description": "a page"}}
    for payloads in ([], [None], [b"\x00\xff"], ["nonsense"], [{"message_id": "page-1"}], [page, page]):
        await case.handle.signal("evidence_added", args=payloads)
    await case.handle.signal("no_such_signal", page)
    await answered(case.file, lambda file: file["quarantined"] == 7)
    return await _ended(server, case)


async def _unreadable(server: Server) -> list[str]:
    reference = "GOLDEN-UNREADABLE"
    case = await server.open({"reference": reference, "narrative": "Nobody says who complains."})
    await case.tell("customer_contacted_us", channel="phone", summary="asks")
    await answered(case.file, lambda file: file.get("waiting") == 1)
    received = (await case.handle.describe()).start_time.isoformat()
    typed = {"task": "intake", "settlement": "done", "note": "typed in again"}
    await case.decide("resolve_task", by=SUPERVISOR, **typed, complaint=complaint(reference, received_at=received))
    return await _ended(server, case)


async def _credit(server: Server) -> list[str]:
    disputed = {"amount": "500.00", "currency": "USD"}
    case = await _begun(server, "GOLDEN-CREDIT", rule_pack="us-reg-e", amount=disputed)
    more_time = {"clock": "law-1", "reason_code": "investigation_continues", "reason": "A merchant is asked."}
    not_upheld = {"position": "not_upheld", "responsibility": "misunderstanding", "reasons": "The card was used."}
    return await _ended(
        server, case,
        Act(when="operations-1", send="extend_deadline", role="manager", say=more_time | {"credit": disputed}),
        Act(when="propose_resolution", say=not_upheld),
        zone="America/New_York",
    )  # fmt: skip


async def _refused_payment(server: Server) -> list[str]:
    server.bank.faults(FaultRule(kind=FaultKind.ACCOUNT_CLOSED, customer="C-GOLDEN-PAYMENT", count=1).model_dump())
    case = await _begun(server, "GOLDEN-PAYMENT")
    refund = {"kind": "refund", "description": "The fee", "money": {"amount": "20.00", "currency": "CNY"}}
    proposed = {"position": "upheld", "responsibility": "firm", "reasons": "Booked twice.", "remedies": [refund]}
    ended = await _ended(server, case, Act(when="propose_resolution", say=proposed))
    server.bank.faults()
    return ended


async def _brought_back(server: Server) -> list[str]:
    """Terminated, found by a patrol, and brought back."""
    case = await _begun(server, "GOLDEN-BACK")
    await case.decide("verify_identity", by=OWNER, verified=True, method="app login")
    await answered(case.file, lambda file: file["stage"] == "identity_verified")
    await case.handle.terminate("by mistake")

    async def patrol() -> tuple[str, bool]:
        round_id = f"golden-patrol-{uuid4().hex[:8]}"
        report = await server.client.execute_workflow(PATROL_TYPE, id=round_id, task_queue=TASK_QUEUE)
        return round_id, case.reference in str(report["lost"])

    round_id, _ = await answered(patrol, lambda seen: seen[1])
    await reopen(server.client, case.reference, "wrong button", "SV-0009")
    return [*await _ended(server, case), round_id]


async def _same_again(server: Server) -> list[str]:
    given = complaint("GOLDEN-AGAIN", received_at=datetime.now(UTC).isoformat())
    case = await server.open(given)
    withdrawn = Act(when="request_investigation", send="withdraw", say={"channel": "phone", "reason": "钱到了。"})
    await _ended(server, case, withdrawn)
    again = await server.client.start_workflow(WORKFLOW_TYPE, given, id=case.handle.id, task_queue=TASK_QUEUE)
    await again.result()
    return [case.handle.id]


SCENARIOS = {file.stem: Scenario(load(file).title, partial(_case, file.stem)) for file in sorted(CASES.glob("*.toml"))}
SCENARIOS |= {
    "many-messages": Scenario("So many messages that it goes on in new runs", _many_messages, (SHORT_RUNS,)),
    "cancelled": Scenario("A cancel request is a withdrawal, and is called back", _cancelled),
    "withdrawn": Scenario("A withdrawal that the customer does not stand by", _withdrawn),
    "quarantine": Scenario("Messages that cannot be read become a task, and are settled", _quarantine),
    "unreadable": Scenario(
        "A complaint that cannot be read is corrected, and takes in what came meanwhile", _unreadable
    ),
    "provisional-credit": Scenario("More time for a provisional credit, which is taken back with notice", _credit),
    "refused-payment": Scenario("The ledger refuses a payment, and a person settles it", _refused_payment),
    "brought-back": Scenario("Terminated (1), brought back and closed (2), after a patrol found it (3)", _brought_back),
    "same-again": Scenario("Closed (1), and the same complaint again (2)", _same_again),
}
