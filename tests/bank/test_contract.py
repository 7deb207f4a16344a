"""Guarantees of the published contract:

* ``docs/interface/bank-openapi.json`` is what the stand-in serves now.
* It holds what a real bank must implement, and nothing of the stand-in's own switches.
* Every field, parameter and answer is described, and every order needs an idempotency key and a token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bank.contract import CONTRACT, contract

DOCUMENT: dict[str, Any] = json.loads(contract())
OPERATIONS = [
    (path, method, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, description in schema.get("properties", {}).items():
            yield f"{name}.{field}", description


def test_the_published_contract_is_current() -> None:
    assert CONTRACT.read_text(encoding="utf-8") == contract(), "write it anew with: python -m bank.contract"


def test_it_holds_what_a_bank_must_implement_and_nothing_else() -> None:
    assert sorted((method, path) for path, method, _ in OPERATIONS) == [
        ("get", "/letters"),
        ("post", "/customers/lookups"),
        ("post", "/departments/investigations"),
        ("post", "/departments/notices"),
        ("post", "/departments/remedies"),
        ("post", "/ledger/payments"),
        ("post", "/ledger/reversals"),
        ("post", "/letters"),
    ]


def test_every_field_is_described() -> None:
    assert [name for name, field in fields() if not field.get("description")] == []


def test_every_schema_is_described() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert operation["security"] == [{"HTTPBearer": []}]
    assert all(parameter["description"] for parameter in operation.get("parameters", []))
    assert {"200", "401", "422", "429"} <= operation["responses"].keys()


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_order_needs_an_idempotency_key(path: str, method: str, operation: dict[str, Any]) -> None:
    required = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["required"]]
    no_orders = {("get", "/letters"): ["key"], ("post", "/customers/lookups"): []}
    assert required == no_orders.get((method, path), ["Idempotency-Key"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_refusals_are_one_word(path: str, method: str, operation: dict[str, Any]) -> None:
    bodies = {
        status: answer["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        for status, answer in operation["responses"].items()
        if status.startswith("4") and status != "429"
    }
    assert set(bodies.values()) == {"Refusal"}


def test_the_stand_in_serves_the_same_document(http: httpx.Client) -> None:
    assert http.get("/openapi.json").json() == DOCUMENT
