"""The case sheet: what an operator sees of a complaint in the Temporal UI. No personal data, no free text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from domain import clocks
from domain.casefile import CaseFile, Clock, Entry
from domain.decisions import DECISIONS
from domain.errands import needs_attention
from domain.permitted import also_permitted
from domain.staff import owned_at_tier
from domain.stages import stage
from domain.tasks import open_tasks
from domain.timekeeping import Due

LAST_EVENTS = 3
WRITTEN = {"summary": "<the complaint in the bank's words>", "point": "<the point, word for word as assessed>"}
"""Fields of ready messages whose words the query ``open_tasks`` gives, and the sheet does not."""
EM_SPACE, NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\u2003", "\u00a0", "\u2011"


def sheet(file: CaseFile, now: datetime) -> str:
    """The case sheet as Markdown, as it is at this instant."""
    if file.rules is None:
        return f"# {file.complaint.reference}\n\nIts rule packs are being resolved."
    head = [*_head(file), *_awaited(file, now), *_clocks(file, now), *_credits(file), *_events(file)]
    return "\n".join([*head, *_messages(file), *_also_permitted(file)])


def _head(file: CaseFile) -> Iterator[str]:
    tier = file.pinned().pack.tiers[file.tier - 1]
    owner = str(file.owner) if file.owner else "nobody yet"
    if file.owner and not owned_at_tier(file) and not file.outcome:
        owner += f", to be taken over at tier {file.tier}"
    yield f"# {file.complaint.reference}: {stage(file).replace('_', ' ')}"
    yield ""
    yield from _header("tier", "owner", "cycle", "rule pack", "attention")
    attention = "**needed**" if needs_attention(file) else "-"
    pack = f"{file.pinned().pack.name} {file.pinned().pack.version}"
    yield _row(f"{file.tier} {tier.name}", owner, file.cycle.number, pack, attention)


def _header(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield "|:--" * len(names) + "|"


def _row(*cells: object) -> str:
    """A row of a table; the Temporal UI sets cells without a gap, so each brings its own."""
    return "".join(f"| {cell}{EM_SPACE} " for cell in cells) + "|"


def _clocks(file: CaseFile, now: datetime) -> Iterator[str]:
    shown = [clock for clock in file.clocks if clock.running or clock.breached_at]
    if not shown:
        return
    yield from ("", "## Clocks", "", *_header("clock", "due", "left"))
    for clock in sorted(shown, key=lambda clock: clock.due_at):
        yield _row(clock.subject, _due_of(file, clock), _unbroken(left(clock, now)))


def _due_of(file: CaseFile, clock: Clock) -> str:
    """When a clock runs out; of one that stands still, since when it does."""
    if clock.running and clock.paused:
        return f"since {_due(file, clock.pauses[-1].since)}"
    return _due(file, clock.due_at) + (" (provisional)" if clock.provisional else "")


def _credits(file: CaseFile) -> Iterator[str]:
    if file.credits:
        yield from ("", "## Provisional credits", "", *_header("credit", "sum", "state", "debit"))
    for credit in file.credits:
        debit = f"{credit.debit} on {_due(file, credit.debit_on)}" if credit.debit and credit.debit_on else "-"
        yield _row(credit.id, credit.money, credit.state.replace("_", " "), debit)


def left(clock: Clock, now: datetime) -> str:
    """Time left of a clock, as people say it; of one that does not tick, why."""
    if not clock.ticking:
        return f"**{clock.state}**" if clock.breached_at else clock.state
    minutes = int((clock.due_at - now).total_seconds() // 60)
    hours = minutes // 60
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    return f"{hours // 24} d {hours % 24} h" if hours >= 24 else f"{hours} h {minutes % 60} min"


def _awaited(file: CaseFile, now: datetime) -> Iterator[str]:
    tasks = open_tasks(file)
    yield from ("", "## Awaited")
    if not tasks:
        yield from ("", "Nobody: the machine is at work.")
        return
    yield from ("", *_header("who", "what", "by"))
    for task in tasks:
        who = task.department or task.person or task.role
        late = " **late**" if task.due and task.due < now else ""
        yield _row(_unbroken(who), task.what, (_due(file, task.due) if task.due else "-") + late)


def _due(file: CaseFile, instant: datetime) -> str:
    return _unbroken(clocks.shown(file, instant))


def _unbroken(words: str) -> str:
    """Half a screen is all that the Temporal UI gives to the sheet; dates must not wrap in it."""
    return words.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)


def _events(file: CaseFile) -> Iterator[str]:
    yield from ("", "## Last events", "")
    for entry in file.journal[-LAST_EVENTS:]:
        yield f"- {_event(file, entry)}"


def _event(file: CaseFile, entry: Entry) -> str:
    by = f" by {entry.by}" if entry.by else ""
    note = f": {entry.note}" if entry.note and entry.what != "quarantined" else ""  # its sender chose that text
    return f"{clocks.shown(file, entry.at)} {entry.what.replace('_', ' ')}{by}{note}"


def _messages(file: CaseFile) -> Iterator[str]:
    tasks = open_tasks(file)
    if tasks:
        yield from ("", "## Next messages", "")
    for task in tasks:
        yield from (f"**{task.message}** ({task.message_type})", "", "```json", _json(task.ready, indent=1), "```", "")


def _also_permitted(file: CaseFile) -> Iterator[str]:
    permitted = also_permitted(file)
    if permitted:
        yield from ("", "## Also permitted now", "")
    for name, ready in permitted.items():
        yield f"- **{name}** ({'update' if name in DECISIONS else 'signal'}) `{_json(ready)}`"


def _json(ready: dict[str, Any], indent: int | None = None) -> str:
    return to_json(_without_words(ready), indent=indent).decode()


def _without_words(ready: Any) -> Any:
    """The message without what people wrote: the Temporal UI passes the sheet on in the address of a request."""
    match ready:
        case dict():
            return {name: WRITTEN.get(name) or _without_words(value) for name, value in ready.items()}
        case list():
            return [_without_words(item) for item in ready]
    return ready


def summary_of_timer(file: CaseFile, clock: Clock) -> str:
    """One line for the timer of the committed reply deadline."""
    return f"Reply due {clocks.shown(file, clock.due_at)} ({clock.kind})"


def summary_of_alarm(file: CaseFile, due: Due) -> str:
    """One line for the timer of everything else: it may stand until its hour, though its reason has gone."""
    return f"Alarm {clocks.shown(file, due.at)}: {due.label}"
