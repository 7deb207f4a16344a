"""Complaints live for months: today's code must lead through what earlier versions recorded, to the same ends.

- Every golden history is followed, and ends as it was recorded; what fails says what to do.
- A change that open complaints could not follow is found: another activity, another timer, another end.
- A file that a newer version has carried on is refused.
- Every scenario is recorded, and no history holds a name of a machine, a process or a path.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError
from temporalio import workflow

from domain import closing, errands
from domain.casefile import CaseFile
from domain.casefile.file import STATE_VERSION
from tests.histories import golden
from tests.histories.replaying import differences
from tests.histories.scenarios import SCENARIOS
from workflows.complaint import ComplaintWorkflow

ALL = {name: scenario for scenario, entry in golden.index().items() for name in entry["histories"]}
ADVICE = """{name}, recorded with commit {commit}: {difference}
Open complaints of that version would be stuck, or come to another end, as soon as a worker has this code.
Put the change under a patch: docs/upgrades.md shows how.
Only while no complaint of that version is open anywhere, record it anew: python -m tests.histories.record {scenario}"""
PRIVATE = re.compile(r"\d+@\S+|localhost|127\.0\.0\.1|/home/|/root/|/tmp/")


@pytest.fixture(scope="module")
async def found() -> dict[str, str]:
    """What today's code does otherwise, by history."""
    return dict(zip(ALL, await differences([golden.read(name) for name in ALL]), strict=True))


@pytest.mark.parametrize("name", ALL)
async def test_todays_code_follows(name: str, found: dict[str, str]) -> None:
    commit = golden.index()[ALL[name]]["commit"]
    assert not found[name], ADVICE.format(name=name, commit=commit, difference=found[name], scenario=ALL[name])


def test_every_scenario_is_recorded_and_every_file_is_known() -> None:
    assert list(golden.index()) == list(SCENARIOS), "record what is missing: python -m tests.histories.record"
    assert set(ALL) == {file.name.removesuffix(".json.gz") for file in golden.HERE.glob("*.gz")}


async def usual() -> str:
    """What today's code does otherwise than the most ordinary history."""
    [difference] = await differences([golden.read("1-stuck-transfer")])
    return difference


class TestChanges:
    """What a careless change does."""

    async def test_another_timer_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        verify = ComplaintWorkflow._verify_identity

        async def slowly(self: ComplaintWorkflow) -> None:
            await workflow.sleep(60)
            await verify(self)

        monkeypatch.setattr(ComplaintWorkflow, "_verify_identity", slowly)
        assert "TMPRL1100" in await usual()

    async def test_another_activity_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        order = closing.order_archive

        def tell_too(file: CaseFile, now: datetime) -> None:
            order(file, now)
            errands.notice(file, "told", "supervisor", "closed", "it is closed", now)

        monkeypatch.setattr(closing, "order_archive", tell_too)
        assert "TMPRL1100" in await usual()

    async def test_another_end_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(closing, "compensation_by_kind", lambda file: {})
        assert await usual() == "it comes to another compensation"


def test_a_file_of_a_newer_version_is_refused() -> None:
    start = golden.read("many-messages-2").events[0].workflow_execution_started_event_attributes
    carried = json.loads(start.input.payloads[0].data)
    assert CaseFile.model_validate(carried).state_version == STATE_VERSION
    with pytest.raises(ValidationError, match="state_version"):
        CaseFile.model_validate(carried | {"state_version": STATE_VERSION + 1})


@pytest.mark.parametrize("name", ALL)
def test_no_machine_is_named(name: str) -> None:
    history = golden.read(name).to_json_dict()
    assert [text for text in texts(history) if PRIVATE.search(text)] == []


def plain(data: bytes) -> bytes:
    """What a payload says, if need be uncompressed."""
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def texts(part: Any) -> Iterator[str]:
    """Every text of a history, those in payloads decoded."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "data" and isinstance(value, str):
                yield plain(base64.b64decode(value)).decode(errors="replace")
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, str):
        yield part
