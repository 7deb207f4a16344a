"""What one sees of a run: a line while it goes on, and the tables at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from chaos.crowd import Crowd
from chaos.evidence import Evidence
from chaos.figures import Survival, lost_activities, overtaken, retried
from chaos.judge import Loss
from chaos.post import Post
from chaos.storm import Storm


def line(crowd: Crowd, post: Post, storm: Storm) -> str:
    """How it stands."""
    minutes, seconds = divmod(int(storm.left), 60)
    blows = ", ".join(f"{times} {kind}" for kind, times in Counter(blow.kind for blow in storm.blows).items())
    return (
        f"{minutes}:{seconds:02} left | {crowd.in_flight} in flight, {crowd.opened} opened, {crowd.closed} closed | "
        f"{len(post.sent)} messages answered | {blows or 'calm'}"
    )


def fault_table(survivals: Sequence[Survival]) -> Table:
    """The faults, and what became of what they hit."""
    table = Table(title="Faults", title_justify="left")
    table.add_column("fault")
    for name in ("happened", "survived", "wait: median s", "longest s"):
        table.add_column(name, justify="right")
    for one in survivals:
        style = "" if one.survived == one.happened else "red"
        waits = [f"{wait:.1f}" if wait is not None else "" for wait in (one.median, one.longest)]
        table.add_row(one.kind, str(one.happened), str(one.survived), *waits, style=style)
    return table


def loss_table(losses: Sequence[Loss]) -> Table:
    """Everything that was lost."""
    table = Table(title=f"{len(losses)} losses", title_justify="left", title_style="red")
    for name in ("complaint", "what", "evidence"):
        table.add_column(name, overflow="fold")
    for loss in losses:
        table.add_row(loss.reference, loss.what, loss.evidence)
    return table


def summary(evidence: Evidence) -> list[str]:
    """What was there, counted."""
    lives = [life for life in evidence.lives.values() if life]
    outcomes = Counter(str(life.result.get("outcome")) for life in lives if life.closed)
    accepted = sum(one.accepted for one in evidence.sent)
    own = evidence.books
    books = [sum(map(len, book.values())) for book in (own.bookings, own.letters, own.requests)]
    waits = lost_activities(evidence)
    return [
        f"{len(lives)} complaints: {sum(outcomes.values())} closed"
        f" ({', '.join(f'{number} {outcome}' for outcome, number in outcomes.most_common())}),"
        f" {len(evidence.still_open)} open, each with whose turn it is.",
        f"{accepted} messages acknowledged, {sum(life.events for life in lives)} events in"
        f" {sum(life.runs for life in lives)} runs, {sum(life.timers_fired for life in lives)} timers fired;"
        f" {sum(life.slow_steps for life in lives)} steps were begun anew, because they took two seconds.",
        f"{books[0]} bookings, {books[1]} letters, {books[2]} requests to departments;"
        f" {retried(evidence)} requests needed several attempts.",
        f"{overtaken(evidence)} notices and look-ups were given up, because their complaint was closed before.",
        f"{len(waits)} requests died with their worker"
        + (f" and were carried out within {max(waits):.0f} s." if waits else "."),
    ]


def still_open(evidence: Evidence) -> list[str]:
    """Why complaints are open: whose turn it is, and due when."""
    return [
        f"{reference} is {own.file.get('stage')}: {task['what']} ({task['role']}, due {task['due'] or 'at any time'})"
        for reference, own in sorted(evidence.still_open.items())
        for task in own.tasks[:1]
    ]
