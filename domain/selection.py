"""Which rule packs apply to a complaint: a table of rules, the first of which that fits decides."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from domain.clockrules import Source
from domain.effects import RulesQuery
from domain.model import Channel, Identifier, Model, PlaceCode, ShortText


class SelectionRule(Model):
    """One rule: all conditions that it names must hold; one that it leaves empty always does."""

    name: ShortText
    """What it is for, as the journal says it."""
    jurisdictions: list[PlaceCode] = []
    """ISO 3166 codes; GB stands for every part of GB too."""
    products: list[ShortText] = []
    """Products or business types, as intake names them; capitals do not matter."""
    channels: list[Channel] = []
    """How the complaint came."""
    regulators: list[ShortText] = []
    """The authority that passed it on; capitals do not matter."""
    leads: Identifier | None = None
    """The pack that leads; empty in a rule that only adds packs beside."""
    beside: list[Identifier] = []
    """Packs whose clocks run beside the leading one's."""
    source: Source
    """Why it is so."""


class Selection(Model):
    """The table, in order: the first rule that names a leading pack leads, and every rule that fits adds its own."""

    default: Identifier
    """The pack of complaints that name neither a pack nor a jurisdiction."""
    rules: list[SelectionRule] = Field(min_length=1)
    """The rules."""


class Chosen(Model):
    """Which packs apply, and why."""

    leads: Identifier | None
    """The leading pack; none when no rule fits."""
    beside: list[Identifier] = []
    """Further packs."""
    why: str
    """The rules that decided."""


def choose(selection: Selection, query: RulesQuery) -> Chosen:
    """The packs of a complaint: what it names itself comes first, the table decides the rest."""
    fitting = [rule for rule in selection.rules if query.jurisdiction and _fits(rule, query)]
    leading = next((rule for rule in fitting if rule.leads), None)
    leads, why = _leads(selection, query, leading)
    adding = [rule for rule in fitting if rule.beside and (rule is leading or rule.leads is None)]
    beside = dict.fromkeys([*query.also_under, *(pack for rule in adding for pack in rule.beside)])
    beside.pop(leads or "", None)
    reasons = dict.fromkeys([why, *(rule.name for rule in adding)])
    return Chosen(leads=leads, beside=list(beside), why="; ".join(reason for reason in reasons if reason))


def _leads(selection: Selection, query: RulesQuery, rule: SelectionRule | None) -> tuple[str | None, str]:
    if query.rule_pack:
        return query.rule_pack, ""
    if query.jurisdiction is None:
        return selection.default, ""
    return (rule.leads, rule.name) if rule else (None, "")


def _fits(rule: SelectionRule, query: RulesQuery) -> bool:
    conditions = (
        not rule.jurisdictions or _within(query.jurisdiction or "", rule.jurisdictions),
        not rule.products or _folded(rule.products) & _folded(query.products),
        not rule.channels or query.channel in rule.channels,
        not rule.regulators or _folded(rule.regulators) & _folded([query.regulator or ""]),
    )
    return all(conditions)


def covers(one: SelectionRule, other: SelectionRule) -> bool:
    """Whether a rule fits every complaint that another one fits."""
    outside = [place for place in other.jurisdictions if not _within(place, one.jurisdictions)]
    conditions = (
        not one.jurisdictions or (other.jurisdictions and not outside),
        not one.products or (other.products and _folded(other.products) <= _folded(one.products)),
        not one.channels or (other.channels and set(other.channels) <= set(one.channels)),
        not one.regulators or (other.regulators and _folded(other.regulators) <= _folded(one.regulators)),
    )
    return all(conditions)


def _within(place: str, places: Iterable[str]) -> bool:
    return bool({place, place.partition("-")[0]} & set(places))


def _folded(texts: Iterable[str]) -> set[str]:
    return {text.strip().casefold() for text in texts}
