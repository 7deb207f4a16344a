"""Prometheus and Grafana find each other, the workers and the server; their files are whole.

The names of the server's metrics were read from a running server 1.32.0, those of the workers are held against a real
worker in tests/service; neither Prometheus nor Grafana was run.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from domain.metrics import METRICS as METRICS_OF_OURS
from service.health import Readiness, health_app
from tests.deploy.files import ROOT, parsed, services

GRAFANA = ROOT / "deploy" / "grafana"
PROMETHEUS = ROOT / "deploy" / "prometheus"
METRICS = {
    *("workflow_terminate", "workflow_failed", "workflow_timeout", "workflow_success"),
    *("service_requests", "service_error_with_type", "service_latency_bucket"),
    *("approximate_backlog_age_seconds", "persistence_latency_bucket", "persistence_requests"),
}
NOT_METRICS = {"sum", "max", "by", "rate", "increase", "or", "vector", "histogram_quantile", "le"}


DASHBOARDS = ("complaints", "temporal")
EACH = pytest.mark.parametrize("name", DASHBOARDS)


def dashboard(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((GRAFANA / "dashboards" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def panels(name: str) -> list[dict[str, Any]]:
    return [panel for panel in dashboard(name)["panels"] if panel["type"] != "row"]


def expressions(name: str) -> list[str]:
    return [target["expr"] for panel in panels(name) for target in panel["targets"]]


def rules() -> list[dict[str, Any]]:
    return [rule for group in parsed(PROMETHEUS / "alerts.yml")["groups"] for rule in group["rules"]]


def test_prometheus_asks_the_server_where_it_answers() -> None:
    jobs = {job["job_name"]: job for job in parsed(PROMETHEUS / "prometheus.yml")["scrape_configs"]}
    port = services()["temporal"]["environment"]["PROMETHEUS_ENDPOINT"].rpartition(":")[2]
    assert jobs["temporal"]["static_configs"] == [{"targets": [f"temporal:{port}"]}]


def test_prometheus_asks_every_worker_where_it_answers() -> None:
    jobs = {job["job_name"]: job for job in parsed(PROMETHEUS / "prometheus.yml")["scrape_configs"]}
    (found,) = jobs["complaints-worker"]["dns_sd_configs"]
    address = image_setting("COMPLAINTS_WORKER_METRICS_ADDRESS")
    assert (found["names"], found["type"]) == (["worker"], "A")
    assert address == f"0.0.0.0:{found['port']}"
    assert set(services()["prometheus"]["networks"]) & set(services()["worker"]["networks"])
    assert 'job="complaints-worker"' in next(rule["expr"] for rule in rules() if rule["alert"] == "NoWorker")


def test_the_worker_is_healthy_when_it_is_ready() -> None:
    word, python, option, code = services()["worker"]["healthcheck"]["test"]
    assert (word, python, option) == ("CMD", "python", "-c")
    port = image_setting("COMPLAINTS_WORKER_HEALTH_ADDRESS").removeprefix("0.0.0.0:")

    def exit_code() -> int:
        return subprocess.run([sys.executable, "-c", asking], stderr=subprocess.DEVNULL, check=False).returncode

    with socket.create_server(("127.0.0.1", 0)) as listening:
        asking, state = code.replace(port, str(listening.getsockname()[1])), Readiness({})
        server = uvicorn.Server(uvicorn.Config(health_app(state), log_config=None, lifespan="off"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        assert exit_code() == 0
        state.drain()
        assert exit_code() == 1
        server.should_exit = True
        serving.join()
        assert exit_code() == 1, "nobody answers"


def image_setting(name: str) -> str:
    found = re.search(rf"{name}=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert found
    return found[1]


def test_prometheus_reads_the_alerts() -> None:
    (file,) = parsed(PROMETHEUS / "prometheus.yml")["rule_files"]
    mounted = {target: source for source, target, _ in (mount.split(":") for mount in prometheus_mounts())}
    assert ROOT / mounted[file] == PROMETHEUS / "alerts.yml"


def prometheus_mounts() -> list[str]:
    return [mount for mount in services()["prometheus"]["volumes"] if mount.startswith("./")]


def test_alerts_say_what_happened_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "do"}
        assert set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))) <= set(re.findall(r"\w+", rule["expr"]))


@EACH
def test_grafana_asks_prometheus(name: str) -> None:
    (source,) = parsed(GRAFANA / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    assert source["url"] == "http://prometheus:9090"
    asked = {panel["datasource"]["uid"] for panel in panels(name)}
    asked |= {target["datasource"]["uid"] for panel in panels(name) for target in panel["targets"]}
    asked |= {variable["datasource"]["uid"] for variable in dashboard(name)["templating"]["list"]}
    assert asked == {source["uid"]}


def test_grafana_finds_the_dashboards_and_begins_with_the_book() -> None:
    (provider,) = parsed(GRAFANA / "provisioning" / "dashboards" / "complaints.yml")["providers"]
    grafana = services()["grafana"]
    mounted = {target: Path(source) for source, target, _ in (mount.split(":") for mount in grafana["volumes"])}
    folder = mounted[provider["options"]["path"]]
    assert {file.stem for file in (ROOT / folder).iterdir()} == set(DASHBOARDS)
    assert Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]).name == "complaints.json"
    assert mounted["/etc/grafana/provisioning"] == Path("deploy/grafana/provisioning")


@EACH
def test_grafana_has_no_account_and_nobody_may_change_anything(name: str) -> None:
    environment = services()["grafana"]["environment"]
    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert dashboard(name)["editable"] is False


def test_panels_ask_for_metrics_of_the_server_in_the_namespace_of_complaints() -> None:
    for expression in expressions("temporal"):
        bare = re.sub(r'by \([^)]*\)|"[^"]*"|\{[^}]*\}|\[\w+\]', "", expression)
        assert set(re.findall(r"[a-z_]{2,}", bare)) - NOT_METRICS <= METRICS
        assert ('namespace="complaints"' in expression) is not ("persistence_" in expression)
    assert {metric for metric in METRICS for expression in expressions("temporal") if metric in expression} == METRICS


def test_gauges_of_the_book_are_not_added_up_over_workers() -> None:
    gauges = [metric.name for metric in METRICS_OF_OURS if metric.kind == "gauge"]
    for expression in [*expressions("complaints"), *(rule["expr"] for rule in rules())]:
        for gauge in gauges:
            if re.search(rf"\b{gauge}\b", expression):
                assert re.search(rf"max (?:by \([^)]*\) )?\({gauge}\b|max\({gauge}\b", expression)


@EACH
def test_panels_have_their_own_places_and_say_what_they_show(name: str) -> None:
    everything = dashboard(name)["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    cells = [cell for panel in everything for cell in _cells(panel["gridPos"])]
    assert len(set(cells)) == len(cells)
    assert all(panel["description"].endswith(".") for panel in panels(name))


def _cells(place: dict[str, int]) -> list[tuple[int, int]]:
    assert place["x"] + place["w"] <= 24
    return [(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])]
