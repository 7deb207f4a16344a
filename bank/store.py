"""What the stand-in remembers, in one SQLite file: it survives a restart, and tests can look into it.

Everything runs on the one thread of the server's event loop, and a request's effect and its answer are stored in one
transaction: that is what makes a repeated key harmless even when the process is killed between the two.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from activities.contract import RefusalCode

A = TypeVar("A", bound=BaseModel)
Row = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    system TEXT, key TEXT, request TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (system, key));
CREATE TABLE IF NOT EXISTS customers (number TEXT PRIMARY KEY, name TEXT NOT NULL, vulnerable INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS complaints (
    id INTEGER PRIMARY KEY, customer TEXT NOT NULL, reference TEXT NOT NULL, UNIQUE (customer, reference));
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, kind TEXT NOT NULL,
    channel TEXT NOT NULL, state TEXT NOT NULL, fate TEXT NOT NULL, polls INTEGER NOT NULL, at TEXT NOT NULL,
    request TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference TEXT NOT NULL, workflow_id TEXT NOT NULL, at TEXT NOT NULL,
    request TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
    reverses INTEGER UNIQUE REFERENCES bookings);
CREATE TABLE IF NOT EXISTS postings (
    booking INTEGER NOT NULL REFERENCES bookings, account TEXT NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS strikes (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plan (one INTEGER PRIMARY KEY CHECK (one = 1), faults TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS postings_by_booking ON postings (booking);
CREATE INDEX IF NOT EXISTS letters_by_reference ON letters (reference);
CREATE INDEX IF NOT EXISTS requests_by_reference ON requests (reference);
CREATE INDEX IF NOT EXISTS bookings_by_reference ON bookings (reference);
"""


class Refused(Exception):
    """A system of the bank says no."""

    def __init__(self, status: int, code: RefusalCode) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Store:
    """The state of all systems."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {SCHEMA}")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def once(self, system: str, key: str, order: BaseModel, answer: type[A], effect: Callable[[], A]) -> A:
        """The effect and its answer once per key; the same answer again; a refusal for another order under the key."""
        request = order.model_dump_json()
        with self.transaction():
            known = self.row("SELECT request, answer FROM answers WHERE system = ? AND key = ?", system, key)
            if known is None:
                given = effect()
                self.add("answers", system=system, key=key, request=request, answer=given.model_dump_json())
                return given
        if known["request"] != request:
            raise Refused(409, RefusalCode.KEY_REUSED)
        return answer.model_validate_json(known["answer"])

    def row(self, query: str, *values: object) -> Row | None:
        """One row, if there is one."""
        found = self._db.execute(query, values).fetchone()
        return dict(found) if found else None

    def rows(self, query: str, *values: object) -> list[Row]:
        """All rows."""
        return [dict(row) for row in self._db.execute(query, values)]

    def add(self, table: str, **values: object) -> int:
        """Insert a row and give its number."""
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608  # names of our own
        cursor = self._db.execute(statement, tuple(values.values()))
        return cursor.lastrowid or 0

    def run(self, statement: str, *values: object) -> None:
        """Change rows."""
        self._db.execute(statement, values)


def now() -> datetime:
    """The bank's clock."""
    return datetime.now(UTC)
