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
    complaint = desk.file.complaint
    subject = complaint.subject
    query = RulesQuery(
        rule_pack=complaint.rule_pack, also_under=complaint.also_under, jurisdiction=complaint.jurisdiction,
        kind=complaint.kind, products=[name for name in (subject.product, subject.business_type) if name],
        channel=complaint.channel, regulator=complaint.regulator.regulator if complaint.regulator else None,
        received_at=complaint.received_at, language=complaint.complainant.language,
    )  # fmt: skip
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
