"""Guarantees proved here:

- the shipped packs are accepted, say what the law says, and agree on roles and departments;
- what is left out is named (what is wrong is refused in the tests beside this one);
- all problems are told at once, in the order of the file.
"""

from __future__ import annotations

import re
import tomllib
from string import Template

import pytest

from domain.calendar import CalendarDays
from domain.clockrules import ClockKind, SourceStatus
from domain.effects import LetterKind
from domain.model import Language
from domain.packs import parse_pack
from domain.rulepack import Power, RulePack
from domain.wording import PLACEHOLDERS, SPECIAL, words_to_avoid
from tests.domain.broken_packs import GOOD, PACKS, problems

NAMES = ["cn-banking", "us-cfpb"]


def shipped(name: str) -> RulePack:
    return parse_pack((PACKS / f"{name}.toml").read_text(encoding="utf-8"), f"rulepacks/{name}.toml")


# What is shipped ----------------------------------------------------------------------------------------------------


def test_every_shipped_pack_is_accepted() -> None:
    assert sorted(path.stem for path in PACKS.glob("*.toml")) == sorted([*NAMES, "selection"])
    assert [shipped(name).name for name in NAMES] == NAMES


def test_china_answers_in_15_days_then_30_then_60_with_rising_approvers() -> None:
    law = shipped("cn-banking").clocks[ClockKind.LAW]
    assert law.length == CalendarDays(calendar_days=15)
    assert [rung.length for rung in law.ladder] == [CalendarDays(calendar_days=30), CalendarDays(calendar_days=60)]
    assert [rung.reason_codes for rung in law.ladder] == [["complex"], ["especially_complex"]]
    assert "manager" in law.ladder[0].approver_roles
    assert law.ladder[1].approver_roles == ["executive"]


def test_the_cfpb_portal_wants_15_days_and_60_when_in_progress() -> None:
    law = shipped("us-cfpb").clocks[ClockKind.LAW]
    assert law.length == CalendarDays(calendar_days=15)
    assert [rung.length for rung in law.ladder] == [CalendarDays(calendar_days=60)]
    assert law.source.status is SourceStatus.READ
    assert "CFPB" in shipped("us-cfpb").reply.outside_remedies[Language.ENGLISH]


@pytest.mark.parametrize("name", NAMES)
def test_a_call_back_is_policy_and_never_presented_as_law(name: str) -> None:
    clocks = shipped(name).clocks
    assert {kind for kind in clocks if clocks[kind].source.status is not SourceStatus.POLICY} == {ClockKind.LAW}


def test_roles_and_departments_have_the_same_ids_everywhere() -> None:
    china, america = (shipped(name) for name in NAMES)
    assert china.roles.keys() == america.roles.keys()
    assert china.departments.keys() == america.departments.keys()


@pytest.mark.parametrize("name", NAMES)
def test_whoever_calls_back_neither_handles_nor_approves(name: str) -> None:
    pack = shipped(name)
    callers = {role for role in pack.roles if Power.CALL_BACK in pack.roles[role].powers}
    handlers = {role for role in pack.roles if Power.HANDLE in pack.roles[role].powers}
    assert callers.isdisjoint(handlers | {limit.role for limit in pack.authority.limits})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", sorted(set(LetterKind) - SPECIAL))
def test_every_letter_can_be_filled_in_without_a_blank_left(name: str, language: Language, kind: LetterKind) -> None:
    letter = shipped(name).letters[language][kind]
    values = {placeholder: f"<{placeholder}>" for placeholder in PLACEHOLDERS}
    body = Template(letter.body).substitute(values)
    assert "<reference>" in Template(letter.subject).substitute(values)
    assert "<name>" in body
    assert "$" not in body
    if kind in {LetterKind.ACKNOWLEDGEMENT, LetterKind.PROGRESS, LetterKind.EXTENSION_NOTICE}:
        assert "<reply_by>" in body


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
        written = tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8"))
        assert written.keys() <= RulePack.model_fields.keys()
