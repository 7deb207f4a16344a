"""Where the archive of closed complaints is."""

from __future__ import annotations

from pathlib import Path

from cli.terminal import hint
from client.failures import ArchiveNotThere
from client.records import archive_url
from reporting.closed_book import BookMissing

OF_MAKE_RUN = Path(".data/run/archive.db")
OF_A_BARE_WORKER = Path("complaints-archive.db")


def archive_at(given: str | None) -> str | BookMissing:
    """Where the archive is: as given, as the worker is told, or where a worker of this directory has left it."""
    try:
        if url := given or archive_url():
            return url
    except ArchiveNotThere as reason:
        return BookMissing(str(reason))
    for file in (OF_A_BARE_WORKER, OF_MAKE_RUN):
        if file.is_file():
            hint(f"No archive is named; reading {file}.")
            return f"sqlite:///{file}"
    return BookMissing("No archive is named; set COMPLAINTS_ARCHIVE_URL as for the worker, or give --archive.")
