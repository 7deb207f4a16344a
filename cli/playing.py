"""Playing recorded complaints. The command returns its exit code."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group
from rich.progress import Progress
from rich.text import Text
from temporalio.client import Client

from cli.rows import Rows
from cli.terminal import console, say
from demo import recorded


async def play_recorded(client: Client, file: Path, size: int, json: bool) -> int:
    """Bring real complaints to their end, as the companies answered them."""
    with file.open("rb") as stream:
        complaints = recorded.sample(stream, size)
    with Progress(console=console(), transient=True) as bar:
        task = bar.add_task("complaints", total=len(complaints))
        replayed = await recorded.replay(client, complaints, lambda done: bar.advance(task, done))
    say(replayed, Group(recorded_table(replayed), *replayed.troubles), as_json=json)
    return 1 if replayed.troubles else 0


def recorded_table(replayed: recorded.Replay) -> Group:
    """What the companies did, and what came out here."""
    table = Rows(
        ["recorded response", "complaints", "outcomes", "paid", "law ran out", "second cycle"],
        (
            [
                one.recorded,
                str(one.complaints),
                ", ".join(f"{number} {outcome}" for outcome, number in one.outcomes.items()),
                str(one.with_money),
                str(one.answered_late),
                str(one.answered_again),
            ]
            for one in replayed.by_response
        ),
    )
    return Group(table, Text(f"{replayed.complaints} complaints to their end in {replayed.seconds:.0f} s"))
