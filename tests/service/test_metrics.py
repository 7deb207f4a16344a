"""Guarantees of the metrics, by a scrape of a real worker:

- every metric of the table is there under its name, and none that the table does not know;
- what happened is counted once; the whole book is counted as it is;
- labels are code words: no reference, no staff id, no text;
- dashboards and alerts ask for nothing that is not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from domain.metrics import METRICS
from tests.deploy.files import ROOT
from tests.service.conftest import SECRET, Observed

DEPLOY = ROOT / "deploy"
NOT_YET = {"temporal_workflow_task_execution_failed_total"}
"""Of the SDK, and there only once a step of a complaint failed; the SDK's reference has the name."""
OF_PROMETHEUS = {"up", "ALERTS"}
SERIES = re.compile(r"^(?P<name>\w+)(?:{(?P<labels>.*)})? (?P<value>\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')


def series(text: str, name: str) -> dict[str, float]:
    """Values of a metric of one label, by that label."""
    own = {metric.name: metric.label for metric in METRICS}[name]
    found = [match for match in SERIES.finditer(text) if match["name"] == name]
    return {dict(LABEL.findall(one["labels"])).get(own or "", ""): float(one["value"]) for one in found}


def families(text: str) -> set[str]:
    return set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))


def test_the_scrape_has_every_metric_of_the_table_and_no_other_of_ours(observed: Observed) -> None:
    ours = {name for name in families(observed.metrics) if name.startswith("complaints_")}
    # Errands that kept failing and decisions refused are counters like the others; all begin at zero or were seen.
    assert ours == {metric.name for metric in METRICS}
    for metric in METRICS:
        assert f"# TYPE {metric.name} {metric.kind}" in observed.metrics
        assert f"# HELP {metric.name} {metric.help.removesuffix('.')}" in observed.metrics


def test_everything_that_happened_is_counted_once(observed: Observed) -> None:
    outcomes = [ended.closed.outcome for ended in observed.ended.values()]
    closed = series(observed.metrics, "complaints_closed_total")
    assert {outcome: count for outcome, count in closed.items() if count} == {
        str(outcome): outcomes.count(outcome) for outcome in outcomes
    }
    assert sum(series(observed.metrics, "complaints_opened_total").values()) == len(outcomes) + 3
    assert series(observed.metrics, "complaints_quarantined_total") == {"": 3}
    refused = series(observed.metrics, "complaints_refused_total")
    for code in {code for ended in observed.ended.values() for code in ended.refusals}:
        assert refused[code] == sum(ended.refusals.count(code) for ended in observed.ended.values())
    assert refused["role_unknown"] == 2
    climbed = [change["reason"] for ended in observed.ended.values() for change in ended.file["tier_changes"]]
    escalations = series(observed.metrics, "complaints_escalations_total")
    assert escalations["dissatisfied"] == climbed.count("dissatisfied")
    assert escalations["department_silent"] == 1


def test_the_book_is_counted_as_it_is(observed: Observed) -> None:
    stages = series(observed.metrics, "complaints_open")
    assert {stage: count for stage, count in stages.items() if count} == {
        "acknowledged": 1,  # opened by the command line
        "received": 1,  # never acknowledged: its letter was lost
        "unreadable": 1,
    }
    assert series(observed.metrics, "complaints_open_by_tier") == {"1": 1, "2": 0, "3": 1}
    assert series(observed.metrics, "complaints_needing_attention") == {"": 2}
    endings = {"terminated": 1, "failed": 0, "timedout": 0, "canceled": 0}
    assert series(observed.metrics, "complaints_ended_otherwise") == endings
    assert series(observed.metrics, "complaints_stuck") == {"": 0}


def test_requests_to_the_bank_are_timed_by_system_and_outcome(observed: Observed) -> None:
    counted = [
        dict(LABEL.findall(one["labels"]))
        for one in SERIES.finditer(observed.metrics)
        if one["name"] == "complaints_bank_request_duration_seconds_count"
    ]
    seen = {(labels["system"], labels["outcome"]) for labels in counted}
    assert {(system, "answered") for system in ("directory", "departments", "letters", "ledger")} <= seen
    assert {("letters", "BankFailed"), ("letters", "BankAnswerUnreadable")} <= seen


def test_labels_are_code_words(observed: Observed) -> None:
    ours = [one for one in SERIES.finditer(observed.metrics) if one["name"].startswith("complaints_")]
    values = {value for one in ours for _, value in LABEL.findall(one["labels"])}
    assert all(re.fullmatch(r"[A-Za-z_]+|\d|\+Inf|\d*\.?\d+", value) for value in values)
    assert not [reference for reference in observed.ended if reference in observed.metrics]
    assert SECRET not in observed.metrics


def expressions() -> Iterator[tuple[str, str]]:
    """Everything that dashboards and alerts ask for, with where it stands."""
    for file in (DEPLOY / "grafana" / "dashboards").glob("complaints.json"):
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", []):
                yield panel["title"], target["expr"].replace("$namespace", "default")
    rules: dict[str, Any] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def read_by(expression: str) -> tuple[set[str], set[str]]:
    """Names of the series and of the labels that an expression reads, as Prometheus parses it."""
    names, labels = set[str](), set[str]()

    def note(node: promql_parser.Expr) -> None:
        match node:
            case promql_parser.VectorSelector():
                names.add(str(node.name))
                labels.update(matcher.name for matcher in node.matchers.matchers)
            case promql_parser.AggregateExpr() if node.modifier:
                labels.update(node.modifier.labels)

    promql_parser.walk(promql_parser.parse(expression), note)
    return names, labels


@pytest.mark.parametrize(("where", "expression"), list(expressions()), ids=lambda value: value[:40])
def test_dashboards_and_alerts_ask_for_what_is_there(observed: Observed, where: str, expression: str) -> None:
    names, labels = read_by(expression)
    assert names, where
    assert names <= {match["name"] for match in SERIES.finditer(observed.metrics)} | NOT_YET | OF_PROMETHEUS
    if not names & (NOT_YET | OF_PROMETHEUS):
        found = [one["labels"] or "" for one in SERIES.finditer(observed.metrics) if one["name"] in names]
        assert labels <= {label for line in found for label, _ in LABEL.findall(line)}


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    asked = " ".join(expression for _, expression in expressions())
    assert [metric.name for metric in METRICS if metric.name not in asked] == []
