"""Reading every complaint after the burst: its breach is there once and for the right instant, its notices went out
once; and when its warnings are still to come."""

from __future__ import annotations

import asyncio
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from activities.pack_files import read_pack
from benchmarks.book.programs import Programs
from benchmarks.burst.drain import reference
from benchmarks.burst.floor import NOTICES
from benchmarks.burst.subjects import SHIPPED
from benchmarks.failover import summary
from domain.calendar import CalendarDays
from domain.clockrules import ClockKind
from embedded.up import SETTINGS
from workflows.names import workflow_id

AT_A_TIME = 8
PROMISE, LAW = "promise-1", "law-1"
Json = dict[str, Any]


@dataclass
class Found:
    """What all complaints say."""

    late: list[float] = field(default_factory=list)
    """Seconds after the instant at which the breach was written, by the server's clock."""
    warnings: list[datetime] = field(default_factory=list)
    """Warnings of the law that are still to come."""
    laws: list[datetime] = field(default_factory=list)
    """When the law runs out."""
    lost: list[str] = field(default_factory=list)
    """Everything that is not as it should be."""


async def read_all(running: Programs, count: int, due: datetime) -> Found:
    """Read so many complaints whose promise was due at an instant, and what the bank was handed."""
    found, numbers = Found(), iter(range(count))

    async def some() -> None:
        for number in numbers:
            handle = running.client.get_workflow_handle(workflow_id(reference(number)))
            _take(found, reference(number), await handle.query("case_file"), due)

    await asyncio.gather(*(some() for _ in range(AT_A_TIME)))
    found.lost += _not_once(await _notices(running.data), count)
    return found


def _take(found: Found, name: str, file: Json, due: datetime) -> None:
    clocks = {clock["id"]: clock for clock in file["clocks"]}
    promise, law = clocks[PROMISE], clocks[LAW]
    found.lost += [f"{name}: {what}" for what in _missing(file, promise, due)]
    if written := promise["breach_written_at"]:
        found.late.append((datetime.fromisoformat(written) - due).total_seconds())
    found.warnings += map(datetime.fromisoformat, law["warn_at"])
    found.laws.append(datetime.fromisoformat(law["due_at"]))


def _missing(file: Json, promise: Json, due: datetime) -> Iterator[str]:
    if not promise["breached_at"] or datetime.fromisoformat(promise["breached_at"]) != due:
        yield f"the breach is of {promise['breached_at']}"
    entered = [entry for entry in file["journal"] if entry["what"] == "deadline_breached"]
    if len([entry for entry in entered if entry["note"].startswith(PROMISE)]) != 1:
        yield f"the journal has {len(entered)} breaches"
    if file["tier"] != 2:
        yield f"it is at tier {file['tier']}"


async def _notices(data: Path) -> list[Json]:
    """What the tool of the departments was handed."""
    url = tomllib.loads((data / SETTINGS).read_text())["bank_url"]
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as bank:
        rows: list[Json] = (await bank.get("/inspect/requests")).raise_for_status().json()
    return [row["request"] for row in rows if row["kind"] == "notice"]


def _not_once(notices: list[Json], count: int) -> Iterator[str]:
    handed = Counter((one["reference"], one["kind"]) for one in notices if one["kind"] in NOTICES)
    for number in range(count):
        for kind in NOTICES:
            if handed[reference(number), kind] != 1:
                yield f"{reference(number)}: the notice {kind} was handed over {handed[reference(number), kind]} times"


def told(found: Found, packs: Path) -> Json:
    """The figures."""
    return {
        "breach_written_late": summary(found.late), "read": len(found.laws), "lost": len(found.lost),
        "first_lost": found.lost[:10], "warnings": _warnings(found, packs),
    }  # fmt: skip


def _warnings(found: Found, packs: Path) -> Json:
    """How many alarms of the law's warnings fall into one second and one minute: as planned, and without a spread."""
    pack = read_pack(packs / f"{SHIPPED}.toml")
    spans = [span for span in pack.clocks[ClockKind.LAW].warn_before if isinstance(span, CalendarDays)]
    plain = [law - timedelta(days=span.calendar_days) for law in found.laws for span in spans]
    assert pack.spread
    earlier = (late - at for late, at in zip(sorted(plain), sorted(found.warnings), strict=True))
    return {
        "alarms": len(found.warnings), "spread_hours": pack.spread.hours,
        "busiest": {name: _busiest(alarms) for name, alarms in (("spread", found.warnings), ("not_spread", plain))},
        "at_most_earlier_seconds": round(max(earlier).total_seconds()),
    }  # fmt: skip


def _busiest(alarms: list[datetime]) -> dict[str, int]:
    seconds = Counter(int(at.timestamp()) for at in alarms)
    minutes = Counter(int(at.timestamp()) // 60 for at in alarms)
    return {"second": max(seconds.values()), "minute": max(minutes.values())}
