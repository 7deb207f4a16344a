"""Guarantees of ``python -m bank``:

* It prints its address first, also for a free port, and answers there.
* With the token of the environment, it lets nobody in without it; its inspection stays open to tests.
* Killed in the middle of its work, it has every effect that it answered for, once.
* Interrupted or terminated, it ends in order.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import orders
from tests.bank import asking


@contextmanager
def program(data: Path, token: str = "") -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    command = [sys.executable, "-m", "bank", "--port", "0", "--data", str(data)]
    environment = os.environ | {"COMPLAINTS_BANK_TOKEN": token}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip().removeprefix("The bank answers at ")
        with httpx.Client(base_url=address, trust_env=False) as http:
            yield process, http
        process.kill()


def test_it_answers_at_the_address_that_it_prints(tmp_path: Path) -> None:
    with program(tmp_path / "bank.db") as (_, http):
        assert http.get("/health").json() == {"status": "open"}
        assert http.base_url.host == "127.0.0.1"


def test_the_token_of_the_environment(tmp_path: Path) -> None:
    with program(tmp_path / "bank.db", token="open sesame") as (_, http):
        refused = asking.order(http, orders.notice_order("R-1"))
        http.headers["Authorization"] = "Bearer open sesame"
        served = asking.order(http, orders.notice_order("R-1"))
        assert (refused.status_code, refused.json()) == (401, {"code": "not_authorised"})
        assert served.status_code == 200


def test_killed_it_has_every_effect_that_it_answered_for_once(tmp_path: Path) -> None:
    made = [orders.payout_order(f"R-{number}") for number in range(20)]
    with program(tmp_path / "bank.db") as (process, http):
        before = [asking.order(http, order).content for order in made]
        process.send_signal(signal.SIGKILL)
    with program(tmp_path / "bank.db") as (_, http):
        after = [asking.order(http, order).content for order in made]
        assert before == after
        assert len(http.get("/inspect/bookings").json()) == len(made)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(how: signal.Signals, tmp_path: Path) -> None:
    with program(tmp_path / "bank.db") as (process, http):
        asking.order(http, orders.notice_order("R-1"))
        process.send_signal(how)
        process.wait(timeout=30)
    assert process.returncode in (0, -how)
    assert not (tmp_path / "bank.db-wal").exists()
