"""What the scripted staff does where a script is silent: the ordinary course of every task, to a peaceful end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bank.script import Act

Task = dict[str, Any]
"""An open task, as the query ``open_tasks`` shows it."""

ROSTER = {
    "first_line": ("FL-0021", "FL-0022"),
    "specialist": ("SP-0107", "SP-0108"),
    "manager": ("MG-0012", "MG-0013"),
    "executive": ("EX-0001", "EX-0002"),
    "expert": ("XP-0044", "XP-0045"),
    "call_back": ("CB-0301", "CB-0302"),
    "supervisor": ("SV-0005", "SV-0006"),
    "department_head": ("DH-0071", "DH-0072"),
    "compliance_officer": ("CO-0081", "CO-0082"),
}
"""Who works at the bank, by role; the departments have people of their own."""

LEFT_ALONE = ("trouble-", "overdue-", "more-time-", "regulator-", "set-aside-")
"""Tasks that settle themselves when the matter goes on."""

ORDINARY: dict[str, dict[str, Any]] = {
    "verify_identity": {
        "method": "app login",
        "authorisation": {"uri": "vault://authorisations/1", "description": "signed authorisation"},
    },
    "assess": {"nature": "other", "points": ["What happened, and what does the bank do about it?"]},
    "request_investigation": {"department": "operations", "question": "What do the records show?"},
    "investigation_result": {"finding": "The records were checked.", "responsibility": "undetermined"},
    "propose_resolution": {
        "position": "partly_upheld",
        "responsibility": "shared",
        "reasons": "The records of the departments were checked against what you told us.",
    },
    "decide_compensation": {"reason": "It follows the actual loss."},
    "record_customer_answer": {"wording": "agrees"},
    "record_callback": {"said": "It is solved."},
    "confirm_unreachable": {"reason": "Called in several day-parts, wrote twice."},
    "resolve_task": {
        "note": "Done.",
        "evidence": {"uri": "vault://evidence/1", "description": "proof of what was done"},
    },
}
"""What is filled into the ready-to-send JSON."""
SPOKEN = ("solved", "satisfied", "said")
"""What nobody can know of a customer who was not reached."""
ORDINARY_ANSWER = "The records show what happened; the remedies above follow from it."


def ordinary_act(task: Task) -> Act | None:
    """What is done about a task of which the script says nothing; nothing, when it settles itself."""
    name: str = task["id"]
    if name.startswith(LEFT_ALONE):
        return None
    if name.startswith("declined-"):
        return Act(when=name, send="request_investigation")
    settlement = {"settlement": "retry"} if name.startswith(("pay-again-", "again-")) else {}
    return Act(when=name, say=settlement)


def filled(message: str, ready: dict[str, Any], say: dict[str, Any]) -> dict[str, Any]:
    """A ready-to-send message with everything that only its sender knows."""
    ordinary = ORDINARY.get(message, {})
    if "authorisation" in ordinary and "authorisation" not in ready:
        ordinary = {"method": ordinary["method"]}
    content = ready | ordinary | say
    if content.get("reached") is False:
        content = {name: value for name, value in content.items() if name not in SPOKEN}
    if message == "propose_resolution":
        content["answers"] = _answers(ready.get("answers", []), say.get("answers", []))
    return {name: value for name, value in content.items() if value is not None}


def _answers(points: list[dict[str, str]], told: list[str]) -> list[dict[str, str]]:
    spoken = [*told, *[ORDINARY_ANSWER] * len(points)]
    return [{"point": point["point"], "answer": answer} for point, answer in zip(points, spoken, strict=False)]


def somebody(role: str, department: str | None, avoid: Collection[str]) -> str:
    """Staff id of somebody of a role, and of a department, who is none of those to be avoided."""
    people = (f"{department}-1", f"{department}-2") if department else ROSTER.get(role, (f"{role}-1", f"{role}-2"))
    return next((person for person in people if person not in avoid), people[-1])
