"""Guarantees of fault injection:

* A rule applies to its paths, its customers and its channel, as often as it says; what it did can be read.
* Chance is seeded: the same plan fails the same requests.
* A plan survives a restart with its counts; a misspelt rule is refused.
* What happened to which order stays on record, whatever plan comes after.
* The switchboard itself and the look into the state never fail.
* A fault before the effect has none; a lost answer has it.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from domain.model import Channel
from tests import orders
from tests.bank import asking
from tests.bank_server import RunningBank, running_bank


def notice(http: httpx.Client) -> int:
    return asking.order(http, orders.notice_order(orders.new_reference())).status_code


def test_nothing_goes_wrong_without_a_plan(http: httpx.Client) -> None:
    assert {notice(http) for _ in range(20)} == {200}


def test_a_rule_applies_to_its_paths(http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "500", "path": "/departments/*"})
    assert notice(http) == 500
    assert asking.order(http, orders.letter_order(orders.new_reference())).status_code == 200
    assert bank.hits() == [1]


def test_a_rule_applies_as_often_as_it_says(http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "429", "count": 2, "seconds": 1.2}, {"kind": "503", "count": 1})
    assert [notice(http) for _ in range(5)] == [429, 429, 503, 200, 200]
    assert bank.hits() == [2, 1]


@pytest.mark.parametrize(("seconds", "header"), [(0, "0"), (1.2, "2"), (30, "30")])
def test_a_busy_system_says_when_to_come_back(
    seconds: float, header: str, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    bank.faults({"kind": "429", "seconds": seconds})
    answer = asking.order(http, orders.notice_order(reference))
    assert answer.headers["Retry-After"] == header


def test_chance_is_seeded(http: httpx.Client, bank: RunningBank) -> None:
    runs = []
    for seed in (7, 7, 8):
        bank.faults({"kind": "500", "probability": 0.5}, seed=seed)
        runs.append([notice(http) for _ in range(40)])
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 500}


def test_a_plan_survives_a_restart_with_its_counts(tmp_path: Path) -> None:
    statuses = []
    for restart in range(2):
        with running_bank(tmp_path / "bank.db") as bank, httpx.Client(base_url=bank.url, trust_env=False) as http:
            if not restart:
                bank.faults({"kind": "500", "count": 3})
            statuses += [notice(http) for _ in range(2)]
    assert statuses == [500, 500, 500, 200]


def test_what_happened_to_which_order_stays_on_record(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    order = orders.letter_order(reference)
    bank.faults({"kind": "500", "count": 1}, {"kind": "latency", "seconds": 0}, {"kind": "bounce"})
    asking.order(http, order)
    bank.faults({"kind": "429", "path": "/letters"})
    http.get("/letters", params={"key": order.key})
    asking.order(http, order)
    struck = [(one["kind"], one["path"]) for one in bank.inspect("strikes") if one["key"] == order.key]
    assert struck == [("latency", "/letters"), ("500", "/letters"), ("429", "/letters"), ("429", "/letters")]


def test_a_bounce_is_on_record_too(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    order = orders.letter_order(reference)
    bank.faults({"kind": "bounce"})
    asking.order(http, order)
    assert [one["kind"] for one in bank.inspect("strikes") if one["key"] == order.key] == ["bounce"]


@pytest.mark.parametrize(
    "plan",
    [
        {"rules": [{"kind": "earthquake"}]},
        {"rules": [{"kind": "500", "pth": "/letters"}]},
        {"rules": [{"kind": "500", "probability": 2}]},
        {"rules": [{"kind": "500", "count": 0}]},
        {"ruls": []},
    ],
)
def test_a_misspelt_plan_is_refused_and_the_old_one_stays(
    plan: dict[str, Any], http: httpx.Client, bank: RunningBank
) -> None:
    bank.faults({"kind": "500"})
    assert http.put("/faults", json=plan).status_code == 422
    assert notice(http) == 500


def test_the_switchboard_never_fails(http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "500"})
    assert [http.get(path).status_code for path in ("/faults", "/health", "/inspect/letters")] == [200] * 3


@pytest.mark.parametrize("kind", ["500", "503", "429", "malformed"])
def test_a_fault_before_the_effect_has_none(kind: str, reference: str, http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": kind})
    asking.order(http, orders.notice_order(reference))
    assert bank.inspect("requests", reference) == []


def test_a_lost_answer_has_its_effect(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "lost_answer"})
    with pytest.raises(httpx.RemoteProtocolError):
        asking.order(http, orders.notice_order(reference))
    assert len(bank.inspect("requests", reference)) == 1


def test_a_timeout_keeps_silent_and_has_no_effect(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "timeout", "seconds": 60})
    http.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        asking.order(http, orders.notice_order(reference))
    assert bank.inspect("requests", reference) == []


def test_a_silence_that_ends_before_the_client_hangs_up(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "timeout", "seconds": 0.1})
    with pytest.raises(httpx.RemoteProtocolError):
        asking.order(http, orders.notice_order(reference))


def test_latency_is_slow_and_goes_on(http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "latency", "seconds": 0.2}, {"kind": "429", "count": 1})
    began = monotonic()
    assert [notice(http), notice(http)] == [429, 200]
    assert monotonic() - began >= 0.4


def test_latency_of_one_request_does_not_hold_up_others(http: httpx.Client, bank: RunningBank) -> None:
    bank.faults({"kind": "timeout", "seconds": 60, "path": "/letters"})
    with pytest.raises(httpx.ReadTimeout):
        http.get("/letters", params={"key": "k"}, timeout=0.1)
    assert notice(http) == 200


@pytest.mark.parametrize(
    ("rule", "bounced"),
    [
        ({}, True),
        ({"channel": "email"}, True),
        ({"channel": "post"}, False),
        ({"customer": "C-77*"}, True),
        ({"customer": "C-88*"}, False),
        ({"path": "/ledger/*"}, False),
    ],
)
def test_a_bounce_meets_its_customers_and_its_channel(
    rule: dict[str, str], bounced: bool, reference: str, http: httpx.Client, bank: RunningBank
) -> None:
    bank.faults({"kind": "bounce", **rule})
    letter = asking.order(http, orders.letter_order(reference)).json()
    assert letter["state"] == ("bounced" if bounced else "delivered")


def test_the_post_is_as_slow_as_the_plan_says(reference: str, http: httpx.Client, bank: RunningBank) -> None:
    bank.faults(post_polls=3, ask_again_after_seconds=60)
    order = orders.letter_order(reference, Channel.POST)
    states = [asking.order(http, order).json()["state"]]
    states += [http.get("/letters", params={"key": order.key}).json()["state"] for _ in range(4)]
    assert states == ["under_way"] * 3 + ["delivered"] * 2


def test_a_letter_that_was_never_sent_is_not_found(reference: str, http: httpx.Client) -> None:
    answer = http.get("/letters", params={"key": f"{reference}/none"})
    assert (answer.status_code, answer.json()) == (404, {"code": "not_found"})
