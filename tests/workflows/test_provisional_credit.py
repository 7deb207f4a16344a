"""Regulation E on the real server, from receipt to the close: a provisional credit for more time, and what follows.

- The extension takes effect when the ledger has booked the credit; the customer is told of it in time.
- Upheld, the credit is final and only the rest is paid: corrected, reported and called back without asking anybody.
- Not upheld, the ledger takes it back on the day that the delivered notice named, and the complaint closes after it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.exceptions import ApplicationError

from tests.workflows.case import ASSESSMENT, MANAGER, OWNER, POINT, SATISFIED, SPECIALIST, Case, entries
from tests.workflows.conftest import OpenCase

NEW_YORK = ZoneInfo("America/New_York")
DISPUTED = {"amount": "500.00", "currency": "USD"}
MORE_TIME = {"by": MANAGER, "clock": "law-1", "reason_code": "investigation_continues", "reason": "a merchant is asked"}
FINDING = {
    "by": OWNER, "responsibility": "firm", "reasons": "The merchant charged the card twice.",
    "answers": [{"point": POINT, "answer": "The records of the merchant show it."}],
}  # fmt: skip
REFUND = {"kind": "refund", "description": "The second charge", "money": DISPUTED}
FEE = {"kind": "fee_waiver", "description": "The fee", "money": {"amount": "20.00", "currency": "USD"}}


async def credited(open_case: OpenCase) -> Case:
    """The facts are clear, and more time was given for a credit less what may be withheld."""
    case = await open_case(rule_pack="us-reg-e", amount=DISPUTED)
    await case.reach("identity_verified")
    await case.send("assess", **ASSESSMENT | {"investigation_needed": False})
    assert await case.refused("extend_deadline", **MORE_TIME) == "credit_missing"
    before = await case.clock("law-1")
    await case.send("extend_deadline", **MORE_TIME, credit={"amount": "450.00", "currency": "USD"})
    await case.until(lambda file: bool(file["credits"] and file["credits"][0]["told_at"]))
    after = await case.clock("law-1")
    assert after["due_at"] > before["due_at"]
    assert (await case.clock("credit_notice-1"))["state"] == "met"
    return case


async def call_back(case: Case) -> None:
    """Call the customer in the morning of New York."""
    day = (await case.now()).astimezone(NEW_YORK) + timedelta(days=1)
    await case.wait_until(day.replace(hour=10, minute=0))
    await case.send("record_callback", **SATISFIED)


async def orders(case: Case, name: str) -> list[tuple[str, str]]:
    """What the ledger was asked, each once per key."""
    asked = {order.key: order for order in case.bank.orders(case.reference, name)}
    return [(order.remedy, str(order.money)) for order in asked.values()]


async def test_upheld_the_credit_is_final_and_the_rest_is_paid_without_asking(open_case: OpenCase) -> None:
    case = await credited(open_case)
    await case.send("propose_resolution", **FINDING, position="upheld", remedies=[REFUND, FEE])
    await case.send("decide_compensation", by=MANAGER, proposal="proposal-1", decision="approve", reason="the loss")
    file = await case.stage("calling_back")
    assert {(await case.clock(clock))["state"] for clock in ("law-1", "correction-1", "report-1")} == {"met"}
    assert await orders(case, "pay_out") == [("credit-1", "450.00 USD"), ("1-1", "50.00 USD"), ("1-2", "20.00 USD")]
    assert file["credits"][0]["state"] == "final"
    assert case.bank.letters(case.reference) == ["acknowledgement", "provisional_credit", "final_response"]
    await call_back(case)
    closed = await case.closed()
    assert (closed["paid"], closed["breached"]) == ({"USD": "520.00"}, False)
    assert [credit["state"] for credit in closed["credits"]] == ["final"]
    assert await case.task_failures() == []


async def test_not_upheld_it_is_taken_back_on_the_day_of_the_notice_and_closed_after_that(open_case: OpenCase) -> None:
    case = await credited(open_case)
    await case.send("propose_resolution", **FINDING, position="not_upheld", remedies=[])
    file = await case.until(lambda file: bool(file["credits"][0]["announced_at"]))
    await case.stage("calling_back")
    day = datetime.fromisoformat(file["credits"][0]["debit_on"])
    notice = next(order for order in case.bank.orders(case.reference, "send_letter") if order.kind == "credit_reversal")
    local = day.astimezone(NEW_YORK)
    assert f"debit 450.00 USD from your account on {local.day} {local:%B %Y}" in notice.body
    await call_back(case)
    await case.stage("closing")
    assert await orders(case, "reverse_payment") == []
    await case.wait_until(day + timedelta(seconds=5))
    closed = await case.closed()
    assert await orders(case, "reverse_payment") == [("credit-1", "450.00 USD")]
    assert (closed["paid"], [credit["state"] for credit in closed["credits"]]) == ({}, ["reversed"])


async def test_a_credit_that_no_machine_can_make_is_made_by_hand_and_a_withdrawal_leaves_it_to_a_person(
    open_case: OpenCase,
) -> None:
    case = await open_case(before=("pay_out", never), rule_pack="us-reg-e", amount=DISPUTED)
    await case.reach("identity_verified")
    await case.send("extend_deadline", **MORE_TIME, credit=DISPUTED)
    await case.until(lambda file: "impossible-credit-1" in [task["id"] for task in file["tasks"]])
    settled = {"by": MANAGER, "settlement": "done", "note": "booked at the counter"}
    assert await case.refused("resolve_task", **settled, task="impossible-credit-1") == "proof_missing"
    proof = {"uri": "vault://slip-1", "description": "booking slip"}
    await case.send("resolve_task", **settled, task="impossible-credit-1", evidence=proof)
    assert len(entries(await case.file(), "deadline_extended")) == 1
    await case.send("withdraw", by=OWNER, channel="phone", reason="it has settled itself")
    assert (await case.tasks())["decide-credit-1"]["role"] == "manager"
    code = await case.refused("resolve_task", **settled | {"by": SPECIALIST}, task="decide-credit-1")
    assert code == "not_your_department"
    await case.send("resolve_task", **settled, task="decide-credit-1")
    await call_back(case)
    closed = await case.closed()
    assert (closed["outcome"], closed["paid"]) == ("withdrawn", {"USD": "500.00"})


async def never(order: Any) -> Any:
    """The ledger refuses for good."""
    raise ApplicationError("account closed", type="Refused", non_retryable=True)
