"""Messages that come at the same moment have the effect of some order of them: nothing slips in between.

- Three approvals of one proposal: one counts, the customer is offered it once and paid once.
- Four eyes are two people, however fast one of them is.
- Approval or consent against withdrawal: either order, never both effects.
- Two proposals, two answers: the second finds the table taken.
- A contact in the very moment of the call-back is in the file that the archive keeps, or the sender is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from tests.workflows.case import APPROVAL, CONSENT, PROPOSAL, SATISFIED, VOUCHER, WITHDRAWAL, Case, entries, staff

ROUNDS = range(3)


async def together(*sent: Awaitable[Any]) -> list[str]:
    """Send at once; ``accepted`` or the code of the refusal, each."""

    async def outcome(answer: Awaitable[Any]) -> str:
        try:
            await answer
        except WorkflowUpdateFailedError as refused:
            return refused.cause.type or "" if isinstance(refused.cause, ApplicationError) else str(refused.cause)
        return "accepted"

    return list(await asyncio.gather(*map(outcome, sent)))


def proposals(file: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = file["cycles"][-1]["proposals"]
    return found


@pytest.mark.parametrize("turn", ROUNDS)
async def test_three_approvals_at_once_pay_once(case: Case, turn: int) -> None:
    await case.reach("approving")
    approvers = [staff(f"a{number}", "specialist") for number in range(3)]
    outcomes = await together(*(case.send("decide_compensation", **APPROVAL | {"by": by}) for by in approvers))
    assert sorted(outcomes) == ["accepted", "nothing_to_approve", "nothing_to_approve"]
    await case.reach_from("offered", "closed")
    assert len(proposals(await case.file())[0]["approvals"]) == 1
    assert case.bank.letters(case.reference).count("offer") == 1
    assert {order.key for order in case.bank.orders(case.reference, "pay_out")} == {f"{case.reference}/payout-1-1"}
    assert (await case.closed())["paid"] == {"CNY": "50"}


async def test_four_eyes_are_two_people(case: Case) -> None:
    large = VOUCHER | {"money": {"amount": "60000", "currency": "CNY"}}
    await case.reach("approving", propose_resolution={"remedies": [large]})
    one, other = staff("x1", "executive"), staff("x2", "executive")
    sent = [case.send("decide_compensation", **APPROVAL | {"by": one}) for _ in range(3)]
    assert sorted(await together(*sent)) == ["accepted", "approved_by_you_already", "approved_by_you_already"]
    assert (await case.file())["stage"] == "approving"
    sent = [case.send("decide_compensation", **APPROVAL | {"by": other}) for _ in range(2)]
    assert sorted(await together(*sent)) == ["accepted", "nothing_to_approve"]
    assert len(proposals(await case.stage("offered"))[0]["approvals"]) == 2


@pytest.mark.parametrize("turn", ROUNDS)
async def test_approval_against_withdrawal(case: Case, turn: int) -> None:
    await case.reach("approving")
    sent = [case.send("decide_compensation", **APPROVAL), case.send("withdraw", **WITHDRAWAL)]
    approval, withdrawal = (await together(*(sent if turn % 2 else reversed(sent))))[:: 1 if turn % 2 else -1]
    assert withdrawal == "accepted"
    assert approval in ("accepted", "withdrawn")
    file = await case.stage("calling_back")
    assert proposals(file)[0]["status"] == "void"
    assert not case.bank.orders(case.reference, "pay_out")


@pytest.mark.parametrize("turn", ROUNDS)
async def test_consent_against_withdrawal(case: Case, turn: int) -> None:
    await case.reach("offered", propose_resolution={"remedies": [VOUCHER]})
    await case.until(lambda file: proposals(file)[0]["status"] == "offered")
    sent = [case.send("record_customer_answer", **CONSENT), case.send("withdraw", **WITHDRAWAL)]
    consent, withdrawal = (await together(*(sent if turn % 2 else reversed(sent))))[:: 1 if turn % 2 else -1]
    assert withdrawal == "accepted"
    assert consent in ("accepted", "withdrawn")
    await case.stage("calling_back")
    await case.call_back()
    closed = await case.closed()
    assert closed["outcome"] == "withdrawn"
    assert closed["paid"] == ({"CNY": "50"} if consent == "accepted" else {})
    assert len(case.bank.orders(case.reference, "pay_out")) == (consent == "accepted")


async def test_two_proposals_at_once(case: Case) -> None:
    await case.reach("proposing")
    sent = [case.send("propose_resolution", **PROPOSAL) for _ in range(2)]
    assert sorted(await together(*sent)) == ["accepted", "proposal_under_way"]
    assert [proposal["id"] for proposal in proposals(await case.file())] == ["proposal-1"]


async def test_two_answers_at_once(case: Case) -> None:
    await case.reach("offered")
    await case.until(lambda file: proposals(file)[0]["status"] == "offered")
    answers = [CONSENT, CONSENT | {"answer": "reject"}]
    outcomes = await together(*(case.send("record_customer_answer", **answer) for answer in answers))
    assert sorted(outcomes) == ["accepted", "not_offered"]
    accepted = answers[outcomes.index("accepted")]["answer"]
    assert proposals(await case.file())[0]["answer"] == accepted


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_contact_in_the_moment_of_the_call_back_is_kept(case: Case, turn: int) -> None:
    await case.reach("calling_back")
    await case.wait_for_hour(10)
    contact = case.tell("customer_contacted_us", channel="phone", kind="other", summary="one more thing")
    call = case.send("record_callback", **SATISFIED)
    pair = (contact, call) if turn % 2 else (call, contact)
    told = await asyncio.gather(*pair, return_exceptions=True)
    refused = [answer for answer in told if isinstance(answer, BaseException)]
    assert all(isinstance(answer, RPCError) for answer in refused), refused
    assert (await case.closed())["contacts"] == (0 if refused else 1)
    kept = case.bank.orders(case.reference, "archive_complaint")[-1].file["journal"]
    late = [entry for page in case.bank.orders(case.reference, "keep_journal_page") for entry in page.entries]
    assert len(entries({"journal": kept + late}, "customer_contacted_us")) == (0 if refused else 1)
