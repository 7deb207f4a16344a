"""A complaint, and one of every message: shown in the Temporal UI's pickers and the README, and held to the schemas."""

from __future__ import annotations

from typing import Any

from domain.messages import UNIQUE, by, ready_facts

_EVIDENCE = {"uri": "vault://evidence/4711", "description": "transaction log"}
_OWNER = {"by": by("specialist")}
_FACT = {"message_id": UNIQUE}

EXAMPLES: dict[str, dict[str, Any]] = {
    **ready_facts("technology-1"),
    "evidence_added": _FACT | {"evidence": _EVIDENCE, "by": by("department_staff")},
    "customer_contacted_us": _FACT | {"channel": "phone", "kind": "chase", "summary": "asks when the answer will come"},
    "regulator_contacted_us": _FACT
    | {"regulator": "NFRA", "their_reference": "2026-0815", "summary": "asks for a report"},
    "verify_identity": _OWNER | {"verified": True, "method": "app login"},
    "assess": _OWNER
    | {
        "nature": "system_fault",
        "responsibility": "undetermined",
        "summary": "A transfer was debited and did not arrive.",
        "points": ["Where is the money?"],
        "investigation_needed": True,
    },
    "request_investigation": _OWNER | {"department": "technology", "question": "Where did the transfer stop?"},
    "propose_resolution": _OWNER
    | {
        "position": "upheld",
        "responsibility": "firm",
        "reasons": "An interface fault held the transfer back.",
        "answers": [{"point": "Where is the money?", "answer": "It was cleared by hand and has arrived."}],
        "remedies": [
            {"kind": "voucher", "description": "Fee voucher", "money": {"amount": "50.00", "currency": "CNY"}},
            {"kind": "correction", "description": "Manual clearing", "department": "operations"},
        ],
    },
    "decide_compensation": {
        "by": by("manager"),
        "proposal": "proposal-1",
        "decision": "approve",
        "reason": "follows the actual loss",
    },
    "record_customer_answer": _OWNER
    | {"proposal": "proposal-1", "answer": "accept", "channel": "phone", "wording": "agrees"},
    "extend_deadline": {
        "by": by("manager"),
        "clock": "law-1",
        "reason_code": "complex",
        "reason": "three systems are involved",
    },
    "pause_clock": {
        "by": by("specialist"),
        "clock": "law-1",
        "reason_code": "outside_appraisal",
        "reason": "an outside expert appraises the signature",
    },
    "resume_clock": {"by": by("specialist"), "clock": "law-1", "reason": "the appraisal has arrived"},
    "escalate": _OWNER | {"to_tier": 3, "reason": "wide impact"},
    "take_ownership": _OWNER,
    "record_callback": {
        "by": by("call_back"),
        "reached": True,
        "solved": True,
        "satisfied": True,
        "said": "the money has arrived",
    },
    "confirm_unreachable": {"by": by("supervisor"), "reason": "called three times, wrote twice"},
    "withdraw": _OWNER | {"channel": "phone", "reason": "the matter has settled itself"},
    "resolve_task": {"by": by("supervisor"), "task": "quarantine", "settlement": "done", "note": "sender was told"},
    "add_note": _OWNER | {"text": "The customer prefers calls in the evening."},
}
"""By message name."""

COMPLAINT: dict[str, Any] = {
    "reference": "WEB-2026-0001",
    "received_at": "2026-03-02T09:30:00+08:00",
    "channel": "web",
    "complainant": {"name": "Li Na", "customer_number": "C-900001", "channels": ["app", "phone"], "language": "en"},
    "subject": {"product": "Transfer", "branch": "Riverside"},
    "narrative": "I sent 2,000 yuan to my landlord on Friday. It left my account at once and has not arrived yet.",
    "summary": "A transfer was debited and did not arrive.",
    "wishes": "The money must arrive before the rent is due.",
    "happened_on": "2026-02-27",
    "amount": {"amount": "2000.00", "currency": "CNY"},
}
"""A complaint as a web form hands it over."""
