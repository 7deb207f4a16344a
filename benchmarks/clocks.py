"""What the clocks of one complaint cost: ``python -m benchmarks.clocks [--rounds 200]``.

Under every shipped rule pack a complaint is opened on a day from which its clocks run over the turn of the year, with
the calendar resolved once. All its clocks are then counted from their logs, and explained day by day as the query
``deadlines`` does. The limit is judged by these ordinary complaints. The worst that we could think of is told apart:
disputed to the top, with every department asked at each tier and every extension given. Everything is CPU time of this
process alone, as the median of many rounds with the middle half of them, and as a ratio to a floor: adding as many days
to a date as are counted.

A table goes to standard error, one JSON document to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from activities.pack_files import pack_paths
from activities.rules import Rules
from domain import clocks, extensions
from domain.casefile import CaseFile
from domain.clock_view import view
from domain.counting import count
from domain.effects import RulesQuery
from tests.domain import said
from tests.domain.cases import Case
from tests.domain.people import EXECUTIVE, MANAGER, SPECIALIST, TELLER

PACKS = Path(__file__).parents[1] / "rulepacks"
RECEIVED = datetime.fromisoformat("2025-12-08T10:00:00+00:00")
"""Before the holidays at the turn of the year, which all the clocks of the answer run over."""
A_DAY = timedelta(days=1)
LIMIT_MILLISECONDS = 1.0
"""What computing and explaining all clocks of one complaint may take."""


def complaint_under(pack: str) -> CaseFile:
    """A complaint that a department and a regulator are asked about: as many clocks as are ordinary."""
    query = RulesQuery(rule_pack=pack, received_at=RECEIVED, language=said.complaint().complainant.language)
    pinned = asyncio.run(Rules(PACKS).resolve_rules(query))
    case = Case(said.complaint(received_at=RECEIVED.isoformat(), happened_on="2025-12-01"), pinned)
    case.do_all()
    case.must("verify_identity")
    case.must("assess")
    case.must("request_investigation")
    case.tell("regulator_contacted_us")
    return case.file


def disputed_to_the_top() -> CaseFile:
    """A complaint that was not settled at two tiers and reached the third, where the central bank passed it on too."""
    query = RulesQuery(rule_pack="cn-banking", received_at=RECEIVED, language=said.complaint().complainant.language)
    pinned = asyncio.run(Rules(PACKS).resolve_rules(query))
    case = Case(said.complaint(received_at=RECEIVED.isoformat(), happened_on="2025-12-01"), pinned)
    case.do_all()
    case.must("verify_identity")
    for tier, owner in enumerate(OWNERS, start=1):
        if owner != case.file.owner:
            case.must("take_ownership", owner)
        if tier == len(OWNERS):
            case.tell("regulator_contacted_us", regulator="PBOC", their_reference="PBOC-7")
        decided_with_all_extensions(case, tier)
        if tier < len(OWNERS):
            case.must("record_callback", satisfied=False)
    return case.file


OWNERS = (TELLER, SPECIALIST, MANAGER)
"""Who handles it, tier by tier."""


def decided_with_all_extensions(case: Case, tier: int) -> None:
    """Every department is asked, all time that the law gives is taken, and an apology is accepted and carried out."""
    case.must("assess")
    for department in case.pinned.pack.departments:
        case.must("request_investigation", department=department)
    case.do_all()
    for clock in [clock for clock in case.file.clocks if clock.kind in clocks.LAWS and clock.ticking]:
        while rung := extensions.next_rung(case.file, clock):
            case.must("extend_deadline", EXECUTIVE, clock=clock.id, reason_code=rung.reason_codes[0])
            case.do_all()
    for inquiry in [inquiry for inquiry in case.file.investigations if inquiry.ended_at is None]:
        case.tell("investigation_result", investigation=inquiry.id)
    case.must("propose_resolution", remedies=[said.work("apology")])
    case.do_all()
    case.must("record_customer_answer", proposal=f"proposal-{tier}")
    case.do_all()
    for task in [task for task in case.file.tasks if task.settled_at is None]:
        case.must("resolve_task", task=task.id)
    case.do_all()


def computed(file: CaseFile) -> None:
    """The due time of every clock, counted from its log."""
    for clock in file.clocks:
        clocks.recounted(file, clock)


def explained(file: CaseFile) -> None:
    """Every clock as the query ``deadlines`` shows it."""
    for clock in file.clocks:
        view(file, clock)


def computed_and_explained(file: CaseFile) -> None:
    """Everything that a question about the deadlines of a complaint costs."""
    computed(file)
    explained(file)


def floor(days: int) -> None:
    """As many days as are counted, one after another, and nothing else."""
    day = date(2025, 12, 8)
    for _ in range(days):
        day += A_DAY


def days_counted(file: CaseFile) -> int:
    """How many lines the explanations have."""
    spans = ((clock, clock.span) for clock in file.clocks)
    return sum(
        len(list(count(clocks.calendar_of(file, clock), clock.started_at, span, clock.counting)))
        for clock, span in spans if span is not None
    )  # fmt: skip


def microseconds(work: Callable[[], None], rounds: int) -> dict[str, float]:
    """CPU time of one run: the median, the bounds of the middle half, and the least, undisturbed by other programs."""
    for _ in range(5):
        work()
    taken: list[int] = []
    for _ in range(rounds):
        begin = time.process_time_ns()
        work()
        taken.append(time.process_time_ns() - begin)
    low, middle, high = statistics.quantiles(taken, n=4)
    found = {"median": middle, "low": low, "high": high, "least": min(taken)}
    return {name: round(value / 1_000, 1) for name, value in found.items()}


def measured(pack: str, file: CaseFile, rounds: int) -> dict[str, Any]:
    """One complaint."""
    days = days_counted(file)
    found = {
        "computed": microseconds(lambda: computed(file), rounds),
        "explained": microseconds(lambda: explained(file), rounds),
        "both": microseconds(lambda: computed_and_explained(file), rounds),
        "floor": microseconds(lambda: floor(days), rounds),
    }
    ratio = round(found["both"]["median"] / found["floor"]["median"], 1)
    return {"pack": pack, "clocks": len(file.clocks), "days": days, "microseconds": found, "ratio_to_floor": ratio}


def table(found: list[dict[str, Any]]) -> str:
    """The measurements as people read them."""
    head = f"{'pack':<12} {'clocks':>6} {'days':>5} {'computed':>9} {'explained':>9}"
    lines = [f"{head} {'both (middle half)':>24} {'least':>6} {'ratio':>6}"]
    for one in found:
        taken = one["microseconds"]
        both = f"{taken['both']['median']:.0f} ({taken['both']['low']:.0f}-{taken['both']['high']:.0f})"
        lines.append(
            f"{one['pack']:<12} {one['clocks']:>6} {one['days']:>5} {taken['computed']['median']:>9.0f} "
            f"{taken['explained']['median']:>9.0f} {both:>24} {taken['both']['least']:>6.0f} {one['ratio_to_floor']:>6}"
        )
    return "\n".join([*lines, "microseconds of CPU time per complaint; ratio to as many date additions"])


def main() -> None:
    """Measure every pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    gc.disable()
    found = [measured(path.stem, complaint_under(path.stem), rounds) for path in pack_paths(PACKS)]
    worst = measured("the worst", disputed_to_the_top(), rounds)
    slowest = max(one["microseconds"]["both"]["median"] for one in found) / 1_000
    result = {
        "on": str(date.today()),  # noqa: DTZ011
        "python": sys.version.split()[0],
        "cpus": os.cpu_count(),
        "rounds": rounds,
        "packs": found,
        "slowest_milliseconds": slowest,
        "limit_milliseconds": LIMIT_MILLISECONDS,
        "within_limit": slowest < LIMIT_MILLISECONDS,
        "worst": worst,
    }
    sys.stderr.write(table([*found, worst]) + "\n")
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
