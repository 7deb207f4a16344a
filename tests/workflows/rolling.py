"""Complaints that begin new runs under a test: filling a run, and seeing that the next has begun."""

from __future__ import annotations

from typing import Any

from temporalio.service import RPCError, RPCStatusCode

from tests.waiting import eventually
from tests.workflows.case import Case

MANY = 45
"""Messages that fill more than half a run each time."""


async def evidence(case: Case, name: str, many: int = MANY) -> None:
    """Send documents, every one twice."""
    for number in range(many):
        fact = {
            "message_id": f"{name}-{number}",
            "evidence": {"uri": f"vault://{name}/{number}", "description": "a page"},
        }
        await case.handle.signal("evidence_added", fact)
        await case.handle.signal("evidence_added", fact)


async def insist(case: Case, name: str, **message: Any) -> None:
    """Send a decision again when the server lost it between two runs, as its answer asks for."""
    while True:
        try:
            await case.send(name, **message)
        except RPCError as lost:
            if lost.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
        else:
            return


async def runs(case: Case) -> int:
    return len([run async for run in case.client.list_workflows(f"WorkflowId = '{case.handle.id}'")])


async def rolled(case: Case, more_than: int) -> None:
    async def look() -> bool:
        return await runs(case) > more_than

    await eventually(look, case.file)


def numbers(case: Case, file: dict[str, Any]) -> list[int]:
    """Numbers of all journal entries, archived and carried."""
    pages = {page.first: page.entries for page in case.bank.orders(case.reference, "keep_journal_page")}
    archived = [entry["number"] for _, entries in sorted(pages.items()) for entry in entries]
    return archived + [entry["number"] for entry in file["journal"]]
