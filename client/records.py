"""The whole record of one complaint: its file and journal, from its workflow, from the archive, or from both."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.settings import PREFIX, SETTINGS_FILE
from client import gateway
from client.failures import ArchiveNotThere, Refused, WorkerNotThere
from domain.complaint import Complaint
from domain.model import Model
from domain.reopening import ClosedBefore

if TYPE_CHECKING:
    from activities.archive import Archive

ARCHIVE_URL = f"{PREFIX}ARCHIVE_URL"
T = TypeVar("T")


class CompleteRecord(Model):
    """All that can be known of a complaint, open or closed."""

    file: dict[str, Any]
    """The case file, as the query ``case_file`` gives it."""
    journal: list[dict[str, Any]]
    """Every entry of the journal that could be reached, in order."""
    missing: int
    """How many entries of the journal could not: the first ones, which lie in the archive."""
    from_archive: bool
    """Whether the archive answered because no workflow did; then nobody is waited for any more."""


async def complete_record(client: Client, reference: str) -> CompleteRecord:
    """Everything about a complaint. The archive is asked for what the workflow does not have any more.

    Raises:
        Refused: there is no such complaint, neither here nor in the archive.
        WorkerNotThere: nobody answers for it, and the archive does not have it.
        ArchiveNotThere: the archive cannot be used as configured.
    """
    try:
        file = await gateway.case_file(client, reference)
    except (Refused, WorkerNotThere):
        if (kept := await _archived(reference)) is None:
            raise
        return kept
    journal = file.get("journal", [])
    first = journal[0]["number"] if journal else file.get("journal_length", 0)
    earlier = await in_archive(lambda archive: archive.journal(reference)) if first else None
    journal = [*(entry for entry in earlier or () if entry["number"] < first), *journal]
    missing = first - (len(journal) - len(file.get("journal", [])))
    return CompleteRecord(file=file, journal=journal, missing=missing, from_archive=False)


async def closed_before(complaint: Complaint) -> ClosedBefore | None:
    """The complaint of the same reference that was closed before, where an archive is configured that can say so.

    Where none can, its workflow asks all the same.
    """
    try:
        return await in_archive(lambda archive: archive.closed_before(complaint))
    except (ArchiveNotThere, ApplicationError):
        return None


async def _archived(reference: str) -> CompleteRecord | None:
    kept = await in_archive(lambda archive: archive.look_up(reference))
    if kept is None:
        return None
    known = {"stage": "closed", "complaint": kept.complaint.model_dump(mode="json"), "journal": kept.journal}
    return CompleteRecord(file=kept.file | known, journal=kept.journal, missing=0, from_archive=True)


async def in_archive(look: Callable[[Archive], Awaitable[T]]) -> T | None:
    """Ask the archive, where one is configured."""
    url = archive_url()
    if url is None:
        return None
    # Imported here, because commands that never need the archive should not wait for the database libraries.
    from sqlalchemy.exc import SQLAlchemyError

    from activities.archive import Archive
    from activities.archive_schema import ArchiveUnavailable

    _must_exist(url)
    try:
        archive = await Archive.open(url)
        try:
            return await look(archive)
        finally:
            await archive.close()
    except ArchiveUnavailable as reason:
        raise ArchiveNotThere(str(reason)) from None
    except (SQLAlchemyError, OSError, TimeoutError) as trouble:
        raise ArchiveNotThere(f"The archive stopped answering ({type(trouble).__name__}).") from None


def archive_url() -> str | None:
    """Where the archive is, as the worker is told it too; nothing when nobody said so here."""
    if url := os.environ.get(ARCHIVE_URL):
        return url
    file = os.environ.get(SETTINGS_FILE)
    if not file:
        return None
    try:
        url = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("archive_url")
    except (OSError, ValueError) as wrong:
        raise ArchiveNotThere(f"{SETTINGS_FILE} names {file}, which cannot be read ({type(wrong).__name__}).") from None
    return str(url) if url else None


def _must_exist(url: str) -> None:
    """Whoever only looks must not make an empty archive by a slip of the pen."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except ArgumentError:
        return  # opening it says what is wrong with it
    missing = parsed.get_backend_name() == "sqlite" and parsed.database and not Path(parsed.database).exists()
    if missing:
        raise ArchiveNotThere(f"There is no archive at {parsed.database}; {ARCHIVE_URL} should name the worker's.")
