"""Names that clients, workers and operators share. They are fixed."""

from __future__ import annotations

from temporalio.common import SearchAttributeKey

TASK_QUEUE = "complaints"
WORKFLOW_TYPE = "ComplaintWorkflow"
PATROL_TYPE = "PatrolWorkflow"
PATROL = "complaints-patrol"
"""The schedule of the patrols, and the beginning of their workflows' ids."""

STAGE = SearchAttributeKey.for_keyword("ComplaintStage")
NATURE = SearchAttributeKey.for_keyword("ComplaintNature")
OWNER = SearchAttributeKey.for_keyword("ComplaintOwner")
OUTCOME = SearchAttributeKey.for_keyword("ComplaintOutcome")
CUSTOMER = SearchAttributeKey.for_keyword("CustomerKey")
RULE_PACK = SearchAttributeKey.for_keyword("RulePack")
TIER = SearchAttributeKey.for_int("ComplaintTier")
REPLY_DUE = SearchAttributeKey.for_datetime("ReplyDueAt")
NEXT_ACTION = SearchAttributeKey.for_datetime("NextActionAt")
BREACHED = SearchAttributeKey.for_bool("DeadlineBreached")
ATTENTION = SearchAttributeKey.for_bool("NeedsAttention")
AWAITING = SearchAttributeKey.for_keyword_list("AwaitingDepartments")

SEARCH_ATTRIBUTES = (
    STAGE,
    NATURE,
    OWNER,
    OUTCOME,
    CUSTOMER,
    RULE_PACK,
    TIER,
    REPLY_DUE,
    NEXT_ACTION,
    BREACHED,
    ATTENTION,
    AWAITING,
)
"""Every search attribute; registered by the software itself (``client/attributes.py``)."""


def workflow_id(reference: str) -> str:
    """The workflow's id for a complaint's reference."""
    return f"complaint-{reference}"
