"""The eight cases as data: true to the handbooks, readable, and without personal data where none may be."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bank.directory import DEMO_CUSTOMERS
from demo.cases import CASES, Case, load, the_eight_cases
from demo.screen import progress_table, summary_table
from domain.closing import ClosedClock, ClosedComplaint
from domain.decisions import DECISIONS
from domain.facts import FACTS
from domain.model import Outcome

FILES = sorted(CASES.glob("*.toml"))
WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def case(request: pytest.FixtureRequest) -> Case:
    file: Path = request.param
    return load(file)


def test_there_are_eight_each_seen_at_work_in_a_way_of_its_own() -> None:
    cases = the_eight_cases()
    assert len({case.reference for case in cases}) == 8
    assert len({case.seen_at for case in cases}) >= 7


def test_the_complaint_is_one_of_a_known_customer(case: Case) -> None:
    complaint = case.received(WHEN)
    assert complaint.received_at == WHEN
    number = complaint.complainant.customer_number
    assert number and DEMO_CUSTOMERS[number].name == complaint.complainant.name


def test_names_stand_nowhere_but_in_the_complaint(case: Case) -> None:
    complaint = case.received(WHEN)
    written = [complaint.summary, case.title, case.script.model_dump_json()]
    assert not [text for text in written if complaint.complainant.name in text]


def test_only_messages_of_the_interface_are_sent(case: Case) -> None:
    assert {act.send for act in case.script.acts if act.send} <= {*FACTS, *DECISIONS}


def test_every_refusal_in_the_script_is_expected(case: Case) -> None:
    assert [act.refused for act in case.script.acts if act.refused] == case.expected.refusals


def _closed(case: Case) -> ClosedComplaint:
    return ClosedComplaint(
        reference=case.reference, outcome=case.expected.outcome, reached=True, received_at=WHEN, acknowledged_at=WHEN,
        answered_at=WHEN, called_back_at=WHEN, closed_at=WHEN, nature=None, responsibility=None, root_causes=[],
        departments=[], tier=case.expected.tier, cycles=case.expected.cycles, contacts=0,
        remedies=case.expected.remedies, paid=case.expected.paid, breached=False, rule_pack="cn-banking 2026.1",
        clocks=[ClosedClock(id=one, due_at=WHEN, state="breached", breached_at=WHEN) for one in case.expected.ran_out],
        journal_length=9,
    )  # fmt: skip


def test_an_ending_as_told_has_no_differences(case: Case) -> None:
    assert case.expected.differences(_closed(case), case.expected.refusals) == []


def test_every_difference_is_named(case: Case) -> None:
    closed = _closed(case).model_copy(update={"outcome": Outcome.WITHDRAWN, "paid": {"CNY": Decimal(1)}})
    found = case.expected.differences(closed, ["not_owner"])
    assert [difference.split()[0] for difference in found] == ["outcome", "paid", "refusals"]


def test_tables_of_no_cases_are_empty() -> None:
    assert progress_table([]).row_count == summary_table([]).row_count == 0
