"""The bank's systems, each asked the least that tells whether it answers as the contract says.

There is no request for that in the contract, and a doctor must not leave anything behind: the letter system is asked
for a letter that cannot be, the others get an order without content, which they must refuse.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio import to_thread
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from pydantic import ValidationError

from activities.bank_http import bank_client
from activities.contract import Refusal, RefusalCode
from activities.settings import PREFIX, System
from cli.checks.finding import Check, Finding, NotChecked, failed, not_checked, ok, warning
from cli.checks.machine import SettingsHere, settings_here

PATHS = {
    System.DIRECTORY: "/customers/lookups",
    System.DEPARTMENTS: "/departments/notices",
    System.LETTERS: "/letters",
    System.LEDGER: "/ledger/payments",
}
PATIENCE = 10.0
SLOW = 2.0
"""Seconds."""
CONTRACT = "docs/interface/bank-openapi.json"


def bank_checks() -> list[Check]:
    """One look at all systems, which share a client."""
    return [Check("bank", _systems)]


async def _systems() -> list[Finding]:
    settings = settings_here()
    # Its certificates take a while to load: neither four times, nor while the clocks of other checks run.
    async with await to_thread(bank_client, settings) as client:
        return await asyncio.gather(*(_system(system, client, settings) for system in System))


async def _system(system: System, client: httpx.AsyncClient, settings: SettingsHere) -> Finding:
    check, variable = f"bank {system}", f"{PREFIX}{system.upper()}_URL"
    if f"{system}_url" not in settings.model_fields_set:
        variable = f"{PREFIX}BANK_URL"
        if "bank_url" not in settings.model_fields_set:
            return not_checked(check, NotChecked("no address is named here", f"set {variable} to the worker's"))
    url = settings.url(system)
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await _ask(client, system, url)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        found, advice = _unreachable(error)
        return failed(check, f"{_shown(url)}: {found}", advice.format(variable=variable))
    return _judged(check, _shown(url), variable, answer)


async def _ask(client: httpx.AsyncClient, system: System, url: str) -> httpx.Response:
    if system is System.LETTERS:
        return await client.get(url + PATHS[system], params={"key": f"doctor-{uuid4()}"})
    return await client.post(url + PATHS[system], json={})


def _shown(url: str) -> str:
    """An address without the name and password that may stand in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _unreachable(error: Exception) -> tuple[str, str]:
    reasons = list(_causes(error))
    if any(isinstance(reason, ssl.SSLCertVerificationError) for reason in reasons):
        return "its certificate is not trusted", "give this machine the bank's certificate authority (SSL_CERT_FILE)"
    if any(isinstance(reason, ssl.SSLError) for reason in reasons):
        return "no TLS can be agreed on", "correct {variable}: http or https, and the port"
    if any(isinstance(reason, ConnectionRefusedError) for reason in reasons):
        return "connection refused", "start that system, or correct {variable}"
    match error:
        case httpx.ConnectTimeout():
            return "no connection in time", "see whether a firewall lets this machine through, or correct {variable}"
        case httpx.TimeoutException() | TimeoutError():
            return "connected, and no answer in time", "see that system's log and load"
        case httpx.ConnectError():
            return "not to be found", "correct {variable}, or the name service of this machine"
        case _:
            return f"no HTTP ({type(error).__name__})", "correct {variable}: http or https, and the port"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__


def _judged(check: str, where: str, variable: str, answer: httpx.Response) -> Finding:
    status, code, seconds = answer.status_code, _code(answer), answer.elapsed.total_seconds()
    said = f"{where} answers {status}{f' {code}' if code else ''} in {seconds:.1f} s"
    match status:
        case 404 if code == RefusalCode.NOT_FOUND and answer.request.method == "GET":
            return _good(check, where, seconds)
        case 422 if code == RefusalCode.MALFORMED_REQUEST and answer.request.method == "POST":
            return _good(check, where, seconds)
        case 401 | 403:
            return failed(check, said, f"the token is not accepted: set {PREFIX}BANK_TOKEN to a valid one")
        case 404:
            return failed(check, said, f"correct {variable}: below it must be {answer.request.url.path} of {CONTRACT}")
        case 429 | 503:
            return warning(check, said, "it is busy or closed; orders wait and are tried again")
        case _ if status >= 500:
            return failed(check, said, "see that system's log; orders wait and are tried again")
        case _:
            return failed(check, said, f"this is not what {CONTRACT} says; see whether {variable} names that system")


def _good(check: str, where: str, seconds: float) -> Finding:
    said = f"{where} answers as the contract says, in {seconds:.1f} s"
    return ok(check, said) if seconds < SLOW else warning(check, said, "it is slow; see its load and the network")


def _code(answer: httpx.Response) -> RefusalCode | None:
    """The refusal code, when it is one of the contract: free text of an answer is never repeated."""
    try:
        return Refusal.model_validate_json(answer.content).code
    except ValidationError:
        return None
