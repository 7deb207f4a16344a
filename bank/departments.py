"""The tool of the departments and desks: it keeps what it is handed, with the JSON that answers it."""

from __future__ import annotations

from fastapi import APIRouter

from bank.parts import REFUSALS, IdempotencyKey, TheStore
from bank.store import Store, now
from domain.effects import Acknowledged, InvestigationRequest, NoticeOrder, Order, RemedyRequest

router = APIRouter(prefix="/departments", tags=["departments"], responses=REFUSALS)


@router.post("/investigations")
async def take_investigation(order: InvestigationRequest, key: IdempotencyKey, store: TheStore) -> Acknowledged:
    """Take in a question to a department. It answers with the signals in ``ready_messages``."""
    return _take(store, "investigation", key, order)


@router.post("/remedies")
async def take_remedy(order: RemedyRequest, key: IdempotencyKey, store: TheStore) -> Acknowledged:
    """Take in a remedy to be carried out. The department reports it with the update in ``ready_messages``."""
    return _take(store, "remedy", key, order)


@router.post("/notices")
async def take_notice(order: NoticeOrder, key: IdempotencyKey, store: TheStore) -> Acknowledged:
    """Take in a notice to a department, the head of one, or a role."""
    return _take(store, "notice", key, order)


def _take(store: Store, kind: str, key: str, order: Order) -> Acknowledged:
    def effect() -> Acknowledged:
        number = store.add(
            "requests",
            kind=kind,
            reference=order.reference,
            workflow_id=order.workflow_id,
            at=now().isoformat(),
            request=order.model_dump_json(),
        )
        return Acknowledged(ticket=f"T-{number:06}")

    return store.once(f"departments/{kind}", key, order, Acknowledged, effect)
