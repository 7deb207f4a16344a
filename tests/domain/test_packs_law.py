"""Guarantees proved here:

- the shipped packs say what the law says, and how sure we are of it;
- every place that a pack is for has its holidays.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import holidays
import pytest

from activities.pack_files import pack_paths, usable
from domain.calendar import BusinessDays, CalendarDays, Hours, Span, Weeks
from domain.clockrules import ClockKind, MetBy, Need, SourceStatus
from domain.counting import CountFrom, DayEnd, Roll
from tests.domain.broken_packs import PACKS, shipped

READ, SECONDARY, POLICY = SourceStatus.READ, SourceStatus.SECONDARY, SourceStatus.POLICY


def days(number: int) -> Span:
    return CalendarDays(calendar_days=number)


def business(number: int) -> Span:
    return BusinessDays(business_days=number)


PLACES = [(path.stem, code) for path in pack_paths(PACKS) for code in (None, *shipped(path.stem).calendar.places)]
REG_E = ClockKind.CREDIT_NOTICE, ClockKind.CORRECTION, ClockKind.REPORT

LAW: list[tuple[str, ClockKind, str | None, Span, SourceStatus, list[tuple[Span | None, SourceStatus]]]] = [
    ("cn-banking", ClockKind.LAW, None, days(15), SECONDARY, [(days(30), SECONDARY), (days(60), SECONDARY)]),
    ("cn-banking", ClockKind.REFERRAL, None, days(15), SECONDARY, [(days(60), SECONDARY)]),
    ("uk-disp", ClockKind.ACKNOWLEDGEMENT, None, business(1), POLICY, []),
    ("uk-disp", ClockKind.SHORT_SETTLEMENT, None, business(3), READ, []),
    ("uk-disp", ClockKind.LAW, None, Weeks(weeks=8), READ, [(None, READ)]),
    ("uk-psd", ClockKind.SHORT_SETTLEMENT, None, business(3), READ, []),
    ("uk-psd", ClockKind.LAW, None, business(15), READ, [(business(35), READ)]),
    ("eu-psd2", ClockKind.ACKNOWLEDGEMENT, None, business(1), POLICY, []),
    ("eu-psd2", ClockKind.LAW, None, business(15), READ, [(business(35), READ)]),
    ("au-rg271", ClockKind.ACKNOWLEDGEMENT, None, Hours(hours=24), READ, []),
    ("au-rg271", ClockKind.LAW, None, days(30), READ, [(None, READ)]),
    ("au-rg271", ClockKind.LAW, "hardship", days(21), READ, []),
    ("au-rg271", ClockKind.LAW, "default_notice", days(21), READ, [(None, READ)]),
    ("au-rg271", ClockKind.LAW, "superannuation_trustee", days(45), READ, [(None, READ)]),
    ("au-rg271", ClockKind.LAW, "traditional_trustee", days(45), READ, [(None, READ)]),
    ("au-rg271", ClockKind.SHORT_SETTLEMENT, None, business(5), READ, []),
    ("us-cfpb", ClockKind.LAW, None, days(15), READ, [(days(60), READ)]),
    ("us-reg-e", ClockKind.LAW, None, business(10), READ, [(days(45), READ)]),
    ("us-reg-e", ClockKind.LAW, "new_account", business(20), READ, [(days(90), READ)]),
    ("us-reg-e", ClockKind.LAW, "point_of_sale", business(10), READ, [(days(90), READ)]),
    ("us-reg-e", ClockKind.LAW, "foreign", business(10), READ, [(days(90), READ)]),
    ("us-reg-e", ClockKind.CREDIT_NOTICE, None, business(2), READ, []),
    ("us-reg-e", ClockKind.CORRECTION, None, business(1), READ, []),
    ("us-reg-e", ClockKind.REPORT, None, business(3), READ, []),
]
"""Pack, clock, kind of complaint, length and how sure we are of it; then each rung of its ladder."""


@pytest.mark.parametrize(("pack", "clock", "kind", "length", "status", "rungs"), LAW)
def test_the_law_is_as_it_was_looked_up(
    pack: str,
    clock: ClockKind,
    kind: str | None,
    length: Span,
    status: SourceStatus,
    rungs: list[tuple[Span | None, SourceStatus]],
) -> None:
    rule = shipped(pack).clocks[clock].for_kind(kind)
    assert rule
    assert (rule.length, rule.source.status) == (length, status)
    assert [(rung.length, rung.source.status) for rung in rule.ladder] == rungs


def test_the_table_names_every_rule_of_law() -> None:
    named = {(pack, clock) for pack, clock, *_ in LAW}
    for path in pack_paths(PACKS):
        clocks = shipped(path.stem).clocks
        assert {(path.stem, kind) for kind in clocks if clocks[kind].source.status is not POLICY} <= named


@pytest.mark.parametrize("name", [path.stem for path in pack_paths(PACKS)])
def test_the_day_of_receipt_is_not_counted_and_a_last_day_moves_by_the_law_of_australia_alone(name: str) -> None:
    rules = shipped(name).clocks
    assert {rule.count_from for rule in rules.values()} == {CountFrom.NEXT_DAY}
    moved = {kind for kind, rule in rules.items() if rule.roll is Roll.NEXT_WORKING_DAY}
    assert moved == ({ClockKind.LAW} if name == "au-rg271" else set())
    assert {rule.roll for kind, rule in rules.items() if kind not in moved} == {Roll.NONE}


def test_the_law_pauses_in_china_and_for_traditional_trustees_and_only_for_what_was_read() -> None:
    pauses = {path.stem: shipped(path.stem).clocks[ClockKind.LAW].pause_rules for path in pack_paths(PACKS)}
    [appraisal] = pauses.pop("cn-banking")
    assert (appraisal.reason, appraisal.tell, appraisal.source.status) == ("outside_appraisal", True, READ)
    before_a_court = pauses.pop("au-rg271")
    assert [one.reason for one in before_a_court] == ["proceedings_of_another_beneficiary", "directions_of_a_court"]
    assert {one.source.status for one in before_a_court} == {READ}
    assert not any(pauses.values())


@pytest.mark.parametrize("kind", [None, *shipped("au-rg271").kinds])
def test_in_australia_time_stops_for_traditional_trustees_alone(kind: str | None) -> None:
    law = shipped("au-rg271").clocks[ClockKind.LAW].for_kind(kind)
    assert law
    assert bool(law.may_pause_for) is (kind == "traditional_trustee")


def test_china_climbs_with_rising_approvers() -> None:
    first, last = shipped("cn-banking").clocks[ClockKind.LAW].ladder
    assert (first.reason_codes, last.reason_codes) == (["complex"], ["especially_complex"])
    assert "manager" in first.approver_roles
    assert last.approver_roles == ["executive"]


def test_the_three_days_end_at_close_of_business_in_the_united_kingdom() -> None:
    for name in ("uk-disp", "uk-psd"):
        pack = shipped(name)
        assert pack.clocks[ClockKind.SHORT_SETTLEMENT].ends is DayEnd.CLOSE_OF_BUSINESS
        assert pack.calendar.closes == time(17)


@pytest.mark.parametrize(
    ("kind", "open_to_it"),
    [(None, True), ("default_notice", True), ("traditional_trustee", True), ("hardship", False),
     ("insurance_claim", False), ("superannuation_trustee", False), ("response_in_writing", False)],
)  # fmt: skip
def test_the_five_days_of_australia_are_not_for_everybody(kind: str | None, open_to_it: bool) -> None:
    rule = shipped("au-rg271").clocks[ClockKind.SHORT_SETTLEMENT].for_kind(kind)
    assert (rule is not None) is open_to_it


def test_regulation_e_asks_for_money_not_for_leave() -> None:
    pack = shipped("us-reg-e")
    law = pack.clocks[ClockKind.LAW]
    ladders = [law.for_kind(kind).ladder for kind in (None, *law.kinds)]  # type: ignore[union-attr]
    assert {rung.needs for ladder in ladders for rung in ladder} == {Need.PROVISIONAL_CREDIT}
    assert law.met_by is MetBy.DETERMINATION
    assert not pack.consent.needed
    assert pack.provisional_credit
    assert [(money.amount, money.currency) for money in pack.provisional_credit.withhold_at_most] == [
        (Decimal(50), "USD")
    ]
    assert all(kind in pack.clocks for kind in REG_E)


@pytest.mark.parametrize(("name", "code"), PLACES)
def test_every_place_has_its_holidays(name: str, code: str | None) -> None:
    loaded = usable(PACKS / f"{name}.toml")
    calendar = loaded.calendar(code, (2025, 2026))
    assert {day.year for day in calendar.holidays} == {2025, 2026}
    assert calendar.published == [2025, 2026]
    assert calendar.zone == loaded.place(code).zone


@pytest.mark.parametrize(
    ("name", "code", "day", "works"),
    [
        ("uk-disp", None, date(2026, 4, 6), False),  # Easter Monday in England
        ("uk-disp", "GB-SCT", date(2026, 4, 6), True),
        ("uk-disp", "GB-SCT", date(2026, 6, 15), False),  # in Scotland alone
        ("uk-disp", "GB-ENG", date(2026, 6, 15), True),
        ("uk-psd", "GB-NIR", date(2026, 3, 17), False),  # St Patrick's Day
        ("uk-psd", "GB-WLS", date(2026, 3, 17), True),
        ("au-rg271", None, date(2026, 8, 3), True),  # the bank holiday of New South Wales
        ("au-rg271", "AU-VIC", date(2026, 11, 3), False),  # Melbourne Cup
        ("au-rg271", "AU-NSW", date(2026, 11, 3), True),
        ("eu-psd2", "DE", date(2026, 10, 3), False),
        ("eu-psd2", "FR", date(2026, 7, 14), False),
        ("eu-psd2", None, date(2026, 7, 14), True),
        ("us-reg-e", None, date(2026, 7, 3), True),  # federal staff are off, banks are open
        ("us-cfpb", None, date(2026, 7, 3), False),
    ],
)
def test_holidays_are_those_of_the_place(name: str, code: str | None, day: date, works: bool) -> None:
    assert usable(PACKS / f"{name}.toml").calendar(code, (2026,)).is_working_day(day) is works


def test_banks_are_open_on_every_friday_before_a_holiday_on_a_saturday() -> None:
    years = tuple(range(2017, 2036))
    calendar = usable(PACKS / "us-reg-e.toml").calendar(None, years)
    observed = holidays.country_holidays("US", years=years, language="en_US")
    fridays = [day for day, name in observed.items() if day.weekday() == 4 and name.endswith("(observed)")]
    assert len(fridays) >= 12
    assert all(calendar.is_working_day(day) for day in fridays)
