"""A turn of its own for each complaint: days end for all of them in the same second, and what leads up to it need not.

Early warnings, reminders of departments, letters of progress and looks at calendars come up to the rule pack's
``spread`` earlier, at a point that follows from the complaint's reference: always the same one, and spread evenly over
many complaints. Deadlines, and with them breaches, stay where the law has them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from domain.calendar import BusinessHours, Hours, Span
from domain.casefile import CaseFile

NO_TIME = timedelta()


def reach(file: CaseFile, span: Span | None) -> timedelta:
    """How much earlier something may come that belongs to a length of time.

    What is counted in hours ends as it began, at no instant that it shares with others, and is not spread; nor is
    anything under rules that were pinned before there was a spread.
    """
    spread = file.pinned().pack.spread
    return NO_TIME if spread is None or isinstance(span, (Hours, BusinessHours)) else timedelta(hours=spread.hours)


def turn(file: CaseFile, name: str, at: datetime, since: datetime, span: Span | None) -> datetime:
    """When this complaint does what would be due at an instant: up to its reach earlier, and later than ``since``.

    An instant that is not later than ``since`` stays as it is.
    """
    room = max(min(reach(file, span), at - since), NO_TIME)
    return at - timedelta(seconds=int(share(file.complaint.reference, name) * room.total_seconds()))


@lru_cache(maxsize=10_000)
def share(reference: str, name: str) -> float:
    """How much of its reach a complaint comes earlier: from 0 to below 1, the same whenever it is asked for."""
    return int.from_bytes(sha256(f"{reference}/{name}".encode()).digest()[:4]) / 2**32
