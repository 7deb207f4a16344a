"""Counting the clocks of a rule pack out from an instant: no complaint and no server is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from activities.pack_files import LoadedPack
from activities.pinning import NotApplicable, calendar_for, check_kind
from cli.law.days import day_lines, heading, labelled
from cli.law.shelf import taken
from cli.rows import Rows
from cli.tables import sources
from cli.terminal import WrongUsage, say
from domain.calendar import Calendar, Hours
from domain.clockrules import ClockKind, ClockRule
from domain.counting import Interval
from domain.model import YEARS, Model
from domain.reckoning import FROM_RECEIPT, Extension, Reckoned, reckon

ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    pack: str
    """Name of a rule pack, or the file of a copy."""
    received: str
    """The instant from which the clocks count."""
    kind: str | None
    """Kind of complaint."""
    place: str | None
    """Whose holidays."""
    clock: str
    """Which clock is counted out day by day, or all."""
    rung: int
    """How many rungs of that clock's ladder were climbed."""
    pauses: Sequence[str]
    """When that clock stood still, each as FROM..TO."""


class Clocks(Model):
    """The clocks of a rule pack, counted from an instant."""

    pack: str
    """Name of the pack."""
    version: str
    """Its version."""
    title: str
    """What it covers."""
    kind: str | None
    """Kind of complaint; empty for the ordinary one."""
    place: str | None
    """Whose holidays; empty for the pack's own."""
    zone: str
    """Whose wall clock."""
    received_at: datetime
    """From when the clocks count."""
    clocks: list[Reckoned]
    """Those that start with receipt; or the one that was asked for."""


async def show_clocks(wanted: Wanted, json: bool) -> int:
    """Count the clocks out."""
    loaded = taken(wanted.pack)
    made = _reckoned(loaded, wanted)
    say(made, Group(*_shown(made, wanted)), as_json=json)
    return 0


def _reckoned(loaded: LoadedPack, wanted: Wanted) -> Clocks:
    pack = loaded.pack
    try:
        check_kind(wanted.kind, [loaded])
        zone = ZoneInfo(loaded.place(wanted.place).zone)
        received = instant(wanted.received, zone)
        calendar = calendar_for(loaded, wanted.place, received)
    except NotApplicable as reason:
        raise WrongUsage(f"This cannot be counted: {reason.sentence}.") from None
    except LookupError as reason:
        raise WrongUsage(f"This cannot be counted: {reason.args[0]}.") from None
    clocks = list(_clocks(loaded, calendar, received, wanted, zone))
    return Clocks(
        pack=pack.name, version=pack.version, title=pack.title, kind=wanted.kind, place=wanted.place,
        zone=calendar.zone, received_at=received, clocks=clocks,
    )  # fmt: skip


def _clocks(
    loaded: LoadedPack, calendar: Calendar, received: datetime, wanted: Wanted, zone: ZoneInfo
) -> Iterator[Reckoned]:
    rules = {name: for_kind for name, rule in loaded.pack.clocks.items() if (for_kind := rule.for_kind(wanted.kind))}
    asked = _asked(rules, wanted, loaded.pack.name)
    pauses = [_interval(pause, zone) for pause in wanted.pauses]
    for kind in dict.fromkeys([*(kind for kind in FROM_RECEIPT if kind in rules), *([asked] if asked else [])]):
        changed = kind is asked or (asked is None and kind is ClockKind.LAW)
        try:
            yield _one(
                kind, rules[kind], calendar, received, wanted.rung if changed else 0, pauses if changed else (),
                loaded.pack.spread,
            )  # fmt: skip
        except LookupError as reason:
            raise WrongUsage(f"The clock {kind} has no such extension: {reason.args[0]}.") from None


def _asked(rules: dict[ClockKind, ClockRule], wanted: Wanted, pack: str) -> ClockKind | None:
    if wanted.clock == ALL:
        return None
    if wanted.clock not in rules:
        of = f"complaints of kind {wanted.kind} under {pack}" if wanted.kind else pack
        raise WrongUsage(f"There is no clock {wanted.clock} of {of}; there are: {', '.join(rules)}, or {ALL}.")
    return ClockKind(wanted.clock)


def _one(
    kind: ClockKind,
    rule: ClockRule,
    calendar: Calendar,
    received: datetime,
    rung: int,
    pauses: Sequence[Interval],
    spread: Hours | None,
) -> Reckoned:
    if pauses and not rule.may_pause_for:
        source = f"{rule.source.citation} [{rule.source.status}]"
        raise WrongUsage(f"The clock {kind} never stands still: its rule names no reason to pause ({source}).")
    return reckon(kind, rule, calendar, received, rung, pauses, spread)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Read an instant; one without an offset is by the wall clock of the zone. WrongUsage when it is none."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(
            f"{text!r} is no time; write it as 2026-03-02, 2026-03-02T10:00 or 2026-03-02T10:00+08:00."
        ) from None
    if read.year not in YEARS:
        raise WrongUsage(f"{text!r} cannot be counted from: the year must lie between {YEARS[0]} and {YEARS[-1]}.")
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _interval(text: str, zone: ZoneInfo) -> Interval:
    since, _, until = text.partition("..")
    if not until:
        raise WrongUsage(f"{text!r} is no pause; write it as 2026-03-04..2026-03-09.")
    pause = Interval(instant(since, zone), instant(until, zone))
    if pause.since >= pause.until:
        raise WrongUsage(f"The pause {text} ends before it begins.")
    return pause


def _shown(made: Clocks, wanted: Wanted) -> Iterator[RenderableType]:
    about = ", ".join(word for word in (wanted.kind, wanted.place) if word)
    yield heading(f"{made.pack} {made.version}", made.title + (f" ({about})" if about else ""))
    yield Text()
    yield Rows(["clock", "length", "due"], ([one.kind, one.length, _due(one)] for one in made.clocks))
    others = [one for one in made.clocks if wanted.clock not in (one.kind, ALL)]
    if others:
        yield Text()
        yield sources((one.kind, one.source) for one in others)
    for one in made.clocks:
        if one not in others:
            yield Text()
            yield heading(one.kind, one.length)
            yield labelled([("rule", one.source)])
            yield from day_lines(one.explanation)
            yield labelled(_changes(one))


def _due(one: Reckoned) -> str:
    return one.due_local + (" (provisional)" if one.provisional else "")


def _changes(one: Reckoned) -> Iterator[tuple[str, str]]:
    """When a clock warns, and what may give it another due time."""
    for warning in one.warnings:
        yield "warns", warning
    for extension in one.extensions:
        yield f"rung {extension.rung}", _extension(extension)
    for reason in one.may_pause_for:
        told = "; the complainant is told at once" if reason.tell else ""
        yield "may pause", f"for {reason.reason}{told}\n{reason.source}"
    if not one.may_pause_for:
        yield "pauses", "never: the rule names no reason"


def _extension(extension: Extension) -> str:
    until = f"{extension.length}, due {extension.due_local}" if extension.length else "the time that its notice names"
    provisional = " (provisional)" if extension.provisional else ""
    reasons, approvers = ", ".join(extension.reason_codes), " or ".join(extension.approver_roles)
    needs = extension.needs.replace("_", " ")
    return f"{until}{provisional}\nfor {reasons}; by {approvers}; needs a {needs} first\n{extension.source}"
