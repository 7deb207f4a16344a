"""The case file: everything that is known of one complaint, as carried through its whole life."""

from domain.casefile.clock import Clock, ClockMove, ClockPause, Extension
from domain.casefile.credit import Credit, CreditState
from domain.casefile.errand import Errand, ErrandKind, PersonTask
from domain.casefile.file import (
    HIDDEN,
    CallAttempt,
    CaseFile,
    Contact,
    Cycle,
    Entry,
    Ownership,
    Quarantined,
    TierChange,
    Withdrawal,
)
from domain.casefile.handled import EACH as EACH_HANDLED
from domain.casefile.handled import Handled
from domain.casefile.investigation import Finding, Investigation, InvestigationState
from domain.casefile.proposal import LIVE, NOT_ACCEPTED, Approval, Proposal, ProposalStatus, Remedy

__all__ = [
    "EACH_HANDLED",
    "HIDDEN",
    "LIVE",
    "NOT_ACCEPTED",
    "Approval",
    "CallAttempt",
    "CaseFile",
    "Clock",
    "ClockMove",
    "ClockPause",
    "Contact",
    "Credit",
    "CreditState",
    "Cycle",
    "Entry",
    "Errand",
    "ErrandKind",
    "Extension",
    "Finding",
    "Handled",
    "Investigation",
    "InvestigationState",
    "Ownership",
    "PersonTask",
    "Proposal",
    "ProposalStatus",
    "Quarantined",
    "Remedy",
    "TierChange",
    "Withdrawal",
]
