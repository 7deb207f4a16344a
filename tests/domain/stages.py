"""Bringing a complaint to every stage of its life, by the messages that bring it there in a bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.complaint import Complaint
from domain.model import Stage
from domain.pinned import PinnedRules
from tests.domain import said
from tests.domain.cases import Case
from tests.domain.people import CALLER, CLERK, SPECIALIST

VOUCHER = said.money("50.00", "voucher")


def received(complaint: Complaint | None = None) -> Case:
    """Just received; the acknowledgement is on its way."""
    return Case(complaint)


def acknowledged(complaint: Complaint | None = None) -> Case:
    """The customer has the acknowledgement."""
    case = received(complaint)
    case.do_all()
    return case


def identity_verified(complaint: Complaint | None = None) -> Case:
    """We know who complains."""
    case = acknowledged(complaint)
    case.must("verify_identity")
    return case


def assessed(complaint: Complaint | None = None, **assessment: Any) -> Case:
    """Assessed, and a department must be asked."""
    case = identity_verified(complaint)
    case.must("assess", **assessment)
    case.do_all()
    return case


def assessed_under(pinned: PinnedRules) -> Case:
    """Assessed under rules of the test's own."""
    case = Case(pinned=pinned)
    case.do_all()
    case.must("verify_identity")
    case.must("assess")
    return case


def investigating(complaint: Complaint | None = None) -> Case:
    """Technology was asked and has not accepted yet."""
    case = assessed(complaint)
    case.must("request_investigation")
    case.do_all()
    return case


def proposing(complaint: Complaint | None = None) -> Case:
    """The facts are there."""
    case = investigating(complaint)
    case.tell("investigation_result")
    return case


def approving(complaint: Complaint | None = None, *remedies: dict[str, Any]) -> Case:
    """A proposal with money waits for its approval."""
    case = proposing(complaint)
    case.must("propose_resolution", remedies=list(remedies) or [VOUCHER, said.work()])
    case.do_all()
    return case


def offered(complaint: Complaint | None = None, *remedies: dict[str, Any]) -> Case:
    """The customer has the offer."""
    case = approving(complaint, *remedies)
    case.must("decide_compensation", SPECIALIST)
    case.do_all()
    return case


def remedying(complaint: Complaint | None = None, *remedies: dict[str, Any]) -> Case:
    """Accepted; the payment is on its way and operations have their task."""
    case = offered(complaint, *remedies)
    case.must("record_customer_answer")
    return case


def replying(complaint: Complaint | None = None) -> Case:
    """Everything is carried out; the final response is on its way."""
    case = remedying(complaint)
    case.do_all()
    case.must("resolve_task", CLERK, task="remedy-1-2")
    return case


def calling_back(complaint: Complaint | None = None) -> Case:
    """Answered; the call-back desk has to call."""
    case = replying(complaint)
    case.do_all()
    return case


def closing(complaint: Complaint | None = None) -> Case:
    """Satisfied; the archive is being asked."""
    case = calling_back(complaint)
    case.must("record_callback", CALLER)
    return case


def closed(complaint: Complaint | None = None) -> Case:
    """Closed and archived."""
    case = closing(complaint)
    case.do_all()
    return case


def withdrawn(complaint: Complaint | None = None) -> Case:
    """Withdrawn while departments investigate; only the call-back is left."""
    case = investigating(complaint)
    case.must("withdraw")
    case.do_all()
    return case


def final_position(complaint: Complaint | None = None) -> Case:
    """The offer was declined; the bank's last word is stated, and is being carried out."""
    case = offered(complaint)
    case.must("record_customer_answer", answer="reject")
    case.must("propose_resolution", final_position=True, remedies=[said.work("retraining")])
    case.do_all()
    return case


ALONG: dict[Stage, Callable[[], Case]] = {
    Stage.RECEIVED: received,
    Stage.ACKNOWLEDGED: acknowledged,
    Stage.IDENTITY_VERIFIED: identity_verified,
    Stage.ASSESSED: assessed,
    Stage.INVESTIGATING: investigating,
    Stage.PROPOSING: proposing,
    Stage.APPROVING: approving,
    Stage.OFFERED: offered,
    Stage.REMEDYING: remedying,
    Stage.REPLYING: replying,
    Stage.CALLING_BACK: calling_back,
    Stage.CLOSING: closing,
    Stage.CLOSED: closed,
}
"""How a complaint comes to each stage on the straight path."""


def large_claim() -> Case:
    """More than one person may approve: two executives must agree to 60,000 CNY."""
    return approving(said.complaint(amount={"amount": "800.00", "currency": "CNY"}), said.money(60_000))
