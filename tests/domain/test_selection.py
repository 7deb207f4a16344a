"""Guarantees proved here:

- the shipped table chooses the packs by place, product and authority; what the complaint names itself comes first;
- every place that the table names has a calendar in the packs that it chooses;
- a broken table is refused with its file, its line, and a sentence that says how to mend it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from activities.pack_files import SELECTION, load_selection, pack_paths, usable
from domain.effects import RulesQuery
from domain.model import Channel
from domain.packs import PackError
from domain.selection import SelectionRule, choose, covers
from domain.selection_file import parse_selection
from tests.domain import said
from tests.domain.broken_packs import PACKS, line_of, written

TABLE = load_selection(PACKS)
TEXT = written(SELECTION)
NAMES = [path.stem for path in pack_paths(PACKS)]
BUREAU = "Consumer Financial Protection Bureau"


def query(
    place: str | None,
    *products: str,
    regulator: str | None = None,
    rule_pack: str | None = None,
    also_under: list[str] | None = None,
) -> RulesQuery:
    return RulesQuery(
        jurisdiction=place, products=list(products), regulator=regulator, rule_pack=rule_pack,
        also_under=also_under or [], channel=Channel.REGULATOR if regulator else Channel.WEB, received_at=said.RECEIVED,
    )  # fmt: skip


CHOSEN: list[tuple[RulesQuery, str | None, list[str]]] = [
    # where nothing is said
    (query(None), "cn-banking", []),
    (query(None, "Checking account"), "cn-banking", []),
    # China
    (query("CN", "理财产品"), "cn-banking", []),
    (query("CN", "Payment", regulator="PBOC"), "cn-banking", []),
    # United States
    (query("US", "Mortgage", "FHA mortgage"), "us-cfpb", []),
    (query("US", "Mortgage", "FHA mortgage", regulator=BUREAU), "us-cfpb", []),
    (query("US", "Checking or savings account", "Checking account"), "us-reg-e", []),
    (query("US", "Checking or savings account", "CHECKING ACCOUNT "), "us-reg-e", []),
    (query("US", "Checking or savings account", "Checking account", regulator=BUREAU), "us-cfpb", ["us-reg-e"]),
    (query("US", "Checking or savings account", "Savings account", regulator="cfpb"), "us-cfpb", ["us-reg-e"]),
    (query("US", "Checking or savings account", "CD (Certificate of Deposit)"), "us-cfpb", []),
    (query("US", "Credit card or prepaid card", "General-purpose credit card or charge card"), "us-cfpb", []),
    (query("US", "Credit card or prepaid card", "General-purpose prepaid card"), "us-reg-e", []),
    (query("US", "Credit card or prepaid card", "Government benefit card", regulator=BUREAU), "us-cfpb", ["us-reg-e"]),
    (query("US", "Money transfer, virtual currency, or money service", "Domestic (US) money transfer"), "us-reg-e", []),
    (query("US", "Money transfer, virtual currency, or money service", "International money transfer"), "us-cfpb", []),
    (query("US", "Money transfer, virtual currency, or money service", "Mobile or digital wallet"), "us-reg-e", []),
    (query("US", "Debit card", regulator="Office of the Comptroller of the Currency"), "us-reg-e", []),
    # United Kingdom
    (query("GB", "Mortgage"), "uk-disp", []),
    (query("GB-SCT", "Insurance"), "uk-disp", []),
    (query("GB", "Faster Payment"), "uk-psd", []),
    (query("GB-NIR", "E-money"), "uk-psd", []),
    (query("GB", "Current account"), "uk-psd", ["uk-disp"]),
    (query("GB-WLS", "Credit card", "Card payment"), "uk-psd", ["uk-disp"]),
    # European Union and the EEA
    (query("IE", "SEPA"), "eu-psd2", []),
    (query("DE", "Credit transfer"), "eu-psd2", []),
    (query("DE-BY", "Credit transfer"), "eu-psd2", []),
    (query("NO", "Card payment"), "eu-psd2", []),
    (query("FR", "Mortgage"), None, []),
    (query("CH", "Payment"), None, []),
    # Australia
    (query("AU", "Home loan"), "au-rg271", []),
    (query("AU-VIC", "Payment"), "au-rg271", []),
    # what the complaint names itself
    (query("US", "Mortgage", rule_pack="us-reg-e"), "us-reg-e", []),
    (query("US", "Checking account", rule_pack="us-reg-e", regulator=BUREAU), "us-reg-e", []),
    (query("US", "Checking account", rule_pack="us-cfpb"), "us-cfpb", ["us-reg-e"]),
    (query("GB", "Mortgage", also_under=["uk-psd"]), "uk-disp", ["uk-psd"]),
    (query(None, rule_pack="us-cfpb", also_under=["us-reg-e", "us-cfpb"]), "us-cfpb", ["us-reg-e"]),
]


@pytest.mark.parametrize(("asked", "leads", "beside"), CHOSEN)
def test_the_table_chooses_the_packs(asked: RulesQuery, leads: str | None, beside: list[str]) -> None:
    chosen = choose(TABLE, asked)
    assert (chosen.leads, chosen.beside) == (leads, beside)


@pytest.mark.parametrize(("asked", "leads", "beside"), CHOSEN)
def test_what_decided_is_told_by_name(asked: RulesQuery, leads: str | None, beside: list[str]) -> None:
    why = choose(TABLE, asked).why
    assert set(filter(None, why.split("; "))) <= {rule.name for rule in TABLE.rules}
    assert bool(why) >= bool(leads and asked.jurisdiction and not asked.rule_pack)


def test_every_place_of_the_table_has_a_calendar_in_the_packs_chosen_for_it() -> None:
    for rule in TABLE.rules:
        for name in filter(None, [rule.leads, *rule.beside]):
            for place in rule.jurisdictions:
                assert usable(PACKS / f"{name}.toml").calendar(place, (2026,)).holidays


def test_every_pack_is_chosen_for_something() -> None:
    assert {name for rule in TABLE.rules for name in (rule.leads, *rule.beside) if name} == set(NAMES)


def test_regulation_e_means_the_same_products_with_and_without_the_portal() -> None:
    [leads] = [rule.products for rule in TABLE.rules if rule.leads == "us-reg-e"]
    [joins] = [rule.products for rule in TABLE.rules if "us-reg-e" in rule.beside]
    assert leads == joins


def rule(**conditions: object) -> SelectionRule:
    return SelectionRule.model_validate(
        {"name": "x", "leads": "a", "source": {"citation": "x", "status": "policy"}} | conditions
    )


@pytest.mark.parametrize(
    ("one", "other", "whether"),
    [
        ({}, {}, True),
        ({}, {"jurisdictions": ["GB"], "products": ["A"]}, True),
        ({"jurisdictions": ["GB"]}, {}, False),
        ({"jurisdictions": ["GB"]}, {"jurisdictions": ["GB-SCT"]}, True),
        ({"jurisdictions": ["GB-SCT"]}, {"jurisdictions": ["GB"]}, False),
        ({"jurisdictions": ["GB", "US"]}, {"jurisdictions": ["US", "CN"]}, False),
        ({"products": ["a "]}, {"products": ["A"]}, True),
        ({"products": ["A"]}, {"products": ["A", "B"]}, False),
        ({"products": ["A"]}, {"jurisdictions": ["GB"]}, False),
        ({"channels": ["web", "app"]}, {"channels": ["app"]}, True),
        ({"channels": ["app"]}, {"channels": ["web", "app"]}, False),
        ({"regulators": ["FCA"]}, {"regulators": ["fca"], "channels": ["web"]}, True),
        ({"regulators": ["FCA"]}, {"channels": ["web"]}, False),
    ],
)
def test_one_rule_covers_another(one: dict[str, object], other: dict[str, object], whether: bool) -> None:
    assert covers(rule(**one), rule(**other)) is whether


# What is refused ----------------------------------------------------------------------------------------------------


class Broken(NamedTuple):
    """One change that spoils the table, and what is said about it."""

    old: str
    new: str
    path: str
    says: str
    marker: str | None = None


CHINA = 'jurisdictions = ["CN"]\nleads = "cn-banking"\n'
BROKEN = {
    "not TOML": Broken('default = "cn-banking"', "default = cn-banking", "column", "is not valid TOML"),
    "no default": Broken('default = "cn-banking"\n', "", "default", "is missing: add it", "# Which rule pack leads"),
    "a default that is no pack": Broken(
        'default = "cn-banking"',
        'default = "cn-bank"',
        "default",
        "there is no rule pack cn-bank: use one of au-rg271, cn-banking,",
    ),
    "an unknown leading pack": Broken(
        'leads = "au-rg271"', 'leads = "au-rg165"', "rules.9.leads", "there is no rule pack au-rg165: use one of"
    ),
    "an unknown pack beside": Broken(
        'beside = ["uk-disp"]',
        'beside = [\n    "uk-fos",\n]',
        "rules.5.beside.0",
        "there is no rule pack uk-fos",
        '    "uk-fos"',
    ),
    "a rule that names none": Broken(CHINA, 'jurisdictions = ["CN"]\n', "rules.0", "names no rule pack", "[[rules]]"),
    "a pack beside itself": Broken(
        'beside = ["uk-disp"]', 'beside = ["uk-psd"]', "rules.5.beside.0", "uk-psd is named in this rule already"
    ),
    "a pack twice": Broken(
        'beside = ["uk-disp"]',
        'beside = ["uk-disp", "uk-disp"]',
        "rules.5.beside.1",
        "uk-disp is named in this rule already: remove it here",
    ),
    "a rule behind a wider one": Broken(
        'jurisdictions = ["AU"]',
        'jurisdictions = ["GB-SCT"]',
        "rules.9",
        'never leads: "complaints in the United Kingdom" before it fits all that it fits',
        '[[rules]]\nname = "complaints in Australia"',
    ),
    "one name for two rules": Broken(
        'name = "complaints in the United Kingdom"',
        'name = "complaints in China"',
        "rules.7.name",
        "is the name of another rule too",
        'name = "complaints in China"\njurisdictions = ["GB"]',
    ),
    "a place by its name": Broken(
        CHINA,
        CHINA.replace("CN", "China"),
        "rules.0.jurisdictions.0",
        "'China' is no ISO 3166 code: write one such as GB, or GB-SCT for a part of it",
        'jurisdictions = ["China"]',
    ),
    "an unknown channel": Broken(
        CHINA, 'channels = ["fax"]\n' + CHINA, "rules.0.channels.0", "should be 'app', 'email'", 'channels = ["fax"]'
    ),
    "an unknown condition": Broken(
        CHINA, CHINA.replace("jurisdictions", "countries"), "rules.0.countries", "is not known here", "countries ="
    ),
    "files shared with others": Broken(
        'default = "cn-banking"',
        'includes = ["shared/house.toml"]\ndefault = "cn-banking"',
        "includes",
        "is not known here: remove it",
        "includes =",
    ),
    "a rule of unknown origin": Broken(
        'complaints to banks and insurers", status = "read"',
        'complaints to banks and insurers", status = "sure"',
        "rules.0.source.status",
        "should be 'read', 'secondary', 'unconfirmed' or 'policy', not 'sure'",
    ),
    "unconfirmed without saying so": Broken(
        'complaints to banks and insurers", status = "read"',
        'complaints to banks and insurers", status = "unconfirmed"',
        "rules.0.source.citation",
        'must say "unconfirmed"',
    ),
    "no rules": Broken(TEXT[TEXT.index("[[rules]]") :], "", "rules", "is missing: add it", "# Which rule pack leads"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_table_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert broken.old in TEXT
    text = TEXT.replace(broken.old, broken.new)
    with pytest.raises(PackError) as refused:
        parse_selection(text, SELECTION, NAMES)
    found = [line for line in refused.value.problems if broken.says in line]
    assert len(found) == 1, refused.value.problems
    file, line, path, sentence = found[0].split(":", 3)
    assert (file, path.strip().split(" ")[0]) == (SELECTION, broken.path)
    assert int(line) == line_of(text, broken.marker or broken.new), found
    assert len(sentence.split()) > 2


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = TEXT.replace('default = "cn-banking"', 'default = "none"').replace('leads = "uk-disp"', 'leads = "uk"')
    with pytest.raises(PackError) as refused:
        parse_selection(text, SELECTION, NAMES)
    assert [problem.split(": ")[1] for problem in refused.value.problems] == ["default", "rules.7.leads"]
