"""Messages that come at the same moment have the effect of some order of them: nothing slips in between.

Every race is run in each serial order, calmly and, where that may differ, with nothing in between and during each thing
that the first has the bank do; and then at the same moment, both ways round: answers, file and everything that the bank
was asked are those of one of the serial orders.

- Three approvals of one proposal: one counts, the customer is offered it once.
- Approval or consent against withdrawal: either order, never both effects.
- Two proposals, two answers: the second finds the table taken.
- A satisfied call-back against a dissatisfied one, which opens the complaint anew, and against withdrawal.
- Four eyes are two people, however fast one of them is.
- A contact in the very moment of the call-back is in the file that the archive keeps, or the sender is told.

Races against the clock are in ``test_races_against_time.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from tests.workflows.case import (
    APPROVAL,
    CONSENT,
    PROPOSAL,
    SATISFIED,
    SUPERVISOR,
    VOUCHER,
    WITHDRAWAL,
    Case,
    Json,
    entries,
    staff,
)
from tests.workflows.conftest import OpenCase
from tests.workflows.race import Move, Race, brought, different, in_between, outcome
from tests.workflows.recorded_bank import RecordedBank

APPROVERS = [staff(f"a{number}", "specialist") for number in range(3)]
APPROVALS = tuple(Move("decide_compensation", APPROVAL | {"by": by}, by["id"]) for by in APPROVERS)
WITHDRAWING = Move("withdraw", WITHDRAWAL, "other")
REJECTION = CONSENT | {"answer": "reject"}
DISSATISFIED = SATISFIED | {"satisfied": False, "said": "it took too long"}
APPROVED_ALREADY = "nothing_to_approve"
TOO_LATE = "too late"
"""Refused by the complaint, which has its outcome, or by the server, once it is closed."""


def at(stage: str, **changes: Json) -> Callable[[Case], Awaitable[object]]:
    """Bring a complaint to a stage, in the hours in which customers are called."""

    async def bring(case: Case) -> None:
        await case.reach(stage, **changes)
        if stage == "offered":
            await case.until(lambda file: proposals(file)[0]["status"] == "offered")
        if stage == "calling_back":
            await case.wait_for_hour(10)

    return bring


RACES = [
    Race(
        "three approvals", at("approving"), APPROVALS,
        (
            {"answers": ["accepted", APPROVED_ALREADY, APPROVED_ALREADY], "approved": ["a0"], "proposals": ["offered"]},
            {"answers": [APPROVED_ALREADY, "accepted", APPROVED_ALREADY], "approved": ["a1"], "proposals": ["offered"]},
            {"answers": [APPROVED_ALREADY, APPROVED_ALREADY, "accepted"], "approved": ["a2"], "proposals": ["offered"]},
        ),
        goes_on=False,
    ),
    Race(
        "approval, withdrawal", at("approving"), (Move("decide_compensation", APPROVAL), WITHDRAWING),
        (
            {"answers": ["accepted", "accepted"], "approved": ["u2"], "proposals": ["void"], "paid": []},
            {"answers": ["withdrawn", "accepted"], "approved": [], "proposals": ["void"], "paid": []},
        ),
    ),
    Race(
        "consent, withdrawal", at("offered", propose_resolution={"remedies": [VOUCHER]}),
        (Move("record_customer_answer", CONSENT), WITHDRAWING),
        (
            {"answers": ["accepted", "accepted"], "proposals": ["accepted"], "paid": ["payout-1-1"]},
            {"answers": ["withdrawn", "accepted"], "proposals": ["void"], "paid": []},
        ),
    ),
    Race(
        "two proposals", at("proposing"),
        (Move("propose_resolution", PROPOSAL | {"remedies": []}), Move("propose_resolution", PROPOSAL, "other")),
        (
            {"answers": ["accepted", "proposal_under_way"], "proposals": ["offered"]},
            {"answers": ["proposal_under_way", "accepted"], "proposals": ["awaiting_approval"]},
        ),
        goes_on=False,
    ),
    Race(
        "two answers", at("offered"),
        (Move("record_customer_answer", CONSENT), Move("record_customer_answer", REJECTION, "other")),
        (
            {"answers": ["accepted", "not_offered"], "proposals": ["accepted"], "paid": ["payout-1-1"]},
            {"answers": ["not_offered", "accepted"], "proposals": ["declined"], "paid": []},
        ),
        goes_on=False,
    ),
    Race(
        "satisfied, dissatisfied", at("calling_back"),
        (Move("record_callback", SATISFIED), Move("record_callback", DISSATISFIED, "other")),
        (
            {"answers": ["accepted", TOO_LATE], "outcome": "satisfied", "cycles": 1, "archived": 1},
            {"answers": ["not_calling_back", "accepted"], "outcome": None, "cycles": 2, "archived": 0},
        ),
    ),
    Race(
        "call-back, withdrawal", at("calling_back"), (Move("record_callback", SATISFIED), WITHDRAWING),
        (
            {"answers": ["accepted", TOO_LATE], "outcome": "satisfied", "archived": 1},
            {"answers": ["accepted", "accepted"], "outcome": "withdrawn", "archived": 1},
        ),
    ),
]  # fmt: skip


CODES = dict.fromkeys(("callback_made", "not_withdrawable", "closed"), TOO_LATE)


def alike(life: Json) -> Json:
    """The same life, whoever said that it was too late."""
    answers = [answer | {"code": CODES.get(answer["code"], answer["code"])} for answer in life["answers"]]
    return life | {"answers": answers}


def shown(life: Json) -> Json:
    """What the table of races says of a life."""
    asked = [(name, order) for name, order in life["asked"]]
    return {
        "answers": [answer["code"] for answer in life["answers"]],
        "proposals": [proposal["status"] for proposal in proposals(life)],
        "approved": [approval["by"]["id"] for one in proposals(life) for approval in one["approvals"]],
        "paid": [order["key"].removeprefix("REFERENCE/") for name, order in asked if name == "pay_out"],
        "archived": sum(name == "archive_complaint" for name, _ in asked),
        "cycles": len(life["cycles"]),
        "stage": life["stage"],
        "outcome": life["outcome"],
    }


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
async def test_whoever_comes_first_it_is_as_if_they_had_come_in_order(
    race: Race, workflow_env: WorkflowEnvironment, recorded_bank: RecordedBank, open_case: OpenCase
) -> None:
    async def life(play: Any, order: tuple[int, ...]) -> Json:
        case = await brought(await open_case(), race)
        return alike(await outcome(case, await play(case, order)))

    calm, between, together = await asyncio.gather(
        asyncio.gather(*(life(race.calmly, order) for order in race.orders)),
        in_between(workflow_env, recorded_bank, open_case, race),
        asyncio.gather(*(life(race.together, order) for order in race.orders[:2])),
    )
    serial = [[one, *map(alike, others)] for one, others in zip(calm, between, strict=True)]
    for order, must, came in zip(race.orders, race.came, serial, strict=True):
        for one in came:
            assert {key: shown(one)[key] for key in must} == must, order
    for one in together:
        assert one in [life for came in serial for life in came], different(one, calm[0])


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


@pytest.mark.parametrize("turn", range(2))
async def test_a_contact_in_the_moment_of_the_call_back_is_kept(case: Case, turn: int) -> None:
    await case.reach("calling_back")
    await case.wait_for_hour(10)
    contact = case.tell("customer_contacted_us", channel="phone", kind="other", summary="one more thing")
    call = case.send("record_callback", **SATISFIED)
    pair = (contact, call) if turn % 2 else (call, contact)
    told = await asyncio.gather(*pair, return_exceptions=True)
    refused = [answer for answer in told if isinstance(answer, BaseException)]
    assert all(isinstance(answer, RPCError) for answer in refused), refused
    if not refused:
        await case.send("resolve_task", by=SUPERVISOR, task="contact", settlement="done", note="called again")
    assert (await case.closed())["contacts"] == (0 if refused else 1)
    kept = case.bank.orders(case.reference, "archive_complaint")[-1].file["journal"]
    late = [entry for page in case.bank.orders(case.reference, "keep_journal_page") for entry in page.entries]
    assert len(entries({"journal": kept + late}, "customer_contacted_us")) == (0 if refused else 1)
