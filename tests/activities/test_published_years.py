"""Guarantees proved here, for years that were not published when a complaint's rules were resolved:

- a year counts as published as soon as the pack's file says so, and its days come with the answer;
- packs without news are left out, and so are packs that vanished, cannot be read or know the place no more: nothing of
  that is a failure, and it is asked again another time.
"""

from __future__ import annotations

import logging
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities import interface
from activities.rules import Rules
from domain.effects import Calendars, CalendarsQuery

PACKS = Path(__file__).parents[2] / "rulepacks"
NEVER_YET = 2099
"""A year that no government has announced."""
ANNOUNCED = f"""
[calendar.announced.{NEVER_YET}]
complete = true

[calendar.announced.{NEVER_YET}.holidays]
{NEVER_YET}-10-08 = "National Day"

[calendar.announced.{NEVER_YET}.makeup_days]
{NEVER_YET}-10-10 = "National Day"
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A directory of rule packs in which a test may write."""
    return Path(shutil.copytree(PACKS, tmp_path / "packs"))


async def read(packs: Path, *names: str, jurisdiction: str | None = None) -> Calendars:
    query = CalendarsQuery(jurisdiction=jurisdiction, years={name: [NEVER_YET] for name in names or ("cn-banking",)})
    answer: Calendars = await ActivityEnvironment().run(Rules(packs).resolve_calendars, query)
    return answer


def write(file: Path, text: str) -> None:
    """Change a file, also for those who look at its time alone."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000, before + 1_000))


def announce(packs: Path) -> None:
    file = packs / "cn-banking.toml"
    write(file, file.read_text(encoding="utf-8") + ANNOUNCED)


def test_the_activity_is_the_one_that_workflows_name() -> None:
    name = "__temporal_activity_definition"
    assert getattr(Rules.resolve_calendars, name).name == getattr(interface.resolve_calendars, name).name


async def test_a_year_is_published_as_soon_as_the_file_says_so(packs: Path) -> None:
    assert await read(packs) == Calendars(by_pack={})
    announce(packs)
    calendar = (await read(packs)).by_pack["cn-banking"]
    assert NEVER_YET in calendar.published
    assert calendar.holidays[date(NEVER_YET, 10, 8)] == "National Day"
    assert calendar.makeup_days[date(NEVER_YET, 10, 10)] == "National Day"


async def test_only_packs_with_news_are_in_the_answer(packs: Path) -> None:
    announce(packs)
    assert list((await read(packs, "cn-banking", "us-cfpb")).by_pack) == ["cn-banking", "us-cfpb"]
    shutil.copy(PACKS / "cn-banking.toml", packs / "cn-banking.toml")
    assert list((await read(packs, "cn-banking", "us-cfpb")).by_pack) == ["us-cfpb"]


async def test_the_answer_survives_being_recorded(packs: Path) -> None:
    announce(packs)
    answer = await read(packs)
    assert Calendars.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize("broken", ["vanished", "broken", "elsewhere"])
async def test_a_pack_that_cannot_be_read_has_no_news_and_harms_no_other(
    packs: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    announce(packs)
    if broken == "vanished":
        (packs / "cn-banking.toml").unlink()
    if broken == "broken":
        write(packs / "cn-banking.toml", "version = ")
    with caplog.at_level(logging.WARNING):
        answer = await read(packs, "cn-banking", "us-cfpb", jurisdiction="FR" if broken == "elsewhere" else "US")
    assert list(answer.by_pack) == ([] if broken == "elsewhere" else ["us-cfpb"])
    assert "The calendar of rule pack cn-banking could not be read again" in caplog.text
