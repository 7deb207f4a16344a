"""Guarantees proved here, with the packs that are shipped:

- a complaint under several regimes keeps every clock, and the promise is never later than any of them;
- an extension moves the clock of its own regime and no other; what stands still does so by its own regime's rule;
- what a regime calls an extension (not yet, holding reply, delay notice, in progress) needs its letter in time;
- settled within the window, a short letter is enough; after it, the ordinary final response is sent;
- a complaint that an authority passes on has a time of its own beside the law's.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from activities.rules import Rules
from domain import clocks
from domain.casefile import Clock
from domain.effects import LetterKind, RulesQuery
from domain.letters import compose
from domain.pinned import PinnedRules
from tests.domain import said
from tests.domain.cases import PACKS, Case
from tests.domain.people import MANAGER, SPECIALIST

TRANSFER = {
    "product": "Money transfer, virtual currency, or money service",
    "business_type": "Domestic (US) money transfer",
}
WORKING_DAY = "2026-03-02T10:00:00+00:00"


@cache
def resolved(query: str) -> PinnedRules:
    return asyncio.run(Rules(PACKS).resolve_rules(RulesQuery.model_validate_json(query)))


def received(currency: str, **changes: Any) -> Case:
    """A complaint under the rules that the selection table gives it."""
    amount = {"amount": "800.00", "currency": currency}
    complaint = said.complaint(**{"received_at": WORKING_DAY, "amount": amount} | changes)
    case = Case(complaint, resolved(RulesQuery.of(complaint).model_dump_json()))
    case.do_all()
    return case


def clock(case: Case, clock_id: str) -> Clock:
    found = clocks.find(case.file, clock_id)
    assert found is not None, [clock.id for clock in case.file.clocks]
    return found


def due(case: Case, clock_id: str) -> str:
    found = clock(case, clock_id)
    return f"{clocks.calendar_of(case.file, found).local(found.due_at):%a %Y-%m-%d %H:%M}"


def proposed(case: Case, *remedies: dict[str, Any]) -> Case:
    """Identified, assessed without asking anybody, proposed."""
    case.must("verify_identity")
    case.must("assess", investigation_needed=False)
    case.must("propose_resolution", remedies=list(remedies))
    case.do_all()
    return case


# Several regimes ----------------------------------------------------------------------------------------------------


def portal_transfer() -> Case:
    """A transfer complained of through the bureau's portal: the portal's times and Regulation E's, side by side."""
    return received("USD", jurisdiction="US", channel="regulator", subject=TRANSFER,
                    regulator={"regulator": "CFPB", "their_reference": "240302-1"})  # fmt: skip


def test_every_regime_keeps_its_clock_and_the_promise_is_kept_before_all_of_them() -> None:
    case = portal_transfer()
    assert case.file.rule_packs == ["us-cfpb 2026.2", "us-reg-e 2026.2"]
    assert due(case, "law-1") == "Tue 2026-03-17 23:59"
    assert due(case, "law-1-us-reg-e") == "Mon 2026-03-16 23:59"
    assert clock(case, "promise-1").due_at <= clock(case, "law-1-us-reg-e").due_at


def test_an_extension_in_one_regime_leaves_the_other_where_it_was() -> None:
    case = portal_transfer()
    before = clock(case, "law-1-us-reg-e").due_at
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code="in_progress")
    case.do_all()
    assert due(case, "law-1") == "Fri 2026-05-01 23:59"
    assert clock(case, "law-1-us-reg-e").due_at == before
    assert clock(case, "promise-1").due_at <= before


def test_the_final_response_names_the_outside_remedies_of_all_regimes() -> None:
    case = portal_transfer()
    case.must("take_ownership", MANAGER)
    leading, beside = case.pinned.pack.reply.outside_remedies, case.pinned.beside[0].outside_remedies
    _, body = compose(proposed(case).file, LetterKind.FINAL_RESPONSE)
    assert leading[case.pinned.language].strip() in body
    assert beside.strip() in body


def test_a_complaint_passed_on_by_the_central_bank_has_a_time_of_its_own() -> None:
    case = received("CNY")
    case.wait(days=4)
    case.tell("regulator_contacted_us", regulator="中国人民银行", their_reference="PBOC-7")
    assert due(case, "law-1") == "Tue 2026-03-17 23:59"
    assert due(case, "referral-1") == "Sat 2026-03-21 23:59"
    case.tell("regulator_contacted_us", regulator="NFRA", their_reference="NFRA-8")
    assert clocks.find(case.file, "referral-2") is None


# Extensions under their own names -----------------------------------------------------------------------------------

OPEN_ENDED = [
    pytest.param("GB", "GBP", "mortgage", {}, "Mon 2026-04-27 23:59", "2026-05-29", id="uk-disp: not yet"),
    pytest.param("AU", "AUD", "mortgage", {}, "Wed 2026-04-01 23:59", "2026-04-24", id="au-rg271: delay notice"),
    pytest.param(
        "AU",
        "AUD",
        "mortgage",
        {"kind": "default_notice"},
        "Mon 2026-03-23 23:59",
        "2026-04-24",
        id="au-rg271: default",
    ),
]


@pytest.mark.parametrize(("jurisdiction", "currency", "product", "more", "by_law", "stated"), OPEN_ENDED)
def test_where_the_rule_names_no_length_the_notice_names_the_time(
    jurisdiction: str, currency: str, product: str, more: dict[str, Any], by_law: str, stated: str
) -> None:
    case = received(currency, jurisdiction=jurisdiction, subject={"product": product}, **more)
    assert due(case, "law-1") == by_law
    rung = clocks.rule_of(case.file, clock(case, "law-1")).ladder[0]  # type: ignore[union-attr]
    wanted = {"clock": "law-1", "reason_code": rung.reason_codes[0]}
    assert case.refused("extend_deadline", MANAGER, **wanted) == "until_names_the_time"
    until = datetime.fromisoformat(f"{stated}T17:00:00+00:00")
    assert case.refused("extend_deadline", MANAGER, **wanted, until=WORKING_DAY) == "until_too_early"
    case.must("extend_deadline", MANAGER, **wanted, until=until.isoformat())
    assert due(case, "law-1") == by_law
    case.do_all()
    assert clock(case, "law-1").due_at == until
    assert case.refused("extend_deadline", MANAGER, **wanted, until=until.isoformat()) == "ladder_climbed"


def test_a_delay_notice_gives_no_more_time_for_hardship() -> None:
    case = received("AUD", jurisdiction="AU", kind="hardship", subject={"product": "mortgage"})
    wanted = {"clock": "law-1", "reason_code": "particularly_complex", "until": "2026-04-24T17:00:00+10:00"}
    assert case.refused("extend_deadline", MANAGER, **wanted) == "no_ladder"
    assert due(case, "law-1") == "Mon 2026-03-23 23:59"


def test_a_holding_reply_gives_35_business_days_in_all() -> None:
    case = received("GBP", jurisdiction="GB-SCT", subject={"product": "payment"})
    assert case.file.rule_packs[0].startswith("uk-psd ")
    assert due(case, "law-1") == "Mon 2026-03-23 23:59"
    rung = clocks.rule_of(case.file, clock(case, "law-1")).ladder[0]  # type: ignore[union-attr]
    case.must("extend_deadline", MANAGER, clock="law-1", reason_code=rung.reason_codes[0])
    case.do_all()
    assert due(case, "law-1") == "Tue 2026-04-21 23:59"


# Standing still before a court ----------------------------------------------------------------------------------------


def test_time_stops_for_a_traditional_trustee_that_waits_for_a_court_and_for_nobody_else() -> None:
    wanted = {"clock": "law-1", "reason_code": "directions_of_a_court", "reason": "The court was asked for directions."}
    other = received("AUD", jurisdiction="AU", kind="superannuation_trustee", subject={"product": "superannuation"})
    other.must("take_ownership", MANAGER)
    assert other.refused("pause_clock", MANAGER, **wanted) == "never_pauses"
    case = received("AUD", jurisdiction="AU", kind="traditional_trustee", subject={"product": "estate"})
    case.must("take_ownership", MANAGER)
    assert due(case, "law-1") == "Thu 2026-04-16 23:59"
    case.wait_until(datetime.fromisoformat("2026-03-10T09:00:00+11:00"))
    case.must("pause_clock", MANAGER, **wanted)
    subject, body = compose(case.file, LetterKind.PAUSE_NOTICE, case.errand("letter-pause-1"))
    assert "stands still" in subject
    assert "The court was asked for directions." in body
    assert "Australian Financial Complaints Authority (AFCA)" in body
    case.wait_until(datetime.fromisoformat("2026-03-20T16:00:00+11:00"))
    case.must("resume_clock", MANAGER, clock="law-1")
    assert due(case, "law-1") == "Tue 2026-04-28 23:59"  # as the worked case AU-46
    assert due(case, "promise-1") == "Tue 2026-04-21 23:59"


# Settled at once ----------------------------------------------------------------------------------------------------


def test_accepted_within_three_business_days_a_short_letter_is_enough() -> None:
    case = proposed(received("GBP", jurisdiction="GB", subject={"product": "mortgage"}))
    assert due(case, "short_settlement-1") == "Thu 2026-03-05 17:00"
    case.wait_until(clock(case, "short_settlement-1").due_at - timedelta(seconds=1))
    case.must("record_customer_answer")
    case.do_all()
    letter = case.errand("letter-final-1")
    assert letter.letter is LetterKind.SHORT_SETTLEMENT
    assert clock(case, "law-1").state == "met"


def test_accepted_at_close_of_business_the_ordinary_final_response_is_sent() -> None:
    case = proposed(received("GBP", jurisdiction="GB", subject={"product": "mortgage"}))
    case.wait_until(clock(case, "short_settlement-1").due_at)
    case.must("record_customer_answer")
    case.do_all()
    assert case.errand("letter-final-1").letter is LetterKind.FINAL_RESPONSE
    assert clock(case, "short_settlement-1").state == "stopped"
    assert not any(clock.breached_at for clock in case.file.clocks)


def test_a_kind_that_the_rule_excepts_has_no_window() -> None:
    case = received("AUD", jurisdiction="AU-VIC", kind="hardship", subject={"product": "mortgage"})
    assert clocks.find(case.file, "short_settlement-1") is None


# Regulation E without a credit --------------------------------------------------------------------------------------


def test_an_error_is_corrected_and_reported_without_asking_for_consent() -> None:
    case = received("USD", jurisdiction="US", subject=TRANSFER, received_at="2026-03-02T10:00:00-05:00")
    assert case.file.rule_packs[0].startswith("us-reg-e ")
    proposed(case, said.money("800.00", "refund", currency="USD"))
    case.must("decide_compensation", MANAGER if case.file.owner != MANAGER else SPECIALIST)
    assert clock(case, "law-1").state == "met"
    assert due(case, "correction-1") == "Tue 2026-03-03 23:59"
    assert due(case, "report-1") == "Thu 2026-03-05 23:59"
    case.do_all()
    assert {clock(case, name).state for name in ("correction-1", "report-1", "promise-1")} == {"met"}
    assert case.stage == "calling_back"


# Letters of a regime beside -------------------------------------------------------------------------------------------


def test_a_letter_about_the_clock_of_a_regime_beside_is_in_that_regimes_words() -> None:
    case = received("GBP", jurisdiction="GB", subject={"product": "Current account"})
    assert [pack.split()[0] for pack in case.file.rule_packs] == ["uk-psd", "uk-disp"]
    until = {"until": "2026-05-29T17:00:00+00:00"}
    case.must("extend_deadline", MANAGER, clock="law-1-uk-disp", reason_code="complex", **until)
    _, body = compose(case.file, LetterKind.EXTENSION_NOTICE, case.errand("letter-extension-1"))
    assert "You may now refer your complaint to the Financial Ombudsman Service" in body
