"""Guarantee: the change that ``docs/upgrades.md`` works out does what the guide says, in the code that it shows.

- Written plainly, the golden histories refuse it; under the patch, they are all followed to the same end.
- New complaints, and those that had not come to its place, take the new path; those that had passed it do not.
- Which code follows which history is as the guide's table has it.
- The shape of carried files is changed as shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from pydantic import Field, model_validator
from temporalio.client import WorkflowHistory

from domain.casefile import CaseFile
from domain.model import Record
from tests.histories import golden
from tests.histories.replaying import differences
from tests.temporal_server import skipping_server
from tests.upgrades.guide import GUIDE, VERSIONS, shown, upgrade
from tests.workflows.case import Case, idle
from tests.workflows.conftest import opener, worker_for
from tests.workflows.recorded_bank import RecordedBank
from workflows.names import SEARCH_ATTRIBUTES

BEFORE, PATCHED, DEPRECATED, PLAIN = VERSIONS
ON_THE_WAY = "on the way"
GOLDEN = [name for entry in golden.index().values() for name in entry["histories"]]
CELL = r"\| (yes|no) "
TABLE = {
    (code, past): cell == "yes"
    for code, *cells in re.findall(rf"^\| ([\w ]+) {CELL * 4}\|$", GUIDE, re.MULTILINE)
    for past, cell in zip(VERSIONS, cells, strict=True)
}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Put the code back."""
    yield
    upgrade(BEFORE)


@dataclass(frozen=True)
class Life:
    """A complaint whose complainant was verified."""

    history: WorkflowHistory
    told: int
    """How often the quality desk heard of it."""


async def verified(case: Case) -> Life:
    """Lead a complaint past the place that the change is about."""
    await case.reach("assessed")
    await case.until(idle)
    told = case.bank.notices(case.reference).count(("quality", "assignment"))
    return Life(await case.handle.fetch_history(), told)


@pytest.fixture(scope="module")
async def lives() -> dict[str, Life]:
    """A complaint of each version; one more, on the way, was opened before the patch and verified after it."""
    bank, found = RecordedBank(), {}
    async with await skipping_server(search_attributes=SEARCH_ATTRIBUTES) as environment:
        open_case = opener(environment, bank)
        async with worker_for(environment.client, bank):
            found[BEFORE] = await verified(await open_case())
            on_the_way = await open_case()
            await on_the_way.stage("acknowledged")
        for version in (PATCHED, DEPRECATED, PLAIN):
            upgrade(version)
            async with worker_for(environment.client, bank):
                found[version] = await verified(await open_case())
                if version == PATCHED:
                    found[ON_THE_WAY] = await verified(on_the_way)
    return found


async def test_written_plainly_the_golden_histories_refuse_it() -> None:
    upgrade(PLAIN)
    [difference] = await differences([golden.read("1-stuck-transfer")])
    assert "TMPRL1100" in difference


async def test_under_the_patch_all_golden_histories_are_followed() -> None:
    upgrade(PATCHED)
    found = await differences([golden.read(name) for name in GOLDEN])
    assert dict(zip(GOLDEN, found, strict=True)) == dict.fromkeys(GOLDEN, "")


def test_who_takes_the_new_path(lives: dict[str, Life]) -> None:
    told = {version: life.told for version, life in lives.items()}
    assert told == {BEFORE: 0, ON_THE_WAY: 1, PATCHED: 1, DEPRECATED: 1, PLAIN: 1}


@pytest.mark.parametrize("code", VERSIONS)
async def test_which_code_follows_which_history(code: str, lives: dict[str, Life]) -> None:
    upgrade(code)
    found = await differences([lives[past].history for past in VERSIONS])
    follows = {(code, past): not difference for past, difference in zip(VERSIONS, found, strict=True)}
    assert follows == {key: yes for key, yes in TABLE.items() if key[0] == code}


class Recused(Record):
    id: str
    asked_by: str | None


def test_another_shape_is_made_of_the_old_one() -> None:
    upgrading = shown("shape", {"model_validator": model_validator, "Any": Any})

    class NextFile(CaseFile):
        state_version: int = Field(default=2, le=2)
        recused: list[Recused] = []  # type: ignore[assignment]
        from_version_1: ClassVar[Any] = upgrading["_from_version_1"]

    start = golden.read("many-messages-2").events[0].workflow_execution_started_event_attributes
    carried = json.loads(start.input.payloads[0].data) | {"recused": ["FL-0021"]}
    file = NextFile.model_validate(carried)
    assert (file.state_version, file.recused) == (2, [Recused(id="FL-0021", asked_by=None)])
    assert NextFile.model_validate(file.model_dump(mode="json")) == file
