"""The patrol: a workflow on a schedule that finds what a complaint that was ended by force cannot tell."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities import interface
from domain.patrol import Lost, PatrolReport
from workflows.errands import RETRIES, TIMEOUT
from workflows.names import PATROL_TYPE

LOOKING = timedelta(minutes=30)
"""For one look: a hundred thousand complaints take seconds."""
SIGN_OF_LIFE = timedelta(minutes=2)
TELLING = timedelta(minutes=30)
"""For one notice: a tool that does not take it must not keep the next rounds from looking."""


@workflow.defn(name=PATROL_TYPE)
class PatrolWorkflow:
    """One round over all complaints that have ended; each that left by a side door becomes a task, once."""

    @workflow.run
    async def run(self, told: list[str] | None = None) -> PatrolReport:
        """Look, and tell a supervisor what nobody was told before; what could not be told waits for the next round."""
        if told is None:
            told = _told_by_the_last_round()
        looked_at = workflow.now()
        seen = await workflow.execute_activity(
            interface.look_for_lost,
            told,
            start_to_close_timeout=LOOKING,
            heartbeat_timeout=SIGN_OF_LIFE,
            retry_policy=RETRIES,
        )
        answers = await asyncio.gather(*(_tell(lost) for lost in seen.lost))
        told = seen.told + [lost.run_id for lost, heard in zip(seen.lost, answers, strict=True) if heard]
        if seen.more and any(answers):
            workflow.continue_as_new(told)
        found = [*seen.lost, *seen.known]
        return PatrolReport(
            looked_at=looked_at, compared=seen.compared, told=told,
            lost=[lost for lost in found if not lost.later_run],
            brought_back=[lost for lost in found if lost.later_run],
        )  # fmt: skip


def _told_by_the_last_round() -> list[str]:
    last = workflow.get_last_completion_result(PatrolReport) if workflow.has_last_completion_result() else None
    return last.told if last else []


async def _tell(lost: Lost) -> bool:
    """Make it a task in the tool of the supervisors; false when that tool refuses it, or does not answer."""
    try:
        await workflow.execute_activity(
            interface.notify_staff,
            lost.notice(),
            start_to_close_timeout=TIMEOUT,
            schedule_to_close_timeout=TELLING,
            retry_policy=RETRIES,
            summary=f"tell a supervisor of {lost.reference}",
        )
    except ActivityError as failed:
        workflow.logger.warning("nobody could be told of a lost complaint", extra={"facts": {"why": str(failed.cause)}})
        return False
    return True
