"""The closed complaints of a period, as the archive holds them. It is only read: nothing is created or changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Select, Table, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.archive_figures import CannotBeRead, closing_record
from activities.archive_schema import (
    SCHEMA_VERSION,
    ArchiveUnavailable,
    closed_complaints,
    complaint_figures,
    open_engine,
    schema_version,
)
from domain.figures import Figures, figures

CHUNK = 2_000
"""Rows in memory at a time."""


class BookMissing(Exception):
    """A book cannot be read; the text says in one sentence why."""


class ClosedBook:
    """The archive at one moment."""

    def __init__(self, connection: AsyncConnection, rule_pack: str | None) -> None:
        self._connection = connection
        self._pack = rule_pack
        self.unreadable = list[str]()
        """References of complaints whose record somebody has spoilt."""

    async def closed(self, since: datetime, until: datetime) -> AsyncIterator[Figures]:
        """What there is to count of every complaint closed from one instant until before another, in no order."""
        counted = self._between(select(complaint_figures.c.figures), complaint_figures, "closed_at", since, until)
        async for (text,) in self._rows(counted):
            yield Figures.model_validate_json(text)
        documents = select(*(closed_complaints.c[name] for name in ("reference", "complaint", "closed", "file")))
        lacking = documents.where(closed_complaints.c.reference.not_in(select(complaint_figures.c.reference)))
        async for row in self._rows(self._between(lacking, closed_complaints, "closed_at", since, until)):
            try:
                yield figures(closing_record(row._asdict()))
            except CannotBeRead:
                self.unreadable.append(row.reference)

    async def received(self, since: datetime, until: datetime) -> int:
        """How many of the closed complaints were received from one instant until before another."""
        count = select(func.count()).select_from(closed_complaints)
        found: int | None = await self._connection.scalar(
            self._between(count, closed_complaints, "received_at", since, until)
        )
        return found or 0

    async def records(self) -> AsyncIterator[dict[str, Any]]:
        """Every closed complaint, the first received first: ``reference``, ``complaint``, ``closed`` and ``file``."""
        wanted = select(*(closed_complaints.c[name] for name in ("reference", "complaint", "closed", "file")))
        wanted = wanted.order_by(closed_complaints.c.received_at, closed_complaints.c.reference)
        if self._pack:
            wanted = wanted.where(closed_complaints.c.rule_pack == self._pack)
        async for row in self._rows(wanted):
            yield row._asdict()

    async def others(self) -> int:
        """How many closed complaints are under other rule packs."""
        count = select(func.count()).select_from(closed_complaints)
        return await self._connection.scalar(count.where(closed_complaints.c.rule_pack != self._pack)) or 0

    def _between(self, query: Select[Any], table: Table, column: str, since: datetime, until: datetime) -> Select[Any]:
        query = query.where(table.c[column] >= since, table.c[column] < until)
        return query.where(table.c.rule_pack == self._pack) if self._pack else query

    async def _rows(self, query: Select[Any]) -> AsyncIterator[Any]:
        async with self._connection.stream(query.execution_options(yield_per=CHUNK)) as found:
            async for chunk in found.partitions():
                for row in chunk:
                    yield row


@asynccontextmanager
async def closed_book(url: str, rule_pack: str | None) -> AsyncIterator[ClosedBook]:
    """The archive behind a URL, for as long as the block lasts.

    Raises:
        BookMissing: there is none, it cannot be reached, or its tables are of another version.
    """
    try:
        engine = open_engine(url)
    except ArchiveUnavailable as reason:
        raise BookMissing(str(reason)) from None
    where = engine.url.render_as_string(hide_password=True)
    try:
        _must_exist(engine.url)
        async with engine.connect() as connection:
            await _known_version(connection, where)
            yield ClosedBook(connection, rule_pack)
    except (SQLAlchemyError, OSError, TimeoutError) as trouble:
        kind = type(getattr(trouble, "orig", None) or trouble).__name__
        raise BookMissing(f"The archive {where} cannot be read ({kind}).") from None
    finally:
        await engine.dispose()


def _must_exist(url: URL) -> None:
    """SQLite would make an empty archive of a slip of the pen."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise BookMissing(f"There is no archive at {url.database}.")


async def _known_version(connection: AsyncConnection, where: str) -> None:
    there = await connection.run_sync(lambda sync: sync.dialect.has_table(sync, schema_version.name))
    version: int | None = await connection.scalar(select(schema_version.c.version)) if there else None
    if version is None:
        raise BookMissing(f"The database {where} is no archive of complaints.")
    if version < SCHEMA_VERSION:
        raise BookMissing(
            f"The archive {where} has schema version {version}; a worker of this program brings it to {SCHEMA_VERSION} "
            "when it starts."
        )
    if version > SCHEMA_VERSION:
        raise BookMissing(f"The archive {where} has schema version {version}; this program knows {SCHEMA_VERSION}.")
