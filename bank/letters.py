"""The letter and message system: messages arrive at once, the post takes its time, some letters bounce."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from activities.contract import Letter, LetterState, RefusalCode
from bank.faults import FaultKind, Faults
from bank.parts import REFUSALS, IdempotencyKey, TheFaults, TheStore
from bank.store import Refused, Row, Store, now
from domain.effects import LetterOrder
from domain.model import Channel

router = APIRouter(tags=["letters"])


@router.post("/letters", responses=REFUSALS)
async def send(order: LetterOrder, key: IdempotencyKey, store: TheStore, faults: TheFaults) -> Letter:
    """Send a letter. The address is the directory's; where the proof takes time, the letter is under way."""
    return store.once("letters", key, order, Letter, lambda: _post(store, faults, key, order))


@router.get(
    "/letters",
    responses={
        401: REFUSALS[401],
        404: REFUSALS[422] | {"description": "No letter was sent under this key."},
        422: REFUSALS[422],
        429: REFUSALS[429],
    },
)
async def find(
    key: Annotated[str, Query(description="The Idempotency-Key under which it was sent.")],
    store: TheStore,
    faults: TheFaults,
) -> Letter:
    """What became of a letter."""
    with store.transaction():
        row = store.row("SELECT * FROM letters WHERE key = ?", key)
        if row is None:
            raise Refused(404, RefusalCode.NOT_FOUND)
        return _letter(_carry_on(store, row), faults)


def _post(store: Store, faults: Faults, key: str, order: LetterOrder) -> Letter:
    customer = order.to.customer_number or ""
    bounces = faults.strike("/letters", {FaultKind.BOUNCE}, key, customer, order.channel) is not None
    fate = LetterState.BOUNCED if bounces else LetterState.DELIVERED
    polls = faults.plan.post_polls if order.channel is Channel.POST else 0
    number = store.add(
        "letters",
        key=key,
        reference=order.reference,
        kind=order.kind,
        channel=order.channel,
        state=LetterState.UNDER_WAY if polls else fate,
        fate=fate,
        polls=polls,
        at=now().isoformat(),
        request=order.model_dump_json(),
    )
    return _letter(store.row("SELECT * FROM letters WHERE id = ?", number) or {}, faults)


def _carry_on(store: Store, row: Row) -> Row:
    """The postman goes on whenever somebody asks."""
    if row["state"] != LetterState.UNDER_WAY:
        return row
    row["polls"] -= 1
    if row["polls"] <= 0:
        row |= {"state": row["fate"], "at": now().isoformat()}
    store.run("UPDATE letters SET polls = ?, state = ?, at = ? WHERE id = ?", *(row[n] for n in _MOVING), row["id"])
    return row


_MOVING = ("polls", "state", "at")


def _letter(row: Row, faults: Faults) -> Letter:
    return Letter(
        letter_id=f"L-{row['id']:06}",
        state=row["state"],
        at=row["at"],
        ask_again_after_seconds=faults.plan.ask_again_after_seconds,
    )
