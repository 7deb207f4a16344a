"""Each of the bank's systems is asked without leaving anything behind, and what is wrong with it is told apart.

- The stand-in answers as the contract says, and nothing is noted, sent or booked.
- Refused connection, unknown host, silence, no TLS, an untrusted certificate, a wrong token, a wrong path, faults.
- No address here: not checked. Neither tokens nor passwords nor the text of an answer are ever repeated.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from activities.settings import System
from cli.checks import bank as checks
from cli.checks.bank import PATHS, bank_checks
from cli.checks.finding import Finding, State, examine
from embedded.process import free_port
from tests.bank_server import RunningBank, running_bank

TOKEN = "the-token-of-this-test"
EVERY = {f"bank {system}" for system in System}


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBank]:
    with running_bank(tmp_path_factory.mktemp("bank") / "bank.db", TOKEN) as running:
        yield running


@pytest.fixture
def bank(stand_in: RunningBank, monkeypatch: pytest.MonkeyPatch) -> RunningBank:
    """The stand-in as the settings name it, with nothing wrong."""
    stand_in.faults()
    monkeypatch.setenv("COMPLAINTS_BANK_URL", stand_in.url)
    monkeypatch.setenv("COMPLAINTS_BANK_TOKEN", TOKEN)
    return stand_in


async def findings() -> dict[str, Finding]:
    return {one.check: one for one in await examine(bank_checks())}


async def finding(system: System = System.LEDGER) -> Finding:
    return (await findings())[f"bank {system}"]


async def test_all_answer_as_the_contract_says_and_keep_nothing(bank: RunningBank) -> None:
    before = {what: bank.inspect(what) for what in ("letters", "requests", "bookings", "customers")}
    found = await findings()
    assert set(found) == EVERY
    assert {(one.state, one.advice) for one in found.values()} == {(State.OK, "")}
    assert all("answers as the contract says" in one.found for one in found.values())
    assert {what: bank.inspect(what) for what in before} == before


async def test_a_token_that_is_not_accepted(bank: RunningBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_BANK_TOKEN", "stale-token")
    for one in (await findings()).values():
        assert (one.state, "COMPLAINTS_BANK_TOKEN" in one.advice) == (State.FAILED, True)
        assert "answers 401" in one.found
        assert "stale-token" not in one.model_dump_json()


@pytest.mark.parametrize(
    ("fault", "state", "found", "advice"),
    [
        ({"kind": "500"}, State.FAILED, "answers 500", "see that system's log"),
        ({"kind": "503"}, State.WARNING, "answers 503", "orders wait"),
        ({"kind": "429"}, State.WARNING, "answers 429", "orders wait"),
        ({"kind": "timeout", "seconds": 5}, State.FAILED, "no answer in time", "log and load"),
        ({"kind": "latency", "seconds": 0.2}, State.WARNING, "answers as the contract says, in 0.", "it is slow"),
        ({"kind": "malformed"}, State.FAILED, "answers", "is not what docs/interface/bank-openapi.json says"),
    ],
)
async def test_faults_of_one_system_are_told_apart_and_hide_no_other(
    bank: RunningBank,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, object],
    state: State,
    found: str,
    advice: str,
) -> None:
    monkeypatch.setattr(checks, "SLOW", 0.15)
    monkeypatch.setenv("COMPLAINTS_READ_TIMEOUT", "1")
    bank.faults({"path": PATHS[System.LEDGER], **fault})
    every = await findings()
    ledger = every.pop("bank ledger")
    assert (ledger.state, found in ledger.found, advice in ledger.advice) == (state, True, True), ledger
    assert {one.state for one in every.values()} == {State.OK}


async def test_an_address_of_its_own_is_asked_and_named(bank: RunningBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_LEDGER_URL", f"{bank.url.replace('://', '://user:hunter2@')}/no/such/place")
    one = await finding()
    assert one.state is State.FAILED
    assert "/no/such/place answers 404" in one.found
    assert "correct COMPLAINTS_LEDGER_URL" in one.advice
    assert "hunter2" not in one.model_dump_json()
    assert (await finding(System.LETTERS)).state is State.OK


async def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_BANK_URL", f"http://127.0.0.1:{free_port(0)}")
    for one in (await findings()).values():
        assert one.found.endswith(": connection refused")
        assert one.advice == "start that system, or correct COMPLAINTS_BANK_URL"


async def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_BANK_URL", "http://no-such-host.invalid")
    assert (await finding()).found == "http://no-such-host.invalid: not to be found"


async def test_silence_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("COMPLAINTS_BANK_URL", f"http://127.0.0.1:{mute.getsockname()[1]}")
        assert (await finding()).found.endswith("connected, and no answer in time")


async def test_no_tls_where_https_is_said(bank: RunningBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_BANK_URL", bank.url.replace("http:", "https:"))
    one = await finding()
    assert one.found.endswith("no TLS can be agreed on")
    assert "COMPLAINTS_BANK_URL: http or https" in one.advice


async def test_a_certificate_of_nobody_we_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with https_server(tmp_path) as port:
        monkeypatch.setenv("COMPLAINTS_BANK_URL", f"https://127.0.0.1:{port}")
        one = await finding()
    assert one.found.endswith("its certificate is not trusted")
    assert "SSL_CERT_FILE" in one.advice


async def test_without_an_address_nothing_is_asked() -> None:
    found = await findings()
    assert set(found) == EVERY
    assert {(one.state, one.advice) for one in found.values()} == {
        (State.NOT_CHECKED, "set COMPLAINTS_BANK_URL to the worker's")
    }


@contextmanager
def https_server(directory: Path) -> Iterator[int]:
    """The port of a server with a certificate that it signed itself."""
    key, certificate = str(directory / "key.pem"), str(directory / "certificate.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
