"""Guarantees of the archive, on SQLite and on PostgreSQL alike:

* What is archived comes back exactly, with the whole journal in its order.
* The same key twice is stored once, and answered with the first time; also when several workers try at once.
* A complaint archived under another key is refused, never overwritten.
* Reports find what they ask for in columns of its own.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.archive import Archive
from activities.archive_schema import closed_complaints
from activities.bank_http import BankFailure
from domain.casefile import CaseFile
from domain.model import Outcome
from tests import orders
from tests.activities.archived import RECEIVED, archive_order, closing_record, page
from tests.activities.failing import failure, run
from tests.any_text import EVERYTHING


async def test_what_is_archived_comes_back_exactly(archive: Archive) -> None:
    order = archive_order(orders.new_reference(), narrative="NUL \x00, 4-byte 𠮷🏦, quote ' \" \\ and \r\n lines")
    before = datetime.now(UTC)
    receipt = await run(archive.archive_complaint, order)
    kept = await archive.look_up(order.reference)
    assert kept is not None
    assert (kept.complaint, kept.closed, kept.file) == (order.complaint, order.closed, order.file)
    assert before <= receipt.stored_at == kept.stored_at <= datetime.now(UTC)


async def test_any_words_come_back_character_by_character(archive: Archive) -> None:
    order = archive_order(orders.new_reference(), narrative=EVERYTHING)
    await run(archive.archive_complaint, order)
    kept = await archive.look_up(order.reference)
    before = await run(archive.closed_before, order.complaint)
    assert kept is not None and before is not None
    assert kept.complaint.narrative == EVERYTHING
    assert before.same_content


async def test_nothing_is_there_before(archive: Archive) -> None:
    await run(archive.keep_journal_page, page("T-still-open", 0))
    assert await archive.look_up("T-still-open") is None


async def test_the_whole_journal_in_its_order(archive: Archive) -> None:
    reference = orders.new_reference()
    for first in (3, 0, 6):
        await run(archive.keep_journal_page, page(reference, first))
    await run(archive.archive_complaint, archive_order(reference))
    kept = await archive.look_up(reference)
    assert kept is not None
    assert [entry["note"] for entry in kept.journal] == [f"entry {n} 备注" for n in range(9)] + ["the last line"]


async def test_the_same_key_is_stored_once_and_answered_with_the_first_time(archive: Archive) -> None:
    order = archive_order(orders.new_reference())
    receipts = [await run(archive.archive_complaint, order, attempt) for attempt in (1, 2)]
    pages = [await run(archive.keep_journal_page, page(order.reference, 0), attempt) for attempt in (1, 2)]
    kept = await archive.look_up(order.reference)
    assert receipts[0] == receipts[1]
    assert pages[0] == pages[1]
    assert kept is not None
    assert len(kept.journal) == 4


async def test_several_workers_at_once_store_once(archive: Archive, url: str) -> None:
    others = [await Archive.open(url) for _ in range(3)]
    order = archive_order(orders.new_reference())
    workers = [archive, *others] * 3
    receipts = await asyncio.gather(*(run(worker.archive_complaint, order) for worker in workers))
    for other in others:
        await other.close()
    assert len({receipt.stored_at for receipt in receipts}) == 1


async def test_another_key_for_an_archived_complaint_is_refused(archive: Archive) -> None:
    reference = orders.new_reference()
    await run(archive.archive_complaint, archive_order(reference))
    await run(archive.keep_journal_page, page(reference, 0))
    for error in (
        await failure(archive.archive_complaint, archive_order(reference, "archive-again", "other words")),
        await failure(archive.keep_journal_page, page(reference, 0, "page-again")),
    ):
        assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_REFUSED, True)
    kept = await archive.look_up(reference)
    assert kept is not None
    assert kept.complaint.narrative == orders.WORDS


async def test_reports_find_what_they_ask_for(archive: Archive, engine: AsyncEngine) -> None:
    await run(archive.archive_complaint, archive_order("T-report"))
    asked = ("rule_pack", "nature", "outcome", "tier", "breached", "received_at", "answered_at", "closed_at")
    async with engine.connect() as connection:
        (row,) = (await connection.execute(select(*(closed_complaints.c[name] for name in asked)))).mappings()
    assert dict(row) == {
        "rule_pack": "cn-banking",
        "nature": "system_fault",
        "outcome": "satisfied",
        "tier": 2,
        "breached": True,
        "received_at": RECEIVED,
        "answered_at": RECEIVED + timedelta(days=5),
        "closed_at": RECEIVED + timedelta(days=21),
    }


async def test_an_instant_of_another_zone_is_kept_as_the_same_instant(archive: Archive, engine: AsyncEngine) -> None:
    order = archive_order("T-zone")
    abroad = order.complaint.model_dump(mode="json") | {"received_at": "2026-03-02T23:30:00+08:00"}
    await run(
        archive.archive_complaint,
        order.model_validate(
            order.model_dump() | {"complaint": abroad, "closed": order.closed | {"received_at": abroad["received_at"]}}
        ),
    )
    async with engine.connect() as connection:
        received = await connection.scalar(select(closed_complaints.c.received_at))
    assert received == datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


async def test_a_withdrawn_complaint_without_an_answer_is_archived_too(archive: Archive, engine: AsyncEngine) -> None:
    reference = orders.new_reference()
    file = CaseFile(complaint=orders.complaint(reference), opened_at=RECEIVED, outcome=Outcome.WITHDRAWN)
    closed = closing_record(file).model_dump(mode="json")
    order = archive_order(reference).model_copy(update={"file": file.model_dump(mode="json"), "closed": closed})
    await run(archive.archive_complaint, order)
    async with engine.connect() as connection:
        row = (await connection.execute(select(closed_complaints))).mappings().one()
    assert (row["nature"], row["answered_at"], row["breached"]) == (None, None, False)


async def test_a_closing_record_that_cannot_be_read_is_refused_without_repeating_it(archive: Archive) -> None:
    order = archive_order(orders.new_reference()).model_copy(update={"closed": {"outcome": orders.WORDS}})
    error = await failure(archive.archive_complaint, order)
    assert (error.type, error.non_retryable) == (BankFailure.ARCHIVE_REFUSED, True)


async def test_a_reference_that_was_closed_before_is_known(archive: Archive) -> None:
    order = archive_order(orders.new_reference())
    assert await run(archive.closed_before, order.complaint) is None
    await run(archive.archive_complaint, order)
    later = order.complaint.model_copy(update={"received_at": order.complaint.received_at + timedelta(days=400)})
    before = await run(archive.closed_before, later)
    assert before is not None
    assert (before.closed.reference, before.same_content) == (order.reference, True)
    other = await run(archive.closed_before, later.model_copy(update={"narrative": "Another matter."}))
    assert other is not None
    assert not other.same_content
    assert await run(archive.closed_before, later.model_copy(update={"reference": orders.new_reference()})) is None
