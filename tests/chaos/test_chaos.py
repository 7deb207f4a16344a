"""Guarantees of ``make chaos``:

* Every kind of fault happens in a short run too, and nothing is lost.
* The checker finds every kind of loss: a copy of what a run has left is tampered with, and the checker says so.
* The checker judges by the public interface only: it knows nothing of the product's code.
"""

from __future__ import annotations

import ast
import dataclasses
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import chaos
from chaos.__main__ import main, show
from chaos.evidence import Evidence, Sent, read_archive, read_books
from chaos.figures import survivals
from chaos.judge import judge
from chaos.run import Outcome, run
from tests.bank_server import running_bank

SEED = 5
COMPLAINTS = 25
MINUTES = 0.4
HAPPENING = {
    "kill -9 worker", "kill -9 server", "kill -9 bank", "restart bank", "bank: 500", "bank: 429", "bank: timeout",
    "bank: latency", "bank: duplicate", "bank: lost_answer", "letter bounced", "signal sent twice",
    "decision sent twice", "cancel requested", "facts out of order (complaints)",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Aftermath:
    """What a run has left."""

    data: Path
    outcome: Outcome

    @property
    def evidence(self) -> Evidence:
        return self.outcome.evidence

    def copy(self, name: str, to: Path) -> Path:
        """A file of the run, to be tampered with."""
        return Path(shutil.copy(self.data / name, to))


@pytest.fixture(scope="module")
async def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    data = tmp_path_factory.mktemp("chaos")
    return Aftermath(data, await run(data, MINUTES, COMPLAINTS, SEED, lambda *_: None))


def test_nothing_is_lost(aftermath: Aftermath) -> None:
    assert aftermath.outcome.losses == []
    assert aftermath.outcome.gave_up == {}


def test_every_kind_of_fault_happened_and_was_survived(aftermath: Aftermath) -> None:
    table = survivals(aftermath.evidence, aftermath.outcome.blows, [])
    assert {one.kind for one in table if one.happened} == HAPPENING
    assert {one.kind: one.happened - one.survived for one in table if one.survived != one.happened} == {}


def test_every_fact_was_sent_twice(aftermath: Aftermath) -> None:
    times = Counter((one.reference, one.id) for one in aftermath.evidence.sent if one.kind == "signal")
    assert set(times.values()) == {2}


def test_complaints_of_many_kinds_were_there(aftermath: Aftermath) -> None:
    lives = [life for life in aftermath.evidence.lives.values() if life]
    assert len(lives) >= COMPLAINTS
    assert {"satisfied", "withdrawn"} <= {life.result.get("outcome") for life in lives if life.closed}
    assert aftermath.evidence.still_open
    assert aftermath.evidence.books.bookings


TAMPERING = {
    "payment lost": "DELETE FROM bookings WHERE id = (SELECT min(id) FROM bookings)",
    "payment booked twice": """
        INSERT INTO bookings SELECT 9001, reference, text, at, NULL FROM bookings WHERE id = 1;
        INSERT INTO postings SELECT 9001, account, amount, currency FROM postings WHERE booking = 1""",
    "payment nobody approved": """
        INSERT INTO bookings SELECT 9001, reference, 'goodwill', at, NULL FROM bookings WHERE id = 1;
        INSERT INTO postings SELECT 9001, account, '1.00', currency FROM postings WHERE booking = 1""",
    "letter lost": "DELETE FROM letters WHERE id = (SELECT min(id) FROM letters)",
    "letter nobody ordered": "UPDATE letters SET key = key || '-other' WHERE id = (SELECT min(id) FROM letters)",
    "letter's fate wrong": "UPDATE letters SET state = 'under_way' WHERE id = (SELECT min(id) FROM letters)",
    "request lost": "DELETE FROM requests WHERE id = (SELECT min(id) FROM requests)",
    "request handed over twice": """
        INSERT INTO requests SELECT 9001, kind, reference, workflow_id, at, request FROM requests WHERE id = 1""",
}
"""What is done to a copy of the bank's books, by what the checker must call it."""


@pytest.mark.parametrize("loss", TAMPERING)
async def test_a_loss_at_the_bank_is_found(loss: str, aftermath: Aftermath, tmp_path: Path) -> None:
    copy = aftermath.copy("bank.db", tmp_path)
    _tamper(copy, TAMPERING[loss])
    with running_bank(copy) as bank:
        evidence = dataclasses.replace(aftermath.evidence, books=await read_books(bank.url))
    assert loss in _judged(evidence)


async def test_an_untouched_copy_is_as_good(aftermath: Aftermath, tmp_path: Path) -> None:
    with running_bank(aftermath.copy("bank.db", tmp_path)) as bank:
        books = await read_books(bank.url)
    archive = read_archive(aftermath.copy("archive.db", tmp_path))
    assert _judged(dataclasses.replace(aftermath.evidence, books=books, archive=archive)) == set()


ENTRY = """
    UPDATE closed_complaints SET file = json_remove(file, '$.journal[' || (
        SELECT key FROM json_each(file, '$.journal') WHERE json_extract(value, '$.message') {} NULL LIMIT 1) || ']')
    WHERE reference = (SELECT min(reference) FROM closed_complaints)"""
DOUBLE = """
    UPDATE closed_complaints SET file = json_insert(file, '$.journal[#]', (
        SELECT json(value) FROM json_each(file, '$.journal')
        WHERE json_extract(value, '$.message') IS NOT NULL LIMIT 1))
    WHERE reference = (SELECT min(reference) FROM closed_complaints)"""
FORGERY = {
    "accepted message missing": ENTRY.format("IS NOT"),
    "journal lost entries": ENTRY.format("IS"),
    "message applied twice": DOUBLE,
    "archive lost it": "DELETE FROM closed_complaints WHERE reference = (SELECT min(reference) FROM closed_complaints)",
    "archive says otherwise": """
        UPDATE closed_complaints SET outcome = 'forgotten' WHERE reference = (
            SELECT min(reference) FROM closed_complaints)""",
}
"""The same for a copy of the archive."""


@pytest.mark.parametrize("loss", FORGERY)
def test_a_loss_in_the_archive_is_found(loss: str, aftermath: Aftermath, tmp_path: Path) -> None:
    copy = aftermath.copy("archive.db", tmp_path)
    _tamper(copy, FORGERY[loss])
    assert loss in _judged(dataclasses.replace(aftermath.evidence, archive=read_archive(copy)))


def _without_a_signal(evidence: Evidence) -> Evidence:
    """The server forgot a message that its sender was told it had."""
    life = next(life for life in evidence.lives.values() if life and life.signals)
    forgotten = {name for name, _ in life.signals[:1]}
    kept = [one for one in life.signals if one[0] not in forgotten]
    return _with_life(evidence, life.reference, signals=kept)


def _with_life(evidence: Evidence, reference: str, **changes: object) -> Evidence:
    life = evidence.lives[reference]
    assert life is not None
    lives = evidence.lives | {reference: dataclasses.replace(life, **changes)}  # type: ignore[arg-type]
    return dataclasses.replace(evidence, lives=lives)


def _closed(evidence: Evidence) -> str:
    return next(
        life.reference
        for life in evidence.lives.values()
        if life and life.closed and life.result.get("outcome") == "satisfied"
    )


def _hanging(evidence: Evidence) -> Evidence:
    """An order was given, and nobody has carried it out since."""
    life = evidence.lives[_open(evidence)]
    assert life is not None
    last = dataclasses.replace(life.activities[-1], done_at=None)
    return _with_life(evidence, life.reference, activities=[*life.activities[:-1], last])


def _open(evidence: Evidence) -> str:
    return next(iter(evidence.still_open))


def _without_a_reason(evidence: Evidence) -> Evidence:
    own = evidence.still_open | {_open(evidence): dataclasses.replace(evidence.still_open[_open(evidence)], tasks=[])}
    return dataclasses.replace(evidence, still_open=own)


HANGING: dict[str, Callable[[Evidence], Evidence]] = {
    "acknowledged message missing": _without_a_signal,
    "complaint lost": lambda one: dataclasses.replace(one, lives=one.lives | {_closed(one): None}),
    "ended without a call-back": lambda one: _with_life(one, _closed(one), ended="terminated"),
    "closed without a call-back": lambda one: _with_life(one, _closed(one), updates=[]),
    "closed without an outcome": lambda one: _with_life(one, _closed(one), result={"journal_length": 0}),
    "archived and not closed": lambda one: _with_life(one, _closed(one), ended="failed"),
    "workflow task failed": lambda one: _with_life(one, _closed(one), task_failures=["NON_DETERMINISTIC_ERROR"]),
    "open without a stated reason": _without_a_reason,
    "order hangs": _hanging,
    "cancel request ignored": lambda one: _with_life(one, _open(one), cancel_requests=1),
    "stuck": lambda one: dataclasses.replace(one, stuck=[f"complaint-{_closed(one)}"]),
}
"""What the server could have done, and how the checker must call it."""


@pytest.mark.parametrize("loss", HANGING)
def test_a_loss_at_the_server_is_found(loss: str, aftermath: Aftermath) -> None:
    assert loss in _judged(HANGING[loss](aftermath.evidence))


@pytest.mark.parametrize(("after", "owed"), [(timedelta(seconds=-1), True), (timedelta(seconds=1), False)])
def test_a_cancel_request_is_owed_when_it_was_accepted_before_the_end(
    aftermath: Aftermath, after: timedelta, owed: bool
) -> None:
    evidence, reference = aftermath.evidence, _closed(aftermath.evidence)
    life = evidence.lives[reference]
    assert life and life.ended_at
    asked = Sent(reference, "cancel", "cancel", reference, "accepted", (life.ended_at + after).isoformat())
    evidence = dataclasses.replace(_with_life(evidence, reference, cancel_requests=0), sent=[*evidence.sent, asked])
    assert ("acknowledged message missing" in _judged(evidence)) is owed


def test_a_loss_is_shown_and_exits_with_1(aftermath: Aftermath) -> None:
    evidence = dataclasses.replace(aftermath.evidence, stuck=["complaint-X"])
    console = Console(width=160, record=True, file=StringIO())
    assert show(console, dataclasses.replace(aftermath.outcome, evidence=evidence, losses=judge(evidence))) == 1
    assert "TemporalReportedProblems" in console.export_text()


def test_a_run_can_be_judged_again_and_a_tampered_copy_exits_with_1(aftermath: Aftermath, tmp_path: Path) -> None:
    data = tmp_path / "copy"
    shutil.copytree(aftermath.data, data)
    _tamper(data / "bank.db", TAMPERING["payment lost"])
    assert main(["--check", "--data", str(data)]) == 1


def _tamper(database: Path, statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        before = connection.total_changes
        connection.executescript(statements)
        connection.commit()
        assert connection.total_changes > before


def _judged(evidence: Evidence) -> set[str]:
    return {loss.what for loss in judge(evidence)}


@pytest.mark.parametrize("module", ["history", "evidence", "judge"])
def test_the_checker_knows_nothing_of_the_product(module: str) -> None:
    tree = ast.parse((Path(chaos.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    ours = {name for name in imported if name.split(".")[0] in {"activities", "bank", "client", "domain", "workflows"}}
    own = {name for name in imported if name.split(".")[0] == "chaos"}
    assert ours == set()
    assert own <= {"chaos.history", "chaos.evidence"}
