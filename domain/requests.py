"""What to ask of the bank's systems for an errand, composed when it is carried out."""

from __future__ import annotations

from domain import clocks, credits, errands, letters, provisional
from domain.casefile import HIDDEN, CaseFile, Errand, ErrandKind
from domain.closing import close
from domain.effects import (
    ArchiveOrder,
    CalendarsQuery,
    CustomerQuery,
    InvestigationOrder,
    LetterOrder,
    NoticeOrder,
    PayoutOrder,
    RemedyOrder,
    ReversalOrder,
)

Request = (
    CustomerQuery
    | CalendarsQuery
    | ArchiveOrder
    | LetterOrder
    | InvestigationOrder
    | RemedyOrder
    | NoticeOrder
    | PayoutOrder
    | ReversalOrder
)


def request(file: CaseFile, errand: Errand, workflow_id: str) -> Request:
    """What to ask of the bank's system for an errand."""
    head = {"reference": file.complaint.reference, "workflow_id": workflow_id, "key": errands.key(file, errand)}
    match errand.kind:
        case ErrandKind.LOOKUP:
            return CustomerQuery(reference=file.complaint.reference, complainant=file.complaint.complainant)
        case ErrandKind.CALENDARS:
            return provisional.query(file)
        case ErrandKind.ARCHIVE:
            return _archive_order(file, errand, head)
        case ErrandKind.LETTER:
            return _letter_order(file, errand, head)
        case ErrandKind.INVESTIGATION:
            return _investigation_order(file, errand, head)
        case ErrandKind.REMEDY:
            return _remedy_order(file, errand, head)
        case ErrandKind.PAYOUT:
            return _payout_order(file, errand, head)
        case ErrandKind.REVERSAL:
            return ReversalOrder(**head, remedy=errand.subject, entry=errand.text)
        case ErrandKind.CREDIT | ErrandKind.DEBIT:
            return _credit_order(file, errand, head)
        case _:
            return NoticeOrder(**head, to=errand.to, kind=errand.notice, text=errand.text, due=errand.due)


def _letter_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> LetterOrder:
    assert errand.letter is not None
    subject, body = letters.compose(file, errand.letter, errand)
    return LetterOrder(
        **head,
        kind=errand.letter,
        channel=errand.channels[0],
        to=file.complaint.addressee,
        subject=subject,
        body=body,
    )


def _investigation_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> InvestigationOrder:
    inquiry = errands.investigation(file, errand.subject)
    accept = clocks.find(file, f"acceptance-{inquiry.id}")
    answer = clocks.find(file, f"investigation-{inquiry.id}")
    assert accept is not None and answer is not None
    return InvestigationOrder(
        **head, investigation=inquiry.id, department=inquiry.department, question=inquiry.question,
        accept_by=accept.due_at, answer_by=answer.due_at, recused=file.recused,
    )  # fmt: skip


def _remedy_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> RemedyOrder:
    todo = errands.remedy(file, errand.subject)
    clock = clocks.find(file, f"remedy-{todo.id}")
    assert clock is not None and todo.department is not None
    return RemedyOrder(
        **head, remedy=todo.id, department=todo.department, kind=todo.kind, description=todo.description,
        due=clock.due_at,
    )  # fmt: skip


def _payout_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> PayoutOrder:
    paid = errands.remedy(file, errand.subject)
    assert paid.payable is not None
    approvers = [
        approval.by for approval in errands.proposal_of(file, paid).approvals if approval.decision == "approve"
    ]
    return PayoutOrder(
        **head, remedy=paid.id, customer_number=file.complaint.complainant.customer_number, money=paid.payable,
        kind=paid.kind, approved_by=approvers,
    )  # fmt: skip


def _credit_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> PayoutOrder | ReversalOrder:
    credit = errands.credit(file, errand.subject)
    assert credit is not None
    if errand.kind is ErrandKind.DEBIT:
        entry = credit.entry.entry if credit.entry else ""
        return ReversalOrder(**head, remedy=credit.id, entry=entry, money=credit.debit)
    return PayoutOrder(
        **head, remedy=credit.id, customer_number=file.complaint.complainant.customer_number, money=credit.money,
        kind=credits.KIND, approved_by=[credit.by],
    )  # fmt: skip


def _archive_order(file: CaseFile, errand: Errand, head: dict[str, str]) -> ArchiveOrder:
    closed = close(file, errand.ordered_at)
    return ArchiveOrder(
        **head, complaint=file.complaint, closed=closed.model_dump(mode="json"),
        file=file.model_dump(mode="json", exclude=HIDDEN | {"complaint"}),
    )  # fmt: skip
