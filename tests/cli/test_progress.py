"""How far an import is, in words that are true.

- How many lines there will be is estimated from the bytes read, and known once all are read; of a pipe nobody knows.
- The speed is that of late: what was open before goes by much faster than what is new.
- A server that owes an answer is mentioned, with how long it is waited for still.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from cli.progress import SPEED_OVER, Extent, View
from intake import patience
from intake.bulk import Import
from intake.inbox import Inbox
from intake.patience import PatientServer
from intake.source import Rejected, Wrong
from intake.tally import Rejects, Tally

READ = 200
NOWHERE: Any = None
"""A connection that is never used."""


@pytest.fixture
async def importing(tmp_path: Path) -> AsyncIterator[Import]:
    """An import of which so many lines are read, and the file has not ended."""
    more = threading.Event()

    def source() -> Iterator[Rejected]:
        for number in range(READ):
            yield Rejected(number, None, Wrong.LAYOUT, "no complaint")
        more.wait(60)

    inbox = Inbox(source())
    while inbox.count < READ:
        await inbox.take()
    yield Import(inbox, Tally(Rejects(tmp_path / "bad")), PatientServer(NOWHERE, 60))
    more.set()


def done(importing: Import, lines: int) -> None:
    importing.tally.summary.lines = lines


async def test_the_end_is_estimated_from_the_bytes(importing: Import) -> None:
    view = View(importing, Extent(size=10_000, read=lambda: 1_000, limit=None))
    assert view.expected == 2_000
    assert view.words(0.0) == "0 of about 2,000 lines"
    done(importing, 100)
    assert view.words(10.0) == "100 of about 2,000 lines, 10 per second, 0:03:10 left"


@pytest.mark.parametrize(("limit", "expected"), [(500, 500), (5_000, 2_000)])
async def test_no_more_are_expected_than_are_wanted(importing: Import, limit: int, expected: int) -> None:
    assert View(importing, Extent(10_000, lambda: 1_000, limit)).expected == expected


async def test_a_pipe_has_no_end_in_sight(importing: Import) -> None:
    view = View(importing, Extent(None, lambda: 0, None))
    view.words(0.0)
    done(importing, 100)
    assert view.words(10.0) == "100 lines, 10 per second"


async def test_the_end_is_known_when_all_is_read(tmp_path: Path) -> None:
    inbox = Inbox(iter([Rejected(number, None, Wrong.LAYOUT, "no complaint") for number in range(7)]))
    while await inbox.take():
        pass
    view = View(Import(inbox, Tally(Rejects(tmp_path / "bad"))), Extent(10_000, lambda: 5, 100))
    assert view.words(0.0) == "0 of 7 lines"


async def test_the_speed_is_that_of_late(importing: Import) -> None:
    view = View(importing, Extent(None, lambda: 0, None))
    view.words(0.0)
    done(importing, 100_000)
    view.words(1.0)
    done(importing, 100_300)
    assert view.words(1.0 + SPEED_OVER) == "100,300 lines, 10 per second"


async def test_a_server_that_owes_an_answer_is_mentioned(importing: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def late(_client: object, _references: object) -> dict[str, object]:
        asked.set()
        await answer.wait()
        return {}

    now = monotonic()
    monkeypatch.setattr(patience, "known", late)
    assert importing.server
    asking = asyncio.ensure_future(importing.server.known(["R-1"]))
    await asked.wait()
    view = View(importing, Extent(None, lambda: 0, None))
    assert view.words(0.0) == "0 lines"
    monkeypatch.setattr(patience, "monotonic", lambda: now + 12.0)
    assert view.words(0.0) == "0 lines, waiting for the server: 12 s of 60 s"
    answer.set()
    await asking
    assert view.words(0.0) == "0 lines"


async def test_stopping_is_said(importing: Import) -> None:
    importing.stop()
    assert View(importing, Extent(None, lambda: 0, None)).words(0.0) == "0 lines, finishing what has been begun"
