"""How much a case file holds: it goes from run to run in one piece, and the server takes two megabytes.

What a message leaves in the file is weighed. Facts for which there is no room are in the journal alone, and a person is
told. Decisions that would add to a full file are refused, but for those that bring it to its end. What the journal does
not hold any more is in the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import errands
from domain.casefile import EACH_HANDLED, CaseFile, Entry

CARRIED = 1_800_000
"""Bytes of a file that a new run begins with. What the rest leaves of it is for the ids of messages."""
FACTS, REGULATORS, DECISIONS, ENDING = 700_000, 850_000, 1_000_000, 1_200_000
"""Bytes up to which a file takes in facts, letters of regulators, decisions, and decisions that end the complaint."""
IN_JOURNAL = "(in the journal only)"
"""Instead of words for which there was no room."""
FOLLOWS = 3_000
"""Bytes of the clocks, errands and tasks that a question, a regulator's letter or any other decision brings about."""
KEPT_ENTRIES, KEPT_BYTES = 100, 100_000
"""Journal that goes into the next run; what is older goes to the archive, page by page."""
PAGE_ENTRIES, PAGE_BYTES = 100, 500_000
SHOWN_BYTES = 500_000
"""Journal that a query shows: its answer is limited too."""
SETTLED_TASKS = 100
"""Settled tasks that go into the next run."""
TASK = "room"
_LIMITED_OTHERWISE = {"rules", "handled", "receipts", "journal"}


def takes(file: CaseFile, weight: int, limit: int = FACTS) -> bool:
    """Whether there is room for something of this weight; then it counts as taken in."""
    if not fits(file, weight, limit):
        return False
    file.weight += weight
    return True


def fits(file: CaseFile, weight: int, limit: int) -> bool:
    """Whether there would be room."""
    return file.weight + weight <= limit


def journal_only(file: CaseFile, now: datetime) -> None:
    """A fact found no room: it is in the journal, and people must look there."""
    what = "more has come in than the file holds: the rest is in the journal and in the archive's pages of it"
    errands.open_task(file, TASK, what, now)


def weigh(file: CaseFile) -> None:
    """Weigh what is in the file now."""
    file.weight = _size(file.model_dump_json(exclude=_LIMITED_OTHERWISE))


def tidy(file: CaseFile) -> None:
    """Leave behind what no later run needs, and remember as many messages as there is room for."""
    settled = [task for task in file.tasks if task.settled_at is not None]
    gone = {id(task) for task in settled[:-SETTLED_TASKS]}
    file.tasks = [task for task in file.tasks if id(task) not in gone]
    weigh(file)
    rest = _size(file.model_dump_json(exclude={"handled"}))
    file.handled.forget_all_but(max(0, CARRIED - rest - len(',"handled":""')) // EACH_HANDLED)


def carriable(file: CaseFile) -> bool:
    """Whether the file could go into a new run as it is."""
    return _size(file.model_dump_json(exclude={"handled"})) <= CARRIED


def old_page(journal: Sequence[Entry]) -> list[Entry]:
    """The next page of a journal for the archive; empty when what is left may go into the next run."""
    if len(journal) <= KEPT_ENTRIES and _fitting(journal, KEPT_BYTES) == len(journal):
        return []
    return page(journal)


def page(journal: Sequence[Entry]) -> list[Entry]:
    """As many of the first entries as go to the archive in one piece; one, however long it is."""
    return list(journal[: max(1, _fitting(journal[:PAGE_ENTRIES], PAGE_BYTES))])


def newest(journal: Sequence[Entry]) -> list[Entry]:
    """As many of the last entries as a query can show."""
    count = _fitting(journal[::-1], SHOWN_BYTES)
    return list(journal[len(journal) - count :])


def too_long(journal: Sequence[Entry]) -> bool:
    """Whether a journal is too long to go into the archive together with its file."""
    return _fitting(journal, PAGE_BYTES) < len(journal)


def _fitting(journal: Sequence[Entry], limit: int) -> int:
    """How many of the first entries fit."""
    count = used = 0
    for entry in journal:
        used += _size(entry.model_dump_json())
        if used > limit:
            break
        count += 1
    return count


def _size(text: str) -> int:
    return len(text.encode())
