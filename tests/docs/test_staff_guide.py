"""Guarantee: the guide for staff tells one complaint's whole life, and every message in it does what the guide says."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from client.gateway import read_message
from domain.decisions import DECISIONS
from tests.server import Case, Server
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
REFERENCE = "DOCS-STAFF"


@dataclass(frozen=True)
class Sent:
    """One command of the guide."""

    name: str
    message: dict[str, Any]
    refused: bool


SENT = [
    Sent(name, json.loads(content), refused.strip() == "# refused")
    for name, content, refused in re.findall(r"^starter\.py send MY-0001 (\w+) '(.+?)'( +#.*)?$", GUIDE, re.MULTILINE)
]


def test_the_guide_shows_a_message_of_every_step() -> None:
    assert len(SENT) == GUIDE.count("starter.py send MY-0001")
    assert len(SENT) >= 10


@pytest.mark.parametrize("number", range(len(SENT)))
def test_every_message_of_the_guide_can_be_read(number: int) -> None:
    read_message(SENT[number].name, SENT[number].message)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+_\w+)`", GUIDE.split("## At any time")[1]))))
def test_what_the_guide_names_is_a_message(name: str) -> None:
    schemas = {file.name.removesuffix(".schema.json") for file in (ROOT / "docs" / "interface").glob("*.schema.json")}
    fields = {"assigned_by", "not_needed"}
    assert name in schemas | fields


async def test_the_story_of_the_guide_is_what_happens(server: Server) -> None:
    complaint = json.loads((ROOT / "demo" / "own-complaint.json").read_text(encoding="utf-8"))
    case = await server.open(complaint | {"reference": REFERENCE})
    for sent in SENT:
        await send(case, sent)
    closed = await asyncio.wait_for(case.handle.result(), timeout=60)
    assert closed["outcome"] == "satisfied"
    assert closed["paid"] == {"CNY": "2050.00"}


async def send(case: Case, sent: Sent) -> None:
    """Send a message when it is somebody's turn to send it, as whoever looks at their tasks does."""
    if sent.name not in DECISIONS:
        await case.handle.signal(sent.name, sent.message)
        return
    await asked_for(case, sent.name)
    if sent.name == "record_callback":
        await case.pass_time(until_ten_in_shanghai(await case.deadlines()))
    if sent.refused:
        await case.refused(sent.name, **sent.message)
    else:
        await case.decide(sent.name, **sent.message)


async def asked_for(case: Case, name: str) -> None:
    """Wait until an open task asks for the message."""

    async def asked() -> bool:
        return name in [task["message"] for task in await case.tasks()]

    assert await eventually(asked, case.tasks)


def until_ten_in_shanghai(clocks: dict[str, dict[str, Any]]) -> timedelta:
    """To the next morning after the call-back became due."""
    started = datetime.fromisoformat(clocks["call_back-1"]["started_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    morning = (started + timedelta(days=1)).replace(hour=10, minute=0, second=0)
    return morning - started
