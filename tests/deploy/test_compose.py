"""docker-compose.yml is whole and closed. (No engine here: what Docker makes of it was not seen.)

- Whatever it refers to exists: services, conditions, volumes, networks, files, variables.
- No secret has a default, and none stands in the file; .env.example names each and can be filled by its own command.
- Only the UI is published, on loopback; Grafana and the frontend where somebody asks for them; the database never.
- Our programs accept the settings that they are given.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.settings import System, load_settings
from client.connection import connect_config
from client.namespace import RETENTION
from starter import app
from tests.deploy.files import (
    COMPOSE,
    ENV_EXAMPLE,
    PUBLISH_FRONTEND,
    ROOT,
    SECRET,
    VARIABLE,
    filled,
    parsed,
    services,
    settings,
    tracked,
    variables,
)
from worker import WorkerSettings, load_worker_settings

ONE_SHOT = {"schema", "setup"}
EXAMPLE = ENV_EXAMPLE.read_text(encoding="utf-8")
ALL = services()
EACH = pytest.mark.parametrize("name", ALL)


def mounts(service: dict[str, Any]) -> list[list[str]]:
    return [mount.split(":") for mount in service.get("volumes", [])]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the command in .env.example makes of it."""
    here = tmp_path_factory.mktemp("env")
    (here / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    command = next(line for line in EXAMPLE.splitlines() if "openssl" in line).removeprefix("#").strip()
    subprocess.run(["bash", "-euc", command], cwd=here, check=True)
    assert (here / ".env").stat().st_mode & 0o077 == 0
    return settings((here / ".env").read_text(encoding="utf-8"))


@EACH
def test_a_service_waits_for_states_that_come(name: str) -> None:
    waits = ALL[name].get("depends_on", {})
    conditions = waits if isinstance(waits, dict) else {other: {"condition": "service_started"} for other in waits}
    for other, wait in conditions.items():
        assert set(ALL[other].get("profiles", [])) <= set(ALL[name].get("profiles", []))
        match wait["condition"]:
            case "service_healthy":
                assert "healthcheck" in ALL[other]
            case "service_completed_successfully":
                assert other in ONE_SHOT
            case condition:
                assert condition == "service_started"


@EACH
def test_one_shot_jobs_end_and_services_come_back(name: str) -> None:
    restart = ALL[name]["restart"]
    assert restart.startswith("on-failure:") if name in ONE_SHOT else restart == "unless-stopped"


@EACH
def test_what_is_mounted_exists_and_files_are_read_only(name: str) -> None:
    files = tracked()
    for source, _target, *mode in mounts(ALL[name]):
        if source.startswith("./"):
            inside = source.removeprefix("./")
            assert inside in files or any(file.startswith(f"{inside}/") for file in files)
            assert mode == ["ro"]
        else:
            assert source in parsed(COMPOSE)["volumes"]


def test_nothing_is_declared_that_nobody_uses() -> None:
    named = {source for service in ALL.values() for source, *_ in mounts(service) if not source.startswith("./")}
    assert set(parsed(COMPOSE)["volumes"]) == named
    assert set(parsed(COMPOSE)["networks"]) == {name for service in ALL.values() for name in service["networks"]}


def test_databases_and_the_bank_keep_their_data_in_named_volumes() -> None:
    assert ["postgres", "/var/lib/postgresql/data"] in mounts(ALL["postgres"])
    assert ["bank", "/data"] in mounts(ALL["bank"])


def test_every_variable_is_explained_and_every_explained_one_is_used() -> None:
    used = variables(COMPOSE) | variables(PUBLISH_FRONTEND)
    passed_on = {name for name, value in ALL["worker"]["environment"].items() if value is None}
    assert {one.name for one in used} == set(settings(EXAMPLE))
    assert passed_on == set(settings(EXAMPLE, commented=True))


def test_a_variable_is_required_or_has_the_default_of_the_example() -> None:
    values = settings(EXAMPLE)
    for one in variables(COMPOSE) | variables(PUBLISH_FRONTEND):
        if one.operator == ":-":
            assert not SECRET.search(one.name)
            assert one.rest == values[one.name]
        else:
            assert one.operator == ":?"
            assert one.rest


def test_no_secret_stands_in_the_files() -> None:
    assert {value for name, value in settings(EXAMPLE).items() if SECRET.search(name)} == {""}
    given = [pair for service in ALL.values() for pair in service.get("environment", {}).items()]
    for name, value in given:
        if SECRET.search(name):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value)
        assert not re.search(r"://[^/@]*:[^/@]+@", VARIABLE.sub("", str(value)))


def test_the_command_of_the_example_makes_every_secret_anew(env: dict[str, str]) -> None:
    secrets = [value for name, value in env.items() if SECRET.search(name)]
    assert set(env) == set(settings(EXAMPLE))
    assert len(set(secrets)) == len(secrets)
    assert all(re.fullmatch("[0-9a-f]{64}", secret) for secret in secrets)


@EACH
def test_images_are_pinned_and_name_no_host(name: str, env: dict[str, str]) -> None:
    image, _, tag = filled(env, ALL[name]["image"]).partition(":")
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", tag)
    assert "." not in image.split("/")[0]


def test_our_image_carries_our_version_and_runs_without_rights() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    ours = [service for service in ALL.values() if service["image"].startswith("complaint-handling:")]
    assert {service["image"] for service in ours} == {f"complaint-handling:{version}"}
    assert {service["build"] for service in ours} == {"."}
    assert (ROOT / "Dockerfile").is_file()
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)


def test_only_what_people_look_at_is_published_and_on_loopback_only() -> None:
    published = {name for name, service in ALL.items() if "ports" in service}
    assert published == {"ui", "grafana"}
    assert ALL["grafana"]["profiles"] == ["monitoring"]
    assert set(services(PUBLISH_FRONTEND)) == {"temporal"}
    for service in [ALL["ui"], ALL["grafana"], services(PUBLISH_FRONTEND)["temporal"]]:
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        assert "outside" in service["networks"]


def test_the_database_is_reached_by_its_users_only() -> None:
    networks = parsed(COMPOSE)["networks"]
    assert networks["database"] == networks["service"] == {"internal": True}
    assert {name for name, service in ALL.items() if "database" in service["networks"]} == {
        *("postgres", "schema", "temporal", "worker")
    }
    assert {name for name, service in ALL.items() if "outside" in service["networks"]} == {"worker", "ui", "grafana"}


def test_services_that_speak_to_each_other_share_a_network() -> None:
    for one, other in [
        *(("schema", "postgres"), ("temporal", "postgres"), ("worker", "postgres"), ("setup", "temporal")),
        *(("worker", "temporal"), ("ui", "temporal"), ("worker", "bank"), ("prometheus", "temporal")),
        ("grafana", "prometheus"),
    ]:
        assert set(ALL[one]["networks"]) & set(ALL[other]["networks"])


def test_the_ui_hides_what_ends_complaints_and_keeps_the_withdrawal_and_the_messages() -> None:
    ui = ALL["ui"]["environment"]
    for action in ("WORKFLOW_TERMINATE", "WORKFLOW_RESET", "WORKFLOW_PAUSE", "BATCH_ACTIONS"):
        assert ui[f"TEMPORAL_{action}_DISABLED"] == "true"
    for action in ("WORKFLOW_CANCEL", "WORKFLOW_SIGNAL", "WORKFLOW_UPDATE"):
        assert f"TEMPORAL_{action}_DISABLED" not in ui
    assert "TEMPORAL_DISABLE_WRITE_ACTIONS" not in ui
    assert ui["TEMPORAL_DEFAULT_NAMESPACE"] == ALL["worker"]["environment"]["TEMPORAL_NAMESPACE"]


def test_two_workers_get_the_time_to_finish() -> None:
    assert int(ALL["worker"]["stop_grace_period"].removesuffix("s")) > WorkerSettings().shutdown_grace
    assert ALL["worker"]["deploy"]["replicas"] == 2


def test_the_worker_accepts_its_settings(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    given = filled(env, ALL["worker"]["environment"]) | settings(EXAMPLE, commented=True)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    bank = load_settings()
    assert load_worker_settings().max_activities_per_second
    assert bank.url(System.LEDGER) == settings(EXAMPLE, commented=True)["COMPLAINTS_LEDGER_URL"]
    archive = bank.archive_url.get_secret_value()
    assert archive == f"postgresql://archive:{env['ARCHIVE_DB_PASSWORD']}@postgres:5432/archive"
    assert connect_config({"TEMPORAL_CONFIG_FILE": "/nonexistent"} | given)["target_host"] == "temporal:7233"


def test_without_the_optional_settings_everything_goes_to_one_address(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in filled(env, ALL["worker"]["environment"]).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    assert {load_settings().url(system) for system in System} == {"http://bank:8090"}


def test_the_schema_job_speaks_to_the_database_that_the_server_uses() -> None:
    job, server = ALL["schema"]["environment"], ALL["temporal"]["environment"]
    pairs = {"SQL_PLUGIN": "DB", "SQL_HOST": "POSTGRES_SEEDS", "SQL_PORT": "DB_PORT", "SQL_USER": "POSTGRES_USER"}
    pairs |= {"SQL_PASSWORD": "POSTGRES_PWD"}
    assert {job[ours] == server[theirs] for ours, theirs in pairs.items()} == {True}
    assert ALL["schema"]["image"].partition(":")[2] == ALL["temporal"]["image"].partition(":")[2]


def test_scripts_and_settings_of_the_server_can_be_read() -> None:
    script = ROOT / "deploy" / "temporal" / "schema.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert parsed(ROOT / "deploy" / "temporal" / "dynamicconfig.yaml") == {"limit.maxIDLength": [{"value": 255}]}
    target = ALL["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"]
    assert target in [mount[1] for mount in mounts(ALL["temporal"])]


def test_closed_histories_stay_as_long_as_was_said() -> None:
    assert timedelta(days=90) == RETENTION


def test_names_in_commands_are_programs_of_ours() -> None:
    for service in ALL.values():
        match service.get("command"):
            case ["python", "-m", module, *_]:
                assert Path(ROOT, *module.split(".")).with_suffix(".py").is_file()
            case ["python", "starter.py", command, *_]:
                assert command in {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
            case command:
                assert command is None
