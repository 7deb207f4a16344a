"""Opening many complaints. Interrupted and repeated imports end in the same state: a reference is opened once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic

from pydantic import Field
from temporalio.client import Client

from client.failures import Refused
from client.gateway import OpenReceipt, open_complaint
from domain.complaint import Complaint
from domain.model import Record
from intake.source import Rejected

AT_A_TIME = 32
"""Complaints being opened at once; more do not make a server faster."""


class Summary(Record):
    """What became of an import."""

    opened: int = 0
    """Opened by this import."""
    opened_before: int = 0
    """Open, or closed, already."""
    different: list[str] = Field(default=[], max_length=100)
    """References that were opened before with another content: the first hundred."""
    rejected: int = 0
    """Lines that are no complaint, or that were refused."""
    seconds: float = 0.0
    """How long it took."""

    @property
    def done(self) -> int:
        """Lines dealt with."""
        return self.opened + self.opened_before + self.rejected

    @property
    def per_second(self) -> float:
        """Lines dealt with per second."""
        return self.done / self.seconds if self.seconds else 0.0

    def count(self, receipt: OpenReceipt) -> None:
        """Count one that was opened, now or before."""
        if receipt.opened:
            self.opened += 1
            return
        self.opened_before += 1
        if receipt.same_content is False and len(self.different) < 100:
            self.different.append(receipt.reference)


class Rejects:
    """The file of rejected lines, made when there is something to put into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)

    def add(self, rejected: Rejected) -> None:
        """Keep one line's number and the reason."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(rejected), ensure_ascii=False) + "\n")


async def open_all(
    client: Client, found: Iterable[Complaint | Rejected], rejects: Rejects, tell: Callable[[Summary], None]
) -> Summary:
    """Open every complaint, some at a time, and tell about the progress after each."""
    summary, began = Summary(), monotonic()
    source = enumerate(found, start=1)

    async def opener() -> None:
        for number, item in source:
            await _open(client, number, item, summary, rejects)
            summary.seconds = monotonic() - began
            tell(summary)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_A_TIME):
                group.create_task(opener())
    except* Exception as troubles:
        raise next(_leaves(troubles)) from None
    return summary


async def _open(client: Client, number: int, item: Complaint | Rejected, summary: Summary, rejects: Rejects) -> None:
    if isinstance(item, Rejected):
        summary.rejected += 1
        rejects.add(item)
        return
    try:
        summary.count(await open_complaint(client, item))
    except Refused as refused:
        summary.rejected += 1
        rejects.add(Rejected(number, f"{item.reference}: {refused.code}: {refused.sentence}"))


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
