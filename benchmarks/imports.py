"""How fast a file is imported: ``python -m benchmarks.imports [--rounds 5 --rows 3000 --out FILE] > imports.json``.

``starter.py import`` opens a file of made-up complaints on the server as ``make run`` keeps it. In turn with it, this
program starts the same workflows as fast as the client can: the same complaints with the same memo, summary and
options, as many at a time, and nothing read, checked or looked up before. Every block has complaints of its own, which
nobody has seen before; no worker runs, so that opening is all that there is to do. Each round has the file in both of
its forms: the table of a regulator, and a JSON object per line. The rate of the command is that of its whole process,
from its start to its end; what it tells of itself, and CPU times, stand beside it. A table goes to standard error, one
JSON document to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from benchmarks.lifecycle.report import Block, spread, spread_of_ratios
from benchmarks.processes import cpu_seconds
from client.gateway import DIGEST, HOW_TO_ACT, digest
from domain.complaint import Complaint
from embedded.process import ROOT, Child, child, free_port
from embedded.server import server_command, server_ready
from embedded.up import environment_of, locked, ready
from intake.bulk import AT_A_TIME
from intake.source import Found, complaints
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

TARGET = 0.85
"""At least so many times the rate of the client alone."""
RAW, TABLE, LINES = "raw", "table", "lines"
WARM_UP = 300
PATIENCE = 15.0
"""Seconds for the server to end in order."""
HEADER = ("Date received", "Product", "Sub-product", "Issue", "Sub-issue", "Consumer complaint narrative", "Company",
          "State", "ZIP code", "Tags", "Submitted via", "Company response to consumer", "Timely response?",
          "Complaint ID")  # fmt: skip
PRODUCTS = ("Checking or savings account", "Credit card", "Mortgage", "Money transfer", "Student loan")
ISSUES = (
    "Managing an account",
    "Problem with a purchase",
    "Incorrect information",
    "Fees or interest",
    "Fraud or scam",
)
WORDS = ("I", "the bank", "my account", "was charged", "a fee", "in March", "nobody", "called", "me back", "although",
         "the letter", "said", "that", "the money", "had", "been", "back", "twice", "—", "café", "$35.00")  # fmt: skip


@dataclass(frozen=True)
class Running:
    """The server, and how to reach it."""

    server: Child
    client: Client
    data: Path
    environment: dict[str, str]


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Running]:
    """The server of ``make run``, until the block is left."""
    port = free_port(0)
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(locked(data))
        environment = environment_of(data, port, free_port(0))
        command = server_command(data, port, free_port(0))
        server = await stack.enter_async_context(child("server", command, environment, data, lock, PATIENCE))
        client = await ready(server_ready(environment), server)
        yield Running(server, client, data, environment)


def row(chance: Random, number: int) -> tuple[str, ...]:
    """A made-up complaint as a row of the table; a third has no narrative, as in reality."""
    said = " ".join(chance.choices(WORDS, k=chance.randrange(40, 600))) if chance.random() < 0.65 else ""
    issue, product = chance.choice(ISSUES), chance.choice(PRODUCTS)
    day = f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 28):02}"
    return (day, product, f"{product}, other", issue, f"{issue}, still", said, "BANK OF THE EXAMPLE", "NY", "100XX",
            chance.choice(("", "", "Older American")), chance.choice(("Web", "Phone", "Postal mail")),
            "Closed with explanation", "Yes", str(number))  # fmt: skip


def written(file: Path, form: str, first: int, rows: int) -> Path:
    """A file of so many complaints, numbered from the first."""
    chance = Random(first)
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerows([HEADER, *(row(chance, number) for number in range(first, first + rows))])
    if form != TABLE:
        lines = [complaint.model_dump_json(exclude_defaults=True) for complaint in read(file)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def read(file: Path) -> list[Complaint]:
    """The complaints of a file."""
    with file.open("rb") as stream:
        return [found.complaint for found in complaints(stream) if isinstance(found, Found)]


async def imported(running: Running, file: Path, rows: int) -> Block:
    """Import a file by the command, as a process of its own."""
    before, server, begin = _children(), cpu_seconds(running.server.process.pid), time.perf_counter()
    words = (sys.executable, "starter.py", "import", str(file), "--json", "--rejects", str(running.data / "rejected"))
    process = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env=running.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    seconds, used = time.perf_counter() - begin, _children() - before
    told: dict[str, Any] = json.loads(out) if out else {}
    if told.get("opened") != rows:
        raise RuntimeError(f"not all of {rows} rows were opened: {told or err.decode()[-2_000:]}")
    return _block(running, rows, seconds, used, server) | {"told_per_second": float(told["per_second"])}


async def started(running: Running, file: Path, rows: int) -> Block:
    """Start the workflows of a file's complaints, so many at a time, and nothing else."""
    waiting = iter([(one, digest(one)) for one in read(file)])
    before, server, begin = time.process_time(), cpu_seconds(running.server.process.pid), time.perf_counter()

    async def take(ready_made: Iterable[tuple[Complaint, str]]) -> None:
        for one, content in ready_made:
            await running.client.start_workflow(
                WORKFLOW_TYPE, one, id=workflow_id(one.reference), task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL, static_summary=f"Complaint {one.reference}",
                static_details=HOW_TO_ACT, memo={DIGEST: content},
            )  # fmt: skip

    await asyncio.gather(*(take(waiting) for _ in range(AT_A_TIME)))
    seconds = time.perf_counter() - begin
    return _block(running, rows, seconds, time.process_time() - before, server)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _block(running: Running, rows: int, seconds: float, used: float, server: float) -> Block:
    spent = cpu_seconds(running.server.process.pid) - server
    return {"per_second": rows / seconds, "client_ms": used * 1_000 / rows, "server_ms": spent * 1_000 / rows}


async def measured(options: argparse.Namespace) -> dict[str, list[Block]]:
    """All rounds on one server."""
    found: dict[str, list[Block]] = defaultdict(list)
    first = 1_000_000
    with tempfile.TemporaryDirectory(prefix="imports-") as directory:
        async with running(Path(directory)) as server:
            await started(server, written(server.data / "file", TABLE, 0, WARM_UP), WARM_UP)
            for number in range(options.rounds):
                forms = [RAW, TABLE, LINES]
                for form in forms[number % 3 :] + forms[: number % 3]:
                    file = written(server.data / "file", form, first, options.rows)
                    way = started if form == RAW else imported
                    found[form].append(await way(server, file, options.rows))
                    first += options.rows
                    sys.stderr.write(f"{form} {number + 1}: {found[form][-1]['per_second']:.0f} a second\n")
                if options.out:
                    options.out.write_text(_as_json(result(options, found)), encoding="utf-8")
    return found


def result(options: argparse.Namespace, found: dict[str, list[Block]]) -> dict[str, Any]:
    """Medians with their spread, and the ratios to the client alone in the same round."""
    figures = {
        form: {part: spread([one[part] for one in blocks]) for part in blocks[0]} for form, blocks in found.items()
    }
    ratios = {
        form: {
            part: spread_of_ratios(found[form], found[RAW], part) for part in ("per_second", "client_ms", "server_ms")
        }
        for form in (TABLE, LINES)
    }
    head = {"on": str(date.today()), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1),  # noqa: DTZ011
            "python": sys.version.split()[0], "rounds": options.rounds, "rows": options.rows,
            "at_a_time": AT_A_TIME}  # fmt: skip
    kept = {form: ratios[form]["per_second"]["median"] >= TARGET for form in ratios}
    return head | {"figures": figures, "ratio_to_raw": ratios, "target": TARGET, "kept": kept, "blocks": found}


def table(summed: dict[str, Any]) -> str:
    """The figures as people read them."""
    lines = [f"{'':<8}{'rows a second':>22}{'times raw':>22}{'client ms':>12}{'server ms':>12}"]
    for form, one in summed["figures"].items():
        ratio = summed["ratio_to_raw"].get(form, {}).get("per_second")
        cells = [_cell(one["per_second"], 1), _cell(ratio, 2) if ratio else ""]
        cpu = "".join(f"{one[part]['median']:>12.1f}" for part in ("client_ms", "server_ms"))
        lines.append(f"{form:<8}" + "".join(f"{cell:>22}" for cell in cells) + cpu)
    return "\n".join(lines)


def _cell(one: dict[str, float], places: int) -> str:
    return f"{one['median']:.{places}f} [{one['least']:.{places}f}-{one['most']:.{places}f}]"


def _as_json(summed: dict[str, Any]) -> str:
    return json.dumps(summed, indent=1) + "\n"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=3_000, help="of each file")
    parser.add_argument("--out", type=Path, help="written after every round")
    options = parser.parse_args()
    summed = result(options, asyncio.run(measured(options)))
    sys.stderr.write(table(summed) + "\n")
    sys.stdout.write(_as_json(summed))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The SDK's runtime threads can abort an interpreter that tears itself down; the work is done by now.
    os._exit(0)
