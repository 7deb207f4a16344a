"""The case sheet is made when somebody looks: it shows the time that is left now, and costs nothing until then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from temporalio import workflow
from temporalio.worker import HandleQueryInput, WorkflowInboundInterceptor

from domain.sheet import sheet
from workflows.desk import Desk

METADATA = "__temporal_workflow_metadata"
"""The query by which the Temporal UI asks for the current details."""

UNREADABLE = """# This complaint could not be read

{why}.

It is kept as it came, in the input of this workflow; {waiting} messages wait with it. A supervisor corrects it with the
update **resolve_task**:

```json
{{"by": {{"id": "<your staff id>", "role": "supervisor"}}, "task": "intake", "settlement": "done",
 "note": "<what was wrong>", "complaint": {{}}}}
```
"""


REFUSED = """# This complaint is not handled

{why}: a reference names one complaint for ever, and that one has been answered and called back.

What came now is kept in the input of this workflow; {waiting} messages wait with it. A supervisor opens it under a new
reference, and then ends this one with the update **resolve_task**:

```json
{{"by": {{"id": "<your staff id>", "role": "supervisor"}}, "task": "intake", "settlement": "done",
 "note": "<the new reference>"}}
```
"""


def case_sheet(desk: Desk, now: datetime) -> str:
    """The case sheet at this instant, or what to do about a complaint that could not be read."""
    if desk.unreadable is not None:
        words = REFUSED if desk.closed_before else UNREADABLE
        return words.format(why=desk.unreadable, waiting=len(desk.in_tray))
    if not desk.readable:
        return "The complaint is being read."
    return sheet(desk.file, now)


class SheetOnDemand(WorkflowInboundInterceptor):
    """Answers the query for the current details with the sheet as it is now."""

    async def handle_query(self, input: HandleQueryInput) -> Any:
        """Answer a query."""
        from workflows.complaint import ComplaintWorkflow

        answer = await super().handle_query(input)
        case = workflow.instance()
        if input.query == METADATA and isinstance(case, ComplaintWorkflow):
            # In a query the workflow's own time is that of its last step. An answer is no part of the history, so
            # that it may look at the clock; a server that skips time is ahead of it.
            answer.current_details = case_sheet(case.desk, max(workflow.now(), datetime.now(UTC)))
        return answer
