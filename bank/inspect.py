"""A look into the stand-in's state, and the switchboard of its faults. No part of the contract with a real bank."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter

from bank.faults import FaultPlan
from bank.parts import TheFaults, TheStore
from bank.store import Row

router = APIRouter(tags=["stand-in"], include_in_schema=False)


@router.get("/health")
async def health() -> dict[str, str]:
    """Whether the stand-in answers."""
    return {"status": "open"}


@router.get("/faults")
async def read_faults(faults: TheFaults) -> FaultPlan:
    """The plan in force, with how often each rule came up."""
    return faults.plan


@router.put("/faults")
async def set_faults(plan: FaultPlan, faults: TheFaults) -> FaultPlan:
    """Replace the plan; an empty object ends all faults."""
    faults.set(plan)
    return plan


@router.get("/inspect/strikes")
async def strikes(store: TheStore) -> list[dict[str, Any]]:
    """Every fault that happened, under whatever plan: what, where, to which order, when."""
    return store.rows("SELECT kind, path, key, at FROM strikes ORDER BY id")


@router.get("/inspect/customers")
async def customers(store: TheStore) -> list[dict[str, Any]]:
    """Everybody whom the directory knows."""
    return store.rows("SELECT * FROM customers ORDER BY number")


@router.get("/inspect/letters")
async def letters(store: TheStore, reference: str = "%") -> list[dict[str, Any]]:
    """Letters in the order in which they were sent, each with its request."""
    return _opened(store.rows("SELECT * FROM letters WHERE reference LIKE ? ORDER BY id", reference))


@router.get("/inspect/requests")
async def requests(store: TheStore, reference: str = "%") -> list[dict[str, Any]]:
    """Investigations, remedies and notices that the departments were handed."""
    return _opened(store.rows("SELECT * FROM requests WHERE reference LIKE ? ORDER BY id", reference))


@router.get("/inspect/bookings")
async def bookings(store: TheStore, reference: str = "%") -> list[dict[str, Any]]:
    """Bookings with their postings."""
    found = store.rows("SELECT * FROM bookings WHERE reference LIKE ? ORDER BY id", reference)
    for booking in found:
        of = "SELECT account, amount, currency FROM postings WHERE booking = ? ORDER BY rowid"
        booking["postings"] = store.rows(of, booking["id"])
    return found


def _opened(rows: list[Row]) -> list[Row]:
    return [row | {"request": json.loads(row["request"])} for row in rows]
