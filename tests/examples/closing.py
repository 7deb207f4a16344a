"""Complaints that were opened by other people's clients, looked at and brought to their end."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from client.published import messages
from tests.server import Case, Server
from workflows.names import workflow_id

MESSAGES = messages()


def case_of(server: Server, reference: str) -> Case:
    """A complaint that somebody else opened."""
    return Case(server.env, server.client.get_workflow_handle(workflow_id(reference)), reference)


async def close(server: Server, reference: str) -> None:
    """Withdraw a complaint, and call the customer back in the hours in which that may be done."""
    case = case_of(server, reference)
    await case.decide("withdraw", **MESSAGES["withdraw"])
    now = (await server.env.get_current_time(case.handle)).astimezone(ZoneInfo("Asia/Shanghai"))
    await case.pass_time((now + timedelta(days=1)).replace(hour=10, minute=0) - now)
    await case.decide("record_callback", **MESSAGES["record_callback"])
    await case.handle.result()
