"""Before a complaint is handled: whether its reference is free, and which rules apply; asked once and recorded."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from activities import interface
from domain.closing import ClosedComplaint
from domain.effects import RulesQuery
from domain.reopening import ClosedBefore
from workflows.desk import Desk
from workflows.errands import RETRIES

AT_ONCE = timedelta(seconds=5)
WITHIN = timedelta(seconds=30)
SOON = timedelta(milliseconds=500)
"""A shorter pause than any: while the archive does not answer, the complaint answers queries and takes messages in."""


async def closed_before(desk: Desk) -> ClosedComplaint | None:
    """What became of the complaint that had this reference before; nothing when the archive knows none.

    The very same complaint again needs nobody. Another one, or one with messages, waits until a person has opened it
    under a reference of its own.
    """
    try:
        before = await _asked_of_the_archive(desk)
    except FailureError as failed:
        desk.unreadable = _why(failed)
        return None
    if before is None:
        return None
    if not before.same_content or desk.in_tray or desk.cancelled:
        desk.refuse(before)
        await workflow.wait_condition(lambda: desk.unreadable is None)
    return before.closed


async def _asked_of_the_archive(desk: Desk) -> ClosedBefore | None:
    """Ask once, which is all that it takes nearly always; and then, with the complaint on show, without end."""
    try:
        return await _ask(desk, RetryPolicy(maximum_attempts=1), AT_ONCE)
    except FailureError as failed:
        if isinstance(failed, ApplicationError) and failed.non_retryable:
            raise
    desk.waits_for_archive = True
    return await _ask(desk, RETRIES, WITHIN)


async def _ask(desk: Desk, retries: RetryPolicy, within: timedelta) -> ClosedBefore | None:
    return await workflow.execute_local_activity(
        interface.closed_before,
        desk.file.complaint,
        start_to_close_timeout=within,
        retry_policy=retries,
        local_retry_threshold=SOON,
        summary="is the reference free?",
    )


async def rules_resolved(desk: Desk) -> None:
    """Pin the rule pack; one that does not exist makes the complaint wait for a person to correct it."""
    query = RulesQuery.of(desk.file.complaint)
    try:
        rules = await workflow.execute_local_activity(
            interface.resolve_rules,
            query,
            start_to_close_timeout=WITHIN,
            summary=query.rule_pack or query.jurisdiction,
        )
    except (ActivityError, ApplicationError) as failed:
        desk.unreadable = _why(failed)
    else:
        desk.pin(rules)


def _why(failed: FailureError) -> str:
    """A local activity raises its own error, unwrapped."""
    return failed.message if isinstance(failed, ApplicationError) else str(failed.cause or failed)
