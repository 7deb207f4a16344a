"""Strategies: everything that anybody may send, biased towards what fits the complaint as it is."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from domain.casefile import CaseFile
from domain.decisions import DECISIONS, Decision
from domain.examples import EXAMPLES
from domain.facts import FACTS, Fact
from domain.model import Staff
from domain.reading import read
from domain.tasks import OpenTask
from tests.domain import said
from tests.domain.people import ACCUSED, EVERYBODY, STRANGER, SUPERVISOR, TELLER, with_role

Json = dict[str, Any]
_numbers = count(1)

outsiders = [STRANGER, Staff(id=ACCUSED, role="specialist"), Staff(id=ACCUSED, role="call_back")]
people = st.sampled_from([*EVERYBODY, *outsiders])
"""Anybody, in their role or in one that is not theirs."""
impostors = st.builds(Staff, id=st.sampled_from([person.id for person in EVERYBODY]),
                      role=st.sampled_from(["specialist", "executive", "call_back", "supervisor"]))  # fmt: skip
spans = st.sampled_from(
    [{"minutes": 5}, {"hours": 3}, {"hours": 5}, {"hours": 9}, {"days": 1}, {"days": 2}, {"days": 6}, {"days": 20}]
)
amounts = st.sampled_from(["0.01", "50", "480", "1999", "2000.01", "20000", "30000", "50000.01"])
remedies = st.lists(
    st.one_of(
        st.builds(lambda amount: said.money(amount), amounts),
        st.builds(lambda amount: said.money(amount, currency="USD"), amounts),
        st.just(said.work()),
        st.just(said.work("retraining", "branch")),
        st.just({"kind": "apology", "description": "we are sorry"}),
    ),
    max_size=3,
)
positions = st.sampled_from(["upheld", "upheld", "partly_upheld", "not_upheld"])
CREDITS = [{"amount": "500.00", "currency": "USD"}, {"amount": "450.00", "currency": "USD"},
           {"amount": "500.00", "currency": "CNY"}]  # fmt: skip
"""Of which the first two are right for the complaints under Regulation E."""
departments = st.sampled_from(["technology", "operations", "branch", "garden"])
pause_reasons = st.sampled_from(["outside_appraisal", "outside_appraisal", "our_own", "waiting_for_customer"])


def _points(file: CaseFile) -> st.SearchStrategy[list[Json]]:
    points = file.cycle.assessment.points if file.cycle.assessment else ["Where is the money?"]
    answered = [{"point": point, "answer": "It has arrived."} for point in points]
    return st.sampled_from([answered, answered, answered, [{"point": "Who are you?", "answer": "The bank."}]])


def _proposals(file: CaseFile) -> st.SearchStrategy[str]:
    current = file.cycle.proposal.id if file.cycle.proposal else "proposal-1"
    return st.sampled_from([current, current, current, "proposal-1", "proposal-9"])


def _instants(file: CaseFile) -> st.SearchStrategy[str]:
    last = max(entry.at for entry in file.journal)
    return st.sampled_from([(last + timedelta(days=days, hours=1)).isoformat() for days in (-3, 0, 2, 9, 40)])


def _inquiries(file: CaseFile) -> st.SearchStrategy[str]:
    return st.sampled_from([*(inquiry.id for inquiry in file.investigations), "technology-2", "unknown-1"])


def changes(file: CaseFile, name: str) -> dict[str, st.SearchStrategy[Any]]:
    """What may differ from the ordinary message of a kind."""
    flag = st.booleans()
    match name:
        case "verify_identity":
            return {"verified": flag}
        case "assess":
            return {
                "tier": st.sampled_from([None, None, 1, 2, 3, 4]), "investigation_needed": flag,
                "expert_needed": st.sampled_from([None, "wealth products"]), "vulnerable": flag,
                "complained_of": st.sampled_from([[], [], [TELLER.id], ["s-engineer"]]),
                "cooling_off_until": st.one_of(st.none(), _instants(file)),
            }  # fmt: skip
        case "request_investigation":
            return {"department": departments, "investigation": st.sampled_from([None, None, "technology-1"])}
        case "propose_resolution":
            return {"remedies": remedies, "answers": _points(file), "final_position": flag, "position": positions,
                    "reasons": st.sampled_from(["A fault held it back.", "It will arrive soon."])}  # fmt: skip
        case "decide_compensation":
            cap = {"amount": "40", "currency": "CNY"}
            verdicts = [("approve", None), ("approve", None), ("reject", None), ("return", cap)]
            return {"proposal": _proposals(file), "verdict": st.sampled_from(verdicts)}
        case "record_customer_answer":
            return {"proposal": _proposals(file), "answer": st.sampled_from(["accept", "accept", "reject", "counter"])}
        case _:
            return _later_changes(file, name)


def _later_changes(file: CaseFile, name: str) -> dict[str, st.SearchStrategy[Any]]:
    match name:
        case "extend_deadline":
            clocks = [clock.id for clock in file.clocks]
            return {"clock": st.sampled_from([*clocks, "law-1", "law-2", "sundial"]),
                    "reason_code": st.sampled_from(
                        ["complex", "especially_complex", "department", "investigation_continues"]
                    ),
                    "credit": st.sampled_from([None, None, *CREDITS]),
                    "until": st.one_of(st.none(), _instants(file))}  # fmt: skip
        case "pause_clock" | "resume_clock":
            clock = st.sampled_from([*(clock.id for clock in file.clocks), "law-1", "promise-1", "sundial"])
            return {"clock": clock} if name == "resume_clock" else {"clock": clock, "reason_code": pause_reasons}
        case "escalate":
            return {"to_tier": st.sampled_from([2, 3, 4])}
        case "take_ownership":
            supervisors = [None, *(person.model_dump() for person in with_role("supervisor"))]
            return {"assigned_by": st.sampled_from(supervisors)}
        case "record_callback":
            spoken = [
                {"reached": True, "solved": solved, "satisfied": satisfied, "said": "words"}
                for solved in (True, False) for satisfied in (True, False)
            ]  # fmt: skip
            nobody = {"reached": False, "solved": None, "satisfied": None, "said": None}
            return {"call": st.sampled_from([*spoken, nobody, nobody]), "at": st.one_of(st.none(), _instants(file))}
        case "resolve_task":
            open_ = [task.id for task in file.tasks if task.settled_at is None]
            return {"task": st.sampled_from([*open_, *open_, "quarantine", "remedy-1-1"]),
                    "settlement": st.sampled_from(["done", "retry", "not_needed"]),
                    "evidence": st.sampled_from([None, EXAMPLES["evidence_added"]["evidence"]])}  # fmt: skip
        case _:
            return {}


def _flat(drawn: Json) -> Json:
    """Fields that only make sense together were drawn together."""
    content = {key: value for key, value in drawn.items() if key not in ("verdict", "call")}
    if "verdict" in drawn:
        content["decision"], content["cap"] = drawn["verdict"]
    call: Json = drawn.get("call", {})
    return content | call


def senders(file: CaseFile, name: str) -> st.SearchStrategy[Staff]:
    """The owner or the usual sender more often than anybody else."""
    usual = said.SENDERS.get(name) or file.owner or TELLER
    return st.one_of(st.just(usual), people, impostors)


@st.composite
def decisions(draw: st.DrawFn, file: CaseFile) -> Decision:
    """Any decision by anybody."""
    name = draw(st.sampled_from(sorted(DECISIONS)))
    return _decision(name, draw(senders(file, name)), draw(st.fixed_dictionaries(changes(file, name))))


def _decision(name: str, by: Staff, drawn: Json) -> Decision:
    return said.decision(name, by, **_flat(drawn))


def settlements(file: CaseFile) -> st.SearchStrategy[Decision]:
    """A supervisor settles one of the tasks that only people can settle."""
    open_ = [task.id for task in file.tasks if task.settled_at is None]
    chosen = changes(file, "resolve_task") | {"task": st.sampled_from(open_)}
    return st.fixed_dictionaries(chosen).map(lambda drawn: _decision("resolve_task", SUPERVISOR, drawn))


@st.composite
def facts(draw: st.DrawFn, file: CaseFile) -> Fact:
    """Any fact from anybody."""
    name = draw(st.sampled_from(sorted(FACTS)))
    more: Json = {}
    if name.startswith("investigation"):
        more["investigation"] = draw(_inquiries(file))
    if name == "investigation_result":
        more["final"] = draw(st.booleans())
    if name == "customer_contacted_us":
        more |= {"kind": draw(st.sampled_from(["chase", "correction"])), "people": draw(st.sampled_from([1, 1, 25]))}
    if name == "regulator_contacted_us":
        more["their_reference"] = draw(st.sampled_from(["R-1", "R-2"]))
        more["reply_due"] = draw(st.one_of(st.none(), _instants(file)))
    return said.fact(name, draw(people), **more)


@st.composite
def filled_in(draw: st.DrawFn, file: CaseFile, task: OpenTask) -> Decision | Fact:
    """The ready message of a task, as the person whose turn it is fills it in."""
    by = Staff(id=task.person, role=task.role) if task.person else draw(st.sampled_from(with_role(task.role)))
    content = fill_in(task.ready, by)
    if task.message in FACTS:
        return read(FACTS[task.message], content)
    return read(DECISIONS[task.message], content | _flat(draw(st.fixed_dictionaries(choices(file, task)))))


def choices(file: CaseFile, task: OpenTask) -> dict[str, st.SearchStrategy[Any]]:
    """What the person whose turn it is really chooses."""
    chosen = {
        "assess": ("investigation_needed", "tier"), "propose_resolution": ("remedies", "final_position", "position"),
        "decide_compensation": ("verdict",), "record_customer_answer": ("answer",),
        "record_callback": ("call",), "resolve_task": ("settlement", "evidence"),
    }.get(task.message, ())  # fmt: skip
    return {name: strategy for name, strategy in changes(file, task.message).items() if name in chosen}


FILLERS = {
    "<your staff id>": None,
    "<nature>": "fees",
    "<department>": "technology",
    "<upheld, partly_upheld or not_upheld>": "upheld",
    "<responsibility>": "firm",
}


def fill_in(ready: Any, by: Staff) -> Any:
    """Ready JSON with every placeholder replaced by what a person would write there."""
    match ready:
        case dict():
            return {key: fill_in(value, by) for key, value in ready.items()}
        case list():
            return [fill_in(value, by) for value in ready]
        case "<your staff id>":
            return by.id
        case "<unique id>":
            return f"ready-{next(_numbers)}"
        case str() if ready.startswith("<20"):
            return ready.strip("<>")
        case str() if ready.startswith("<"):
            return FILLERS.get(ready, "as told on the telephone")
        case _:
            return ready
