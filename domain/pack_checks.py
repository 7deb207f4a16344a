"""What a rule pack must keep to beyond the shape of its fields, so that no complaint can be caught in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from iso4217 import Currency

from domain.calendar import BusinessHours, Hours, Span
from domain.calendar_checks import check_calendar
from domain.clock_checks import check_clocks
from domain.model import Money
from domain.rulepack import Entry, Limit, Power, RulePack
from domain.sources import check_sources
from domain.spans import in_words, surely_shorter
from domain.toml_lines import KeyPath
from domain.wording import Problem

LONGEST_DEPARTMENT = 36
"""Characters of a department's id: with a number behind it, it is the id of an investigation."""
LONGEST_PACK = 30
"""Characters of a pack's name: where it runs beside another, it is a part of the ids of clocks and tasks."""
LONGEST_SPREAD = 12
"""Hours: what is due at the end of a day, or at close of business, is still done on that day."""


def check_consistency(pack: RulePack) -> Iterator[Problem]:
    """Everything in a pack that contradicts itself or leaves a complaint without a way on."""
    if len(pack.name) > LONGEST_PACK:
        yield ("name",), f"has {len(pack.name)} characters: shorten it to {LONGEST_PACK}"
    yield from check_calendar(pack)
    yield from check_clocks(pack)
    yield from check_sources(pack)
    yield from _check_roles(pack)
    yield from _check_tiers(pack)
    yield from _check_departments(pack)
    yield from _check_authority(pack)
    yield from _check_day_parts(pack)
    yield from _check_spread(pack)


def _check_roles(pack: RulePack) -> Iterator[Problem]:
    for name, role in pack.roles.items():
        if (role.tier is not None) != (Power.HANDLE in role.powers):
            yield ("roles", name), 'needs both a tier and the power "handle" to own complaints, or neither'
        if role.tier is not None and role.tier > pack.top_tier:
            yield ("roles", name, "tier"), f"is {role.tier}, but the pack has {pack.top_tier} tiers: lower it"
        if role.expert and Power.HANDLE not in role.powers:
            yield ("roles", name, "expert"), 'takes complaints over, so the role needs the power "handle"'
    for power in Power:
        if not any(power in role.powers for role in pack.roles.values()):
            yield ("roles",), f'no role has the power "{power}": give it to one'


def _check_tiers(pack: RulePack) -> Iterator[Problem]:
    for number, tier in enumerate(pack.tiers, start=1):
        path: KeyPath = ("tiers", number - 1)
        is_top = number == pack.top_tier
        if is_top and tier.answer_within is not None:
            yield (*path, "answer_within"), "does not belong to the top tier: there is nowhere left to climb, remove it"
        if not is_top and tier.answer_within is None:
            yield (*path, "answer_within"), "is missing: without it a complaint never climbs from this tier"
        if not any(Power.HANDLE in role.powers and (role.tier or 0) >= number for role in pack.roles.values()):
            yield path, f"no role may own complaints of tier {number}: give one the tier"
        if (tier.entry == Entry()) != (number == 1):
            yield (*path, "entry"), "belongs to every tier but the first, which takes all complaints: mend it"
        yield from _check_amounts(pack, (*path, "entry", "amount_from"), tier.entry.amount_from)
    yield from _check_amounts_grow(pack)


def _check_amounts_grow(pack: RulePack) -> Iterator[Problem]:
    reached: dict[str, Money] = {}
    for number, tier in enumerate(pack.tiers):
        for at, money in enumerate(tier.entry.amount_from):
            before = reached.get(money.currency)
            if before and money.amount <= before.amount:
                yield ("tiers", number, "entry", "amount_from", at), f"must be above {before}, which lifts a tier lower"
            reached[money.currency] = money


def _check_amounts(pack: RulePack, path: KeyPath, amounts: list[Money]) -> Iterator[Problem]:
    known = {limit.currency for limit in pack.authority.limits}
    seen: set[str] = set()
    for at, money in enumerate(amounts):
        if money.currency not in known:
            yield (*path, at), f"nobody may approve {money.currency}: add authority.limits in it, or remove this"
        if money.currency in seen:
            yield (*path, at), f"{money.currency} stands here more than once: keep one"
        seen.add(money.currency)


def _check_departments(pack: RulePack) -> Iterator[Problem]:
    for name, department in pack.departments.items():
        if len(name) > LONGEST_DEPARTMENT:
            yield ("departments", name), f"has {len(name)} characters: shorten it to {LONGEST_DEPARTMENT}"
        if not surely_shorter(department.accept_within, department.answer_within):
            yield (
                ("departments", name, "accept_within"),
                f"must be shorter than answer_within ({in_words(department.answer_within)}) on every date",
            )
        if not surely_shorter(department.remind_before, department.answer_within):
            yield (
                ("departments", name, "remind_before"),
                f"must be shorter than answer_within ({in_words(department.answer_within)}), or it comes too early",
            )


def _check_authority(pack: RulePack) -> Iterator[Problem]:
    by_currency: dict[str, list[tuple[int, Limit]]] = {}
    for at, limit in enumerate(pack.authority.limits):
        by_currency.setdefault(limit.currency, []).append((at, limit))
        if limit.role not in pack.roles:
            yield ("authority", "limits", at, "role"), f"{limit.role} is no role of this pack"
    for currency, limits in by_currency.items():
        yield from _check_limits(currency, limits)
    yield from _check_amounts(pack, ("authority", "four_eyes_above"), pack.authority.four_eyes_above)


def _check_limits(currency: str, limits: list[tuple[int, Limit]]) -> Iterator[Problem]:
    path: KeyPath = ("authority", "limits")
    if not _is_currency(currency):
        yield (*path, limits[0][0], "currency"), f"{currency} is not an ISO 4217 currency"
    for (_, before), (at, limit) in pairwise(limits):
        if before.up_to is None or (limit.up_to is not None and limit.up_to <= before.up_to):
            yield (*path, at, "up_to"), f"must be above the limit before it in {currency}: list them in rising order"
    for role, times in Counter(limit.role for _, limit in limits).items():
        if times > 1:
            yield (*path, limits[-1][0], "role"), f"{role} has {times} limits in {currency}: keep one"
    if all(limit.up_to is not None for _, limit in limits):
        yield (*path, limits[-1][0], "up_to"), f"nobody may approve any sum in {currency}: the last limit has no up_to"


def _is_currency(code: str) -> bool:
    try:
        return bool(Currency(code))
    except ValueError:
        return False


def _check_spread(pack: RulePack) -> Iterator[Problem]:
    """What is due by the end of a day is done on that day, and nothing warns before it begins."""
    if pack.spread is None:
        return
    if pack.spread.hours > LONGEST_SPREAD:
        yield ("spread",), f"reaches from the end of a day into another one: spread over {LONGEST_SPREAD} hours at most"
    for name, early, length in _early(pack):
        if not surely_shorter(early, length, pack.spread.hours):
            yield (
                ("spread",),
                f"may have {name} come before its time begins ({in_words(early)} before {in_words(length)} are over): "
                "spread over less, or warn less early",
            )


def _early(pack: RulePack) -> Iterator[tuple[str, Span, Span]]:
    """Everything that comes before a time is over, with that time; what is counted in hours is not spread."""
    for kind, clock in pack.clocks.items():
        rules = (rule for name in (None, *clock.kinds) if (rule := clock.for_kind(name)))
        for rule in rules:
            yield from ((f"a warning of {kind}", early, rule.length) for early in rule.warn_before
                        if not isinstance(rule.length, (Hours, BusinessHours)))  # fmt: skip
    for name, department in pack.departments.items():
        if not isinstance(department.answer_within, (Hours, BusinessHours)):
            yield f"the reminder of {name}", department.remind_before, department.answer_within


def _check_day_parts(pack: RulePack) -> Iterator[Problem]:
    rule = pack.call_back
    path: KeyPath = ("call_back", "day_parts")
    for at, part in enumerate(rule.day_parts):
        if part.from_hour >= part.to_hour:
            yield (*path, at), f"{part.name} ends before it begins: from_hour must be lower than to_hour"
    parts = sorted(enumerate(rule.day_parts), key=lambda numbered: numbered[1].from_hour)
    for (_, one), (at, other) in pairwise(parts):
        if other.from_hour < one.to_hour:
            yield (*path, at), f"{other.name} overlaps {one.name}: let one begin where the other ends"
    if len({part.name for part in rule.day_parts}) < len(rule.day_parts):
        yield path, "two day-parts have one name: give each its own"
    if rule.different_day_parts > min(len(rule.day_parts), rule.attempts):
        yield ("call_back", "different_day_parts"), "is more than there are day-parts or attempts: lower it"
