"""Guarantees proved here, for the end: nothing that was ordered is left behind when a complaint closes.

- The bank's own people and systems are told too: a department that its question was recalled, a desk of a breach.
- A system that keeps failing becomes a person's task, and who settles it lets the complaint close without.
- What the complainant gets is waited for whoever settled what: see ``test_callback.py`` and ``test_settling.py``.
"""

from __future__ import annotations

from domain import errands
from domain.closing import ARCHIVE
from tests.domain import stages
from tests.domain.cases import Case
from tests.domain.people import CALLER, SUPERVISOR

RECALL = "notice-recalled-technology-1"


def called_back_untold() -> Case:
    """Withdrawn and called back, while the department's tool does not answer."""
    case = stages.investigating()
    case.must("withdraw")
    case.must("record_callback", CALLER)
    return case


def archiving(case: Case) -> bool:
    return errands.find(case.file, ARCHIVE) is not None


def test_a_department_hears_that_it_was_recalled_before_the_complaint_closes() -> None:
    case = called_back_untold()
    case.do(*(errand.id for errand in case.pending() if errand.id != RECALL))
    assert not archiving(case)
    case.do(RECALL)
    assert archiving(case)


def test_the_directory_is_heard_before_the_complaint_closes() -> None:
    case = stages.received()
    case.must("withdraw")
    case.must("record_callback", CALLER)
    case.do(*(errand.id for errand in case.pending() if errand.id != "lookup"))
    assert not archiving(case)
    case.do("lookup")
    assert archiving(case)


def test_without_a_system_that_keeps_failing_once_a_person_has_looked() -> None:
    case = called_back_untold()
    case.do(*(errand.id for errand in case.pending() if errand.id != RECALL))
    case.wait(hours=case.file.pinned().pack.patience.hours)
    assert not archiving(case)
    case.must("resolve_task", SUPERVISOR, task=f"trouble-{RECALL}", settlement="not_needed")
    assert archiving(case)
    case.do_all()
    assert case.closed is not None
