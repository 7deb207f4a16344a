"""Two rule packs side by side: what they say differently, and for which complaints that makes a difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from rich.console import Group, RenderableType
from rich.text import Text

from activities.pack_files import LoadedPack
from activities.pinning import NotApplicable, alone
from cli.archives import archive_at
from cli.law.days import heading
from cli.law.shelf import taken
from cli.rows import Rows
from cli.terminal import hint, say
from cli.times import when
from client.failures import ArchiveNotThere
from client.gateway import read_complaint
from domain.casefile import Clock
from domain.closing import ClosedComplaint
from domain.complaint import Complaint
from domain.model import Model
from domain.pack_diff import Difference, Past, Under, alike, difference, under
from domain.pack_words import RuleChange, rule_changes
from intake.source import Rejected, complaints
from reporting.closed_book import BookMissing, ClosedBook, closed_book

ARCHIVE = "archive"
"""Stands for the archive of closed complaints, where a file is named."""
ONE_LINE = 100
"""Columns that a change of a rule may take before it gets three lines."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    a: str
    """Name of a rule pack, or the file of a copy."""
    b: str
    """The other one."""
    on: str | None
    """A file of complaints, or ``archive``."""
    limit: int
    """Complaints that are shown."""
    encoding: str | None
    """How the file is encoded, when it neither says so nor is UTF-8."""
    archive: str | None
    """Where the archive is, unless it is configured."""


class Compared(Model):
    """Two packs, and complaints under both."""

    a: str
    """Name and version of the one pack."""
    b: str
    """Of the other."""
    rules: list[RuleChange]
    """What they say differently."""
    read: int = 0
    """Complaints that were opened under both."""
    rejected: int = 0
    """Lines of the file, or rows of the archive, that are no complaint that can be read."""
    left_out: int = 0
    """Closed complaints that were under other packs than A."""
    differing: int = 0
    """Complaints that come out differently."""
    counts: dict[str, int] = {}
    """How many, by what is different."""
    complaints: list[Difference] = []
    """Those, in the order in which they were read."""


@dataclass
class _Tally:
    """Complaints opened under both packs, so far."""

    a: LoadedPack
    b: LoadedPack
    read: int = 0
    rejected: int = 0
    left_out: int = 0
    differing: list[Difference] = field(default_factory=list)
    _known: dict[str, tuple[Under, Under]] = field(default_factory=dict)

    def take(self, complaint: Complaint) -> None:
        """Open a complaint under both; once for all that are alike, as in tables that tell the day only."""
        key = alike(complaint)
        if key not in self._known:
            self._known[key] = self._both(complaint, None)
        self._note(complaint, *self._known[key])

    def take_closed(self, complaint: Complaint, past: Past) -> None:
        """Open a closed complaint under both, and let it go as it went in fact."""
        self._note(complaint, *self._both(complaint, past))

    def _both(self, complaint: Complaint, past: Past | None) -> tuple[Under, Under]:
        return _under(self.a, complaint, past), _under(self.b, complaint, past)

    def _note(self, complaint: Complaint, a: Under, b: Under) -> None:
        self.read += 1
        if found := difference(complaint, a, b):
            self.differing.append(found)

    def compared(self) -> Compared:
        """The result."""
        one, other = self.a.pack, self.b.pack
        counts = Counter(what for difference in self.differing for what in difference.what)
        return Compared(
            a=f"{one.name} {one.version}", b=f"{other.name} {other.version}", rules=list(rule_changes(one, other)),
            read=self.read, rejected=self.rejected, left_out=self.left_out, differing=len(self.differing),
            counts=dict(counts.most_common()), complaints=self.differing,
        )  # fmt: skip


async def show_difference(wanted: Wanted, json: bool) -> int:
    """Compare the packs, and open every complaint under both."""
    tally = _Tally(taken(wanted.a), taken(wanted.b))
    if wanted.on == ARCHIVE:
        await _from_archive(tally, wanted.archive)
    elif wanted.on:
        _from_file(tally, wanted.on, wanted.encoding)
    made = tally.compared()
    zones = (_zone(tally.a), _zone(tally.b))
    say(made, Group(*_shown(made, wanted, zones)), as_json=json)
    if made.differing > wanted.limit and not json:
        hint(f"{made.differing - wanted.limit:,} more differ; --limit shows them, --json has all.")
    return 0


def _under(loaded: LoadedPack, complaint: Complaint, past: Past | None) -> Under:
    try:
        return under(alone(loaded, complaint), complaint, past)
    except NotApplicable as reason:
        return Under(refused=reason.sentence)


def _from_file(tally: _Tally, file: str, encoding: str | None) -> None:
    with Path(file).open("rb") as stream:
        if stream.peek(2)[:2] in (b"{\n", b"{\r"):  # over several lines, as 'open' takes one complaint
            tally.take(read_complaint(stream.read()))
            return
        for found in complaints(stream, encoding=encoding):
            if isinstance(found, Rejected):
                tally.rejected += 1
            else:
                tally.take(found.complaint)


async def _from_archive(tally: _Tally, given: str | None) -> None:
    url = archive_at(given)
    try:
        if isinstance(url, BookMissing):
            raise url
        async with closed_book(url, tally.a.pack.name) as book:
            async for complaint, past in _closed(book, tally):
                tally.take_closed(complaint, past)
            tally.left_out = await book.others()
    except BookMissing as reason:
        raise ArchiveNotThere(str(reason)) from None


async def _closed(book: ClosedBook, tally: _Tally) -> AsyncIterator[tuple[Complaint, Past]]:
    async for documents in book.records():
        try:
            complaint = Complaint.model_validate(documents["complaint"])
            closed = ClosedComplaint.model_validate(documents["closed"])
            clocks = [Clock.model_validate(clock) for clock in documents["file"].get("clocks", [])]
        except ValidationError:
            tally.rejected += 1
        else:
            yield complaint, Past(clocks, closed.answered_at)


def _zone(loaded: LoadedPack) -> ZoneInfo:
    return ZoneInfo(loaded.pack.calendar.zone)


def _shown(made: Compared, wanted: Wanted, zones: tuple[tzinfo, tzinfo]) -> Iterator[RenderableType]:
    yield heading("rules", f"A is {made.a}, B is {made.b}")
    if not made.rules:
        yield Text("  no difference")
    for change in made.rules:
        yield _change(change)
    if wanted.on is None:
        return
    yield Text()
    yield heading("complaints", _summary(made))
    for what, number in made.counts.items():
        yield Text(f"  {number:>7,}  {what}")
    if made.complaints:
        yield Text()
        yield Rows(
            ["complaint", "received", "different", "under A", "under B"],
            (row for one in made.complaints[: wanted.limit] for row in _rows(one, zones)),
        )


def _change(change: RuleChange) -> Text:
    line = Text.assemble("  ", (change.path, "bold"), f": {change.a} -> {change.b}")
    if len(line) <= ONE_LINE:
        return line
    return Text.assemble("  ", (change.path, "bold"), f"\n    A: {change.a}\n    B: {change.b}")


def _summary(made: Compared) -> str:
    words = [f"{made.read:,} read", f"{made.differing:,} would come out differently"]
    if made.rejected:
        words.append(f"{made.rejected:,} could not be read")
    if made.left_out:
        words.append(f"{made.left_out:,} closed under other packs left out")
    return ", ".join(words)


def _rows(one: Difference, zones: tuple[tzinfo, tzinfo]) -> Iterator[list[str]]:
    for at, what in enumerate(one.what):
        yield [
            "" if at else one.reference,
            "" if at else when(one.received_at, zones[0]),
            what,
            _told(one.a, what, zones[0]),
            _told(one.b, what, zones[1]),
        ]


def _told(under: Under, what: str, zone: tzinfo) -> str:
    """What a pack would have had, where something is different."""
    subject = what.partition(" ")[0]
    if what.startswith("refused"):
        return under.refused or "accepted"
    if subject == "tier":
        return str(under.tier)
    ended = under.ended.get(subject)
    return when(under.due.get(subject), zone) + (f", {ended}" if ended else "")
