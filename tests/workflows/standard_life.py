"""The standard complaint: two departments, a payment that is approved and accepted, the answer, and the call-back."""

from __future__ import annotations

from tests.workflows.case import OWNER, Case, Json

ACTIVITIES = {
    "lookup": "look_up_customer",
    "letter-acknowledgement": "send_letter",
    "dispatch-technology-1": "dispatch_investigation",
    "dispatch-branch-1": "dispatch_investigation",
    "notice-approval-proposal-1-1": "notify_staff",
    "letter-offer-proposal-1": "send_letter",
    "payout-1-1": "pay_out",
    "remedy-1-2": "dispatch_remedy",
    "letter-final-1": "send_letter",
    "notice-call_back-1": "notify_staff",
    "archive": "archive_complaint",
}
"""Every errand of the standard complaint, and what carries it out."""


async def live(case: Case) -> Json:
    """The life of the standard complaint."""
    await case.reach("investigating")
    await case.send("request_investigation", by=OWNER, department="branch", question="Who was there?")
    await case.answer("branch-1")
    await case.reach_from("investigating", "closed")
    return await case.closed()
