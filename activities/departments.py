"""The tool that departments and desks of the bank work in: questions, remedies and notices arrive there."""

from __future__ import annotations

from temporalio import activity

from activities.bank_http import BankSystem
from domain.effects import (
    Acknowledged,
    InvestigationOrder,
    InvestigationRequest,
    NoticeOrder,
    RemedyOrder,
    RemedyRequest,
)
from domain.messages import ready_facts, ready_remedy


class Departments:
    """Hands work to people, with the workflow id and the ready-to-send JSON of the answer.

    The history holds the order without that JSON: it follows from the order.
    """

    def __init__(self, system: BankSystem) -> None:
        self._system = system

    @activity.defn
    async def dispatch_investigation(self, order: InvestigationOrder) -> Acknowledged:
        """Put a question into a department's own tool."""
        ready = {"ready_messages": ready_facts(order.investigation)}
        request = InvestigationRequest.model_validate(dict(order) | ready)
        return await self._system.order("/departments/investigations", request, order.key, Acknowledged)

    @activity.defn
    async def dispatch_remedy(self, order: RemedyOrder) -> Acknowledged:
        """Put a remedy into the tool of the department that carries it out."""
        request = RemedyRequest.model_validate(dict(order) | {"ready_messages": ready_remedy(order.remedy)})
        return await self._system.order("/departments/remedies", request, order.key, Acknowledged)

    @activity.defn
    async def notify_staff(self, order: NoticeOrder) -> Acknowledged:
        """Tell a department, its head or a desk what is due or overdue."""
        return await self._system.order("/departments/notices", order, order.key, Acknowledged)
