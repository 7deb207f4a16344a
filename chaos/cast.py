"""Who complains, and what everybody does about it: drawn from a seed, so that a run can be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bank.script import Act, Script
from chaos.pack import LAW, PROMISE

DEPARTMENTS = ("technology", "operations", "branch", "call_centre", "product_sales", "compliance")
MONEY = ("refund", "compensation", "voucher", "fee_waiver")
AMOUNTS = ("18.50", "50.00", "640.00", "1999.99", "5200.00", "18000.00")
CHANNELS = (["email", "post"], ["app", "post"], ["sms", "email", "post"], ["post"], ["app"])
ANSWERED = {"said": "No, it is not."}


@dataclass(frozen=True)
class Part:
    """One complaint with everything that is going to happen to it."""

    complaint: dict[str, Any]
    script: Script
    facts: list[tuple[str, dict[str, Any]]]
    """Facts from outside, in the order in which their senders wrote them."""
    cancel_after: float | None
    """Share of an ordinary life after which somebody requests cancellation."""
    left_open: bool
    """Whether its customer does not answer for days, so that it is still open at the end."""

    @property
    def reference(self) -> str:
        """The complaint's number."""
        return str(self.complaint["reference"])


def part(seed: int, number: int, minutes: float) -> Part:
    """The complaint of a number. The clocks of some run out within the minutes of the run."""
    chance = Random(f"{seed}/{number}")  # noqa: S311  # chance that can be repeated is the point
    left_open = number % 25 == 7
    return Part(
        complaint=_complaint(chance, number, minutes),
        script=Script(acts=list(_acts(chance, left_open)), zone=_where_it_is_noon()),
        facts=_facts(chance),
        cancel_after=chance.uniform(0, 1) if number % 8 == 3 else None,
        left_open=left_open,
    )


def _complaint(chance: Random, number: int, minutes: float) -> dict[str, Any]:
    spent = chance.choice([timedelta(0), timedelta(hours=PROMISE), timedelta(hours=LAW)])
    soon = timedelta(minutes=chance.uniform(0, minutes)) if spent else timedelta(0)
    return {
        "reference": f"CHAOS-{number:05}",
        "received_at": (datetime.now(UTC) - spent + soon).isoformat(),
        "channel": chance.choice(["app", "phone", "branch", "web"]),
        "complainant": {
            "name": f"客户{number}",
            "customer_number": f"C-9{number:05}",
            "channels": chance.choice(CHANNELS),
            "language": chance.choice(["zh", "en"]),
        },
        "subject": {"product": "transfer"},
        "narrative": "The transfer was debited and did not arrive. " * chance.randint(1, 40),
        "summary": "A transfer was debited and did not arrive.",
        "vulnerable": chance.random() < 0.1,
        "received_by": {"id": chance.choice(["FL-0021", "FL-0022"]), "role": "first_line"},
    }


def _acts(chance: Random, left_open: bool) -> list[Act]:
    """Where this is silent, the staff does what is ordinary."""
    investigated = chance.random() < 0.6
    acts = [Act(when="assess", say={"investigation_needed": investigated})]
    if investigated:
        acts += [
            Act(when="request_investigation", say={"department": department})
            for department in chance.sample(DEPARTMENTS, 1)
        ]
    acts.append(Act(when="propose_resolution", say={"remedies": _remedies(chance)}))
    if left_open:
        return [*acts, Act(when="record_customer_answer", day=3)]
    if chance.random() < 0.15:
        acts.append(Act(when="record_customer_answer", say={"answer": "reject"}))
        acts.append(Act(when="propose_resolution", say={"remedies": _remedies(chance)}))
    return [*acts, *_calls(chance)]


def _calls(chance: Random) -> list[Act]:
    match chance.random():
        case draw if draw < 0.15:
            return [Act(when="record_callback", say={"solved": False, "satisfied": False} | ANSWERED)]
        case draw if draw < 0.25:
            return [Act(when="record_callback", say={"reached": False})]
        case _:
            return []


def _remedies(chance: Random) -> list[dict[str, Any]]:
    remedies: list[dict[str, Any]] = []
    for _ in range(chance.choice([0, 1, 1, 2])):
        money = {"amount": chance.choice(AMOUNTS), "currency": "CNY"}
        remedies.append({"kind": chance.choice(MONEY), "description": "What was lost", "money": money})
    if chance.random() < 0.4:
        remedies.append({"kind": "correction", "description": "Cleared by hand", "department": "operations"})
    return remedies


def _facts(chance: Random) -> list[tuple[str, dict[str, Any]]]:
    """Also answers to a question that nobody has put yet."""
    department = chance.choice(DEPARTMENTS)
    by = {"id": f"{department}-1", "role": "department_staff"}
    early = {"investigation": f"{department}-1", "by": by}
    facts: list[tuple[str, dict[str, Any]]] = [
        ("investigation_accepted", early),
        ("investigation_result", early | {"final": False, "finding": "The gateway has no receipt."}),
        ("evidence_added", {"evidence": {"uri": "vault://chaos/1", "description": "transaction log"}}),
        ("customer_contacted_us", {"channel": "phone", "kind": "chase", "summary": "asks when"}),
        ("customer_contacted_us", {"channel": "app", "kind": "new_information", "summary": "has a receipt"}),
    ]
    chosen = [fact for fact in facts if chance.random() < 0.6]
    return [(name, {"message_id": f"fact-{number}"} | fact) for number, (name, fact) in enumerate(chosen, start=1)]


def _where_it_is_noon() -> str:
    """Nobody is called at night, and runs are made at all hours: the customers live where it is noon."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}"
