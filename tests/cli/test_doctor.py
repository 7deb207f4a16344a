"""``starter.py doctor`` on a machine where everything runs, and on machines where something is missing.

- Where the worker's settings are known everything is checked, and nothing is left behind.
- Exit code 0 when nothing failed, 1 otherwise; for machines a list of findings.
- A server that is missing hides neither the archive nor the bank, and no secret is shown.
- On a narrow terminal every line fits.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from embedded.process import free_port
from embedded.up import SETTINGS, Running, up
from tests.cli.conftest import Said, starter_in
from tests.temporal_server import at

ORDER = [
    *("client settings", "server", "clock", "namespace", "search attributes", "attribute room"),
    *("worker", "stuck complaints", "needing attention", "ended past the call-back", "patrol"),
    "worker settings",
    *("rule pack au-rg271", "rule pack cn-banking", "rule pack eu-psd2", "rule pack uk-disp", "rule pack uk-psd"),
    *("rule pack us-cfpb", "rule pack us-reg-e", "customer key", "archive", "archive disk"),
    *("bank directory", "bank departments", "bank letters", "bank ledger"),
]


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """Server, bank and worker on this machine."""
    async with up(tmp_path_factory.mktemp("running")) as everything:
        yield everything


@pytest.fixture
def settings(running: Running) -> dict[str, str]:
    """The environment of somebody who looks after it."""
    return at(running.address) | {"COMPLAINTS_SETTINGS_FILE": str(running.data / SETTINGS)}


async def doctor(environment: dict[str, str], directory: Path, *words: str) -> Said:
    return await starter_in(environment, directory)("doctor", *words)


def kept(running: Running) -> list[object]:
    """All that the bank and the archive hold."""
    with httpx.Client(base_url=running.bank, trust_env=False) as bank:
        held = [bank.get(f"/inspect/{what}").json() for what in ("letters", "requests", "bookings", "customers")]
    with sqlite3.connect(running.data / "archive.db") as archive:
        rows = [*archive.execute("SELECT * FROM closed_complaints"), *archive.execute("SELECT * FROM journal_pages")]
    archive.close()
    return [*held, *rows]


async def test_everything_is_checked_and_nothing_is_left_behind(
    running: Running, settings: dict[str, str], tmp_path: Path
) -> None:
    before = kept(running)
    said = await doctor(settings, tmp_path, "--json")
    findings = said.json
    assert (said.code, said.err) == (0, "")
    assert [one["check"] for one in findings] == ORDER
    unwell = {one["check"]: one for one in findings if one["state"] != "ok"}
    assert not {check for check in unwell if not check.startswith("rule pack")}, unwell
    assert all(set(one) == {"check", "state", "found", "advice"} for one in findings)
    assert kept(running) == before
    assert not os.listdir(tmp_path)


async def test_a_person_reads_it_on_a_narrow_terminal(settings: dict[str, str], tmp_path: Path) -> None:
    said = await doctor(settings | {"COLUMNS": "60"}, tmp_path)
    lines = said.out.splitlines()
    assert said.code == 0
    assert max(map(len, lines)) <= 60
    assert any(line.startswith("ok       worker: 1 at work: ") for line in lines)
    assert " ok" in lines[-1]


async def test_without_a_server_the_rest_is_checked_and_no_secret_is_shown(
    running: Running, settings: dict[str, str], tmp_path: Path
) -> None:
    address = f"127.0.0.1:{free_port(0)}"
    secrets = {"TEMPORAL_API_KEY": "hunter2-key", "COMPLAINTS_BANK_TOKEN": "hunter2-token"}
    said = await doctor(settings | at(address) | secrets, tmp_path, "--json")
    states = {one["check"]: one["state"] for one in said.json}
    assert said.code == 1
    assert [check for check, state in states.items() if state == "failed"] == ["server"]
    assert {states[check] for check in ("clock", "namespace", "worker", "stuck complaints")} == {"not checked"}
    assert {states[check] for check in ("archive", "customer key", "bank letters", "bank ledger")} == {"ok"}
    assert "hunter2" not in said.out + said.err
    assert (running.data / "customer-key").read_text() not in said.out


async def test_a_laptop_without_settings_is_no_failure(running: Running, tmp_path: Path) -> None:
    said = await doctor(at(running.address), tmp_path)
    assert said.code == 0
    assert "not checked  bank directory, bank departments, bank letters, bank ledger: no address is named" in said.out
    assert "-> set COMPLAINTS_SETTINGS_FILE to the worker's" in said.out


async def test_a_namespace_that_is_not_there_fails_with_what_to_do(
    running: Running, settings: dict[str, str], tmp_path: Path
) -> None:
    said = await doctor(settings | at(running.address, "nowhere"), tmp_path)
    assert said.code == 1
    assert "failed       namespace: " in said.out
    assert "-> set TEMPORAL_NAMESPACE, or make it with 'starter.py setup'" in said.out
