"""Guarantees proved here, for the call-back without which nothing closes:

- somebody independent calls, after everything was done and said, in the hours in which customers are called;
- attempts count when they are spaced and lie in different parts of the day; a supervisor confirms;
- who is not satisfied goes one tier up in a new cycle, and what came before stays on record;
- at the top it ends unresolved, with the outside remedies named; a withdrawal is called back like everything else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import closing
from domain.model import Outcome, Staff
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import (
    ACCUSED,
    CALLER,
    ENGINEER,
    EXECUTIVE,
    MANAGER,
    OTHER_CALLER,
    SPECIALIST,
    SUPERVISOR,
    TELLER,
)

UNREACHED: dict[str, Any] = {"reached": False, "solved": None, "satisfied": None, "said": None}


def missed(case: Case, *hours: int) -> None:
    for gap in hours:
        case.wait(hours=gap)
        case.must("record_callback", CALLER, **UNREACHED)


def test_solved_and_satisfied_closes_after_the_archive_has_it() -> None:
    case = stages.closing()
    assert not case.file.closed_at
    case.do_all()
    assert case.closed is not None
    assert (case.closed.outcome, case.closed.reached, case.closed.cycles) == (Outcome.SATISFIED, True, 1)


def test_there_is_no_other_way_to_close() -> None:
    for bring in stages.ALONG.values():
        case = bring()
        if case.file.outcome is None:
            with pytest.raises(RuntimeError, match="without the outcome of a call-back"):
                closing.close(case.file, case.now)


@pytest.mark.parametrize("person", [TELLER, SPECIALIST, ENGINEER])
def test_who_owned_approved_or_investigated_does_not_call_in_another_role_either(person: Staff) -> None:
    case = stages.calling_back()
    assert case.refused("record_callback", Staff(id=person.id, role="call_back")) == "callback_not_independent"


def test_only_the_call_back_desk_calls_and_nobody_complained_of() -> None:
    case = stages.calling_back()
    assert case.refused("record_callback", MANAGER) == "role_may_not"
    assert case.refused("record_callback", Staff(id=ACCUSED, role="call_back")) == "complained_of"


def test_nobody_calls_before_everything_is_done_and_said() -> None:
    case = stages.replying()
    assert case.refused("record_callback") == "not_calling_back"


@pytest.mark.parametrize(
    ("hours", "code"), [(13, "outside_day_parts"), (10.9, "ok"), (22.9, "outside_day_parts"), (23, "ok")]
)
def test_customers_are_called_from_nine_to_nine_by_the_wall_clock(hours: float, code: str) -> None:
    case = stages.calling_back()  # at 10:00
    case.wait(hours=hours)
    if code == "ok":
        case.must("record_callback")
    else:
        assert case.refused("record_callback") == code


def test_a_call_is_recorded_after_it_was_made_and_after_it_was_due() -> None:
    case = stages.calling_back()
    assert case.refused("record_callback", at=(case.now + timedelta(minutes=1)).isoformat()) == "call_in_future"
    assert case.refused("record_callback", at=(case.now - timedelta(hours=1)).isoformat()) == "call_before_response"
    made = case.now
    case.wait(hours=14)
    case.must("record_callback", at=(made + timedelta(hours=1)).isoformat())


# Unreachable ------------------------------------------------------------------------------------------------------


def test_attempts_are_spaced() -> None:
    case = stages.calling_back()
    missed(case, 0)
    case.wait(hours=3, minutes=59)
    assert case.refused("record_callback", **UNREACHED) == "too_soon"
    case.wait(minutes=1)
    case.must("record_callback", **UNREACHED)


def test_three_attempts_in_one_part_of_the_day_are_not_enough() -> None:
    case = stages.calling_back()
    missed(case, 0, 24, 24)
    assert case.refused("confirm_unreachable") == "not_enough_attempts"
    missed(case, 4)
    case.must("confirm_unreachable")


def test_two_attempts_are_not_enough() -> None:
    case = stages.calling_back()
    missed(case, 0, 4)
    assert case.refused("confirm_unreachable") == "not_enough_attempts"


@pytest.mark.parametrize("person", [CALLER, TELLER, SPECIALIST])
def test_who_called_or_took_part_does_not_confirm(person: Staff) -> None:
    case = stages.calling_back()
    missed(case, 0, 4, 4)
    assert case.refused("confirm_unreachable", Staff(id=person.id, role="supervisor")) == "not_independent_supervisor"
    assert case.refused("confirm_unreachable", OTHER_CALLER) == "role_may_not"


def test_confirmed_as_unreachable_it_closes_so() -> None:
    case = stages.calling_back()
    missed(case, 0, 4, 4)
    case.must("confirm_unreachable", SUPERVISOR)
    case.do_all()
    assert case.closed is not None
    assert (case.closed.outcome, case.closed.reached) == (Outcome.UNREACHABLE, False)


# Not satisfied ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{"solved": False}, {"satisfied": False}, {"solved": False, "satisfied": False}])
def test_not_satisfied_goes_one_tier_up_in_a_new_cycle(answers: dict[str, Any]) -> None:
    case = stages.calling_back()
    case.must("record_callback", **answers)
    assert (case.file.tier, case.file.cycle.number, case.stage) == (2, 2, "identity_verified")
    assert case.file.outcome is None
    assert case.file.cycles[0].calls[0].satisfied is answers.get("satisfied", True)
    assert {"law-2", "promise-2"} <= {clock.id for clock in case.file.clocks if clock.ticking}
    assert case.refused("assess", TELLER) == "tier_needs_owner"


def test_not_satisfied_at_the_top_ends_unresolved_with_the_outside_remedies_named() -> None:
    case = stages.calling_back()
    case.must("escalate", to_tier=3)
    case.must("record_callback", satisfied=False)
    assert case.file.outcome is Outcome.UNRESOLVED
    assert case.errand("letter-final-position").pending
    case.do_all()
    assert case.closed is not None
    assert case.closed.outcome is Outcome.UNRESOLVED


def test_the_second_cycle_does_not_falsify_the_first() -> None:
    case = stages.calling_back()
    case.wait(days=5)
    case.must("record_callback", satisfied=False)
    first = [clock for clock in case.file.clocks if clock.id == "call_back-1"]
    assert [clock.state for clock in first] == ["met late"]
    assert case.file.cycles[0].answered_at is not None
    assert case.file.cycles[0].proposals[0].status == "accepted"


def test_a_second_cycle_is_called_back_again_by_somebody_still_independent() -> None:
    case = stages.calling_back()
    case.must("record_callback", satisfied=False)
    case.must("take_ownership", SPECIALIST)
    case.must("assess", investigation_needed=False)
    case.must("propose_resolution", remedies=[])
    case.do_all()
    case.must("record_customer_answer", proposal="proposal-2")
    case.do_all()
    assert case.stage == "calling_back"
    case.must("record_callback", CALLER)
    case.do_all()
    assert case.closed is not None
    assert (case.closed.cycles, case.closed.tier) == (2, 2)


# Withdrawn ------------------------------------------------------------------------------------------------------------


def test_a_withdrawal_that_the_customer_stands_by_closes_as_withdrawn() -> None:
    case = stages.withdrawn()
    case.must("record_callback", satisfied=False)
    case.do_all()
    assert case.closed is not None
    assert (case.closed.outcome, case.closed.answered_at) == (Outcome.WITHDRAWN, None)


def test_a_withdrawal_that_the_customer_does_not_stand_by_is_revived_one_tier_up() -> None:
    case = stages.withdrawn()
    case.must("record_callback", solved=False)
    assert not case.file.withdrawn
    assert (case.file.tier, case.stage) == (2, "identity_verified")
    case.must("take_ownership", EXECUTIVE)
    case.must("assess", EXECUTIVE)


def test_an_unreachable_customer_who_withdrew_has_withdrawn() -> None:
    case = stages.withdrawn()
    missed(case, 0, 4, 4)
    case.must("confirm_unreachable")
    assert case.file.outcome is Outcome.WITHDRAWN


def test_the_call_back_is_watched_by_two_clocks() -> None:
    case = stages.calling_back()
    due = {clock.id: clock.due_at for clock in case.file.clocks if clock.ticking}
    assert set(due) == {"call_back-1", "call_back_latest-1"}
    case.wait_until(due["call_back_latest-1"])
    assert case.file.tier == 3
    assert {clock.id for clock in case.file.clocks if clock.breached_at} >= set(due)
