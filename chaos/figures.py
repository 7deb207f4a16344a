"""What the storm did, and how long everybody had to wait: read from the histories after the event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from chaos.evidence import Evidence
from chaos.history import Activity, Life
from chaos.judge import Loss
from chaos.storm import SERVER_KILL, WORKER_KILL, Blow

REPEATED = {"signal": "signal sent twice", "update": "decision sent twice"}


@dataclass(frozen=True)
class Survival:
    """One kind of fault over a run."""

    kind: str
    happened: int
    survived: int
    waits: Sequence[float] = ()
    """Seconds until the next progress of those who were hit."""

    @property
    def median(self) -> float | None:
        """The middle wait, in seconds."""
        return median(self.waits) if self.waits else None

    @property
    def longest(self) -> float | None:
        """The longest wait, in seconds."""
        return max(self.waits, default=None)


def survivals(evidence: Evidence, blows: Sequence[Blow], losses: Sequence[Loss]) -> list[Survival]:
    """Every kind of fault: how often it happened, and how often what it hit came through."""
    lives = [life for life in evidence.lives.values() if life]
    return [*_kills(lives, blows), *_line(evidence, lives), *_repeated(evidence, losses), *_disorder(lives, losses)]


def _kills(lives: list[Life], blows: Sequence[Blow]) -> Iterator[Survival]:
    last = max((step.done_at for life in lives for step in life.steps), default=None)
    for kind in dict.fromkeys(blow.kind for blow in blows):
        hits = [blow for blow in blows if blow.kind == kind]
        waits = [wait for blow in hits for wait in _waits(lives, blow)]
        yield Survival(kind, len(hits), sum(last is not None and last > blow.at for blow in hits), waits)


def _waits(lives: list[Life], blow: Blow) -> Iterator[float]:
    if blow.kind == WORKER_KILL:
        yield from (wait for life in lives for wait in _of_its_own(life, blow))
        return
    steps = (step.done_at for life in lives for step in life.steps)
    answers = (one.done_at for life in lives for one in life.activities if one.done_at)
    following = [at for at in (steps if blow.kind == SERVER_KILL else answers) if at > blow.at]
    if following:
        yield (min(following) - blow.at).total_seconds()


def _of_its_own(life: Life, blow: Blow) -> Iterator[float]:
    """How long a complaint that the worker had in memory waited for its next step, from when there was one to do."""
    for before, after in pairwise(life.steps):
        if before.done_at <= blow.at < after.done_at and before.worker.startswith(f"{blow.pid}@"):
            yield (after.done_at - max(blow.at, after.scheduled_at)).total_seconds()


def _line(evidence: Evidence, lives: list[Life]) -> Iterator[Survival]:
    """A fault of the line is survived when the order that it met was carried out in the end, or not needed any more.

    What a complaint must have done before it is closed, the judgement looks at.
    """
    pending = {one.key for life in lives for one in life.activities if not (one.done_at or life.closed)}
    done = {one.key for life in lives for one in life.activities} - pending
    letters = [letter for each in evidence.books.letters.values() for letter in each]
    arrived = {_errand(letter["key"]) for letter in letters if letter["state"] == "delivered"}
    for kind, times in sorted(Counter(strike["kind"] for strike in evidence.books.strikes).items()):
        keys = [strike["key"] for strike in evidence.books.strikes if strike["kind"] == kind]
        through = [_errand(key) in arrived if kind == "bounce" else key in done for key in keys]
        yield Survival("letter bounced" if kind == "bounce" else f"bank: {kind}", times, sum(through))


def _errand(key: str) -> str:
    """What the letters of one errand have in common: each goes by another channel."""
    return key.rsplit("/", 1)[0]


def _repeated(evidence: Evidence, losses: Sequence[Loss]) -> Iterator[Survival]:
    lost = sum(loss.what == "message applied twice" for loss in losses)
    for kind, shown in REPEATED.items():
        times = Counter((one.reference, one.id) for one in evidence.sent if one.kind == kind)
        again = sum(number - 1 for number in times.values())
        yield Survival(shown, again, again - lost)
    cancelled = sum(one.kind == "cancel" for one in evidence.sent)
    yield Survival("cancel requested", cancelled, cancelled - sum("cancel request" in loss.what for loss in losses))


def _disorder(lives: list[Life], losses: Sequence[Loss]) -> Iterator[Survival]:
    """Complaints whose facts came in another order than they were written in."""
    lost = {loss.reference for loss in losses}
    mixed = [
        life.reference for life in lives if _mixed([str(message.get("message_id")) for _, message in life.signals])
    ]
    yield Survival("facts out of order (complaints)", len(mixed), len({*mixed} - lost))


def _mixed(ids: list[str]) -> bool:
    return list(dict.fromkeys(ids)) != sorted(set(ids))


def lost_activities(evidence: Evidence) -> list[float]:
    """Seconds until a request that died with its worker was carried out by another."""
    return [
        (one.done_at - one.scheduled_at).total_seconds()
        for one in _activities(evidence.lives.values())
        if one.done_at and one.last_failure == "timed out"
    ]


def overtaken(evidence: Evidence) -> int:
    """Requests that a complaint does not wait for, and that were still under way when it was closed."""
    lives = [life for life in evidence.lives.values() if life and life.closed]
    return sum(not (one.done_at or one.failed) for one in _activities(lives))


def retried(evidence: Evidence) -> int:
    """Requests to the bank that needed more than one attempt."""
    return sum(one.attempt > 1 for one in _activities(evidence.lives.values()))


def _activities(lives: Iterable[Life | None]) -> Iterator[Activity]:
    for life in lives:
        if life:
            yield from life.activities
