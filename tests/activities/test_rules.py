"""Guarantees proved here:

- a complaint is given its pack, the letters of its own language, and the holidays around its receipt and today;
- China's year counts as published only once the government announced it, and its moved working days are told by name;
- an unknown, broken or not yet valid pack is refused for good, with a sentence that says what is wrong;
- an edited pack is read again, while what was given out before stays as it was.
"""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import interface
from activities.rules import Rules
from domain.calendar import BusinessDays
from domain.counting import runs_out
from domain.effects import RulesQuery
from domain.model import YEARS, Language
from domain.pinned import PinnedRules

PACKS = Path(__file__).parents[2] / "rulepacks"
THIS_YEAR = datetime.now().astimezone().year


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory of rule packs that a test may spoil."""
    return Path(shutil.copytree(PACKS, tmp_path / "packs"))


async def resolve(
    directory: Path = PACKS,
    pack: str = "cn-banking",
    received: str = "2025-09-28T10:00:00+08:00",
    language: Language = Language.CHINESE,
) -> PinnedRules:
    query = RulesQuery(rule_pack=pack, received_at=datetime.fromisoformat(received), language=language)
    pinned: PinnedRules = await ActivityEnvironment().run(Rules(directory).resolve_rules, query)
    return pinned


async def refusal(directory: Path = PACKS, **query: str | None) -> ApplicationError:
    with pytest.raises(ApplicationError) as refused:
        await resolve(directory, **query)  # type: ignore[arg-type]
    assert refused.value.non_retryable
    return refused.value


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    before = file.stat().st_mtime_ns
    file.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(file, ns=(before + 1_000, before + 1_000))


def test_the_activity_is_the_one_that_workflows_name() -> None:
    name = "__temporal_activity_definition"
    assert getattr(Rules.resolve_rules, name).name == getattr(interface.resolve_rules, name).name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("pack", ["cn-banking", "us-cfpb"])
async def test_a_complaint_is_given_the_letters_of_its_own_language_only(pack: str, language: Language) -> None:
    pinned = await resolve(pack=pack, language=language)
    assert pinned.pack.name == pack
    assert list(pinned.pack.letters) == [language]


async def test_what_is_given_out_survives_being_recorded() -> None:
    pinned = await resolve()
    assert PinnedRules.model_validate_json(pinned.model_dump_json()) == pinned


async def test_the_calendar_covers_the_years_of_receipt_and_of_today() -> None:
    pinned = await resolve(pack="us-cfpb", received="2015-04-06T10:00:00-04:00")
    expected = {*range(2014, 2018), *range(THIS_YEAR - 1, THIS_YEAR + 3)}
    assert set(pinned.calendar.published) == expected
    assert {day.year for day in pinned.calendar.holidays} == expected
    assert pinned.calendar.holidays[date(2015, 7, 3)] == "Independence Day (observed)"


async def test_the_year_of_receipt_is_the_firms_own() -> None:
    in_utc_still_2012 = await resolve(pack="us-cfpb", received="2013-01-01T03:00:00+00:00")
    assert 2011 in in_utc_still_2012.calendar.published


async def test_golden_week_is_off_and_its_make_up_days_are_not_worked_by_default() -> None:
    calendar = (await resolve()).calendar
    assert not calendar.makeup_worked
    assert calendar.holidays[date(2025, 10, 1)] == "National Day"
    assert calendar.holidays[date(2025, 10, 7)] == "Mid-Autumn Festival (worked on 2025-09-28)"
    assert not calendar.is_working_day(date(2025, 9, 28))
    received = datetime.fromisoformat("2025-09-30T10:00:00+08:00")
    due = runs_out(calendar, received, BusinessDays(business_days=3))
    assert calendar.local(due.at).date() == date(2025, 10, 13)
    assert not due.provisional


async def test_a_firm_that_works_the_make_up_days_counts_them(directory: Path) -> None:
    edit(directory / "cn-banking.toml", "makeup_days = false", "makeup_days = true")
    calendar = (await resolve(directory)).calendar
    assert calendar.makeup_days[date(2025, 10, 11)] == "Mid-Autumn Festival"
    assert calendar.makeup_days[date(2025, 1, 26)] == "Chinese New Year (Spring Festival)"
    assert calendar.is_working_day(date(2025, 9, 28))
    received = datetime.fromisoformat("2025-09-30T10:00:00+08:00")
    due = runs_out(calendar, received, BusinessDays(business_days=3))
    assert calendar.local(due.at).date() == date(2025, 10, 11)


async def test_make_up_days_before_the_turn_of_the_year_belong_to_the_next(directory: Path) -> None:
    edit(
        directory / "us-cfpb.toml",
        'country = "US"\nzone = "America/New_York"',
        'country = "CN"\nzone = "Asia/Shanghai"',
    )
    edit(directory / "us-cfpb.toml", 'zone = "Asia/Shanghai"', 'zone = "Asia/Shanghai"\nmakeup_days = true')
    calendar = (await resolve(directory, pack="us-cfpb", received="2012-01-02T10:00:00+08:00")).calendar
    assert calendar.makeup_days[date(2011, 12, 31)] == "New Year's Day"


async def test_a_year_that_the_government_has_not_announced_is_provisional() -> None:
    received = "2099-03-01T10:00:00+08:00"
    calendar = (await resolve(received=received)).calendar
    assert 2099 not in calendar.published
    assert runs_out(calendar, datetime.fromisoformat(received), BusinessDays(business_days=3)).provisional


async def test_a_date_in_the_last_of_all_years_is_still_answered() -> None:
    calendar = (await resolve(received=f"{YEARS[-1]}-12-31T10:00:00+08:00")).calendar
    assert max(calendar.published) < YEARS[-1]


async def test_an_unknown_pack_is_refused_with_those_that_are_known() -> None:
    error = await refusal(pack="my-bank")
    assert error.type == "RulePackUnknown"
    assert error.message.startswith("there is no rule pack my-bank; known are: au-rg271, cn-banking, eu-psd2, uk-disp,")


async def test_an_empty_directory_knows_none(tmp_path: Path) -> None:
    assert (await refusal(tmp_path)).message.endswith("known are: none")


async def test_a_broken_pack_is_refused_with_its_lines(directory: Path) -> None:
    edit(directory / "cn-banking.toml", "length = { calendar_days = 12 }", "length = { calendar_days = 20 }")
    error = await refusal(directory)
    assert error.type == "RulePackInvalid"
    assert "cn-banking.toml:" in error.message
    assert "clocks.promise.length: 20 calendar days can run out after the law's 15 calendar days" in error.message


@pytest.mark.parametrize(
    ("old", "new"),
    [('country = "CN"', 'country = "XX"'), ('country = "CN"', 'country = "CN"\nregion = "Nowhere"')],
)
async def test_a_country_without_known_holidays_is_refused_with_its_line(directory: Path, old: str, new: str) -> None:
    file = directory / "cn-banking.toml"
    edit(file, old, new)
    error = await refusal(directory)
    line = file.read_text(encoding="utf-8").split("\n").index(new.split("\n")[0]) + 1
    assert error.type == "RulePackInvalid"
    assert f"cn-banking.toml:{line}: calendar.country: no holidays are known for it" in error.message


async def test_a_pack_that_cannot_be_read_is_refused_and_not_asked_for_again(directory: Path) -> None:
    (directory / "cn-banking.toml").unlink()
    (directory / "cn-banking.toml").mkdir()
    error = await refusal(directory)
    assert (error.type, error.non_retryable) == ("RulePackInvalid", True)
    assert error.message == "the rule pack cn-banking cannot be read: Is a directory"


async def test_a_table_of_packs_that_cannot_be_read_is_refused(directory: Path) -> None:
    (directory / "selection.toml").unlink()
    (directory / "selection.toml").mkdir()
    error = await refusal(directory, pack=None)
    assert (error.type, error.non_retryable) == ("SelectionInvalid", True)
    assert error.message == "selection.toml cannot be read: Is a directory"


async def test_what_an_editor_leaves_beside_the_packs_is_no_pack(directory: Path) -> None:
    (directory / ".#cn-banking.toml").symlink_to("somebody@somewhere.1")
    assert (await resolve(directory)).pack.name == "cn-banking"
    assert ".#" not in (await refusal(directory, pack="tea")).message


async def test_a_pack_in_another_encoding_is_refused(directory: Path) -> None:
    (directory / "cn-banking.toml").write_bytes("title = '投诉'".encode("gb18030"))
    error = await refusal(directory)
    assert error.type == "RulePackInvalid"
    assert "is not UTF-8" in error.message


@pytest.mark.parametrize(
    ("pack", "too_early", "first"),
    [
        ("cn-banking", "2020-02-29T23:59:59+08:00", "2020-03-01T00:00:00+08:00"),
        ("us-cfpb", "2011-07-20T23:59:59-04:00", "2011-07-21T00:00:00-04:00"),
    ],
)
async def test_a_complaint_from_before_the_pack_is_refused_by_the_firms_date(
    pack: str, too_early: str, first: str
) -> None:
    error = await refusal(pack=pack, received=too_early)
    assert error.type == "RulePackNotYetValid"
    assert error.message.startswith(f"rule pack {pack} is valid from {first[:10]}; the complaint was received on")
    assert (await resolve(pack=pack, received=first)).pack.name == pack


async def test_a_language_without_letters_is_refused() -> None:
    assert (await resolve(pack="uk-psd", language=Language.ENGLISH)).pack.name == "uk-psd"
    error = await refusal(pack="uk-psd", language="zh")
    assert error.type == "RulePackLanguageMissing"
    assert error.message == "rule pack uk-psd has no letters in zh"


async def test_an_edited_pack_is_read_again_and_running_complaints_keep_theirs(directory: Path) -> None:
    before = await resolve(directory)
    edit(directory / "cn-banking.toml", 'version = "2026.2"', 'version = "2026.3"')
    after = await resolve(directory)
    assert (before.pack.version, after.pack.version) == ("2026.2", "2026.3")


async def test_a_mended_pack_is_used_at_once(directory: Path) -> None:
    edit(directory / "cn-banking.toml", 'version = "2026.2"', "version = 1")
    await refusal(directory)
    edit(directory / "cn-banking.toml", "version = 1", 'version = "2026.2"')
    assert (await resolve(directory)).pack.version == "2026.2"


async def test_complaints_of_the_same_years_share_one_calendar() -> None:
    assert (await resolve()).calendar is (await resolve(received="2025-11-02T09:00:00+08:00")).calendar
