"""Guarantees of the time ledger (that it always adds up is proved by the machine of ``test_case_machine.py``):

* Each stretch of a complaint's life belongs to whoever had it, in the order that the module states.
* Departments side by side share equally, to the microsecond; each one's own time is told besides.
* The customer is only waited for after having been asked: never while a letter is on its way or a department works.
* What came before the system knew of the complaint, and what comes after the call-back, is told apart.
* The time belongs to the tier that the complaint had.
* An archived file without its rules still adds up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import case as aggregate
from domain import intake
from domain.timeledger import Party, TimeShare, department_time, time_ledger
from tests.domain import said, stages
from tests.domain.cases import Case, rules
from tests.domain.people import CALLER, SPECIALIST, SUPERVISOR, TELLER

HOUR = timedelta(hours=1)


def shares(case: Case) -> dict[str, timedelta]:
    """Time per party or department, over all tiers."""
    sums: dict[str, timedelta] = {}
    for share in time_ledger(case.file, case.now):
        name = share.department or share.party
        sums[name] = sums.get(name, timedelta()) + share.time
    return sums


def tiers(case: Case) -> dict[int, timedelta]:
    sums: dict[int, timedelta] = {}
    for share in time_ledger(case.file, case.now):
        sums[share.tier] = sums.get(share.tier, timedelta()) + share.time
    return sums


def investigated() -> Case:
    """Acknowledged, and answered by technology."""
    case = stages.received()
    case.wait(hours=1)  # the acknowledgement is on its way
    case.do_all()
    case.wait(hours=2)  # nobody has looked at it yet
    case.must("verify_identity")
    case.must("assess")
    case.must("request_investigation")
    case.wait(minutes=30)  # the question is on its way
    case.do_all()
    case.wait(hours=5)  # technology has it
    case.tell("investigation_result")
    return case


def agreed(case: Case) -> None:
    """A proposal is made, approved, offered and accepted."""
    case.wait(hours=3)  # the handler writes the proposal
    case.must("propose_resolution", remedies=[stages.VOUCHER, said.work()])
    case.wait(hours=4)  # the approver
    case.must("decide_compensation")
    case.wait(minutes=15)  # the offer is on its way
    case.do_all()
    case.wait(hours=6)  # the customer thinks
    case.must("record_customer_answer")


def carried_out(case: Case) -> None:
    """Paid, corrected, answered and called back; not archived yet."""
    case.wait(minutes=45)  # ledger, and the order to operations
    case.do_all()
    case.wait(hours=7)  # operations corrects
    case.must("resolve_task", SUPERVISOR, task="remedy-1-2", settlement="done")
    case.wait(minutes=10)  # the final response is on its way
    case.do_all()
    case.wait(hours=18)  # the call-back desk
    case.must("record_callback", CALLER)


def test_the_straight_path_hour_by_hour() -> None:
    case = investigated()
    agreed(case)
    carried_out(case)
    case.wait(minutes=20)  # archive
    assert shares(case) == {
        Party.SYSTEMS: 1 * HOUR + timedelta(minutes=30 + 15 + 45 + 10),
        Party.HANDLER: 5 * HOUR,
        "technology": 5 * HOUR,
        Party.APPROVAL: 4 * HOUR,
        Party.CUSTOMER: 6 * HOUR,
        "operations": 7 * HOUR,
        Party.CALL_BACK: 18 * HOUR,
        Party.CLOSING: timedelta(minutes=20),
    }
    case.do_all()
    assert case.closed is not None
    assert case.closed.time == time_ledger(case.file, case.closed.closed_at)
    assert case.closed.department_time == {"operations": 7 * HOUR, "technology": 5 * HOUR}


def test_departments_side_by_side_share_to_the_microsecond() -> None:
    case = stages.assessed()
    for department in ("technology", "operations", "branch"):
        case.must("request_investigation", department=department)
    case.do_all()
    case.wait(microseconds=3_600_000_001)
    for answered in ("operations-1", "branch-1"):
        case.tell("investigation_result", investigation=answered)
    case.wait(hours=2)
    third = timedelta(microseconds=1_200_000_000)
    tick = timedelta(microseconds=1)
    found = shares(case)
    assert (found["branch"], found["operations"]) == (third + tick, third)
    assert found["technology"] == third + 2 * HOUR
    assert department_time(case.file, case.now) == {
        "branch": HOUR + tick,
        "operations": HOUR + tick,
        "technology": 3 * HOUR + tick,
    }


def test_two_questions_to_one_department_are_its_time_once() -> None:
    case = stages.assessed()
    case.must("request_investigation")
    case.do_all()
    case.wait(hours=1)
    case.must("request_investigation", question="And where is the log?")
    case.do_all()
    case.wait(hours=1)
    case.tell("investigation_result", investigation="technology-1")
    case.wait(hours=1)
    assert department_time(case.file, case.now) == {"technology": 3 * HOUR}
    assert shares(case)["technology"] == 3 * HOUR


def test_the_customer_is_waited_for_only_after_a_check_failed() -> None:
    case = stages.acknowledged()
    case.wait(hours=3)
    case.must("verify_identity", verified=False)
    case.wait(hours=2)
    case.must("verify_identity", verified=False)
    case.wait(hours=2)
    case.must("verify_identity")
    case.wait(hours=1)
    assert shares(case) == {Party.HANDLER: 4 * HOUR, Party.CUSTOMER: 4 * HOUR}


def test_an_offer_that_never_arrives_is_not_waiting_for_the_customer() -> None:
    case = stages.approving()
    before = shares(case)
    case.must("decide_compensation")
    case.wait(days=9)
    assert shares(case) == before | {Party.SYSTEMS: timedelta(days=9)}


def test_between_calls_the_customer_is_waited_for_as_long_as_the_rules_forbid_the_next() -> None:
    case = stages.calling_back()
    before = shares(case).get(Party.CALL_BACK, timedelta())
    case.must("record_callback", CALLER, reached=False, solved=None, satisfied=None, said=None)
    case.wait(hours=22)
    assert case.file.rules is not None
    spacing = case.file.rules.pack.call_back.spacing.hours * HOUR
    found = shares(case)
    assert (found[Party.CUSTOMER], found[Party.CALL_BACK] - before) == (spacing, 22 * HOUR - spacing)


def test_before_the_system_knew_of_it() -> None:
    complaint = said.complaint()
    opened = complaint.received_at + 20 * HOUR
    file = aggregate.open_case(complaint, opened)
    intake.open_file(file, rules(), opened)
    assert time_ledger(file, opened) == [TimeShare(tier=1, party=Party.INTAKE, time=20 * HOUR)]
    assert time_ledger(file, complaint.received_at - HOUR) == []


def test_a_withdrawal_ends_everybodys_time_but_the_call_back_desks() -> None:
    case = stages.withdrawn()
    before = shares(case)
    case.wait(hours=5)
    after = shares(case)
    assert after == before | {Party.CALL_BACK: before.get(Party.CALL_BACK, timedelta()) + 5 * HOUR}


def test_the_time_belongs_to_the_tier_that_the_complaint_had() -> None:
    case = stages.assessed()
    at_first = case.now - case.file.complaint.received_at + 2 * HOUR
    case.wait(hours=2)
    case.must("escalate", TELLER, to_tier=2)
    case.wait(hours=3)
    case.must("take_ownership", SPECIALIST)
    assert tiers(case) == {1: at_first, 2: 3 * HOUR}


@pytest.mark.parametrize("begin", [*stages.ALONG.values(), stages.withdrawn, stages.final_position])
def test_a_file_of_an_earlier_version_adds_up_too(begin: type[Case]) -> None:
    case = begin()
    case.wait(hours=30)
    stored = case.file.model_dump(mode="json", exclude={"rules", "identity_failed_at"})
    file = type(case.file).model_validate(stored)
    until = datetime.fromisoformat(case.now.isoformat())
    elapsed = until - file.complaint.received_at
    assert sum((share.time for share in time_ledger(file, until)), timedelta()) == elapsed
