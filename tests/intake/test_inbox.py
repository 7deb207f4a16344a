"""A file is read ahead, but not far, and nobody waits for a pipe who need not.

- At most so many lines are read ahead: a file need not fit into memory.
- What is there is handed over at once, however slowly the rest comes; closing wakes whoever waits.
- What is wrong with the file as a whole comes after everything that stood before.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from domain.reading import Unreadable
from intake.inbox import AHEAD, AT_ONCE, Inbox
from intake.source import Found, Rejected, Wrong


def line(number: int) -> Rejected:
    return Rejected(number, None, Wrong.LAYOUT, "no complaint")


async def everything(inbox: Inbox) -> list[Found | Rejected]:
    found: list[Found | Rejected] = []
    while taken := await inbox.take():
        assert len(taken) <= AT_ONCE
        found += taken
    return found


async def test_everything_comes_in_order() -> None:
    lines = [line(number) for number in range(3 * AHEAD)]
    inbox = Inbox(iter(lines))
    assert await everything(inbox) == lines
    assert (inbox.count, inbox.all_read, await inbox.take()) == (3 * AHEAD, True, [])


async def test_it_reads_ahead_only_so_far() -> None:
    drawn, taken, ahead = 0, 0, 0

    def source() -> Iterator[Rejected]:
        nonlocal drawn, ahead
        for number in range(5 * AHEAD):
            drawn += 1
            ahead = max(ahead, drawn - taken)
            yield line(number)

    inbox = Inbox(source())
    while some := await inbox.take():
        taken += len(some)
    assert drawn == 5 * AHEAD
    assert ahead <= AHEAD + AT_ONCE + 1


async def test_a_slow_pipe_holds_up_nothing_that_is_there() -> None:
    more = threading.Event()

    def source() -> Iterator[Rejected]:
        yield line(1)
        more.wait(60)
        yield line(2)

    inbox = Inbox(source())
    assert await inbox.take() == [line(1)]
    assert not inbox.all_read
    more.set()
    assert await everything(inbox) == [line(2)]


async def test_closing_wakes_whoever_waits_for_a_pipe() -> None:
    reading, never = threading.Event(), threading.Event()

    def source() -> Iterator[Rejected]:
        reading.set()
        never.wait(60)
        yield line(1)

    inbox = Inbox(source())
    waiting = asyncio.ensure_future(inbox.take())
    assert await asyncio.to_thread(reading.wait, 10)
    assert not waiting.done()
    inbox.close()
    assert await asyncio.wait_for(waiting, 10) == []
    never.set()


async def test_closing_ends_the_thread_that_has_read_ahead() -> None:
    def source() -> Iterator[Rejected]:
        while True:
            yield line(1)

    before = set(threading.enumerate())
    inbox = Inbox(source())
    await inbox.take()
    (reader,) = set(threading.enumerate()) - before
    inbox.close()
    await asyncio.to_thread(reader.join, 10)
    assert not reader.is_alive()


async def test_what_is_wrong_with_the_file_comes_last() -> None:
    def source() -> Iterator[Rejected]:
        yield line(1)
        raise Unreadable("cut off")

    inbox = Inbox(source())
    assert await inbox.take() == [line(1)]
    for _ in range(2):
        with pytest.raises(Unreadable, match="cut off"):
            await inbox.take()
    assert not inbox.all_read
