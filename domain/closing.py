"""The record of a closed complaint: what the workflow returns and the archive keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import errands
from domain.casefile import CaseFile, Entry, Errand, ErrandKind
from domain.clockrules import ClockKind
from domain.credit_amounts import beyond_remedies
from domain.credits import KIND
from domain.effects import LetterKind
from domain.errands import all_proposals
from domain.model import Identifier, Instant, Model, Money, Nature, Outcome, Responsibility, total
from domain.timekeeping import PROMISES
from domain.timeledger import TimeShare, department_time, time_ledger

ARCHIVE = "archive"
"""Id of the errand that has the complaint archived."""


class ClosedClock(Model):
    """How one clock ended."""

    id: str
    """Which clock."""
    due_at: Instant
    """When it was due at last."""
    state: str
    """met, met late, breached, stopped."""
    breached_at: Instant | None = None
    """The instant of the breach, if there was one."""
    kind: str = ""
    """Its kind, as in the rule pack, or investigation, acceptance, take_over, tier."""
    met_at: Instant | None = None
    """When what it measures was done, if it was."""


class Escalation(Model):
    """A step up the ladder."""

    at: Instant
    """When."""
    tier: int
    """To which tier."""
    reason: str
    """Why: decision, amount, regulator, breach and the like."""


class ClosedCredit(Model):
    """What became of a provisional credit."""

    id: str
    """Which credit."""
    money: Money
    """How much was credited."""
    state: str
    """final, part_final, reversed, or given_up when it was never made."""
    credited_at: Instant | None = None
    """When it was booked."""
    kept: Money | None = None
    """How much the customer kept."""
    reversed_at: Instant | None = None
    """When the rest was taken back."""


class ClosedComplaint(Model):
    """What became of a complaint."""

    reference: Identifier
    """The complaint."""
    outcome: Outcome
    """How it ended."""
    reached: bool
    """Whether the customer was spoken to in the closing call-back."""
    received_at: Instant
    """When it reached the bank."""
    acknowledged_at: Instant | None
    """When the acknowledgement was delivered."""
    answered_at: Instant | None
    """When the first final response was delivered; a later cycle does not change it. Empty when withdrawn before."""
    called_back_at: Instant
    """When the call-back had its outcome."""
    closed_at: Instant
    """When it was closed."""
    nature: Nature | None
    """What it was about."""
    responsibility: Responsibility | None
    """Who was answerable."""
    root_causes: list[str]
    """The process faults found."""
    departments: list[str]
    """Who was asked."""
    tier: int
    """The highest tier it reached."""
    cycles: int
    """How often it was answered and called back."""
    contacts: int
    """How often the customer had to contact the bank again."""
    remedies: list[str]
    """What was carried out."""
    paid: dict[str, Decimal]
    """Money paid, per currency."""
    breached: bool
    """Whether a promise to customer, law or regulator was broken."""
    clocks: list[ClosedClock]
    """Every clock."""
    rule_pack: str
    """Name and version of the leading rule pack."""
    also_under: list[str] = []
    """Name and version of the rule packs whose clocks ran beside."""
    journal_length: int
    """Number of journal entries in the archive."""
    escalations: list[Escalation] = []
    """Every step up the ladder."""
    call_attempts: int = 0
    """How often the customer was called, over all cycles."""
    solved: bool | None = None
    """Whether it is solved, as the customer said in the closing call-back; empty when withdrawn or not reached."""
    satisfied: bool | None = None
    """Whether the customer is satisfied, as they said there; empty when withdrawn or not reached."""
    compensation: dict[str, dict[str, Decimal]] = {}
    """Money paid per kind of remedy and currency."""
    time: list[TimeShare] = []
    """The time from receipt to close, divided among tiers and parties; adds up to the whole."""
    department_time: dict[str, timedelta] = {}
    """For how long each department had it, whoever else had it at the same time."""
    credits: list[ClosedCredit] = []
    """Every provisional credit."""


def breached(file: CaseFile) -> bool:
    """Whether a promise to customer, law or regulator was broken."""
    return any(clock.breached_at and clock.kind in PROMISES for clock in file.clocks)


def close(file: CaseFile, closed_at: datetime) -> ClosedComplaint:
    """Write the closing record. There is no other way to close, and it needs the outcome of a call-back."""
    cycle = file.cycle
    if file.outcome is None or cycle.callback_at is None:
        raise RuntimeError("a complaint cannot be closed without the outcome of a call-back")
    assessment = next((cycle.assessment for cycle in reversed(file.cycles) if cycle.assessment), None)
    accepted = [proposal for proposal in all_proposals(file) if proposal.settled]
    return ClosedComplaint(
        reference=file.complaint.reference, outcome=file.outcome, reached=cycle.unreachable_confirmed_by is None,
        received_at=file.complaint.received_at, acknowledged_at=file.acknowledged_at,
        answered_at=min((one.answered_at for one in file.cycles if one.answered_at), default=None),
        called_back_at=cycle.callback_at, closed_at=closed_at,
        nature=assessment.nature if assessment else None,
        responsibility=accepted[-1].content.responsibility if accepted
        else assessment.responsibility if assessment else None,
        root_causes=_root_causes(file), departments=sorted({inquiry.department for inquiry in file.investigations}),
        tier=file.tier, cycles=len(file.cycles), contacts=file.contact_count,
        remedies=[remedy.kind for proposal in accepted for remedy in proposal.remedies if remedy.done_at],
        paid=paid(file), breached=breached(file),
        rule_pack=file.pinned().packs[0], also_under=file.pinned().packs[1:], journal_length=file.journal_length,
        **_particulars(file, closed_at),
    )  # fmt: skip


def supplemented(closed: ClosedComplaint, file: CaseFile) -> ClosedComplaint:
    """The record of an earlier version with what it did not have, as far as the archived file tells."""
    return closed.model_copy(update=_particulars(file, closed.closed_at))


def _particulars(file: CaseFile, closed_at: datetime) -> dict[str, Any]:
    """What reports need besides; records of earlier versions have it not, or less of it."""
    last = file.cycle.calls[-1] if file.cycle.calls and not file.withdrawn else None
    return {
        "clocks": [ClosedClock(id=clock.id, due_at=clock.due_at, state=clock.state, breached_at=clock.breached_at,
                               kind=clock.kind, met_at=clock.met_at) for clock in file.clocks],
        "escalations": [Escalation(at=step.at, tier=step.to_tier, reason=step.reason) for step in file.tier_changes],
        "call_attempts": sum(len(cycle.calls) for cycle in file.cycles),
        "solved": last.solved if last else None,
        "satisfied": last.satisfied if last else None,
        "compensation": compensation_by_kind(file),
        "time": time_ledger(file, closed_at),
        "department_time": department_time(file, closed_at),
        "credits": [ClosedCredit.model_validate(credit.model_dump(include=set(ClosedCredit.model_fields)))
                    for credit in file.credits],
    }  # fmt: skip


def _root_causes(file: CaseFile) -> list[str]:
    found = [finding.root_cause for inquiry in file.investigations for finding in inquiry.findings]
    proposed = [proposal.content.root_cause for proposal in all_proposals(file)]
    return list(dict.fromkeys(cause for cause in (*found, *proposed) if cause))


def paid(file: CaseFile) -> dict[str, Decimal]:
    """Money paid to the customer, per currency."""
    return total([money for _, money in _payments(file)])


def compensation_by_kind(file: CaseFile) -> dict[str, dict[str, Decimal]]:
    """Money paid to the customer, per kind of remedy and currency."""
    payments = list(_payments(file))
    kinds = dict.fromkeys(kind for kind, _ in payments)
    return {kind: total([money for other, money in payments if other == kind]) for kind in kinds}


def _payments(file: CaseFile) -> Iterator[tuple[str, Money]]:
    for proposal in all_proposals(file):
        for remedy in proposal.remedies:
            if remedy.money and remedy.done_at and proposal.agreed:
                yield str(remedy.kind), remedy.money
    for credit in file.credits:
        if credit.settled and (money := beyond_remedies(file, credit)):
            yield KIND, money


def order_final_position(file: CaseFile, now: datetime) -> None:
    """Not satisfied at the top: the last letter names the outside remedies."""
    if file.outcome is Outcome.UNRESOLVED:
        errands.letter(file, LetterKind.FINAL_POSITION, "letter-final-position", now)


def nothing_left(file: CaseFile) -> bool:
    """Whether nothing is on its way any more, no regulator waits, no credit is undone, and no person has to look."""
    sent = not any(map(_waited_for, file.errands))
    asked = any(clock.kind == ClockKind.REGULATOR and clock.running for clock in file.clocks)
    credited = any(not credit.settled for credit in file.credits)
    return sent and not asked and not credited and not errands.needs_attention(file)


LASTING = {ErrandKind.LETTER, ErrandKind.PAYOUT, ErrandKind.REVERSAL, ErrandKind.REMEDY, ErrandKind.CREDIT,
           ErrandKind.DEBIT}  # fmt: skip
"""What the complainant gets: no closing without it, whoever knows that it fails."""


def _waited_for(errand: Errand) -> bool:
    """Whether the closing waits for an errand.

    It also waits for what the bank's own people and systems are told: a department whose question was recalled would
    work on in vain, and nobody would hear of a breach. But only until a person was told that it keeps failing: whoever
    settles that task lets the complaint close without.
    """
    return not errand.done_at and (errand.kind in LASTING or not errand.trouble_told)


def order_archive(file: CaseFile, now: datetime) -> None:
    """Have the closed complaint kept; ordered again in a later run, it is the same order."""
    if not archive_ordered(file):
        file.archived_entries = file.journal_length
    errands.order(file, Errand(id=ARCHIVE, kind=ErrandKind.ARCHIVE, ordered_at=now))


def archive_ordered(file: CaseFile) -> bool:
    """Whether the archive was given the complaint, with the journal as it was then."""
    return errands.find(file, ARCHIVE) is not None


def archived(file: CaseFile) -> bool:
    """Whether the archive holds the complaint."""
    errand = errands.find(file, ARCHIVE)
    return errand is not None and errand.done_at is not None


def as_archived(file: CaseFile) -> ClosedComplaint:
    """The closing record that the archive holds; what came and was seen to since then is in it, too."""
    errand = errands.find(file, ARCHIVE)
    assert errand is not None
    return close(file, errand.ordered_at).model_copy(update={"journal_length": file.archived_entries})


def late_entries(file: CaseFile) -> list[Entry]:
    """Messages that came while the complaint was being archived; they are kept as a page of their own."""
    came_late = file.journal[-(file.journal_length - file.archived_entries) :]
    return [entry for entry in came_late if entry.number >= file.archived_entries and _came(entry)]


def _came(entry: Entry) -> bool:
    """Whether an entry is a message, readable or not."""
    return entry.message is not None or entry.what == "quarantined"
