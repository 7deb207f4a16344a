"""Complaints to be archived: one that was answered, reopened and answered again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.casefile import CaseFile, Clock, Cycle
from domain.closing import ClosedComplaint
from domain.decisions import Assess
from domain.effects import ArchiveOrder, JournalPage
from domain.model import Nature, Outcome, Staff
from tests import orders

RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HANDLER = Staff(id="E1", role="first_line")


def case_file(reference: str, narrative: str = orders.WORDS) -> CaseFile:
    """A complaint that was answered, reopened and answered again, with one deadline missed."""
    assess = Assess(
        by=HANDLER, nature=Nature.SYSTEM_FAULT, summary="A transfer did not arrive.", points=["Where is it?"]
    )
    day = timedelta(days=1)
    clock = Clock(id="law", kind="law", subject="answer", started_at=RECEIVED, due_at=RECEIVED + 15 * day, span=None)
    file = CaseFile(
        complaint=orders.complaint(reference, narrative),
        opened_at=RECEIVED,
        tier=2,
        cycles=[
            Cycle(number=1, started_at=RECEIVED, assessment=assess, answered_at=RECEIVED + 5 * day),
            Cycle(number=2, started_at=RECEIVED + 6 * day, assessment=assess, answered_at=RECEIVED + 20 * day),
        ],
        clocks=[clock.model_copy(update={"breached_at": clock.due_at})],
        outcome=Outcome.SATISFIED,
        closed_at=RECEIVED + 21 * day,
    )
    file.journal_length = 9  # the lines before are on pages in the archive
    file.write(RECEIVED, "closed", "the last line")
    return file


def closing_record(file: CaseFile) -> ClosedComplaint:
    return ClosedComplaint(
        reference=file.complaint.reference,
        outcome=file.outcome or Outcome.SATISFIED,
        reached=True,
        received_at=RECEIVED,
        acknowledged_at=RECEIVED,
        answered_at=file.cycles[0].answered_at if file.cycles else None,
        called_back_at=RECEIVED,
        closed_at=RECEIVED + timedelta(days=21),
        nature=Nature.SYSTEM_FAULT if file.cycles else None,
        responsibility=None,
        root_causes=["谢谢 🙏"],
        departments=[],
        tier=file.tier,
        cycles=len(file.cycles),
        contacts=0,
        remedies=[],
        paid={},
        breached=bool(file.clocks),
        clocks=[],
        rule_pack="cn-banking 1",
        journal_length=file.journal_length,
    )


def archive_order(reference: str, errand: str = "archive", narrative: str = orders.WORDS) -> ArchiveOrder:
    file = case_file(reference, narrative)
    return ArchiveOrder(
        **orders.head(reference, errand),
        complaint=file.complaint,
        closed=closing_record(file).model_dump(mode="json"),
        file=file.model_dump(mode="json"),
    )


def page(reference: str, first: int, errand: str | None = None) -> JournalPage:
    entries = [{"number": first + n, "note": f"entry {first + n} 备注"} for n in range(3)]
    return JournalPage(**orders.head(reference, errand or f"page-{first}"), first=first, entries=entries)
