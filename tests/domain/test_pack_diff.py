"""Guarantees proved here: what would have come out differently under another rule pack.

- Under its own pack a complaint comes out as it was opened, and a closed one as it ended: with its extensions, pauses
  and dates agreed with the complainant.
- Every difference is told: due times, clocks that only one pack has, tier of entry, refusals, kept and broken.
- An extension counts where the other ladder has the rung; a pause where the other rule allows the reason.
- Complaints that are alike come out alike: words and names move nothing, everything else may.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.calendar import BusinessDays, CalendarDays
from domain.clockrules import ClockKind, MetBy
from domain.complaint import Complaint
from domain.pack_diff import WORDS, Ended, Past, Under, alike, difference, under
from domain.pinned import PinnedRules
from tests.domain import said, stages
from tests.domain.cases import Case, rules
from tests.domain.people import MANAGER
from tests.domain.pinned import changed, clock, pausing

RULES = rules()
KEPT = {"acknowledgement": Ended.KEPT, "law-1": Ended.KEPT, "promise-1": Ended.KEPT}
WINDOW = {ClockKind.SHORT_SETTLEMENT: RULES.pack.clocks[ClockKind.ACKNOWLEDGEMENT]}


def with_pack(rules: PinnedRules, **changes: Any) -> PinnedRules:
    """The rules when their pack says something else."""
    return rules.model_copy(update={"pack": rules.pack.model_copy(update=changes)})


def with_law(days: int, rules: PinnedRules = RULES, **changes: Any) -> PinnedRules:
    """The rules when the law allows so many calendar days."""
    return changed(rules, ClockKind.LAW, length=CalendarDays(calendar_days=days), **changes)


def past(case: Case) -> Past:
    """What the archive would have of a complaint."""
    return Past(case.file.clocks, case.file.cycles[0].answered_at)


def at_the_top(case: Case) -> Case:
    """Owned at the top tier, where no time of a tier runs out."""
    case.must("escalate", to_tier=3)
    case.must("take_ownership", MANAGER)
    return case


def answered(case: Case, after: timedelta = timedelta()) -> Case:
    """The final response is delivered after a while, with nothing to be carried out."""
    case.wait_until(case.now + after)
    case.must("propose_resolution", remedies=[{"kind": "apology", "description": "we are sorry"}])
    case.do_all()
    case.must("record_customer_answer")
    case.do_all()
    assert case.file.cycle.answered_at
    return case


def told(a: PinnedRules, b: PinnedRules, complaint: Complaint, gone: Past | None = None) -> list[str]:
    """What is different about a complaint."""
    found = difference(complaint, under(a, complaint, gone), under(b, complaint, gone))
    return found.what if found else []


def test_a_complaint_comes_out_as_it_is_opened() -> None:
    case = Case(said.complaint(media=True))
    found = under(RULES, case.complaint)
    assert found.tier == case.file.tier == 3
    opened = {clock.id: clock.due_at for clock in case.file.clocks}
    assert found.due == {clock: opened[clock] for clock in ("acknowledgement", "law-1", "promise-1")}
    assert difference(case.complaint, found, found) is None


def test_a_closed_complaint_comes_out_as_it_ended() -> None:
    case = stages.closed()
    found = under(RULES, case.complaint, past(case))
    assert found.ended == KEPT
    assert found.due == under(RULES, case.complaint).due


@pytest.mark.parametrize(
    ("kind", "changes", "what"),
    [
        (ClockKind.LAW, {"length": CalendarDays(calendar_days=20)}, ["law-1 due later"]),
        (ClockKind.PROMISE, {"length": CalendarDays(calendar_days=2)}, ["promise-1 due earlier"]),
        (ClockKind.ACKNOWLEDGEMENT, {"length": BusinessDays(business_days=2)}, ["acknowledgement due later"]),
        (ClockKind.LAW, {"length": CalendarDays(calendar_days=5)}, ["law-1 due earlier", "promise-1 due earlier"]),
        (ClockKind.OFFER, {"length": CalendarDays(calendar_days=20)}, []),
    ],
)
def test_another_time_is_told(kind: ClockKind, changes: dict[str, Any], what: list[str]) -> None:
    assert told(RULES, changed(RULES, kind, **changes), said.complaint()) == what


def test_a_clock_that_one_pack_has_is_told() -> None:
    other = with_pack(RULES, clocks=RULES.pack.clocks | WINDOW)
    assert told(RULES, other, said.complaint()) == ["short_settlement-1 under B only"]
    assert told(other, RULES, said.complaint()) == ["short_settlement-1 under A only"]


def test_nobody_has_to_keep_a_window() -> None:
    case = stages.closed()
    assert under(with_pack(RULES, clocks=RULES.pack.clocks | WINDOW), case.complaint, past(case)).ended == KEPT


def test_another_tier_of_entry_is_told() -> None:
    other = with_pack(RULES, tiers=[RULES.pack.tiers[0], RULES.pack.tiers[2]])
    assert told(RULES, other, said.complaint(media=True)) == ["tier lower"]
    assert told(other, RULES, said.complaint(media=True)) == ["tier higher"]


def test_a_refusal_is_told_and_nothing_else() -> None:
    complaint = said.complaint()
    there, refused = under(RULES, complaint), Under(refused="not in force yet")
    found = difference(complaint, there, refused), difference(complaint, refused, there)
    assert [one.what for one in found if one] == [["refused by B only"], ["refused by A only"]]
    assert difference(complaint, refused, refused) is None


# What happened in fact ------------------------------------------------------------------------------------------------


def test_what_was_kept_would_have_been_broken() -> None:
    case = answered(at_the_top(stages.proposing()), timedelta(days=8))
    assert told(RULES, with_law(5), case.complaint, past(case)) == [
        "law-1 due earlier", "promise-1 due earlier",
        "law-1 kept under A, broken under B", "promise-1 kept under A, broken under B",
    ]  # fmt: skip


def test_what_was_broken_would_have_been_kept() -> None:
    case = answered(at_the_top(stages.proposing()), timedelta(days=16))
    assert clock(case, "law-1").state == "met late"
    assert "law-1 broken under A, kept under B" in told(RULES, with_law(20), case.complaint, past(case))


def test_an_extension_counts_where_the_ladder_has_the_rung() -> None:
    case = stages.proposing()
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    answered(at_the_top(case), timedelta(days=20))
    assert under(RULES, case.complaint, past(case)).due["law-1"] == clock(case, "law-1").due_at
    assert under(RULES, case.complaint, past(case)).ended == KEPT
    without = under(changed(RULES, ClockKind.LAW, ladder=[]), case.complaint, past(case))
    assert without.due["law-1"] == under(RULES, case.complaint).due["law-1"]
    assert without.ended == KEPT | {"law-1": Ended.BROKEN, "promise-1": Ended.BROKEN}


def test_a_rung_whose_time_its_notice_named_keeps_that_time() -> None:
    case = stages.proposing()
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="complex")
    case.do_all()
    law = RULES.pack.clocks[ClockKind.LAW]
    open_ended = changed(RULES, ClockKind.LAW, ladder=[law.ladder[0].model_copy(update={"length": None})])
    assert under(open_ended, case.complaint, past(case)).due["law-1"] == clock(case, "law-1").due_at


def test_a_pause_counts_where_the_rule_allows_its_reason() -> None:
    pinned = pausing(ClockKind.LAW)
    case = at_the_top(Case(said.complaint(), pinned))
    case.wait(days=1)
    case.must("pause_clock", clock="law-1", reason_code="outside_appraisal", reason="an expert looks at it")
    case.wait(days=5)
    case.must("resume_clock", clock="law-1", reason="the appraisal has arrived")
    allowed = under(pinned, case.complaint, past(case)).due["law-1"]
    never = under(changed(pinned, ClockKind.LAW, may_pause_for=[]), case.complaint, past(case)).due["law-1"]
    assert allowed == clock(case, "law-1").due_at
    assert allowed - never == timedelta(days=5)


def test_a_date_agreed_with_the_complainant_is_kept_up_to_the_law() -> None:
    case = stages.identity_verified()
    agreed = case.now + timedelta(days=14)
    case.must("assess", cooling_off_until=agreed.isoformat())
    assert under(RULES, case.complaint, past(case)).due["promise-1"] == agreed
    shorter = under(with_law(10), case.complaint, past(case))
    assert shorter.due["promise-1"] == shorter.due["law-1"]


def test_what_was_withdrawn_in_time_is_neither_kept_nor_broken() -> None:
    case = stages.withdrawn()
    ended = under(RULES, case.complaint, past(case)).ended
    assert (ended["law-1"], ended["promise-1"]) == (Ended.STOPPED, Ended.STOPPED)


def test_a_determination_keeps_only_the_law_that_asks_for_one() -> None:
    case = answered(at_the_top(stages.proposing()))
    recorded = past(case)
    assert recorded.answered_at
    earlier = [one.model_copy(update={"met_at": recorded.answered_at - timedelta(days=3)}) for one in recorded.clocks]
    late = Past(earlier, recorded.answered_at + timedelta(days=16))
    assert under(RULES, case.complaint, late).ended["law-1"] is Ended.BROKEN
    determined = changed(RULES, ClockKind.LAW, met_by=MetBy.DETERMINATION)
    assert under(determined, case.complaint, late).ended["law-1"] is Ended.KEPT


# Complaints that are alike --------------------------------------------------------------------------------------------


OTHERWISE: dict[str, Any] = {
    "reference": "OTHER-1", "narrative": "other words", "summary": "other words", "wishes": "a rose",
    "promises": ["soon"], "complainant": {"name": "Somebody Else", "language": "en"}, "evidence": [],
    "subject": {"product": "card"}, "happened_on": "2026-02-01",
    "received_at": "2026-03-03T10:00:00+08:00", "channel": "phone", "amount": {"amount": "9", "currency": "CNY"},
    "representative": {"name": "An Heir", "capacity": "heir"}, "people": 20, "media": True, "vulnerable": True,
    "regulator": {"regulator": "NFRA", "their_reference": "N-1"}, "received_by": None, "jurisdiction": "CN",
    "kind": "hardship", "rule_pack": "cn-banking", "also_under": ["us-cfpb"],
}  # fmt: skip


@pytest.mark.parametrize("field", Complaint.model_fields)
def test_only_words_and_names_make_no_difference(field: str) -> None:
    one, other = said.complaint(), said.complaint(**{field: OTHERWISE[field]})
    assert (alike(one) == alike(other)) == (WORDS.get(field) is True)
    if alike(one) == alike(other):
        assert under(RULES, one) == under(RULES, other)


def test_the_language_of_the_letters_may_make_a_difference() -> None:
    chinese = said.COMPLAINT["complainant"] | {"language": "zh"}
    assert alike(said.complaint()) != alike(said.complaint(complainant=chinese))


def test_the_file_number_of_an_authority_makes_no_difference() -> None:
    one, other = ({"regulator": "NFRA", "their_reference": number} for number in ("N-1", "N-2"))
    assert alike(said.complaint(regulator=one)) == alike(said.complaint(regulator=other))
