"""Guarantee: whatever is sent to a complaint, at whatever stage, in whatever form, by whatever client: no workflow task
fails, no message is dropped, and each is accounted for as accepted, duplicate, refused or quarantined.

- At every stage complaints get every signal and every update, of every sender at least one.
- The file, the journal with its archived pages, the receipts and the refusals add up exactly to what was sent.
- The quarantine is bounded and seen, a person settles it, and the next unreadable message opens it again.
- No step takes a worker more than a second of its processor's time.
- Complaints begin new runs meanwhile; every history is replayed at the end.

``HOSTILE_MESSAGES`` sets how many messages are sent in all, ``HOSTILE_SEED`` which ones.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata

from client.failures import through_a_roll_over
from domain.case import open_case
from domain.casefile import CaseFile, Cycle
from domain.model import Stage
from tests.domain import said
from tests.waiting import eventually
from tests.workflows.case import SUPERVISOR, Case
from tests.workflows.conftest import complaint
from tests.workflows.hostile.accounts import Account, failed_tasks, journal_of
from tests.workflows.hostile.at_stage import BROUGHT, OPENING, Openers
from tests.workflows.hostile.books import book
from tests.workflows.hostile.messages import KNOWN, MESSAGES, Good, Sent, by_schema, fitting, hostile_messages
from tests.workflows.hostile.odd import raw
from tests.workflows.hostile.senders import CommandLine, Program, Sender
from workflows import names

SEED = int(os.environ.get("HOSTILE_SEED", "5"))
EACH = 50
"""Messages that one complaint gets."""
AT_ONCE = 4
BY_HAND = 20
"""One message of so many is sent by the command line."""
NO_FILE = (Stage.UNREADABLE, OPENING)
GARBAGE = Sent("evidence_added", update=False, payloads=(raw(b"\xff"),), id="")


@pytest.mark.parametrize("stage", BROUGHT)
async def test_every_message_is_accounted_for(openers: Openers, stage: str) -> None:
    number = MESSAGES // len(BROUGHT)
    first = await openers.at(stage)
    messages = list(islice(hostile_messages(await good_ones(first, stage, number), SEED), number))
    assert {message.name for message in messages} >= {*KNOWN}
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case | None, part: list[Sent]) -> None:
        async with at_once:
            await under_fire(openers, stage, case or await openers.at(stage), Program(), part)

    parts = [messages[start : start + EACH] for start in range(0, number, EACH)]
    await asyncio.gather(*(one(None if start else first, part) for start, part in enumerate(parts)))


async def good_ones(case: Case, stage: str, number: int) -> list[Good]:
    """What hostile messages are made of: one of every name, then some that fit the stage or that schemas allow."""
    allowed = by_schema(number // 3, SEED)
    others = fitting(await file_of(case, stage), number // 3, SEED) + allowed[len(KNOWN) :]
    Random(SEED).shuffle(others)
    return allowed[: len(KNOWN)] + others


async def file_of(case: Case, stage: str) -> CaseFile:
    """The file as far as it can be read; before there is one, messages are made up as for one soon after."""
    if stage in NO_FILE:
        file = open_case(said.complaint(), said.RECEIVED)
        file.cycles.append(Cycle(number=1, started_at=said.RECEIVED))
        file.write(said.RECEIVED, "received", "")
        return file
    return CaseFile.model_validate(await case.file())


async def under_fire(openers: Openers, stage: str, case: Case, sender: Sender, messages: Iterable[Sent]) -> None:
    """Send a complaint messages, and account for every one."""
    account = Account({} if stage in NO_FILE else await case.file())
    for message in messages:
        if stage == OPENING:  # where nobody is answered
            message = replace(message, update=False)
        account.enter(message, await sender.send(case, message))
    if stage == Stage.UNREADABLE:
        await corrected(case)
    openers.let_go(case)
    account.enter(GARBAGE, await Program().send(case, GARBAGE))
    file = await case.until(lambda file: file.get("quarantined") == account.quarantined)
    account.audit(file, await journal_of(case, file))
    if not file["outcome"]:  # with one it may close at any moment
        await shown_settled_and_opened_again(case)
    assert not await failed_tasks(case)
    book(type(sender).__name__, account)


async def corrected(case: Case) -> None:
    settle = {"by": SUPERVISOR, "task": "intake", "settlement": "done", "note": "typed in again"}
    await case.send("resolve_task", **settle, complaint=complaint(case.reference))


async def shown_settled_and_opened_again(case: Case) -> None:
    """The quarantine is a task, on the case sheet and in the search attributes, and ends when a person says so."""
    task = (await case.tasks())["quarantine"]
    sheet = await case.ask("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert task["what"] in sheet.current_details
    assert "**needed**" in sheet.current_details
    assert await case.ask("deadlines")
    await eventually(lambda: attention(case), case.file)
    settle = task["ready"] | {"by": SUPERVISOR, "note": "its sender was told", "message_id": uuid4().hex}
    await through_a_roll_over(lambda: case.send("resolve_task", **settle))
    assert "quarantine" not in await case.tasks()
    await Program().send(case, GARBAGE)
    await eventually(lambda: open_again(case), case.file)


async def attention(case: Case) -> Any:
    return (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION)


async def open_again(case: Case) -> bool:
    return "quarantine" in await case.tasks()


@pytest.mark.parametrize("stage", BROUGHT)
async def test_so_is_every_message_of_the_command_line(openers: Openers, stage: str, tmp_path: Path) -> None:
    """Each of its processes takes its time: where there are few, every stage gets other names."""
    number, turn = MESSAGES // BY_HAND // len(BROUGHT), [*BROUGHT].index(stage)
    case = await openers.at(stage)
    good = await good_ones(case, stage, number)
    begin = turn * number % len(KNOWN) if number < len(KNOWN) else 0
    messages = hostile_messages(good[begin:] + good[:begin], SEED)
    of_words = (message for message in messages if "\0" not in message.name + message.id)
    await under_fire(openers, stage, case, CommandLine(tmp_path), islice(of_words, number))
