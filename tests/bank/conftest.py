"""The stand-in over real HTTP, without the activities."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests import orders
from tests.bank_server import RunningBank, running_bank


@pytest.fixture(scope="session")
def session_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBank]:
    with running_bank(tmp_path_factory.mktemp("bank") / "bank.db") as bank:
        yield bank


@pytest.fixture
def bank(session_bank: RunningBank) -> RunningBank:
    """The stand-in, with nothing wrong."""
    session_bank.faults()
    return session_bank


@pytest.fixture
def reference() -> str:
    """A complaint that no other test has."""
    return orders.new_reference()


@pytest.fixture
def http(bank: RunningBank) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bank.url, trust_env=False, timeout=5) as client:
        yield client
