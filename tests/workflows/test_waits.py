"""Whatever the complaint waits for, the wait ends: nobody's silence lets it stand still.

- A clock that runs out is breached at that instant, once, for good, and the breach has its consequence by kind: the law
  and the latest call-back lift to the top tier, promise and tier time lift by one, the others alert the supervisor.
- A department is reminded, its head is told, and the complaint climbs. A slow approver is passed by the next authority.
- An offer expires. The customer hears of progress. Warnings come before the clock runs out.
- A system that keeps failing becomes somebody's task, and the task goes away when the system comes back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from temporalio.exceptions import ApplicationError

from domain.effects import Delivery, LetterOrder, LetterOutcome
from tests.workflows.case import CONSENT, CORRECTION, OWNER, SPECIALIST, VOUCHER, Case, entries
from tests.workflows.conftest import OpenCase
from workflows import names

MOMENT = timedelta(seconds=5)
"""Skipped time may overshoot by a second or two."""


async def breached(case: Case) -> bool | None:
    return (await case.handle.describe()).typed_search_attributes.get(names.BREACHED)


async def assert_breached(case: Case, clock_id: str) -> dict[str, Any]:
    """The clock runs out, and the breach is written in that very moment."""
    clock = await case.wait_for(clock_id)
    assert clock["state"] == "breached"
    assert clock["breached_at"] == clock["due_at"]
    file = await case.file()
    written = entries(file, "deadline_breached", f"{clock_id} ")
    assert len(written) == 1
    assert datetime.fromisoformat(written[0]["at"]) - datetime.fromisoformat(clock["due_at"]) <= MOMENT
    return file


def reasons(file: dict[str, Any]) -> list[str]:
    return [change["reason"] for change in file["tier_changes"]]


async def test_acknowledgement(open_case: OpenCase) -> None:
    async def bounced(order: LetterOrder) -> LetterOutcome:
        return LetterOutcome(
            letter_id=order.key, delivery=Delivery.BOUNCED, at=datetime.fromisoformat("2026-01-01T00:00:00Z")
        )

    case = await open_case(before=("send_letter", bounced))
    await case.until(lambda file: any(task["id"].startswith("impossible") for task in file["tasks"]))
    await assert_breached(case, "acknowledgement")
    await case.noticed("supervisor", "breach")
    assert await breached(case)


async def test_promise_then_law_and_an_answer_does_not_unwrite_them(case: Case) -> None:
    await case.reach("offered", propose_resolution={"remedies": []})
    file = await assert_breached(case, "promise-1")
    assert "promise time used up" in reasons(file)
    law = await case.clock("law-1")
    attributes = (await case.handle.describe()).typed_search_attributes
    assert attributes.get(names.REPLY_DUE) == datetime.fromisoformat(law["due_at"])
    file = await assert_breached(case, "law-1")
    assert file["tier"] == 3
    await case.noticed("supervisor", "breach", times=2)
    assert await breached(case)

    manager = {"id": "u3", "role": "manager"}
    await case.send("take_ownership", by=manager)
    first = file["cycles"][0]["proposals"][0]["content"]
    await case.send("propose_resolution", **first | {"by": manager})
    await case.until(lambda file: file["cycles"][0]["proposals"][-1]["status"] == "offered")
    await case.send("record_customer_answer", **CONSENT | {"by": manager, "proposal": "proposal-2"})
    await case.stage("calling_back")
    assert {(await case.clock(clock_id))["state"] for clock_id in ("promise-1", "law-1")} == {"met late"}
    await case.call_back()
    assert (await case.closed())["breached"]


async def test_take_over(open_case: OpenCase) -> None:
    case = await open_case(received_by=None)
    await case.stage("acknowledged")
    await assert_breached(case, "take_over-1")
    await case.noticed("supervisor", "breach")


async def test_tier_time(case: Case) -> None:
    await case.reach("assessed")
    file = await assert_breached(case, "tier-1")
    assert reasons(file) == ["tier time used up"]
    assert (await case.clock("take_over-1"))["state"] == "running"
    assert "take_ownership" in await case.tasks()
    await case.noticed("specialist", "escalation")
    await case.send("take_ownership", by=SPECIALIST)
    assert (await case.clock("take_over-1"))["state"] == "met"


async def test_acceptance_is_reminded(case: Case) -> None:
    await case.reach("investigating")
    await assert_breached(case, "acceptance-technology-1")
    await case.noticed("technology", "reminder")


async def test_a_department_is_reminded_its_head_told_and_the_complaint_climbs(case: Case) -> None:
    await case.reach("investigating")
    await case.tell("investigation_accepted", investigation="technology-1", by={"id": "t1", "role": "department_staff"})
    file = await case.wrote("investigation_accepted")
    await case.wait_until(datetime.fromisoformat(file["investigations"][0]["remind_at"]) + MOMENT)
    await case.noticed("technology", "reminder")
    await assert_breached(case, "investigation-technology-1")
    await case.noticed("head-of-technology", "head_informed")
    assert "overdue-technology-1" in await case.tasks()
    file = await case.file()
    await case.wait_until(datetime.fromisoformat(file["investigations"][0]["climb_at"]) + MOMENT)
    assert "technology silent" in reasons(await case.file())
    await case.answer("technology-1")
    await case.until(lambda file: file["investigations"][0]["state"] == "answered")
    assert "overdue-technology-1" not in await case.tasks()


async def test_a_slow_approver_is_passed_by_the_next_authority(case: Case) -> None:
    await case.reach("approving")
    await case.noticed("specialist", "approval")
    await assert_breached(case, "approval-proposal-1-1")
    await case.noticed("manager", "approval")
    assert (await case.tasks())["decide_compensation"]["role"] == "manager"
    assert (await case.clock("approval-proposal-1-2"))["state"] == "running"


async def test_an_offer_expires(case: Case) -> None:
    await case.reach("offered")
    await case.until(lambda file: file["cycles"][0]["proposals"][0]["status"] == "offered")
    clock = await case.wait_for("offer-proposal-1")
    assert clock["state"] == "stopped"
    file = await case.stage("proposing")
    assert file["cycles"][0]["proposals"][0]["status"] == "expired"
    assert await case.refused("record_customer_answer", **CONSENT) == "offer_expired"
    assert "propose_resolution" in await case.tasks()


async def test_a_remedy_is_overdue(case: Case) -> None:
    await case.reach("remedying", propose_resolution={"remedies": [VOUCHER, CORRECTION]})
    await assert_breached(case, "remedy-1-2")
    await case.noticed("supervisor", "breach")
    assert (await case.clock("remedy-1-1"))["state"] == "met"


async def test_the_call_back_is_overdue_and_at_the_latest_lifts_to_the_top(case: Case) -> None:
    await case.reach("calling_back")
    await assert_breached(case, "call_back-1")
    await case.noticed("supervisor", "breach")
    assert await breached(case)
    file = await assert_breached(case, "call_back_latest-1")
    assert file["tier"] == 3
    await case.call_back()
    assert (await case.closed())["breached"]


async def test_the_customer_hears_of_progress(case: Case) -> None:
    await case.reach("investigating")
    for number in (1, 2):
        file = await case.file()
        await case.wait_until(datetime.fromisoformat(file["progress_at"]) + MOMENT)
        await case.until(lambda file, number=number: file["progress_letters"] == number)  # type: ignore[misc]
    await case.asked("send_letter", lambda order: order.key.startswith(f"{case.reference}/letter-progress-2"))
    assert case.bank.letters(case.reference).count("progress") == 2


async def test_warnings_come_before_the_deadline(case: Case) -> None:
    await case.reach("assessed")
    due = datetime.fromisoformat((await case.clock("law-1"))["due_at"])
    for count, days in enumerate((5, 2), start=1):
        await case.wait_until(due - timedelta(days=days) + MOMENT)
        clock = await case.clock("law-1")
        assert len(clock["warned_at"]) == count
        assert clock["state"] == "running"
        await case.asked("notify_staff", lambda order, count=count: order.key.endswith(f"warning-law-1-{count}"))  # type: ignore[misc]


async def test_a_system_that_keeps_failing_becomes_a_task_until_it_comes_back(open_case: OpenCase) -> None:
    async def unavailable(query: Any) -> Any:
        raise ApplicationError("directory does not answer", type="Unavailable")

    case = await open_case(before=("look_up_customer", unavailable))
    await case.stage("acknowledged")
    await case.wait(timedelta(hours=4, minutes=1))
    file = await case.until(lambda file: any(task["id"] == "trouble-lookup" for task in file["tasks"]))
    assert file["stage"] == "acknowledged"
    assert (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION)
    await case.send("verify_identity", by=OWNER, verified=True, method="app login")
    case.bank.as_usual(case.reference, "look_up_customer")
    await case.wait(timedelta(minutes=6))
    file = await case.until(lambda file: file["customer"] is not None)
    assert file["tasks"][0]["settled_at"]
    assert (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION) is False
