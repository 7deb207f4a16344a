"""A report as sections of tables and charts in one language: what terminal and page show alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.timeledger import Party
from reporting.results import OpenBook, Part, Quantiles, Report, Results, Share
from reporting.words import DAY, Words, amount

IN_TIME = (
    "acknowledged_in_time",
    "answered_as_promised",
    "answered_within_law",
    "regulator_answered_in_time",
    "called_back_in_time",
    "closed_in_time",
)
FOR_CUSTOMERS = (
    "called_back",
    "resolved",
    "satisfied",
    "satisfied_at_first",
    "contacted_again",
    "answered_again",
    "escalated",
    "compensated",
)
COURSE = ("answered_within_law", "closed_in_time", "satisfied")


@dataclass(frozen=True)
class Chart:
    """Bars beside labels, or lines over them: one value per label in every series."""

    labels: list[str]
    series: dict[str, list[float | None]]
    lines: bool = False
    stacked: bool = False
    percent: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table: the cells of each row under the head, the first column being text and the others numbers."""

    head: list[str]
    rows: list[list[str]]
    texts: int = 1
    """How many columns are text."""
    meanings: list[str] = field(default_factory=list)
    """What each row means, where that is not said in the section."""


@dataclass(frozen=True)
class Section:
    """One part of the report."""

    title: str
    about: str
    sheets: list[Sheet]
    charts: list[Chart] = field(default_factory=list)


def sections(report: Report, words: Words) -> Iterator[Section]:
    """The parts of a report, in order. What was not read has no section."""
    yield _at_a_glance(report, words)
    if report.results and not report.results.closed:
        yield Section(words["closed"], words["nothing closed"], [])
    elif results := report.results:
        before = report.before.shares if report.before else {}
        yield _shares(words["in time"], IN_TIME, results, before, words)
        yield _shares(words["results"], FOR_CUSTOMERS, results, before, words)
        if len(report.course) > 1:
            yield _course(report.course, words)
        yield _durations(report, results, words)
        yield _time_used(results, words)
        yield _departments(results, words)
        yield _counts(words["escalations"], words["about escalations"], "reason", results.escalations, words)
        yield _breaches(results, words)
        yield _worst(results, ZoneInfo(report.period.zone), words)
        yield _compensation(results, words)
        yield _counts(words["remedies"], "", "kind", results.remedies, words)
        yield _counts(words["outcomes"], "", "outcome", results.outcomes, words)
        yield _counts(words["natures"], "", "nature", results.natures, words)
    if report.open_book:
        yield _open_book(report.open_book, words)


def _at_a_glance(report: Report, words: Words) -> Section:
    numbers = {
        "received": report.received,
        "closed": report.results.closed if report.results else None,
        "open": report.open_book.open if report.open_book else None,
    }
    rows = [[words[name], words["n/a"] if number is None else f"{number:,}"] for name, number in numbers.items()]
    meanings = [words.about(name) for name in numbers]
    return Section(words["at a glance"], words["cohort"], [Sheet([words["figure"], words["count"]], rows, 1, meanings)])


def _shares(
    title: str, names: tuple[str, ...], results: Results, before: dict[str, Share], words: Words
) -> Section:  # fmt: skip
    head = [words[name] for name in ("figure", "share", "count", "before", "change")]
    rows = [
        [words[name], words.percent(now := results.shares[name]), words.of(now), words.percent(before.get(name)),
         words.change(now, before.get(name))]
        for name in names
    ]  # fmt: skip
    series = {
        words["period"]: [results.shares[name].share for name in names],
        words["before"]: [before[name].share if name in before else None for name in names],
    }
    chart = Chart([words[name] for name in names], series, percent=True)
    return Section(title, "", [Sheet(head, rows, 1, [words.about(name) for name in names])], [chart])


def _course(course: list[Part], words: Words) -> Section:
    head = [words["from"], words["to"], words["closed"], *(words[name] for name in COURSE)]
    rows = [
        [str(part.first), str(part.last), f"{part.closed:,}", *(words.percent(part.shares[name]) for name in COURSE)]
        for part in course
    ]
    series = {words[name]: [part.shares[name].share for part in course] for name in COURSE}
    chart = Chart([str(part.first) for part in course], series, lines=True, percent=True)
    return Section(words["course"], words["about course"], [Sheet(head, rows, 2)], [chart])


def _durations(report: Report, results: Results, words: Words) -> Section:
    quantiles = [
        f"{words[of]}, {words[which]}" for of in ("to answer", "to close") for which in ("median", "nine of ten")
    ]
    packs = [(one.rule_pack, one.closed, one.time_to_answer, one.time_to_close) for one in report.rule_packs]
    whole = (words["total"], results.closed, results.time_to_answer, results.time_to_close)
    rows = [
        [name, f"{closed:,}", *_both(answer, words), *_both(close, words)]
        for name, closed, answer, close in (packs if len(packs) == 1 else [*packs, whole])
    ]
    sheet = Sheet([words["rule pack"], words["closed"], *quantiles], rows)
    return Section(words["durations"], words["about durations"], [sheet])


def _both(found: Quantiles, words: Words) -> list[str]:
    return [words.duration(found.median), words.duration(found.nine_of_ten)]


def _time_used(results: Results, words: Words) -> Section:
    tiers = sorted({share.tier for share in results.time})
    cells: dict[tuple[Party, str | None], dict[int, timedelta]] = {}
    for share in results.time:
        cells.setdefault((share.party, share.department), {})[share.tier] = share.time
    whole, none = results.elapsed, timedelta()
    parties = sorted(cells, key=lambda party: -_sum(cells[party].values()))
    names = [words[department or party] for party, department in parties]
    per_tier = [_sum(cells[party].get(tier, none) for party in parties) for tier in tiers]
    lines = [[cells[party].get(tier, none) for tier in tiers] for party in parties]
    rows = [
        [name, *map(words.duration, [*line, _sum(line)]), words.part(_sum(line), whole)]
        for name, line in [*zip(names, lines, strict=True), (words["total"], per_tier)]
    ]
    series: dict[str, list[float | None]] = {
        f"{words['at tier']} {tier}": [line[place] / DAY for line in lines] for place, tier in enumerate(tiers)
    }
    head = [words["party"], *series, words["total"], words["part"]]
    chart = Chart(names, series, stacked=True, unit=words["d"])
    waiting = _waiting(_sum(cells.get((Party.CUSTOMER, None), {}).values()), whole, words)
    return Section(words["time used"], words["about time used"], [Sheet(head, rows), waiting], [chart])


def _waiting(waited: timedelta, whole: timedelta, words: Words) -> Sheet:
    """The customer's time told apart from the bank's."""
    rows = [
        [words[name], words.duration(time), words.part(time, whole)]
        for name, time in (("bank", whole - waited), ("customer", waited))
    ]
    return Sheet([words["party"], words["time"], words["part"]], rows)


def _sum(times: Iterable[timedelta]) -> timedelta:
    return sum(times, timedelta())


def _departments(results: Results, words: Words) -> Section:
    head = [words[name] for name in ("department", "complaints", "shared", "own", "median", "nine of ten")]
    rows = [
        [words[one.department], f"{one.complaints:,}", words.duration(one.shared), words.duration(one.own),
         *_both(one.each, words)]
        for one in results.departments
    ]  # fmt: skip
    return Section(words["departments"], words["about departments"], [Sheet(head, rows)])


def _counts(title: str, about: str, kind: str, counts: dict[str, int], words: Words) -> Section:
    rows = [[words[name], f"{number:,}"] for name, number in counts.items()]
    chart = Chart([words[name] for name in counts], {words["count"]: [float(number) for number in counts.values()]})
    return Section(title, about, [Sheet([words[kind], words["count"]], rows)], [chart])


def _breaches(results: Results, words: Words) -> Section:
    head = [words[name] for name in ("clock", "count", "late median", "late nine of ten", "never done")]
    rows = [
        [words[kind], f"{found.count:,}", *_both(found.late, words), f"{found.never_done:,}"]
        for kind, found in results.breaches.items()
    ]
    values: list[float | None] = [float(found.count) for found in results.breaches.values()]
    chart = Chart([words[kind] for kind in results.breaches], {words["count"]: values})
    return Section(words["breaches"], words["about breaches"], [Sheet(head, rows)], [chart])


def _worst(results: Results, zone: ZoneInfo, words: Words) -> Section:
    head = [words[name] for name in ("reference", "clock", "ran out", "late")]
    rows = [
        [one.reference, one.clock, _moment(one.ran_out_at, zone),
         words["never done"] if one.late is None else words.duration(one.late)]
        for one in results.worst_breaches
    ]  # fmt: skip
    return Section(words["worst"], words["about worst"], [Sheet(head, rows, 2)])


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _compensation(results: Results, words: Words) -> Section:
    head = [words[name] for name in ("kind", "currency", "complaints", "amount")]
    paid = results.compensation
    rows = [[words[one.kind], one.currency, f"{one.complaints:,}", amount(one.amount)] for one in paid]
    charts = []
    for currency in dict.fromkeys(one.currency for one in paid):
        mine = [one for one in paid if one.currency == currency]
        values: list[float | None] = [float(one.amount) for one in mine]
        charts.append(Chart([words[one.kind] for one in mine], {currency: values}, unit=currency))
    return Section(words["compensation paid"], words["about compensation paid"], [Sheet(head, rows, 2)], charts)


FLAGS = (
    "overdue",
    "due_within_day",
    "due_within_week",
    "breached",
    "needs_attention",
    "unacknowledged",
    "ended_by_force",
)


def _open_book(book: OpenBook, words: Words) -> Section:
    flags = [[words[name], f"{getattr(book, name):,}"] for name in FLAGS]
    stages = [[words[stage], f"{number:,}"] for stage, number in book.stages.items()]
    tiers = [[str(tier), f"{number:,}"] for tier, number in book.tiers.items()]
    values: list[float | None] = [float(number) for number in book.stages.values()]
    return Section(
        words["open book"],
        words["about open book"],
        [
            Sheet([words["open"], words["count"]], [[words["total"], f"{book.open:,}"], *flags]),
            Sheet([words["stage"], words["count"]], stages),
            Sheet([words["at tier"], words["count"]], tiers),
        ],
        [Chart([words[stage] for stage in book.stages], {words["count"]: values})],
    )
