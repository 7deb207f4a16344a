"""Every effect outside happens once, and what no machine can do becomes a task for a person; the complaint lives on.

- A failure that never mends opens a task; a person retries it, does it by hand (a payment with its proof), or drops it
  where nobody was promised anything.
- A letter that bounces goes by the next channel; when all have bounced, a person delivers it.
- A booking that is not what was approved is reversed, and paid again only after somebody found out why.
- The directory and the desks may fail without holding anything up.
- An activity that an operator completes by hand with something else than its answer stops nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.effects import Delivery, LedgerEntry, LetterOrder, LetterOutcome, PayoutOrder
from domain.model import Money
from tests.workflows.case import CORRECTION, OWNER, SUPERVISOR, TECHNICIAN, VOUCHER, Case, entries
from tests.workflows.conftest import OpenCase
from workflows import names

PROOF = {"uri": "vault://slip-1", "description": "signed slip"}
Answer = Callable[[Any], Awaitable[Any]]


def never(why: str = "account closed") -> Answer:
    async def answer(order: Any) -> Any:
        raise ApplicationError(why, type="Refused", non_retryable=True)

    return answer


async def bounced(order: LetterOrder) -> LetterOutcome:
    return LetterOutcome(letter_id=order.key, delivery=Delivery.BOUNCED, at=datetime.now(UTC))


async def delivered(order: LetterOrder) -> LetterOutcome:
    return LetterOutcome(letter_id=order.key, delivery=Delivery.DELIVERED, at=datetime.now(UTC))


async def booked_too_much(order: PayoutOrder) -> LedgerEntry:
    wrong = Money(amount=Decimal(5000), currency="CNY")
    return LedgerEntry(entry=f"entry-{order.key}", money=wrong, booked_at=datetime.now(UTC))


async def task(case: Case, task_id: str) -> dict[str, Any]:
    await case.until(lambda file: any(one["id"] == task_id and not one["settled_at"] for one in file["tasks"]))
    return (await case.tasks())[task_id]


async def settle(case: Case, task_id: str, settlement: str) -> None:
    await case.send("resolve_task", by=SUPERVISOR, task=task_id, settlement=settlement, note="looked into")


async def test_a_payment_that_no_machine_can_make_is_made_by_hand_with_its_proof(case: Case) -> None:
    case.bank.next_time(case.reference, "pay_out", never())
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER]})
    assert "account closed" in (await task(case, "impossible-payout-1-1"))["what"]
    by = {"by": SUPERVISOR, "task": "impossible-payout-1-1", "note": "n"}
    assert await case.refused("resolve_task", **by, settlement="not_needed") == "remedy_owed"
    assert await case.refused("resolve_task", **by, settlement="done") == "proof_missing"
    assert (await case.file())["stage"] == "remedying"
    await case.send("resolve_task", **by, settlement="done", evidence=PROOF)
    await case.stage("calling_back")
    await case.call_back()
    assert (await case.closed())["paid"] == {"CNY": "50"}
    assert len(case.bank.orders(case.reference, "pay_out")) == 1


async def test_a_retried_payment_carries_the_same_key(case: Case) -> None:
    case.bank.next_time(case.reference, "pay_out", never())
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER]})
    await task(case, "impossible-payout-1-1")
    case.bank.as_usual(case.reference, "pay_out")
    await settle(case, "impossible-payout-1-1", "retry")
    await case.stage("calling_back")
    assert [order.key for order in case.bank.orders(case.reference, "pay_out")] == [f"{case.reference}/payout-1-1"] * 2


async def test_a_wrong_booking_is_reversed_and_paid_again_after_somebody_looked(case: Case) -> None:
    case.bank.next_time(case.reference, "pay_out", booked_too_much)
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER]})
    await task(case, "pay-again-1-1")
    reversal = case.bank.orders(case.reference, "reverse_payment")
    assert [order.entry for order in reversal] == [f"entry-{case.reference}/payout-1-1"]
    case.bank.as_usual(case.reference, "pay_out")
    assert (await case.file())["stage"] == "remedying"
    await settle(case, "pay-again-1-1", "retry")
    await case.stage("calling_back")
    assert case.bank.orders(case.reference, "pay_out")[-1].key == f"{case.reference}/payout-1-1-2"
    await case.call_back()
    assert (await case.closed())["paid"] == {"CNY": "50"}


async def test_a_reversal_that_fails_waits_for_a_person(case: Case) -> None:
    case.bank.next_time(case.reference, "pay_out", booked_too_much)
    case.bank.next_time(case.reference, "reverse_payment", never("period closed"))
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER]})
    await task(case, "impossible-reversal-1-1-1")
    case.bank.as_usual(case.reference, "reverse_payment")
    case.bank.as_usual(case.reference, "pay_out")
    await settle(case, "impossible-reversal-1-1-1", "retry")
    await task(case, "pay-again-1-1")
    await settle(case, "pay-again-1-1", "retry")
    await case.stage("calling_back")


async def test_a_bounced_letter_goes_by_the_next_channel(open_case: OpenCase) -> None:
    case = await open_case(before=("send_letter", bounced, delivered))
    file = await case.stage("acknowledged")
    sent = [(order.channel, order.key.rpartition("/")[2]) for order in case.bank.orders(case.reference, "send_letter")]
    assert sent == [("app", "app"), ("email", "email")]
    assert len(entries(file, "letter_bounced")) == 1


async def test_a_letter_that_bounced_everywhere_is_delivered_by_a_person(open_case: OpenCase) -> None:
    case = await open_case(before=("send_letter", bounced))
    await task(case, "impossible-letter-acknowledgement")
    channels = [order.channel for order in case.bank.orders(case.reference, "send_letter")]
    assert channels == ["app", "email", "post"]
    assert (await case.file())["stage"] == "received"
    by_hand = {
        "by": SUPERVISOR,
        "task": "impossible-letter-acknowledgement",
        "settlement": "done",
        "note": "handed over",
    }
    assert await case.refused("resolve_task", **by_hand) == "proof_missing"
    await case.send("resolve_task", **by_hand, evidence={"uri": "vault://receipts/1", "description": "signed receipt"})
    assert (await case.stage("acknowledged"))["acknowledged_at"]


async def test_a_final_response_that_cannot_be_sent_holds_the_call_back(case: Case) -> None:
    await case.reach("offered", propose_resolution={"remedies": []})
    await case.until(lambda file: file["cycles"][0]["proposals"][0]["status"] == "offered")
    case.bank.next_time(case.reference, "send_letter", never("printer on fire"))
    await case.send("record_customer_answer", by=OWNER, proposal="proposal-1", answer="accept", channel="phone",
                    wording="agrees")  # fmt: skip
    await task(case, "impossible-letter-final-1")
    assert (await case.file())["stage"] == "replying"
    case.bank.as_usual(case.reference, "send_letter")
    await settle(case, "impossible-letter-final-1", "retry")
    await case.stage("calling_back")


async def test_a_question_that_cannot_be_dispatched_becomes_a_task(case: Case) -> None:
    case.bank.next_time(case.reference, "dispatch_investigation", never("tool rejects it"))
    await case.reach("investigating")
    await task(case, "impossible-dispatch-technology-1")
    await settle(case, "impossible-dispatch-technology-1", "done")
    await case.answer("technology-1")
    await case.stage("proposing")


async def test_a_remedy_that_cannot_be_dispatched_becomes_a_task(case: Case) -> None:
    case.bank.next_time(case.reference, "dispatch_remedy", never("tool rejects it"))
    await case.reach("remedying", propose_resolution={"remedies": [CORRECTION]})
    await task(case, "impossible-remedy-1-1")
    by = {"by": SUPERVISOR, "task": "impossible-remedy-1-1", "note": "n"}
    assert await case.refused("resolve_task", **by, settlement="not_needed") == "remedy_owed"
    await settle(case, "impossible-remedy-1-1", "done")
    await case.send("resolve_task", by=TECHNICIAN, task="remedy-1-1", settlement="done", note="cleared")
    await case.stage("calling_back")


@pytest.mark.parametrize("system", ["look_up_customer", "notify_staff"])
async def test_directory_and_desks_hold_nothing_up(open_case: OpenCase, system: str) -> None:
    case = await open_case(before=(system, never("not available")), received_by=None)
    await case.until(lambda file: any(one["id"].startswith("impossible-") for one in file["tasks"]))
    await case.send("take_ownership", by=OWNER)
    await case.reach("identity_verified")
    assert (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION)
    for open_one in await case.tasks():
        if open_one.startswith("impossible-"):
            await settle(case, open_one, "not_needed")
    await case.until(lambda file: not any(one["settled_at"] is None for one in file["tasks"]))
    assert (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION) is False


async def test_a_refused_archive_holds_the_closing_until_a_person_settled_it(case: Case) -> None:
    await case.reach("calling_back")
    case.bank.next_time(case.reference, "archive_complaint", never("disk full"))
    await case.call_back()
    found = await case.until(lambda file: any(one["id"].startswith("impossible-arch") for one in file["tasks"]))
    task_id = next(one["id"] for one in found["tasks"] if one["id"].startswith("impossible-arch"))
    assert found["stage"] == "closing"
    by = {"by": SUPERVISOR, "task": task_id, "note": "n"}
    assert await case.refused("resolve_task", **by, settlement="not_needed") == "remedy_owed"
    case.bank.as_usual(case.reference, "archive_complaint")
    await settle(case, task_id, "retry")
    assert (await case.closed())["outcome"] == "satisfied"


async def test_a_late_page_that_the_archive_refuses_does_not_undo_the_closing(case: Case) -> None:
    await case.reach("calling_back")
    archiving = case.bank.hold(case.reference, "archive_complaint")
    case.bank.next_time(case.reference, "keep_journal_page", never("disk full"))
    await case.call_back()
    await archiving.arrived.wait()
    await case.tell("evidence_added", evidence={"uri": "vault://1", "description": "a letter"})
    await case.wrote("evidence_added")
    archiving.go.set()
    assert (await case.closed())["outcome"] == "satisfied"


@pytest.mark.parametrize(
    "answer", ["sent by hand", None, {"letter_id": 7}, b"\xff"], ids=["text", "null", "other", "bytes"]
)
async def test_what_an_operator_completes_with_an_answer_that_cannot_be_read_is_given_to_a_person(
    open_case: OpenCase, answer: Any
) -> None:
    case = await open_case()
    held = case.bank.hold(case.reference, "look_up_customer")
    await held.arrived.wait()
    await case.completed_by_hand("look_up_customer", answer)
    found = await task(case, "impossible-lookup")
    assert "lookup could not be done (the answer cannot be read, find out whether it was done: " in found["what"]
    held.go.set()
    await settle(case, "impossible-lookup", "retry")
    await case.until(lambda file: file["customer"] is not None)
    assert not await case.task_failures()
