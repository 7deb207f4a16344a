"""Plays cases: opens them, lets the scripted staff work, and says whether each went as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from rich.console import Console
from rich.live import Live
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from bank.faults import FaultPlan
from bank.staff import NotAsTold, ScriptedStaff, View
from client.gateway import open_complaint
from demo.cases import Case, the_eight_cases
from demo.screen import progress_table, summary_table
from domain.closing import ClosedComplaint


@dataclass
class Played:
    """One case being played, and how it went."""

    case: Case
    staff: ScriptedStaff
    closed: ClosedComplaint | None = None
    troubles: list[str] = field(default_factory=list)
    """What is not as told."""


async def play(client: Client, bank: str) -> bool:
    """Play the eight cases to their end, before the eyes of whoever looks; whether all ended as they are told."""
    played = _prepared(client, the_eight_cases())
    await _set_faults(bank, played)
    console = Console()
    console.width = max(console.width, 120)
    with Live(get_renderable=lambda: progress_table(played), console=console, refresh_per_second=4):
        await asyncio.gather(*(_to_the_end(client, one) for one in played))
    await _set_faults(bank, [])
    console.print(summary_table(played))
    return not any(one.troubles for one in played)


async def present(client: Client, bank: str, tell: Callable[[str], None]) -> None:
    """Play each of the eight cases until it shows something of its own, and leave it there, on its own clock."""
    played = _prepared(client, the_eight_cases())
    await _set_faults(bank, played)
    await asyncio.gather(*(_until_seen(client, one, tell) for one in played))


def _prepared(client: Client, cases: Sequence[Case]) -> list[Played]:
    skipper = TimeSkipper(client)
    return [Played(case, ScriptedStaff(client, case.reference, case.script, skipper)) for case in cases]


async def _to_the_end(client: Client, one: Played) -> None:
    try:
        await open_complaint(client, one.case.received(datetime.now(UTC)))
        await one.staff.work()
        one.closed = await one.staff.closed()
        one.troubles = one.case.expected.differences(one.closed, one.staff.refusals)
    except NotAsTold as trouble:
        one.troubles = [str(trouble)]


async def _until_seen(client: Client, one: Played, tell: Callable[[str], None]) -> None:
    case = one.case

    def seen(view: View) -> bool:
        return view.stage == case.seen_at and view.cycle >= case.seen_in_cycle

    try:
        await open_complaint(client, case.received(datetime.now(UTC)))
        view = await one.staff.work(seen)
        tell(f"{case.reference}: {view.stage.replace('_', ' ')}, tier {view.tier} - {case.title}")
    except NotAsTold as trouble:
        tell(str(trouble))


async def _set_faults(bank: str, played: Sequence[Played]) -> None:
    plan = FaultPlan(rules=[fault for one in played for fault in one.case.faults])
    async with httpx.AsyncClient(base_url=bank, trust_env=False) as http:
        (await http.put("/faults", json=plan.model_dump(mode="json"))).raise_for_status()
