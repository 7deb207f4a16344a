"""Resolving the rules: once, recorded with the complaint."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.interface import resolve_rules
from domain.effects import RulesQuery
from workflows.desk import Desk


async def rules_resolved(desk: Desk) -> None:
    """Pin the rule pack; one that does not exist makes the complaint wait for a person to correct it."""
    query = RulesQuery.of(desk.file.complaint)
    try:
        rules = await workflow.execute_local_activity(
            resolve_rules,
            query,
            start_to_close_timeout=timedelta(seconds=30),
            summary=query.rule_pack or query.jurisdiction,
        )
    except (ActivityError, ApplicationError) as failed:  # a local activity raises its own error, unwrapped
        desk.unreadable = failed.message if isinstance(failed, ApplicationError) else str(failed.cause or failed)
    else:
        desk.pin(rules)
