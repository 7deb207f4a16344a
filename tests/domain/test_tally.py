"""Guarantees proved here: everything that happens to a complaint is tallied by a code word, and no tally ever falls."""

from __future__ import annotations

import pytest

from domain import errands, timekeeping
from domain.case import quarantine
from domain.metrics import BREACHES, CLOSED, ESCALATIONS, FAILING, IMPOSSIBLE, OPENED, QUARANTINED
from domain.tally import Happening, tally
from domain.tiers import climb
from tests.domain import stages


def test_a_complaint_is_opened_once_and_closed_once() -> None:
    case = stages.received()
    assert tally(case.file)[Happening(OPENED, case.complaint.channel)] == 1
    closed = stages.closed()
    closed.file.closed_at = closed.now
    assert tally(closed.file)[Happening(CLOSED, "satisfied")] == 1


@pytest.mark.parametrize(
    ("reason", "word"),
    [("law breached", "law_breached"), ("amount", "amount"), ("product_sales silent", "department_silent")],
)
def test_the_reason_of_an_escalation_is_one_word(reason: str, word: str) -> None:
    case = stages.received()
    climb(case.file, 2, reason, case.now)
    assert tally(case.file)[Happening(ESCALATIONS, word)] == 1


def test_a_breach_is_tallied_by_the_kind_of_its_clock() -> None:
    case = stages.investigating()
    for clock in case.file.clocks:
        if clock.kind == "promise":
            timekeeping.run_out(case.file, clock.due_at)
    assert tally(case.file)[Happening(BREACHES, "promise")] == 1


def test_quarantined_messages_are_all_tallied_though_few_are_kept() -> None:
    case = stages.received()
    for _ in range(70):
        quarantine(case.file, "evidence_added", "the message is empty", case.now)
    assert len(case.file.quarantine) < 70
    assert tally(case.file)[Happening(QUARANTINED)] == 70


def test_an_errand_given_to_a_person_stays_tallied_when_it_is_settled_and_counts_again_when_it_fails_again() -> None:
    case = stages.received()
    errand = next(errand for errand in case.file.errands if errand.kind == "letter")
    for times in (1, 2):
        errands.impossible(case.file, errand, "every channel bounced", case.now)
        assert tally(case.file)[Happening(IMPOSSIBLE, "letter")] == times
        errands.settle_task(case.file, f"impossible-{errand.id}", "retry", case.now)
        errands.retry(case.file, errand)
        assert tally(case.file)[Happening(IMPOSSIBLE, "letter")] == times
    timekeeping.run_out(case.file, errands.still_failing_at(case.file, errand))
    assert tally(case.file)[Happening(FAILING, "letter")] == 1
