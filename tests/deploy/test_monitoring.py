"""Prometheus and Grafana find each other, and the dashboard asks for nothing that the server does not have.

The names of the metrics were read from a running server 1.32.0; neither Prometheus nor Grafana was run.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.deploy.files import ROOT, parsed, services

GRAFANA = ROOT / "deploy" / "grafana"
METRICS = {
    *("workflow_terminate", "workflow_failed", "workflow_timeout", "workflow_success"),
    *("service_requests", "service_error_with_type", "service_latency_bucket"),
    *("approximate_backlog_age_seconds", "persistence_latency_bucket", "persistence_requests"),
}
NOT_METRICS = {"sum", "max", "by", "rate", "increase", "or", "vector", "histogram_quantile", "le"}


def dashboard() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "temporal.json").read_text(encoding="utf-8"))
    return document


def expressions() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def test_prometheus_asks_the_server_where_it_answers() -> None:
    config = parsed(ROOT / "deploy" / "prometheus" / "prometheus.yml")
    targets = [target for job in config["scrape_configs"] for one in job["static_configs"] for target in one["targets"]]
    port = services()["temporal"]["environment"]["PROMETHEUS_ENDPOINT"].rpartition(":")[2]
    assert targets == [f"temporal:{port}"]


def test_grafana_asks_prometheus() -> None:
    (source,) = parsed(GRAFANA / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    assert source["url"] == "http://prometheus:9090"
    asked = {panel["datasource"]["uid"] for panel in dashboard()["panels"]}
    asked |= {target["datasource"]["uid"] for panel in dashboard()["panels"] for target in panel["targets"]}
    assert asked == {source["uid"]}


def test_grafana_finds_the_dashboard() -> None:
    (provider,) = parsed(GRAFANA / "provisioning" / "dashboards" / "complaints.yml")["providers"]
    grafana = services()["grafana"]
    mounted = {target: Path(source) for source, target, _ in (mount.split(":") for mount in grafana["volumes"])}
    folder = mounted[provider["options"]["path"]]
    home = Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (ROOT / folder / home.name).is_file()
    assert mounted["/etc/grafana/provisioning"] == Path("deploy/grafana/provisioning")


def test_grafana_has_no_account_and_nobody_may_change_anything() -> None:
    environment = services()["grafana"]["environment"]
    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert dashboard()["editable"] is False


def test_panels_ask_for_metrics_of_the_server_in_the_namespace_of_complaints() -> None:
    for expression in expressions():
        bare = re.sub(r'by \([^)]*\)|"[^"]*"|\{[^}]*\}|\[\w+\]', "", expression)
        assert set(re.findall(r"[a-z_]{2,}", bare)) - NOT_METRICS <= METRICS
        assert ('namespace="complaints"' in expression) is not ("persistence_" in expression)
    assert {metric for metric in METRICS for expression in expressions() if metric in expression} == METRICS


def test_panels_have_their_own_places_and_say_what_they_show() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(panel["description"].endswith(".") for panel in panels)
