"""What the servers count themselves, since they began."""

from __future__ import annotations

import re
from collections import defaultdict

import asyncpg
import httpx

SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')


async def prometheus(port: int, names: dict[str, str], **only: str) -> dict[str, float]:
    """Counters by name and, where a label is named, by its value; only those samples with these other labels."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{port}/metrics")).raise_for_status().text
    found: defaultdict[str, float] = defaultdict(float)
    for sample in SAMPLE.finditer(text):
        labels = dict(LABEL.findall(sample["labels"] or ""))
        if sample["name"] in names and only.items() <= labels.items():
            found[" ".join(filter(None, (sample["name"], labels.get(names[sample["name"]]))))] += float(sample["value"])
    return dict(found)


async def postgres(url: str) -> dict[str, float]:
    """Transactions, rows and the log of a cluster."""
    connection = await asyncpg.connect(url)
    try:
        commits = await connection.fetchval("SELECT sum(xact_commit) FROM pg_stat_database")
        log = await connection.fetchrow("SELECT wal_records, wal_bytes, wal_sync FROM pg_stat_wal")
        rows = await connection.fetchrow("SELECT sum(n_tup_ins) AS rows_inserted, sum(n_tup_upd) AS rows_updated "
                                         "FROM pg_stat_user_tables")  # fmt: skip
    finally:
        await connection.close()
    return {"transactions": float(commits)} | {name: float(value) for name, value in (*log.items(), *rows.items())}
