"""Guarantees of reading the archive for reports, on SQLite and on PostgreSQL alike:

* Every complaint closed in the period is read once: from its beginning on, and not any more at its end.
* One that lacks its figures, because a worker of an earlier version archived it, is read all the same.
* A spoilt record is named and left out. Only complaints under a rule pack are read where one is asked for.
* Nothing is created or changed: an archive that is not there, of another version, or no archive at all is a sentence
  that tells no password.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update

from activities.archive import Archive
from activities.archive_figures import report_row
from activities.archive_schema import closed_complaints, complaint_figures, open_engine, schema_version
from domain.closing import ClosedComplaint
from domain.model import Outcome
from reporting.closed_book import BookMissing, closed_book
from tests import orders
from tests.postgres import running_postgres

SINCE = datetime(2026, 8, 1, tzinfo=UTC)
UNTIL = datetime(2026, 9, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
CLOSED = {"B-first": SINCE, "B-last": UNTIL - TICK, "B-before": SINCE - TICK, "B-after": UNTIL}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An archive with four complaints: the first and the last moment of August, and the moments beside them."""
    url = f"sqlite:///{tmp_path}/archive.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
        await changed(url, text("DROP SCHEMA public CASCADE"), text("CREATE SCHEMA public"))
    await (await Archive.open(url)).close()
    rows = [row(reference, at) for reference, at in CLOSED.items()]
    figures = [report_row(ClosedComplaint.model_validate(one["closed"])) for one in rows]
    await changed(url, insert(closed_complaints).values(rows), insert(complaint_figures).values(figures))
    return url


async def changed(url: str, *statements: Any) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(statement)
    await engine.dispose()


def row(reference: str, at: datetime) -> dict[str, Any]:
    closed = ClosedComplaint(
        reference=reference, outcome=Outcome.SATISFIED, reached=True, received_at=SINCE - timedelta(days=3),
        acknowledged_at=None, answered_at=None, called_back_at=at, closed_at=at, nature=None, responsibility=None,
        root_causes=[], departments=[], tier=1, cycles=1, contacts=0, remedies=[], paid={}, breached=False, clocks=[],
        rule_pack="cn-banking 2026.1", journal_length=0,
    )  # fmt: skip
    columns = {"key": reference, "workflow_id": reference, "tier": 1, "breached": False, "stored_at": at}
    documents = {
        "complaint": orders.complaint(reference).model_dump(mode="json"),
        "closed": closed.model_dump(mode="json"),
        "file": {},
    }
    names = {"reference": reference, "rule_pack": "cn-banking", "received_at": closed.received_at, "closed_at": at}
    return names | columns | documents


async def references(url: str, pack: str | None = None) -> tuple[list[str], list[str]]:
    """What was read of August, and what could not be."""
    async with closed_book(url, pack) as book:
        found = [one.reference async for one in book.closed(SINCE, UNTIL)]
    return sorted(found), book.unreadable


async def test_from_the_first_moment_to_the_last_and_no_further(url: str) -> None:
    assert await references(url) == (["B-first", "B-last"], [])


async def test_what_lacks_its_figures_is_read_all_the_same(url: str) -> None:
    whole = await references(url)
    await changed(url, delete(complaint_figures).where(complaint_figures.c.reference.in_(["B-first", "B-after"])))
    assert await references(url) == whole


async def test_a_spoilt_record_is_named(url: str) -> None:
    await changed(
        url,
        delete(complaint_figures).filter_by(reference="B-first"),
        update(closed_complaints).filter_by(reference="B-first").values(closed={"reference": "B-first"}),
    )
    assert await references(url) == (["B-last"], ["B-first"])


async def test_only_one_rule_pack_where_one_is_asked_for(url: str) -> None:
    assert await references(url, "cn-banking") == await references(url)
    assert await references(url, "us-cfpb") == ([], [])


async def test_received_is_counted_by_receipt(url: str) -> None:
    async with closed_book(url, None) as book:
        assert await book.received(SINCE - timedelta(days=4), SINCE) == 4
        assert await book.received(SINCE, UNTIL) == 0


@pytest.mark.parametrize(("version", "sentence"), [(1, "a worker of this program brings it to 2"), (3, "knows 2.")])
async def test_an_archive_of_another_version_is_left_alone(url: str, version: int, sentence: str) -> None:
    await changed(url, update(schema_version).values(version=version))
    with pytest.raises(BookMissing, match=f"has schema version {version}.*{sentence}"):
        await references(url)


async def test_a_database_that_is_no_archive(url: str) -> None:
    await changed(url, text("DROP TABLE archive_schema"))
    with pytest.raises(BookMissing, match="is no archive of complaints"):
        await references(url)


async def test_no_archive_is_made_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(BookMissing, match=r"There is no archive at .*none\.db"):
        await references(f"sqlite:///{tmp_path}/none.db")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "COMPLAINTS_ARCHIVE_URL is not the URL of a database."),
        ("postgresql://u:hunter2@127.0.0.1:9/x", r"The archive .*u:\*\*\*@127.0.0.1:9/x cannot be read \(\w+\)."),
    ],
)
async def test_an_archive_that_cannot_be_reached_is_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(BookMissing, match=f"^{sentence}$"):
        await references(url)
