"""What reports count, kept beside the closed complaints: worked out when a complaint is archived, and filled in at the
start of a worker for complaints that an earlier version has archived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Dialect, Insert, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.archive_schema import closed_complaints, complaint_figures, one_at_a_time
from domain.casefile import CaseFile
from domain.closing import ClosedComplaint, supplemented
from domain.figures import figures

BATCH = 200
"""Complaints per transaction: other workers go on archiving in between."""


class CannotBeRead(ValueError):
    """A closing record is not one. The text never repeats it."""


def closing_record(documents: dict[str, Any]) -> ClosedComplaint:
    """The closing record among the documents of a complaint (``complaint``, ``closed``, ``file``).

    One that an earlier version wrote is supplemented from the case file, where that can be read.

    Raises:
        CannotBeRead: it is no closing record.
    """
    try:
        closed = ClosedComplaint.model_validate(documents["closed"])
    except ValidationError:
        raise CannotBeRead("not a closing record") from None
    if closed.time:
        return closed
    try:
        file = CaseFile.model_validate(documents["file"] | {"complaint": documents["complaint"]})
    except ValidationError:
        return closed
    return supplemented(closed, file) if file.cycles else closed


def report_row(closed: ClosedComplaint) -> dict[str, Any]:
    """The row that reports read of a complaint."""
    counted = figures(closed)
    return {
        "reference": counted.reference,
        "rule_pack": counted.rule_pack,
        "received_at": counted.received_at,
        "closed_at": counted.closed_at,
        "figures": counted.model_dump_json(exclude_defaults=True),
    }


async def fill_in(engine: AsyncEngine) -> None:
    """Work out what reports count for every complaint that lacks it. Several workers may do this at once."""
    last: str | None = ""
    while last is not None:
        async with engine.begin() as connection:
            last = await connection.run_sync(_fill_batch, last)


def _fill_batch(connection: Connection, after: str) -> str | None:
    """Fill in the next complaints by reference; the last of them, or nothing when none was left."""
    one_at_a_time(connection)
    known = select(complaint_figures.c.reference)
    lacking = select(closed_complaints.c.reference).where(closed_complaints.c.reference.not_in(known))
    batch = lacking.where(closed_complaints.c.reference > after).order_by(closed_complaints.c.reference).limit(BATCH)
    references: Sequence[str] = connection.scalars(batch).all()
    if not references:
        return None
    found = connection.execute(select(closed_complaints).where(closed_complaints.c.reference.in_(references)))
    if rows := [report_row(closed) for row in found.mappings() if (closed := _readable(dict(row)))]:
        connection.execute(insert_once(connection.dialect, complaint_figures), rows)
    return references[-1]


def _readable(documents: dict[str, Any]) -> ClosedComplaint | None:
    """One record that somebody has spoilt must not keep the workers from starting; reports say that it is there."""
    try:
        return closing_record(documents)
    except CannotBeRead:
        return None


def insert_once(dialect: Dialect, table: Table) -> Insert:
    """An insert that leaves a row alone whose key is there already."""
    if dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
