"""Decisions: the updates that people send. Each is answered at once, with a receipt or with the reason of refusal."""

from domain.decisions.base import Decision, Receipt
from domain.decisions.ending import AddNote, ConfirmUnreachable, RecordCallback, ResolveTask, Settlement, Withdraw
from domain.decisions.handling import (
    Assess,
    Escalate,
    ExtendDeadline,
    PauseClock,
    RequestInvestigation,
    ResumeClock,
    TakeOwnership,
    VerifyIdentity,
)
from domain.decisions.resolution import (
    INTERNAL_KINDS,
    MONEY_KINDS,
    Answer,
    DecideCompensation,
    PointAnswer,
    Position,
    ProposedRemedy,
    ProposeResolution,
    RecordCustomerAnswer,
    RemedyKind,
    Verdict,
)

DECISIONS: dict[str, type[Decision]] = {
    decision.NAME: decision
    for decision in (
        VerifyIdentity,
        Assess,
        RequestInvestigation,
        ProposeResolution,
        DecideCompensation,
        RecordCustomerAnswer,
        ExtendDeadline,
        PauseClock,
        ResumeClock,
        Escalate,
        TakeOwnership,
        RecordCallback,
        ConfirmUnreachable,
        Withdraw,
        ResolveTask,
        AddNote,
    )
}
"""Every update of the public interface by its name."""


__all__ = [
    "DECISIONS",
    "INTERNAL_KINDS",
    "MONEY_KINDS",
    "AddNote",
    "Answer",
    "Assess",
    "ConfirmUnreachable",
    "DecideCompensation",
    "Decision",
    "Escalate",
    "ExtendDeadline",
    "PauseClock",
    "PointAnswer",
    "Position",
    "ProposeResolution",
    "ProposedRemedy",
    "Receipt",
    "RecordCallback",
    "RecordCustomerAnswer",
    "RemedyKind",
    "RequestInvestigation",
    "ResolveTask",
    "ResumeClock",
    "Settlement",
    "TakeOwnership",
    "Verdict",
    "VerifyIdentity",
    "Withdraw",
]
