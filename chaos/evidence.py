"""Gathers what is to be judged: the bank's books over HTTP, the archive by SQL, the raw histories from the server."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client

from chaos.history import Json, Life, read_life, stuck

AT_A_TIME = 8


@dataclass(frozen=True)
class Sent:
    """One thing that somebody sent, and what they were answered."""

    reference: str
    kind: str
    """open, signal, update or cancel."""
    name: str
    id: str
    """Id of the message."""
    answer: str
    """accepted, or the code of the refusal."""
    at: str = ""
    """When they were answered, in ISO 8601."""

    @property
    def accepted(self) -> bool:
        """Whether the sender was told that it was taken in."""
        return self.answer == "accepted"


@dataclass(frozen=True)
class Archived:
    """What the archive holds of one complaint."""

    rows: list[Json]
    """Its closing records, of which there may be one."""
    figures: int
    """How often reports count it."""
    pages: list[Json]
    """Journal entries that were kept as pages."""


@dataclass(frozen=True)
class StillOpen:
    """What a complaint that is open says of itself."""

    file: Json
    tasks: list[Json]


@dataclass(frozen=True)
class Books:
    """What the bank's systems have, by reference, and what went wrong on the way to them."""

    bookings: dict[str, list[Json]]
    letters: dict[str, list[Json]]
    requests: dict[str, list[Json]]
    strikes: list[Json]


@dataclass(frozen=True)
class Evidence:
    """Everything that the judgement rests on."""

    sent: list[Sent]
    lives: dict[str, Life | None]
    """By reference; nothing where the server does not know the complaint."""
    books: Books
    archive: dict[str, Archived]
    still_open: dict[str, StillOpen]
    stuck: list[str]


async def gather(client: Client, bank: str, archive: Path, sent: list[Sent]) -> Evidence:
    """Ask everybody who knows something. A worker must be there to answer for the complaints that are open."""
    references = list(dict.fromkeys(one.reference for one in sent))
    gate = asyncio.Semaphore(AT_A_TIME)

    async def look(reference: str) -> tuple[Life | None, StillOpen | None]:
        async with gate:
            life = await read_life(client, reference)
            return life, await _ask(client, reference) if life and not life.ended else None

    found = dict(zip(references, await asyncio.gather(*map(look, references)), strict=True))
    return Evidence(
        sent=sent,
        lives={reference: life for reference, (life, _) in found.items()},
        books=await read_books(bank),
        archive=read_archive(archive),
        still_open={reference: own for reference, (_, own) in found.items() if own},
        stuck=await stuck(client),
    )


async def _ask(client: Client, reference: str) -> StillOpen:
    handle = client.get_workflow_handle(f"complaint-{reference}")
    return StillOpen(file=await handle.query("case_file"), tasks=await handle.query("open_tasks"))


async def read_books(bank: str) -> Books:
    """The books of the bank at an address."""
    async with httpx.AsyncClient(base_url=bank, trust_env=False, timeout=60) as http:
        bookings, letters, requests, strikes = [
            await _book(http, name) for name in ("bookings", "letters", "requests", "strikes")
        ]
    return Books(_by_reference(bookings), _by_reference(letters), _by_reference(requests), strikes)


async def _book(http: httpx.AsyncClient, name: str) -> list[Json]:
    rows: list[Json] = (await http.get(f"/inspect/{name}")).raise_for_status().json()
    return rows


def _by_reference(rows: Iterable[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for row in rows:
        found[row["reference"]].append(row)
    return dict(found)


def read_archive(file: Path) -> dict[str, Archived]:
    """What the archive's tables hold, by reference; the file is only read."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        rows = _by_reference(_rows(database, "SELECT * FROM closed_complaints", "complaint", "closed", "file"))
        figures = _by_reference(_rows(database, "SELECT reference FROM complaint_figures"))
        pages = _by_reference(_rows(database, "SELECT * FROM journal_pages ORDER BY first", "entries"))
    return {
        reference: Archived(
            rows=rows.get(reference, []),
            figures=len(figures.get(reference, [])),
            pages=[entry for page in pages.get(reference, []) for entry in page["entries"]],
        )
        for reference in rows.keys() | pages.keys()
    }


def _rows(database: sqlite3.Connection, query: str, *documents: str) -> list[dict[str, Any]]:
    return [
        dict(row) | {name: json.loads(row[name]) for name in documents} for row in database.execute(query).fetchall()
    ]
