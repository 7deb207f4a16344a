"""Making a report: the closed complaints of a period and of the one before, and the open book, as far as there."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from client.connection import ServerNotThere, connect
from client.failures import Refused
from reporting.closed_book import BookMissing, closed_book
from reporting.open_book import open_book
from reporting.period import By, Period, place_of
from reporting.results import OpenBook, PackResults, Part, Report, Span
from reporting.tally import Tally, quantiles, together
from reporting.words import Words


@dataclass
class Closed:
    """What the archive said: a tally per part of the period and rule pack, and the period before."""

    tallies: defaultdict[tuple[int, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    before: Tally = field(default_factory=Tally)
    received: int = 0
    unreadable: list[str] = field(default_factory=list)

    def whole(self, part: int | None = None, pack: str | None = None) -> Tally:
        """Everything, or one part, or one rule pack."""
        wanted = (tally for key, tally in self.tallies.items() if part in (None, key[0]) and pack in (None, key[1]))
        return together(wanted)


async def make_report(
    period: Period, by: By | None, rule_pack: str | None, archive: str | BookMissing, words: Words
) -> Report:
    """Make a report. What cannot be read is left out, and the report says so."""
    now = datetime.now(UTC)
    parts = period.parts(by)
    closed, open_ = await asyncio.gather(
        _closed(period, parts, rule_pack, archive), _open(period, now, rule_pack), return_exceptions=True
    )
    gaps = [_gap(one, words) for one in (closed, open_) if isinstance(one, BaseException)]
    report = Report(
        made_at=now, period=_span(period), compared_with=_span(period.before), rule_pack=rule_pack,
        cohort=words["cohort"], gaps=gaps, received=None, results=None, before=None, course=[], rule_packs=[],
        open_book=None if isinstance(open_, BaseException) else open_,
    )  # fmt: skip
    return (
        report if isinstance(closed, BaseException) else report.model_copy(update=_said(closed, parts, report, words))
    )


def _gap(trouble: BaseException, words: Words) -> str:
    match trouble:
        case BookMissing():
            return f"{words['gap archive']} {trouble}"
        case ServerNotThere() | Refused():
            return f"{words['gap server']} {trouble}"
        case _:
            raise trouble


async def _closed(period: Period, parts: list[Period], rule_pack: str | None, archive: str | BookMissing) -> Closed:
    if isinstance(archive, BookMissing):
        raise archive
    found, place, since = Closed(), place_of(parts), period.since
    async with closed_book(archive, rule_pack) as book:
        async for one in book.closed(period.before.since, period.until):
            if one.closed_at < since:
                found.before.add(one)
            else:
                found.tallies[place(one.closed_at), one.rule_pack].add(one)
        found.received = await book.received(since, period.until)
        found.unreadable = book.unreadable
    return found


async def _open(period: Period, now: datetime, rule_pack: str | None) -> OpenBook:
    client = await connect(quiet=True)
    return await open_book(client, period.since, period.until, now, rule_pack)


def _said(closed: Closed, parts: list[Period], report: Report, words: Words) -> dict[str, object]:
    """What a report says of closed complaints."""
    spoilt = [f"{words['gap unreadable']} {', '.join(closed.unreadable)}"] if closed.unreadable else []
    packs = sorted({pack for _, pack in closed.tallies})
    return {
        "gaps": report.gaps + spoilt,
        "received": closed.received + report.open_book.opened_in_period if report.open_book else None,
        "results": closed.whole().results(),
        "before": closed.before.results(),
        "course": [_part(one, closed.whole(part=place)) for place, one in enumerate(parts)],
        "rule_packs": [_pack(name, closed.whole(pack=name)) for name in packs],
    }


def _part(period: Period, tally: Tally) -> Part:
    return Part(first=period.first, last=period.last, closed=tally.closed, shares=tally.shares())


def _pack(name: str, tally: Tally) -> PackResults:
    return PackResults(
        rule_pack=name, closed=tally.closed, shares=tally.shares(), time_to_answer=quantiles(tally.to_answer),
        time_to_close=quantiles(tally.to_close),
    )  # fmt: skip


def _span(period: Period) -> Span:
    return Span(first=period.first, last=period.last, zone=str(period.zone))
