"""Guarantees proved here: each way of getting roles, tiers, departments, authority or call-back wrong is refused."""

from __future__ import annotations

import pytest

from tests.domain.broken_packs import GOOD, Broken, assert_refused

ANSWER_TIER_2 = "answer_within = { business_days = 4 }\n\n[tiers.entry]"
FOUR_EYES = 'four_eyes_above = [\n    { amount = 50_000, currency = "CNY" }'
TOP_TIER = 'name = "Department manager or executive"'

BROKEN = {
    "handler without a tier": Broken(
        'specialist = { title = "Complaint specialist", tier = 2, powers',
        'specialist = { title = "x", powers',
        "roles.specialist",
        "needs both a tier and the power",
    ),
    "role above the top": Broken(
        'management", tier = 3', 'management", tier = 4', "roles.executive.tier", "the pack has 3 tiers: lower it"
    ),
    "expert who may not handle": Broken(
        'expert = { title = "Subject expert", tier = 2, powers = ["handle"], expert',
        'expert = { title = "x", expert',
        "roles.expert.expert",
        'needs the power "handle"',
    ),
    "unknown power": Broken(
        '"Call-back desk", powers = ["call_back"]',
        '"x", powers = ["call"]',
        "roles.call_back.powers.0",
        "should be 'handle'",
    ),
    "nobody calls back": Broken(
        '"Call-back desk", powers = ["call_back"]',
        '"x", powers = []',
        "roles",
        'no role has the power "call_back"',
        "[roles]",
    ),
    "nobody supervises": Broken(
        '"supervise"', '"investigate"', "roles", 'no role has the power "supervise"', "[roles]"
    ),
    "tier without owner": Broken(
        "tier = 3", "tier = 2", "tiers.2", "no role may own complaints of tier 3", "[[tiers]]\n" + TOP_TIER
    ),
    "top tier that climbs": Broken(
        TOP_TIER,
        f"{TOP_TIER}\nanswer_within = {{ weeks = 1 }}",
        "tiers.2.answer_within",
        "nowhere left to climb",
        "answer_within = { weeks = 1 }",
    ),
    "tier that never climbs": Broken(
        ANSWER_TIER_2,
        "\n[tiers.entry]",
        "tiers.1.answer_within",
        "never climbs",
        '[[tiers]]\nname = "Complaint specialist"',
    ),
    "tier that nothing lifts to": Broken(
        GOOD[GOOD.index("[tiers.entry]\nvulnerable") : GOOD.index(f"[[tiers]]\n{TOP_TIER}")],
        "",
        "tiers.1.entry",
        "every tier but the first",
        '[[tiers]]\nname = "Complaint specialist"',
    ),
    "amounts that fall": Broken(
        'people_from = 20\namount_from = [\n    { amount = 50_000, currency = "CNY" }',
        'people_from = 20\namount_from = [\n    { amount = 9_000, currency = "CNY" }',
        "tiers.2.entry.amount_from.0",
        "must be above 10,000 CNY",
        "{ amount = 9_000",
    ),
    "amount in a currency nobody approves": Broken(
        '{ amount = 1_500, currency = "USD" }',
        '{ amount = 1_500, currency = "EUR" }',
        "tiers.1.entry.amount_from.2",
        "nobody may approve EUR",
    ),
    "amount with too many decimals": Broken(
        "{ amount = 1_500,", "{ amount = 1_500.005,", "tiers.1.entry.amount_from.2", "USD has 2 decimals"
    ),
    "a single tier": Broken(
        GOOD[GOOD.index('[[tiers]]\nname = "Complaint specialist"') : GOOD.index("[departments.technology]")],
        "",
        "tiers",
        "at least 2 items",
        "[[tiers]]",
    ),
    "accepts later than it answers": Broken(
        "accept_within = { business_days = 1 }\nanswer_within = { business_days = 3 }",
        "accept_within = { business_days = 3 }\nanswer_within = { business_days = 3 }",
        "departments.branch.accept_within",
        "must be shorter than answer_within (3 business days)",
        "accept_within = { business_days = 3 }",
    ),
    "id of a department that makes ids too long": Broken(
        "[departments.call_centre]",
        f"[departments.{'call_centre_' * 4}]",
        f"departments.{'call_centre_' * 4}",
        "has 48 characters: shorten it to 36",
    ),
    "reminds before it asks": Broken(
        "remind_before = { hours = 8 }",
        "remind_before = { weeks = 1 }",
        "departments.call_centre.remind_before",
        "it comes too early",
    ),
    "limit of an unknown role": Broken(
        '{ role = "specialist", currency = "USD"',
        '{ role = "clerk", currency = "USD"',
        "authority.limits.6.role",
        "clerk is no role",
    ),
    "limits that fall": Broken(
        '{ role = "manager", currency = "USD", up_to = 3_000 }',
        '{ role = "manager", currency = "USD", up_to = 300 }',
        "authority.limits.7.up_to",
        "list them in rising order",
    ),
    "nobody on top": Broken(
        '{ role = "executive", currency = "HKD" }',
        '{ role = "executive", currency = "HKD", up_to = 90_000 }',
        "authority.limits.5.up_to",
        "nobody may approve any sum in HKD",
    ),
    "two limits of one role": Broken(
        '{ role = "manager", currency = "HKD"',
        '{ role = "executive", currency = "HKD"',
        "authority.limits.5.role",
        "executive has 2 limits in HKD",
        '{ role = "executive", currency = "HKD" }',
    ),
    "no such currency": Broken(
        '{ role = "executive", currency = "USD" },',
        '{ role = "executive", currency = "USD" },\n{ role = "executive", currency = "XQX" },',
        "authority.limits.9.currency",
        "not an ISO 4217 currency",
        '"XQX"',
    ),
    "four eyes in no currency": Broken(
        'four_eyes_above = [\n    { amount = 50_000, currency = "CNY" }',
        'four_eyes_above = [\n    { amount = 50_000, currency = "GBP" }',
        "authority.four_eyes_above.0",
        "nobody may approve GBP",
        '"GBP"',
    ),
    "four eyes twice": Broken(
        FOUR_EYES,
        f'{FOUR_EYES},\n    {{ amount = 60_000, currency = "CNY" }}',
        "authority.four_eyes_above.1",
        "CNY stands here more than once",
        "{ amount = 60_000",
    ),
    "overlapping day-parts": Broken(
        "from_hour = 12, to_hour = 18",
        "from_hour = 11, to_hour = 18",
        "call_back.day_parts.1",
        "afternoon overlaps morning",
    ),
    "day-part turned round": Broken(
        "from_hour = 18, to_hour = 21", "from_hour = 21, to_hour = 18", "call_back.day_parts.2", "ends before it begins"
    ),
    "day-parts of one name": Broken(
        'name = "evening"', 'name = "morning"', "call_back.day_parts", "have one name", "day_parts = ["
    ),
    "more day-parts than there are": Broken(
        "different_day_parts = 2", "different_day_parts = 4", "call_back.different_day_parts", "lower it"
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
