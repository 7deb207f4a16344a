"""What one sees of the cases in the terminal while they are played, and at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from bank.staff import View

if TYPE_CHECKING:
    from demo.play import Played

STYLES = {"closed": "green", "approving": "yellow", "offered": "cyan", "calling_back": "magenta"}


def progress_table(played: Sequence[Played]) -> Table:
    """Every case with its stage, tier, own clock and next due time."""
    table = Table(title="Eight complaints, each by its own clock", title_justify="left", expand=True)
    for name in ("complaint", "stage", "tier", "its clock", "next due"):
        table.add_column(name, no_wrap=True)
    table.add_column("last event", ratio=1, no_wrap=True, overflow="ellipsis")
    for one in played:
        table.add_row(one.case.reference, *_progress(one))
    return table


def _progress(one: Played) -> list[str | Text]:
    view = one.staff.view
    if view is None:
        return ["", "", "", "", one.troubles[0] if one.troubles else "is opened"]
    zone = one.staff.zone
    style = "red" if one.troubles else STYLES.get(view.stage, "")
    event = one.troubles[0] if one.troubles else "" if view.closed else one.staff.last_event
    due = "" if view.closed else _local(view.next_due, zone)
    return [Text(_stage(view), style=style), str(view.tier), _local(view.now, zone), due, Text(event)]


def _stage(view: View) -> str:
    cycle = f" (cycle {view.cycle})" if view.cycle > 1 else ""
    return view.stage.replace("_", " ") + cycle


def _local(instant: datetime | None, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" if instant else ""


def summary_table(played: Sequence[Played]) -> Table:
    """How every case ended."""
    table = Table(title="How they ended", title_justify="left", expand=True)
    for name in ("complaint", "outcome", "tier", "cycles", "days", "paid"):
        table.add_column(name, no_wrap=True)
    for name in ("remedies", "ran out, refused on the way", "as told"):
        table.add_column(name, ratio=1, min_width=12)
    for one in played:
        table.add_row(one.case.reference, *_ending(one))
    return table


def _ending(one: Played) -> list[str | Text]:
    told = Text("; ".join(one.troubles) or "yes", style="red" if one.troubles else "green")
    closed = one.closed
    if closed is None:
        return [*[""] * 7, told]
    late = [f"{clock.id} ran out" for clock in closed.clocks if clock.breached_at]
    return [
        closed.outcome,
        str(closed.tier),
        str(closed.cycles),
        str((closed.closed_at - closed.received_at).days),
        ", ".join(f"{amount:,f} {currency}" for currency, amount in closed.paid.items()),
        ", ".join(remedy.replace("_", " ") for remedy in closed.remedies),
        ", ".join([*late, *one.staff.refusals]),
        told,
    ]
