"""``python -m chaos``: what ``make chaos`` does. Exits 0 only when nothing was lost."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live

from chaos import screen
from chaos.crowd import Crowd
from chaos.figures import survivals
from chaos.post import Post
from chaos.run import Outcome, check, run
from chaos.storm import Storm
from embedded.process import ROOT, NotStarted
from embedded.up import clear

IN_FLIGHT = 250
"""While the server is down, those that have closed have no successors: of 210 there were 175 at one moment."""
NOW_AND_THEN = 15
"""Seconds between two lines where nobody sees a live one."""


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, run, and show what came of it; 1 when anything was lost or did not start."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long everything fails (10)")
    parser.add_argument("--complaints", type=int, default=IN_FLIGHT, help=f"how many are in flight ({IN_FLIGHT})")
    parser.add_argument("--seed", type=int, default=None, help="repeat the chances of an earlier run")
    parser.add_argument("--data", type=Path, default=ROOT / ".data" / "chaos", help="directory of data and logs")
    parser.add_argument("--check", action="store_true", help="only judge what an earlier run has left there")
    options = parser.parse_args(arguments)
    data, console = options.data.absolute(), Console()
    console.width = max(console.width, 120)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    try:
        if options.check:
            return show(console, asyncio.run(_until_told(check(data))))
        clear(data)
        console.print(f"Seed {seed}; {options.complaints} complaints; logs and data in {data}")
        return show(console, _run(console, data, options.minutes, options.complaints, seed))
    except NotStarted as reason:
        console.print(str(reason), highlight=False)
        return 1
    except asyncio.CancelledError:
        console.print("Stopped.")
        return 130


def _run(console: Console, data: Path, minutes: float, complaints: int, seed: int) -> Outcome:
    with Live("Starting ...", console=console, refresh_per_second=2, transient=True) as live:
        turns = 0

        def tell(crowd: Crowd, post: Post, storm: Storm) -> None:
            nonlocal turns
            live.update(said := screen.line(crowd, post, storm))
            if not console.is_terminal and turns % NOW_AND_THEN == 0:
                print(said, flush=True)  # noqa: T201
            turns += 1

        return asyncio.run(_until_told(run(data, minutes, complaints, seed, tell)))


async def _until_told(running: Coroutine[Any, Any, Outcome]) -> Outcome:
    """A Ctrl-C, SIGTERM or closed terminal stops all programs in order."""
    task = asyncio.ensure_future(running)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


def show(console: Console, outcome: Outcome) -> int:
    """Print what was survived and what was lost; the exit code."""
    evidence = outcome.evidence
    console.print(screen.fault_table(survivals(evidence, outcome.blows, outcome.losses)))
    if outcome.fewest is not None:
        console.print(f"Never fewer than {outcome.fewest} complaints in flight.", highlight=False)
    for told in (*screen.summary(evidence), *screen.still_open(evidence)):
        console.print(told, highlight=False, soft_wrap=True)
    for name in outcome.ended_by_themselves:
        console.print(f"{name} ended without being killed, and was started again.", highlight=False, soft_wrap=True)
    for reference, tried in outcome.gave_up.items():
        console.print(f"{reference}: its staff gave up over {tried}", highlight=False, soft_wrap=True)
    if outcome.losses:
        console.print(screen.loss_table(outcome.losses))
        return 1
    console.print("Nothing was lost.", style="green")
    return 0


if __name__ == "__main__":
    sys.exit(main())
