"""Which complaints the server knows already, many at a time: a repeated import must not ask for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecutionStatus

from client.failures import plainly_of_all
from client.gateway import DIGEST
from workflows.names import workflow_id


@dataclass(frozen=True)
class Known:
    """A complaint that was opened before."""

    is_open: bool
    """Whether it is open still."""
    digest: str | None
    """Checksum of its content; empty when it was opened by somebody who left none."""


async def known(client: Client, references: Sequence[str]) -> dict[str, Known]:
    """Those of the references that were opened before, as the list of complaints has them.

    The list is a moment behind: one that is missing here may have been opened all the same. What is here, is there.
    """
    if not references:
        return {}
    ids = ", ".join(f"'{workflow_id(reference)}'" for reference in references)  # references hold no quotation mark
    query = f"WorkflowId IN ({ids}) AND ExecutionStatus != 'ContinuedAsNew'"
    found: dict[str, Known] = {}
    async with plainly_of_all(client):
        async for one in client.list_workflows(query, page_size=1_000):
            reference, is_open = one.id.removeprefix(workflow_id("")), one.status is WorkflowExecutionStatus.RUNNING
            if is_open or reference not in found:
                found[reference] = Known(is_open, await one.memo_value(DIGEST, None, type_hint=str))
    return found
