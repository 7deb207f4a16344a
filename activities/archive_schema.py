"""The tables of the archive, and how the database behind them is opened: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import aiosqlite
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 2
"""1: complaints and journal pages. 2: what reports count, in a table of its own."""
SCHEMA_LOCK = 0x636F6D706C  # any number that no other application of the database takes
PATIENCE = 15
"""Seconds for another process that writes to a SQLite file, at most."""
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class ArchiveUnavailable(RuntimeError):
    """The archive cannot be opened; the message says in one sentence why."""


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant. SQLite forgets offsets, so everything is written in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


metadata = MetaData()

schema_version = Table("archive_schema", metadata, Column("version", Integer, primary_key=True))

# JSON and not JSONB: the record stays byte for byte, and a NUL in a customer's words is no error.
closed_complaints = Table(
    "closed_complaints",
    metadata,
    Column("reference", String(80), primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("workflow_id", String(255), nullable=False),
    Column("rule_pack", String(80), nullable=False, index=True),
    Column("nature", String(80), index=True),
    Column("outcome", String(80), index=True),
    Column("tier", Integer, nullable=False, index=True),
    Column("breached", Boolean, nullable=False, index=True),
    Column("received_at", UtcInstant, nullable=False, index=True),
    Column("answered_at", UtcInstant, index=True),
    Column("closed_at", UtcInstant, index=True),
    Column("stored_at", UtcInstant, nullable=False),
    Column("complaint", JSON, nullable=False),
    Column("closed", JSON, nullable=False),
    Column("file", JSON, nullable=False),
)

# Apart from the complaint: a report would otherwise read past every case file to get there. It may lack complaints that
# a worker of an earlier version archived; the next start fills them in, and until then reports work them out.
complaint_figures = Table(
    "complaint_figures",
    metadata,
    Column("reference", String(80), primary_key=True),
    Column("rule_pack", String(80), nullable=False, index=True),
    Column("received_at", UtcInstant, nullable=False, index=True),
    Column("closed_at", UtcInstant, nullable=False, index=True),
    Column("figures", Text, nullable=False),
)

journal_pages = Table(
    "journal_pages",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("reference", String(80), nullable=False),
    Column("workflow_id", String(255), nullable=False),
    Column("first", Integer, nullable=False),
    Column("stored_at", UtcInstant, nullable=False),
    Column("entries", JSON, nullable=False),
    UniqueConstraint("reference", "first", name="one_page_per_place"),
)


def open_engine(url: str) -> AsyncEngine:
    """The database behind a URL, by the driver that this product brings along."""
    parsed = _with_driver(url)
    # Without hide_parameters, an error of the database would repeat the customer's words.
    engine = create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _survive_a_crash)
    return engine


def _with_driver(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ArchiveUnavailable("COMPLAINTS_ARCHIVE_URL is not the URL of a database.") from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise ArchiveUnavailable(f"COMPLAINTS_ARCHIVE_URL names {backend}; the archive knows sqlite and postgresql.")
    return parsed.set(drivername=DRIVERS[backend])


def _survive_a_crash(connection: Any, _record: object) -> None:
    """Patience with another writer, a write-ahead log, and every commit on disk."""
    connection.run_async(_prepare)


async def _prepare(connection: aiosqlite.Connection) -> None:
    await connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    await _write_ahead(connection)
    await connection.execute("PRAGMA synchronous=FULL")


async def _write_ahead(connection: aiosqlite.Connection) -> None:
    """Where SQLite turns the log on, it does not wait for another worker that does the same; so this does."""
    until = monotonic() + PATIENCE
    while True:
        try:
            async with connection.execute("PRAGMA journal_mode=WAL"):
                return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            await asyncio.sleep(0.01)


def bring_up_to_date(connection: Connection) -> None:
    """Create the tables where they are missing; refuse a database that a later version has changed."""
    one_at_a_time(connection)
    schema_version.create(connection, checkfirst=True)
    version = connection.scalar(select(schema_version.c.version))
    if version is not None and version > SCHEMA_VERSION:
        raise ArchiveUnavailable(
            f"The archive has schema version {version}; this program knows {SCHEMA_VERSION} and leaves it alone."
        )
    metadata.create_all(connection)
    if version is None:
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
    elif version < SCHEMA_VERSION:
        connection.execute(update(schema_version).values(version=SCHEMA_VERSION))


def one_at_a_time(connection: Connection) -> None:
    """Several workers may start at once on one database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SCHEMA_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
