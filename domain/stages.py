"""The stage of a complaint, derived from the facts in its file."""

from __future__ import annotations

from domain.casefile import CaseFile, Proposal, ProposalStatus
from domain.model import Stage
from domain.remedies import owed
from domain.resolution import findings_complete


def stage(file: CaseFile) -> Stage:
    """Where the complaint is in its life: the first gate that is still shut."""
    if file.closed_at:
        return Stage.CLOSED
    if file.outcome:
        return Stage.CLOSING
    if not file.cycles:
        return Stage.RECEIVED
    if file.withdrawn or file.cycle.answered_at:
        return Stage.REMEDYING if owed(file) else Stage.CALLING_BACK
    if file.cycle.assessment is None:
        return _before_assessment(file)
    return _after_assessment(file)


def _before_assessment(file: CaseFile) -> Stage:
    if file.identity_verified_at:
        return Stage.IDENTITY_VERIFIED
    return Stage.ACKNOWLEDGED if file.acknowledged_at else Stage.RECEIVED


def _after_assessment(file: CaseFile) -> Stage:
    proposal = file.cycle.proposal
    if proposal and proposal.settled:
        return Stage.REMEDYING if owed(file) or _not_started(proposal) else Stage.REPLYING
    if proposal and proposal.status is ProposalStatus.AWAITING_APPROVAL:
        return Stage.APPROVING
    if proposal and proposal.status in (ProposalStatus.APPROVED, ProposalStatus.OFFERED):
        return Stage.OFFERED
    if proposal or findings_complete(file):
        return Stage.PROPOSING
    asked = any(inquiry.cycle == file.cycle.number for inquiry in file.investigations)
    return Stage.INVESTIGATING if asked else Stage.ASSESSED


def _not_started(proposal: Proposal) -> bool:
    return any(remedy.started_at is None and not remedy.dropped for remedy in proposal.remedies)
