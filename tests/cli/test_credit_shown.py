"""Guarantee proved here: whoever looks at a complaint sees its provisional credits, and the day of a debit by the
firm's own clock."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from cli.tables import case_sheet
from domain.casefile import HIDDEN
from tests.domain import credit_cases
from tests.domain.cases import Case


def shown(case: Case) -> str:
    """The head of the case file as the terminal has it."""
    file: dict[str, Any] = {"stage": case.stage} | case.file.model_dump(mode="json", exclude=HIDDEN)
    console = Console(width=160)
    with console.capture() as printed:
        console.print(case_sheet("CB-2026-0001", file))
    return printed.get()


def debited() -> Case:
    case = credit_cases.decide(credit_cases.credited(), "partly_upheld", credit_cases.refund("180.00"))
    case.do_all()
    case.wait(days=8)
    case.do_all()
    return case


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (credit_cases.credited(), "credit-1: 500.00 USD, credited"),
        (
            credit_cases.to_be_reversed(),
            "to be reversed, 500.00 USD to be debited 2026-03-09 23:59 EDT",
        ),
        (debited(), "credit-1: 500.00 USD, part final, 320.00 USD of it debited"),
    ],
    ids=["credited", "to_be_reversed", "part_final"],
)
def test_a_credit_is_shown_with_its_state(case: Case, line: str) -> None:
    assert line in shown(case)


def test_without_a_credit_there_is_no_such_line() -> None:
    assert "provisional credit" not in shown(credit_cases.assessed())
