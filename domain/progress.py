"""Telling the customer how things stand: regularly, when they ask, and whenever the date has changed."""

from __future__ import annotations

from datetime import datetime

from domain import errands, spreading
from domain.casefile import CaseFile
from domain.counting import runs_out
from domain.effects import LetterKind


def told_today(file: CaseFile, now: datetime) -> bool:
    """Whether the customer was told about progress on this civil day already: chasing more often brings no more."""
    local = file.pinned().calendar.local
    return file.last_progress_at is not None and local(file.last_progress_at).date() == local(now).date()


def turn(file: CaseFile, at: datetime) -> datetime:
    """When this complaint has its turn for the letter that is due at an instant."""
    since = file.last_progress_at or file.opened_at
    return spreading.turn(file, "progress", at, since, file.pinned().pack.progress_every)


def tell(file: CaseFile, now: datetime) -> None:
    """Tell the customer how things stand, and when they will hear again at the latest."""
    file.progress_letters += 1
    file.last_progress_at = now
    file.progress_at = runs_out(file.pinned().calendar, now, file.pinned().pack.progress_every).at
    errands.letter(file, LetterKind.PROGRESS, f"letter-progress-{file.progress_letters}", now)
