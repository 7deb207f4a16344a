"""One run: a crowd in a storm, then calm, then the judgement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from chaos.crowd import Crowd
from chaos.evidence import Evidence, Sent, gather
from chaos.judge import Loss, judge
from chaos.post import Post, read_record
from chaos.programs import Programs, programs
from chaos.replay import unreplayable
from chaos.storm import Blow, Storm

RECORD = "sent.jsonl"
"""What the senders were answered, beside the data of the programs."""
NOTHING_MOVES = 330.0
"""Seconds without any progress after which nothing more is awaited: longer than the longest pause between attempts."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    evidence: Evidence
    losses: list[Loss]
    blows: list[Blow]
    ended_by_themselves: list[str]
    gave_up: dict[str, str]
    fewest: int | None = None
    """Complaints in flight when the fewest were; unknown of an earlier run."""


Tell = Callable[[Crowd, Post, Storm], None]


async def run(data: Path, minutes: float, complaints: int, seed: int, tell: Tell) -> Outcome:
    """Keep complaints in flight through a storm of some minutes, let all settle, and judge what is left."""
    async with programs(data) as running:
        post = Post(running.client, data / RECORD)
        crowd = Crowd(running.client, post, seed, complaints, minutes)
        storm = Storm(running, seed, 60 * minutes)
        living = asyncio.create_task(crowd.live())
        telling = asyncio.create_task(_tell(tell, crowd, post, storm))
        try:
            opened = asyncio.create_task(crowd.all_open.wait())
            await asyncio.wait([living, opened], return_when=asyncio.FIRST_COMPLETED)
            await storm.rage()
            crowd.calm_down()
            await _settled(living, crowd, post)
        finally:
            living.cancel()
            telling.cancel()
        evidence, losses = await _judged(running, post.sent)
        return Outcome(evidence, losses, storm.blows, storm.ended_by_themselves, crowd.gave_up, crowd.fewest)


async def check(data: Path) -> Outcome:
    """Judge what an earlier run has left, or a copy of it."""
    async with programs(data) as running:
        evidence, losses = await _judged(running, read_record(data / RECORD))
        return Outcome(evidence, losses, [], [], {})


async def _judged(running: Programs, sent: list[Sent]) -> tuple[Evidence, list[Loss]]:
    evidence = await gather(running.client, running.bank_url, running.archive, sent)
    return evidence, judge(evidence) + await unreplayable(running.client)


async def _settled(living: asyncio.Task[None], crowd: Crowd, post: Post) -> None:
    """Until every complaint is closed or rests; where nothing moves for too long, the judgement says what hangs."""
    seen, since = (-1, -1, -1), monotonic()
    while not living.done() and monotonic() - since < NOTHING_MOVES:
        if seen != (now := (crowd.closed, len(crowd.resting), len(post.sent))):
            seen, since = now, monotonic()
        await asyncio.wait([living], timeout=0.5)
    if living.done():
        living.result()


async def _tell(tell: Tell, crowd: Crowd, post: Post, storm: Storm) -> None:
    while True:
        tell(crowd, post, storm)
        await asyncio.sleep(1)
