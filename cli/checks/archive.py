"""The archive that the settings of this machine name, and the disk under it."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from activities.archive_schema import (
    SCHEMA_VERSION,
    ArchiveUnavailable,
    closed_complaints,
    journal_pages,
    open_engine,
    schema_version,
)
from activities.settings import PREFIX
from cli.checks.finding import Check, Finding, NotChecked, failed, ok, warning
from cli.checks.machine import settings_here

LITTLE, TOO_LITTLE = 1 << 30, 100 << 20
LOCKED_FOR = 3
"""Seconds that another program may hold the archive."""


def archive_checks() -> list[Check]:
    """The database and its disk."""
    return [Check("archive", _archive), Check("archive disk", _disk)]


def _place() -> tuple[AsyncEngine, URL]:
    settings = settings_here()
    if "archive_url" not in settings.model_fields_set:
        raise NotChecked("no archive is named here", f"set {PREFIX}ARCHIVE_URL to the worker's")
    engine = open_engine(settings.archive_url.get_secret_value())
    return engine, engine.url


async def _archive() -> list[Finding]:
    try:
        engine, url = _place()
    except ArchiveUnavailable as wrong:
        return [failed("archive", str(wrong), "correct it")]
    file = _file(url)
    if file and not file.exists():
        return [_no_file(file)]
    shown = str(file) if file else url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
    try:
        async with engine.connect() as connection:
            return [await _looked_into(connection, shown)]
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        advice = f"see that its database runs and lets us in, or correct {PREFIX}ARCHIVE_URL"
        return [failed("archive", f"{shown}: {_cause(error)}", advice)]
    finally:
        await engine.dispose()


def _file(url: URL) -> Path | None:
    """The file of an SQLite database."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _no_file(file: Path) -> Finding:
    if file.parent.is_dir() and os.access(file.parent, os.W_OK):
        advice = f"start worker.py, which makes it; if that runs already, correct {PREFIX}ARCHIVE_URL"
        return warning("archive", f"{file} is not there yet", advice)
    return failed("archive", f"{file} cannot be made", f"make its directory, or correct {PREFIX}ARCHIVE_URL")


async def _looked_into(connection: AsyncConnection, shown: str) -> Finding:
    if connection.dialect.name == "sqlite":
        await connection.execute(text(f"PRAGMA busy_timeout = {LOCKED_FOR * 1_000}"))
    if not await connection.run_sync(lambda inside: inside.dialect.has_table(inside, schema_version.name)):
        return warning("archive", f"{shown} is empty", "start worker.py, which makes its tables")
    version = await connection.scalar(select(schema_version.c.version))
    if version != SCHEMA_VERSION:
        return _other_version(shown, version or 0)
    number = await connection.scalar(select(func.count()).select_from(closed_complaints))
    await connection.rollback()
    await _write_and_take_back(connection)
    return ok("archive", f"{shown}: schema version {version}, closed complaints: {number}, can be written")


def _other_version(shown: str, version: int) -> Finding:
    said = f"{shown} has schema version {version}; this program knows {SCHEMA_VERSION}"
    if version < SCHEMA_VERSION:
        return warning("archive", said, "back it up, and start this version's worker.py, which brings it up to date")
    return failed("archive", said, "use the program that made it, or a later one")


async def _write_and_take_back(connection: AsyncConnection) -> None:
    row = {"key": f"doctor-{uuid4()}", "reference": "doctor", "workflow_id": "doctor", "first": 0, "entries": []}
    await connection.execute(insert(journal_pages).values(**row, stored_at=datetime.now(UTC)))
    await connection.rollback()


def _cause(error: Exception) -> str:
    """The reason in the database's words: what we asked for holds nothing of a complaint."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    origin = getattr(origin, "__cause__", None) or origin
    return (str(origin).splitlines() or [type(origin).__name__])[0].rstrip(".")


async def _disk() -> list[Finding]:
    try:
        engine, url = _place()
    except ArchiveUnavailable:
        raise NotChecked("the archive has no place") from None
    await engine.dispose()
    file = _file(url)
    if file is None:
        return []
    try:
        return [disk_finding(shutil.disk_usage(file.absolute().parent).free)]
    except OSError:
        raise NotChecked(f"{file.parent} is not there") from None


def disk_finding(free: int) -> Finding:
    """A full disk stops the closing of complaints."""
    said = f"{free / (1 << 30):.1f} GiB free"
    if free >= LITTLE:
        return ok("archive disk", said)
    judge = warning if free >= TOO_LITTLE else failed
    return judge("archive disk", said, "make room, or move the archive to another disk")
