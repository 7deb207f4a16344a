"""Guarantee: the open book counts what the list of complaints shows, as of now, from a real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from client.listing import Wanted, find
from reporting.open_book import open_book
from reporting.results import OpenBook
from tests.server import Server, complaint
from tests.waiting import answered

DAY = timedelta(days=1)


async def now_open(server: Server, rule_pack: str | None = None) -> OpenBook:
    now = datetime.now(UTC)
    return await open_book(server.client, now - DAY, now + DAY, now, rule_pack)


async def test_the_numbers_are_those_of_the_list(server: Server) -> None:
    before = await now_open(server)
    first = await server.open(complaint("REPORT-OPEN-1"))
    await server.open(complaint("REPORT-OPEN-2", rule_pack="us-cfpb", complainant={"name": "A", "language": "en"}))
    forced = await server.open(complaint("REPORT-OPEN-3"))
    unreadable = await server.open({"reference": "REPORT-OPEN-4", "channel": "pigeon"})
    await first.pass_time(timedelta(days=13))  # the promise runs out
    await forced.handle.terminate("a test of what must not be done")

    def settled(book: OpenBook) -> bool:
        acknowledged = book.stages.get("acknowledged", 0) - before.stages.get("acknowledged", 0)
        return (book.open - before.open, acknowledged, book.breached - before.breached) == (3, 2, 1)

    book = await answered(lambda: now_open(server), settled)
    found = (await find(server.client, Wanted(), 10_000)).complaints
    assert book.open == len(found)
    for stage in {one.stage for one in found}:
        assert book.stages[stage] == sum(one.stage == stage for one in found)
    assert sum(book.stages.values()) == book.open
    for tier in book.tiers:
        assert book.tiers[tier] == sum(one.tier == tier for one in found)
    assert book.needs_attention == sum(one.attention for one in found)
    assert book.breached == sum(one.breached for one in found)
    assert (book.overdue, book.unacknowledged) >= (before.overdue + 1, before.unacknowledged + 1)
    assert book.due_within_day <= book.due_within_week <= book.open
    assert book.opened_in_period - before.opened_in_period == 3
    assert book.ended_by_force - before.ended_by_force == 1
    assert (await now_open(server, "us-cfpb")).open < book.open
    await unreadable.handle.terminate("the end of the test")
