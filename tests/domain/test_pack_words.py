"""Guarantees proved here: what differs between two rule packs is told path by path, in words.

- A pack and itself differ in nothing; every change of a pack is told, at the path at which it stands in the file.
- Lengths, sources, money, lists and texts are told as people say them, and the law's part comes first.
- Whatever two shipped packs are compared, no difference says the same on both sides.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from activities.pack_files import pack_paths, read_pack
from domain.pack_words import RuleChange, rule_changes
from domain.rulepack import RulePack
from tests.domain.cases import PACKS

NAMES = [file.stem for file in pack_paths(PACKS)]


@cache
def pack(name: str = "cn-banking") -> RulePack:
    return read_pack(Path(PACKS / f"{name}.toml"))


def changed(path: str, value: Any) -> RulePack:
    """The Chinese pack with another value at a path; None takes the value away."""
    data = pack().model_dump(mode="json", exclude_unset=True)
    part: Any = data
    *before, last = (int(key) if key.isdigit() else key for key in path.split("."))
    for key in before:
        part = part[key]
    part[last] = value
    return RulePack.model_validate(data)


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_and_itself_differ_in_nothing(name: str) -> None:
    assert list(rule_changes(pack(name), pack(name))) == []


@pytest.mark.parametrize(
    ("path", "value", "a", "b"),
    [
        ("clocks.law.length", {"weeks": 8}, "15 calendar days", "8 weeks"),
        ("clocks.law.ladder.1.length", {"months": 3}, "60 calendar days", "3 months"),
        ("clocks.law.makeup_days", True, "nothing", "yes"),
        ("clocks.law.source.status", "read", "secondary", "read"),
        ("clocks.law.ladder.0.reason_codes", ["late", "complex"], "complex", "late, complex"),
        ("tiers.1.entry.contacts_from", 3, "2", "3"),
        ("tiers.1.entry.amount_from", [{"amount": "5", "currency": "CNY"}], "10,000 CNY, 10,000 HKD", "5 CNY"),
        ("calendar.zone", "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Hong_Kong"),
        ("departments.branch", None, "name Branches; accept_within 1 business day; answer_within 3 business days; "
         "remind_before 1 business day; climb_after 1 business day", "nothing"),
        ("reply.contact.en", "Write\nto us", "Complaints desk", "Write"),
    ],
)  # fmt: skip
def test_a_change_is_told_where_it_stands(path: str, value: Any, a: str, b: str) -> None:
    if value is None:
        without = {name: rule for name, rule in pack().departments.items() if name != "branch"}
        other = pack().model_copy(update={"departments": without})
    else:
        other = changed(path, value)
    [change] = rule_changes(pack(), other)
    assert change.path == path
    assert change.a.startswith(a)
    assert change.b == b


def test_a_source_is_told_with_its_status() -> None:
    clocks = {kind: rule for kind, rule in pack().clocks.items() if kind != "offer"}
    [change] = rule_changes(pack().model_copy(update={"clocks": clocks}), pack())
    assert (change.path, change.a) == ("clocks.offer", "nothing")
    assert change.b.startswith("length 10 calendar days; ")
    assert change.b.endswith("source Complaint handling policy: how long an offer stands [policy]")


def test_of_a_text_the_line_is_told_that_differs() -> None:
    letter = pack().letters["en"]["offer"]  # type: ignore[index]
    body = letter.body.replace("Dear $name,", "Dear $name, good morning")
    [change] = rule_changes(pack(), changed("letters.en.offer.body", body))
    assert change == RuleChange(path="letters.en.offer.body", a="Dear $name,", b="Dear $name, good morning")


def test_the_law_comes_first() -> None:
    paths = [change.path.partition(".")[0] for change in rule_changes(pack("us-cfpb"), pack())]
    assert paths.index("clocks") < paths.index("tiers") < paths.index("title")
    assert "name" not in paths


@pytest.mark.parametrize(("one", "other"), list(permutations(NAMES, 2)))
def test_no_difference_says_the_same_on_both_sides(one: str, other: str) -> None:
    found = list(rule_changes(pack(one), pack(other)))
    assert [change for change in found if change.a == change.b or "\n" in change.a + change.b] == []
    assert {change.path for change in found} == {change.path for change in rule_changes(pack(other), pack(one))}
