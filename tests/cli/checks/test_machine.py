"""The settings of this machine: what is set is looked at, what is not set is not checked, and no secret is shown.

- A rule pack that cannot be used is named with its line; holidays not announced and unconfirmed rules are a warning.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from activities.pack_files import LoadedPack, pack_paths, usable
from cli.checks.finding import Finding, State, examine
from cli.checks.machine import machine_checks, pack_finding
from domain.clockrules import ClockKind, Source, SourceStatus
from embedded.process import ROOT

PACKS = ROOT / "rulepacks"
SECRET = "a secret of more than thirty-two characters"


async def findings() -> dict[str, Finding]:
    return {one.check: one for one in await examine(machine_checks())}


async def test_a_machine_without_settings_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = await findings()
    assert {one.state for one in found.values()} == {State.NOT_CHECKED}
    assert {name: one.advice for name, one in found.items()} == {
        "worker settings": "set COMPLAINTS_SETTINGS_FILE to the worker's",
        "rule packs": "set COMPLAINTS_RULEPACKS",
        "customer key": "set COMPLAINTS_CUSTOMER_KEY_SECRET to the worker's",
    }


async def test_the_worker_s_settings_file_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'customer_key_secret = "{SECRET}"\nrulepacks = "{PACKS}"\n')
    monkeypatch.setenv("COMPLAINTS_SETTINGS_FILE", str(file))
    monkeypatch.setenv("COMPLAINTS_BANK_TOKEN", "hunter2")
    found = await findings()
    assert found["worker settings"].found == f"from {file}, COMPLAINTS_BANK_TOKEN"
    assert found["customer key"].state is State.OK
    assert {f"rule pack {pack.stem}" for pack in pack_paths(PACKS)} < set(found)
    shown = "".join(one.model_dump_json() for one in found.values())
    assert SECRET not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BANK_URL", "the bank", "COMPLAINTS_BANK_URL cannot be used"),
        ("SETTINGS_FILE", "/no/such/file", "names /no/such/file, which is not a file"),
    ],
)
async def test_settings_that_cannot_be_used_are_one_failure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"COMPLAINTS_{name}", value)
    found = await findings()
    wrong = found.pop("worker settings")
    assert (wrong.state, said in wrong.found, wrong.advice) == (
        State.FAILED,
        True,
        "correct it; the worker would not start",
    )
    assert {(one.state, one.found) for one in found.values()} == {(State.NOT_CHECKED, "the settings cannot be used")}


async def test_a_secret_that_is_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_CUSTOMER_KEY_SECRET", "hunter2")
    one = (await findings())["customer key"]
    assert (one.state, one.found) == (State.FAILED, "the secret has 7 characters; 32 are needed")
    assert "hunter2" not in one.model_dump_json()


async def test_a_directory_without_rule_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_RULEPACKS", str(tmp_path))
    one = (await findings())["rule packs"]
    assert (one.state, one.found) == (State.FAILED, f"there is none in {tmp_path}")


async def test_a_rule_pack_that_cannot_be_used_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.toml").write_text("name = \n")
    shutil.copy(PACKS / "cn-banking.toml", tmp_path)
    monkeypatch.setenv("COMPLAINTS_RULEPACKS", str(tmp_path))
    found = await findings()
    assert found["rule pack broken"].state is State.FAILED
    assert found["rule pack broken"].found.startswith(f"{tmp_path}/broken.toml:1: ")
    assert "sources" in found["rule pack cn-banking"].found


@pytest.fixture
def american() -> LoadedPack:
    return usable(PACKS / "us-cfpb.toml")


def test_holidays_that_follow_from_the_law_are_certain(american: LoadedPack) -> None:
    one = pack_finding(american, date(2026, 11, 22))
    assert one.state is State.OK
    assert "holidays 2026 published, 2027 published" in one.found


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2025, 8, 1), State.OK), (date(2400, 1, 2), State.WARNING), (date(2399, 12, 2), State.WARNING)],
)
def test_holidays_that_are_announced_are_awaited_in_time(today: date, state: State) -> None:
    one = pack_finding(usable(PACKS / "cn-banking.toml"), today)
    assert one.state is state
    assert ("provisional" in one.found) == (state is State.WARNING)


def test_rules_that_nobody_confirmed_are_a_warning(american: LoadedPack) -> None:
    pack = american.pack
    law = pack.clocks[ClockKind.LAW]
    unsure = law.model_copy(update={"source": Source(citation="hearsay", status=SourceStatus.UNCONFIRMED)})
    changed = pack.model_copy(update={"clocks": pack.clocks | {ClockKind.LAW: unsure}})
    one = pack_finding(LoadedPack(changed), date(2026, 3, 2))
    assert (one.state, "1 unconfirmed" in one.found) == (State.WARNING, True)
    assert "lawyer" in one.advice
