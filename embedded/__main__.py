"""``python -m embedded run|demo``: what ``make run`` and ``make demo`` do."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from activities.settings import SETTINGS_FILE
from demo.play import play, present
from embedded.process import ROOT, NotStarted
from embedded.up import SETTINGS, Running, clear, up

USUAL = "localhost:7233"
"""Where Temporal's clients look for the server when nobody tells them."""


async def run(data: Path) -> int:
    """Keep everything running until one is told to stop. At the first start the eight cases are opened and played."""
    say("Starting the Temporal server, the stand-in bank and the worker ...")
    async with up(data) as running:
        say(_welcome(running))
        playing = asyncio.create_task(_first_start(running))
        try:
            raise await running.one_died()
        finally:
            playing.cancel()
            say("\nStopping the worker, the bank and the server; complaints go on at the next start ...")


async def demo(data: Path) -> int:
    """Play the eight cases to their end on fresh data; 0 when every one ended as its scenario says."""
    clear(data)
    say("Starting the Temporal server, the stand-in bank and the worker ...")
    async with up(data) as running:
        playing = asyncio.create_task(play(running.client, running.bank))
        dying = asyncio.create_task(running.one_died())
        await asyncio.wait([playing, dying], return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if not playing.done():
            playing.cancel()
            raise dying.result()
        return 0 if playing.result() else 1


async def _first_start(running: Running) -> None:
    """Show the eight cases at work, once per data directory; after an interruption they are taken up again."""
    played = running.data / "cases-played"
    if played.exists():
        return
    try:
        await present(running.client, running.bank, say)
    except Exception as trouble:  # the server, the bank and the worker serve on without the cases
        say(f"The eight cases cannot be played on: {trouble}")
        return
    played.touch()
    say("Eight cases are there to be looked at; each goes on by its own clock, hours or days ahead.")


def _welcome(running: Running) -> str:
    program = f"{os.path.relpath(sys.executable)} {os.path.relpath(ROOT / 'starter.py')}"
    own = "" if running.address == USUAL else f"  export TEMPORAL_ADDRESS={running.address}    # {USUAL} is taken\n"
    return "\n".join(
        [
            f"Temporal UI: {running.ui}",
            f"Logs and data: {os.path.relpath(running.data)}",
            "Try in another terminal:",
            f"{own}  {program} tasks",
            f"  {program} open {os.path.relpath(ROOT / 'demo' / 'own-complaint.json')}",
            f"  {program} show MY-0001",
            f"  {SETTINGS_FILE}={os.path.relpath(running.data / SETTINGS)} {program} doctor",
            "Ctrl-C stops everything; the next start goes on where it was.",
        ]
    )


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201


async def _until_told(command: str, data: Path) -> int:
    """Run a command; the first Ctrl-C, SIGTERM or closed terminal ends it in order, further ones change nothing."""
    working = asyncio.create_task(run(data) if command == "run" else demo(data))
    told = asyncio.Event()

    def stop() -> None:
        if not told.is_set():
            told.set()
            working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        return await working
    except asyncio.CancelledError:
        say("Stopped.")
        return 0 if command == "run" else 130


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and run; 1 when something does not start or ends by itself."""
    parser = argparse.ArgumentParser(prog="python -m embedded", description=__doc__)
    parser.add_argument("command", choices=["run", "demo"])
    parser.add_argument("--data", type=Path, help="directory of data and logs (.data, or .data/demo)")
    options = parser.parse_args(arguments)
    default = ROOT / ".data" / ("run" if options.command == "run" else "demo")
    try:
        return asyncio.run(_until_told(options.command, (options.data or default).absolute()))
    except NotStarted as reason:
        say(str(reason))
        return 1


if __name__ == "__main__":
    sys.exit(main())
