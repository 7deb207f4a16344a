"""Receiving: opening the file, acknowledging, verifying identity, assessing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain import clocks, errands, tiers
from domain.calendar import Due
from domain.casefile import CaseFile, Clock, Cycle, Errand, ErrandKind
from domain.clockrules import ClockKind
from domain.complaint import RegulatorReferral
from domain.decisions import Assess, VerifyIdentity
from domain.effects import CustomerRecord, LetterKind
from domain.investigations import proposal_not_live
from domain.model import Staff
from domain.pinned import PinnedRules
from domain.refusals import Refusal, refuse
from domain.rulepack import Power
from domain.staff import may, owner_acts, role_of

ACKNOWLEDGEMENT = "letter-acknowledgement"


def open_file(file: CaseFile, rules: PinnedRules, now: datetime) -> None:
    """Pin the rules, start the clocks from the day of receipt, and find the first tier."""
    complaint = file.complaint
    file.rules = rules
    file.recused = list(complaint.subject.staff)
    file.people, file.media = complaint.people, complaint.media
    file.vulnerable = file.vulnerable or complaint.vulnerable
    file.evidence = list(complaint.evidence)
    file.cycles.append(Cycle(number=1, started_at=now))
    file.write(now, "received", _under(rules), complaint.received_by)
    clocks.start(
        file, ClockKind.ACKNOWLEDGEMENT, ClockKind.ACKNOWLEDGEMENT, "acknowledgement", complaint.received_at, now
    )
    clocks.start_cycle_clocks(file, complaint.received_at, now)
    window = "settled to the complainant's satisfaction, for a short letter"
    clocks.start_duties(file, ClockKind.SHORT_SETTLEMENT, 1, window, complaint.received_at, now)
    _first_owner(file, complaint.received_by, now)
    if complaint.regulator:
        regulator_involved(file, complaint.regulator, complaint.received_at, now)
    tiers.climb_if_entered(file, now)
    errands.order(file, Errand(id="lookup", kind=ErrandKind.LOOKUP, ordered_at=now))


def _under(rules: PinnedRules) -> str:
    return f"under {', beside '.join(rules.packs)}" + (f": {rules.chosen}" if rules.chosen else "")


def _first_owner(file: CaseFile, received_by: Staff | None, now: datetime) -> None:
    """Who took the complaint answers for it, when the role allows it; else the first line is asked."""
    role = role_of(file, received_by) if received_by else None
    if received_by and role and Power.HANDLE in role.powers and role.tier and received_by.id not in file.recused:
        tiers.own(file, received_by, now)
    else:
        tiers.call_for_owner(file, "new complaint", now)


def regulator_involved(file: CaseFile, letter: RegulatorReferral, since: datetime, now: datetime) -> None:
    """A regulator asks: its clock runs beside the others, and the matter is for the tier that answers regulators.

    What it writes again before it is answered is the same question, for which it may set another day; what it writes
    after that is a new one.

    Args:
        letter: what it wrote.
        since: when that reached the bank, from which its time is counted.
    """
    if number := asked_before(file, letter):
        _written_again(file, f"{ClockKind.REGULATOR}-{number}", letter, now)
    else:
        _asked(file, letter, since if file.pinned().procedure >= 2 else now, now)
    tiers.climb_if_entered(file, now)


def asked_before(file: CaseFile, letter: RegulatorReferral) -> int | None:
    """The number of the regulator's question to which a letter belongs, if it is no new one."""
    for number, known in enumerate(file.regulators, start=1):
        if known.their_reference == letter.their_reference and _waits(file, number, known, letter):
            return number
    return None


def _waits(file: CaseFile, number: int, known: RegulatorReferral, letter: RegulatorReferral) -> bool:
    if file.pinned().procedure < 2:
        return True
    clock = clocks.find(file, f"{ClockKind.REGULATOR}-{number}")
    return clock is not None and clock.running and known.regulator.casefold() == letter.regulator.casefold()


def _asked(file: CaseFile, letter: RegulatorReferral, since: datetime, now: datetime) -> None:
    file.regulators.append(letter)
    number = len(file.regulators)
    clock = clocks.start(file, f"{ClockKind.REGULATOR}-{number}", ClockKind.REGULATOR, "answer to the regulator", since,
                         now)  # fmt: skip
    if letter.reply_due:
        clocks.fix(file, clock, Due(at=letter.reply_due), "set by the regulator", None, now)
    _passed_on(file, letter.regulator, number, since, now)
    errands.open_task(file, clock.id, "answer the regulator; the final response settles it too", now)


def _written_again(file: CaseFile, clock_id: str, letter: RegulatorReferral, now: datetime) -> None:
    """The day that the regulator named last is the one that counts; people are told that it is another."""
    clock = clocks.find(file, clock_id)
    if file.pinned().procedure < 2 or clock is None or not (clock.ticking and letter.reply_due):
        return
    if letter.reply_due != clock.due_at:
        clocks.fix(file, clock, Due(at=letter.reply_due), "set anew by the regulator", None, now)
        text = f"the regulator set another day: {clock.subject} is due {clocks.shown(file, clock.due_at)}"
        tiers.alert(file, f"notice-{clock.id}-{len(clock.moves)}", "warning", text, now, clock.due_at)


def _passed_on(file: CaseFile, regulator: str, number: int, since: datetime, now: datetime) -> None:
    """Complaints that this authority passes on have a time of their own for the answer, beside the law's."""
    for pack, rule in file.pinned().duties(ClockKind.REFERRAL):
        if regulator.casefold() in (name.casefold() for name in rule.regulators):
            beside = "" if pack == file.pinned().pack.name else pack
            clock_id = "-".join(part for part in (ClockKind.REFERRAL, str(number), beside) if part)
            clocks.start(file, clock_id, ClockKind.REFERRAL, "final response, as passed on", since, now, beside)
            clocks.keep_promise_within_laws(file, "", now)


def know_customer(file: CaseFile, record: CustomerRecord, now: datetime) -> None:
    """Enter what the directory knows; it may lift the tier."""
    file.customer = record
    file.vulnerable = file.vulnerable or record.vulnerable
    tiers.climb_if_entered(file, now)


def order_acknowledgement(file: CaseFile, now: datetime) -> None:
    """Acknowledge at once, with the concrete time and the complaint in the bank's words.

    One that was given up while the complaint was withdrawn is written anew when it goes on.
    """
    first = errands.find(file, ACKNOWLEDGEMENT)
    given_up = first is not None and first.done_at is not None and file.acknowledged_at is None
    anew = given_up and file.pinned().procedure >= 2
    letter = f"{ACKNOWLEDGEMENT}-{file.cycle.number}" if anew else ACKNOWLEDGEMENT
    errands.letter(file, LetterKind.ACKNOWLEDGEMENT, letter, now)


def acknowledged(file: CaseFile, now: datetime) -> None:
    """The acknowledgement reached the complainant."""
    file.acknowledged_at = now
    clocks.meet_kinds(file, now, ClockKind.ACKNOWLEDGEMENT)


def check_verify_identity(file: CaseFile, message: VerifyIdentity, now: datetime) -> Iterator[Refusal]:
    """The holder, or a representative with a signed authorisation."""
    yield from may(file, message.by, Power.HANDLE, "verify identities")
    if file.identity_verified_at:
        yield refuse("already_verified")
    if message.verified and file.complaint.representative and message.authorisation is None:
        yield refuse("authorisation_missing")


def verify_identity(file: CaseFile, message: VerifyIdentity, now: datetime) -> str:
    """Enter the result of the identity check."""
    if message.authorisation:
        file.evidence.append(message.authorisation)
    if not message.verified:
        file.failed_identity_checks += 1
        file.identity_failed_at = file.identity_failed_at or now
        return "The failed check is on file; the complaint waits for another."
    file.identity_verified_at = now
    return "The identity is verified; the complaint can be assessed."


def check_assess(file: CaseFile, message: Assess, now: datetime) -> Iterator[Refusal]:
    """The owner assesses, after identity and before a proposal is under way."""
    yield from owner_acts(file, message.by, "assess")
    if file.identity_verified_at is None:
        yield refuse("identity_first")
    if file.cycle.answered_at:
        yield refuse("answered_already")
    yield from proposal_not_live(file.cycle.proposal)
    if message.tier is not None and message.tier < file.tier:
        yield refuse("tier_falls", tier=file.tier)
    if message.tier is not None and message.tier > file.pinned().pack.top_tier:
        yield refuse("no_such_tier", top=file.pinned().pack.top_tier, tier=message.tier)
    if message.cooling_off_until and message.cooling_off_until <= now:
        yield refuse("cooling_off_in_past")
    law = _law_that_binds(file)
    if message.cooling_off_until and message.cooling_off_until > law.due_at:
        yield refuse("cooling_off_past_law", due=clocks.shown(file, law.due_at))


def _law_that_binds(file: CaseFile) -> Clock:
    """Past which no cooling-off may last: the law's clock, or an authority's that runs out before."""
    soonest = clocks.soonest_law(file) if file.pinned().procedure >= 2 else None
    return soonest or clocks.law(file)


def assess(file: CaseFile, message: Assess, now: datetime) -> str:
    """Enter the assessment; recuse, climb and cool off as it says."""
    file.cycle.assessment = message
    file.vulnerable = file.vulnerable or message.vulnerable
    errands.settle_task(file, "correction", "assessed anew", now)
    if message.cooling_off_until:
        _cool_off(file, message.cooling_off_until, message.by, now)
    tiers.recuse(file, message.complained_of, now)
    tiers.climb(file, message.tier or 1, "assessment", now, message.by)
    tiers.climb_if_entered(file, now)
    if message.investigation_needed:
        return "Assessed; ask the departments that hold the facts."
    return "Assessed; a resolution can be proposed."


def _cool_off(file: CaseFile, until: datetime, by: Staff, now: datetime) -> None:
    """A pause agreed with the customer moves the promise, up to the law, and never the law."""
    promise = clocks.promise(file)
    if promise.ticking and until > promise.due_at:
        clocks.fix(file, promise, Due(at=until), "cooling-off agreed with the customer", by, now)
