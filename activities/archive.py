"""The archive of closed complaints, and of the journal pages that long complaints leave behind while they live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import ValidationError
from sqlalchemy import Table, select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.archive_figures import CannotBeRead, closing_record, fill_in, insert_once, report_row
from activities.archive_schema import (
    ArchiveUnavailable,
    bring_up_to_date,
    closed_complaints,
    complaint_figures,
    journal_pages,
    open_engine,
)
from activities.bank_http import BankFailure
from domain.closing import ClosedComplaint
from domain.complaint import Complaint
from domain.effects import ArchiveOrder, ArchiveReceipt, JournalPage, Order
from domain.model import Instant, Model
from domain.reopening import ClosedBefore

Row = dict[str, Any]


class ArchivedComplaint(Model):
    """One closed complaint as the archive holds it."""

    reference: str
    """The complaint."""
    stored_at: Instant
    """When the archive took it in."""
    complaint: Complaint
    """As received."""
    closed: dict[str, Any]
    """The ``ClosedComplaint``."""
    file: dict[str, Any]
    """The case file at the end."""
    journal: list[dict[str, Any]]
    """The whole journal: the pages kept before, and what was left in the file."""


class Archive:
    """Keeps closed complaints in SQLite or PostgreSQL, each once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database and bring its tables up to date; one clear sentence when that cannot be done."""
        engine = open_engine(url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(bring_up_to_date)
            await fill_in(engine)
        except (SQLAlchemyError, OSError, TimeoutError, ValueError) as error:
            await engine.dispose()
            where = engine.url.render_as_string(hide_password=True)
            raise ArchiveUnavailable(
                f"The archive {where} cannot be opened ({_cause(error)}); start its database, or correct "
                "COMPLAINTS_ARCHIVE_URL."
            ) from None
        except ArchiveUnavailable:
            await engine.dispose()
            raise
        return cls(engine)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

    @activity.defn
    async def keep_journal_page(self, page: JournalPage) -> ArchiveReceipt:
        """Move older journal entries of a long complaint into the archive, once."""
        row = _head(page) | {"first": page.first, "entries": page.entries}
        return await self._keep(journal_pages, row)

    @activity.defn
    async def archive_complaint(self, order: ArchiveOrder) -> ArchiveReceipt:
        """Keep the closed complaint, once."""
        documents = {"complaint": order.complaint.model_dump(mode="json"), "closed": order.closed, "file": order.file}
        try:
            closed = closing_record(documents)
        except CannotBeRead:
            raise _refused(f"the closing record of {order.reference} cannot be read") from None
        row = _head(order) | _columns(order.complaint, closed) | documents
        return await self._keep(closed_complaints, row, report_row(closed))

    @activity.defn
    async def closed_before(self, complaint: Complaint) -> ClosedBefore | None:
        """The complaint of the same reference that was closed before, if the archive has one."""
        with _patiently(f"say whether {complaint.reference} was closed before"):
            async with self._engine.connect() as connection:
                row = await _first(connection, closed_complaints, reference=complaint.reference)
        return _closed_before(row, complaint) if row else None

    async def known(self, references: Sequence[str]) -> set[str]:
        """Which of these complaints are in the archive, closed."""
        which = select(closed_complaints.c.reference).where(closed_complaints.c.reference.in_(references))
        with _patiently("say which complaints it has"):
            async with self._engine.connect() as connection:
                return set(await connection.scalars(which))

    async def look_up(self, reference: str) -> ArchivedComplaint | None:
        """A closed complaint with its whole journal, or nothing when the archive has none of this reference."""
        async with self._engine.connect() as connection:
            row = await _first(connection, closed_complaints, reference=reference)
            return await _assemble(connection, row) if row else None

    async def journal(self, reference: str) -> list[dict[str, Any]]:
        """The journal entries of a complaint that the archive holds as pages, in order."""
        async with self._engine.connect() as connection:
            return await _pages(connection, reference)

    async def _keep(self, table: Table, row: Row, for_reports: Row | None = None) -> ArchiveReceipt:
        """Insert a row unless its key is there, and say when it was first stored."""
        try:
            with _patiently(f"store {row['key']}"):
                async with self._engine.begin() as connection:
                    await connection.execute(insert_once(connection.dialect, table).values(**row))
                    kept = await _first(connection, table, key=row["key"], reference=row["reference"])
                    if kept and for_reports:
                        figures = insert_once(connection.dialect, complaint_figures)
                        await connection.execute(figures.values(**for_reports))
        except (DataError, IntegrityError) as error:
            raise _refused(f"the archive cannot store {row['key']} ({_cause(error)})") from None
        if kept is None:
            raise _refused(f"the archive holds {row['reference']} under another key than {row['key']}")
        return ArchiveReceipt(stored_at=kept["stored_at"])


@contextmanager
def _patiently(what: str) -> Iterator[None]:
    """A database that does not answer may answer later; what it refuses for good passes through."""
    try:
        yield
    except (DataError, IntegrityError):
        raise
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise ApplicationError(
            f"the archive did not {what} ({_cause(error)})", type=BankFailure.ARCHIVE_UNAVAILABLE
        ) from None


def _closed_before(row: Row, complaint: Complaint) -> ClosedBefore:
    try:
        closed = closing_record(row)
        archived = Complaint.model_validate(row["complaint"])
    except (CannotBeRead, ValidationError):
        raise _refused(f"the closing record of {complaint.reference} cannot be read") from None
    return ClosedBefore(
        closed=closed, same_content=archived == complaint.model_copy(update={"received_at": archived.received_at})
    )


async def _first(connection: AsyncConnection, table: Table, **where: str) -> Row | None:
    found = (await connection.execute(select(table).filter_by(**where))).mappings().first()
    return dict(found) if found else None


async def _assemble(connection: AsyncConnection, row: Row) -> ArchivedComplaint:
    kept = await _pages(connection, row["reference"])
    numbered = {entry["number"]: entry for entry in [*kept, *row["file"].get("journal", [])]}
    return ArchivedComplaint.model_validate(row | {"journal": [numbered[number] for number in sorted(numbered)]})


async def _pages(connection: AsyncConnection, reference: str) -> list[dict[str, Any]]:
    pages = select(journal_pages.c.entries).filter_by(reference=reference).order_by(journal_pages.c.first)
    return [entry for (entries,) in await connection.execute(pages) for entry in entries]


def _head(order: Order) -> Row:
    """What every row carries."""
    names = {"reference": order.reference, "workflow_id": order.workflow_id, "key": order.key}
    return names | {"stored_at": datetime.now(UTC)}


def _columns(complaint: Complaint, closed: ClosedComplaint) -> Row:
    """What complaints are looked for by."""
    return {
        "rule_pack": closed.rule_pack.partition(" ")[0],
        "nature": closed.nature,
        "outcome": closed.outcome,
        "tier": closed.tier,
        "breached": closed.breached,
        "received_at": closed.received_at,
        "answered_at": closed.answered_at,
        "closed_at": closed.closed_at,
    }


def _refused(message: str) -> ApplicationError:
    return ApplicationError(message, type=BankFailure.ARCHIVE_REFUSED, non_retryable=True)


def _cause(error: Exception) -> str:
    """The kind of an error; its text may repeat what was to be stored."""
    return type(getattr(error, "orig", None) or error).__name__
