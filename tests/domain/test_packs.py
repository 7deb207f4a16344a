"""Guarantees proved here:

- the shipped packs are accepted, alone and beside each other, and agree on roles and departments;
- every letter of every pack can be filled in, and the numbers in the letters are those of the clocks;
- what is left out is named (what is wrong is refused in the tests beside this one);
- all problems are told at once, in the order of the file.
"""

from __future__ import annotations

import re
import tomllib
from string import Template

import pytest

from activities.pack_files import usable
from domain.calendar import BusinessDays, CalendarDays, Weeks
from domain.clockrules import ClockKind, SourceStatus
from domain.effects import LetterKind
from domain.model import Language
from domain.packs import PackError, parse_pack
from domain.pinned import DUTIES, PinnedRules, beside, leading
from domain.rulepack import Power, RulePack
from domain.wording import PLACEHOLDERS, words_to_avoid
from tests.domain.broken_packs import GOOD, PACKS, problems, shipped, written

NAMES = ["au-rg271", "cn-banking", "eu-psd2", "uk-disp", "uk-psd", "us-cfpb", "us-reg-e"]
CALLS = {ClockKind.CALL_BACK, ClockKind.CALL_BACK_LATEST}
LETTERS = [
    (name, language, kind) for name in NAMES for language, letters in shipped(name).letters.items() for kind in letters
]


# What is shipped ----------------------------------------------------------------------------------------------------


def test_every_shipped_pack_is_accepted() -> None:
    assert sorted(path.stem for path in PACKS.glob("*.toml")) == sorted([*NAMES, "selection"])
    assert [shipped(name).name for name in NAMES] == NAMES


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", NAMES)
def test_every_pack_runs_beside_every_other(first: str, second: str) -> None:
    leads, joins = usable(PACKS / f"{first}.toml"), usable(PACKS / f"{second}.toml")
    language, years = leads.pack.language, (2026, 2027)
    rules = PinnedRules(
        pack=leading(leads.pack, None, language),
        calendar=leads.calendar(None, years),
        beside=[beside(joins.pack, joins.calendar(None, years), None, language)] if first != second else [],
        language=language,
    )
    assert {pack for pack, _ in rules.duties(ClockKind.LAW)} == {first, second}
    assert rules.calendar_of(second).zone == joins.pack.calendar.zone
    assert all(kind in DUTIES for one in rules.beside for kind in one.clocks)
    for kind in {*leads.pack.letters[language], *joins.pack.letters[joins.pack.language]}:
        assert rules.letter(kind)


@pytest.mark.parametrize("name", NAMES)
def test_a_call_back_is_policy_and_never_presented_as_law(name: str) -> None:
    clocks = shipped(name).clocks
    assert {clocks[kind].source.status for kind in CALLS} == {SourceStatus.POLICY}
    assert not CALLS & set(DUTIES)


def test_every_duty_of_a_regime_has_a_rule_of_law() -> None:
    for name in NAMES:
        clocks = shipped(name).clocks
        lawful = {kind for kind in clocks if clocks[kind].source.status is not SourceStatus.POLICY}
        assert lawful - {ClockKind.ACKNOWLEDGEMENT} == set(DUTIES) & clocks.keys()


def test_roles_and_departments_have_the_same_ids_everywhere() -> None:
    china = shipped("cn-banking")
    for name in NAMES:
        assert shipped(name).roles.keys() == china.roles.keys()
        assert shipped(name).departments.keys() == china.departments.keys()


@pytest.mark.parametrize("name", NAMES)
def test_whoever_calls_back_neither_handles_nor_approves(name: str) -> None:
    pack = shipped(name)
    callers = {role for role in pack.roles if Power.CALL_BACK in pack.roles[role].powers}
    handlers = {role for role in pack.roles if Power.HANDLE in pack.roles[role].powers}
    assert callers.isdisjoint(handlers | {limit.role for limit in pack.authority.limits})


@pytest.mark.parametrize(("name", "language", "kind"), LETTERS)
def test_every_letter_can_be_filled_in_without_a_blank_left(name: str, language: Language, kind: LetterKind) -> None:
    letter = shipped(name).letters[language][kind]
    values = {placeholder: f"<{placeholder}>" for placeholder in PLACEHOLDERS}
    body = Template(letter.body).substitute(values)
    assert "<reference>" in Template(letter.subject).substitute(values)
    assert "<name>" in body
    assert "$" not in body
    if kind in {LetterKind.ACKNOWLEDGEMENT, LetterKind.EXTENSION_NOTICE}:
        assert "<reply_by>" in body
    if kind is LetterKind.PROGRESS:
        assert "<next_word>" in body


@pytest.mark.parametrize("name", NAMES)
def test_letters_are_in_the_languages_that_people_there_read(name: str) -> None:
    both = {Language.CHINESE, Language.ENGLISH}
    assert set(shipped(name).letters) == (both if name in {"cn-banking", "us-cfpb"} else {Language.ENGLISH})


@pytest.mark.parametrize(("name", "language", "kind"), LETTERS)
def test_every_letter_says_what_its_law_wants_said(name: str, language: Language, kind: LetterKind) -> None:
    pack = shipped(name)
    texts = {"outside_remedies": pack.reply.outside_remedies[language], "contact": pack.reply.contact[language]}
    body = " ".join(Template(pack.letters[language][kind].body).safe_substitute(texts).split())
    assert all(one.text[language] in body for one in pack.reply.elements if kind in one.letters)
    if kind in {LetterKind.FINAL_RESPONSE, LetterKind.FINAL_POSITION, LetterKind.SHORT_SETTLEMENT}:
        assert " ".join(texts["outside_remedies"].split()) in body


def test_the_numbers_in_letters_are_those_of_the_clocks() -> None:
    disp, psd, reg_e = (shipped(name) for name in ("uk-disp", "uk-psd", "us-reg-e"))
    assert "eight weeks after we" in disp.letters[Language.ENGLISH][LetterKind.ACKNOWLEDGEMENT].body
    assert disp.clocks[ClockKind.LAW].length == Weeks(weeks=8)
    assert "within 35 business days" in psd.letters[Language.ENGLISH][LetterKind.ACKNOWLEDGEMENT].body
    assert psd.clocks[ClockKind.LAW].ladder[0].length == BusinessDays(business_days=35)
    assert "For five business days" in reg_e.letters[Language.ENGLISH][LetterKind.CREDIT_REVERSAL].body
    assert reg_e.provisional_credit
    assert reg_e.provisional_credit.debit_after == BusinessDays(business_days=5)


# What is refused ----------------------------------------------------------------------------------------------------


LAW_HEAD = GOOD[
    GOOD.index("[clocks.law]") : GOOD.index('source = { citation = "CBIRC order 2020 no. 3, art. 18: 15 days')
]
RUNG_60 = "length = { calendar_days = 60 }"


def test_a_clock_left_out_is_named() -> None:
    start, end = GOOD.index("[clocks.regulator]"), GOOD.index("[clocks.approval]")
    [problem] = problems(GOOD[:start] + GOOD[end:])
    assert problem.endswith(": clocks.regulator: is missing: every complaint needs this clock")


def test_a_letter_left_out_is_named_with_its_language() -> None:
    start, end = GOOD.index("[letters.zh.progress]"), GOOD.index("[letters.zh.extension_notice]")
    [problem] = problems(GOOD[:start] + GOOD[end:])
    assert problem.endswith("letters.zh.progress: is missing: every letter must exist in zh")


def test_letters_in_a_language_without_remedies_and_contact_are_refused() -> None:
    without = re.sub(r'^en = (""".*?"""|".*?"|\[.*?\])\n', "", GOOD, flags=re.MULTILINE | re.DOTALL)
    [problem] = problems(without)
    assert problem.endswith("letters.en: are in en, but reply.outside_remedies is not: add it there")


def test_a_promise_must_count_from_the_day_that_the_law_counts_from() -> None:
    fifteen = GOOD.replace("length = { calendar_days = 12 }", "length = { calendar_days = 15 }")
    assert parse_pack(fifteen, "cn-banking.toml").clocks[ClockKind.PROMISE].length == CalendarDays(calendar_days=15)
    from_receipt = fifteen.replace(LAW_HEAD, LAW_HEAD + 'count_from = "same_day"\n')
    assert "clocks.promise.length: 15 calendar days can run out after" in problems(from_receipt)[0]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    spoilt = GOOD.replace("Asia/Shanghai", "Mars/Base").replace("from_hour = 12,", "from_hour = 11,")
    spoilt = spoilt.replace(RUNG_60, "length = { calendar_days = 16 }")
    found = problems(spoilt, "packs/cn-banking.toml")
    assert [problem.split(": ")[1] for problem in found] == [
        "calendar.zone",
        "clocks.law.ladder.1.length",
        "call_back.day_parts.1",
    ]
    assert all(problem.startswith("packs/cn-banking.toml:") for problem in found)


def test_an_empty_file_names_every_field_that_is_missing() -> None:
    found = problems("", "cn-banking.toml")
    required = {name for name, field in RulePack.model_fields.items() if field.is_required()}
    assert {problem.split(": ")[1] for problem in found} == required


def test_a_law_that_was_read_may_say_that_it_pauses() -> None:
    [pause] = shipped("cn-banking").clocks[ClockKind.LAW].may_pause_for
    assert (pause.reason, pause.tell, pause.source.status) == ("outside_appraisal", True, SourceStatus.READ)


def test_an_unconfirmed_rule_may_be_used_when_it_says_so() -> None:
    data = GOOD.replace(
        'comes from a secondary source", status = "secondary"', 'is unconfirmed", status = "unconfirmed"'
    )
    assert parse_pack(data, "cn-banking.toml").clocks[ClockKind.LAW].source.status is SourceStatus.UNCONFIRMED


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("We answer soon.", ["soon"], ["soon"]),
        ("SOON", ["soon"], ["soon"]),
        ("We will call you sooner", ["soon"], []),
        ("in due\ncourse", ["in due course"], ["in due course"]),
        ("translated later", ["later", "late"], ["later"]),
        ("我们会尽快答复", ["尽快", "马上"], ["尽快"]),
        ("我们在3月5日答复", ["尽快"], []),
        ("", ["soon"], []),
    ],
)
def test_words_to_avoid_are_found_whole(text: str, words: list[str], found: list[str]) -> None:
    assert words_to_avoid(text, words) == found


def test_nothing_in_the_shipped_packs_is_lost_in_reading() -> None:
    for name in NAMES:
        own = tomllib.loads(written(f"{name}.toml"))
        assert own.keys() - {"includes"} <= RulePack.model_fields.keys()
        for shared in own.get("includes", []):
            assert tomllib.loads(written(shared)).keys() <= RulePack.model_fields.keys()


def test_no_shared_file_is_left_over() -> None:
    used = {shared for name in NAMES for shared in tomllib.loads(written(f"{name}.toml")).get("includes", [])}
    assert used == {f"shared/{file.name}" for file in (PACKS / "shared").iterdir()}


def test_the_name_of_a_pack_fits_into_the_ids_that_it_is_a_part_of() -> None:
    text = written("cn-banking.toml").replace('name = "cn-banking"', f'name = "{"a" * 31}"')
    with pytest.raises(PackError, match="name: has 31 characters: shorten it to 30"):
        parse_pack(text, f"{'a' * 31}.toml", written)
