"""Guarantees of the way to the bank's systems:

* What may pass later (no connection, silence, 408, 429, 5xx) is retryable, what no repetition mends is not, and each
  has its own word as the type.
* A system that asks to be left alone is, for as long as it says, but never for more than an hour.
* An answer that drips in is given up like one that never comes.
* The token travels; nothing personal is ever in a failure (asserted by ``failure`` for every case of the table).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from pydantic import AnyHttpUrl, SecretStr

from activities.bank_http import BankFailure, BankSystem, bank_client, retry_after
from activities.departments import Departments
from activities.directory import Directory
from activities.ledger import Ledger
from activities.letters import Letters
from activities.settings import BankSettings, System
from tests import orders
from tests.activities.failing import failure, run
from tests.bank_server import RunningBank

Case = tuple[Callable[[Any], Awaitable[Any]], Any]

ACTIVITIES = (
    "look_up_customer",
    "send_letter",
    "dispatch_investigation",
    "dispatch_remedy",
    "notify_staff",
    "pay_out",
    "reverse_payment",
)


def case(name: str, client: httpx.AsyncClient, settings: BankSettings) -> Case:
    """An activity with an order of its own."""
    reference = orders.new_reference()
    departments = Departments(BankSystem(System.DEPARTMENTS, client, settings))
    ledger = Ledger(BankSystem(System.LEDGER, client, settings))
    cases: dict[str, Case] = {
        "look_up_customer": (
            Directory(BankSystem(System.DIRECTORY, client, settings), settings.customer_key_secret).look_up_customer,
            orders.customer_query(reference),
        ),
        "send_letter": (
            Letters(BankSystem(System.LETTERS, client, settings)).send_letter,
            orders.letter_order(reference),
        ),
        "dispatch_investigation": (departments.dispatch_investigation, orders.investigation_order(reference)),
        "dispatch_remedy": (departments.dispatch_remedy, orders.remedy_order(reference)),
        "notify_staff": (departments.notify_staff, orders.notice_order(reference)),
        "pay_out": (ledger.pay_out, orders.payout_order(reference)),
        "reverse_payment": (ledger.reverse_payment, orders.reversal_order(reference, "B-999999")),
    }
    return cases[name]


@pytest.mark.parametrize("activity", ACTIVITIES)
@pytest.mark.parametrize(
    ("fault", "type_", "retryable", "delay"),
    [
        ({"kind": "latency", "seconds": 5}, BankFailure.UNREACHABLE, True, None),
        ({"kind": "timeout", "seconds": 5}, BankFailure.UNREACHABLE, True, None),
        ({"kind": "lost_answer"}, BankFailure.UNREACHABLE, True, None),
        ({"kind": "500"}, BankFailure.FAILED, True, None),
        ({"kind": "429", "seconds": 7}, BankFailure.BUSY, True, timedelta(seconds=7)),
        ({"kind": "503", "seconds": 3_600}, BankFailure.BUSY, True, timedelta(hours=1)),
        ({"kind": "malformed"}, BankFailure.ANSWER_UNREADABLE, False, None),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
async def test_every_fault_is_classified_for_every_activity(
    activity: str,
    fault: dict[str, Any],
    type_: BankFailure,
    retryable: bool,
    delay: timedelta | None,
    client: httpx.AsyncClient,
    settings: BankSettings,
    bank: RunningBank,
) -> None:
    attempt, order = case(activity, client, settings)
    bank.faults(fault)
    error = await failure(attempt, order)
    assert (error.type, not error.non_retryable, error.next_retry_delay) == (type_, retryable, delay)
    assert bank.hits() == [1]


@pytest.mark.parametrize("activity", [name for name in ACTIVITIES if name != "reverse_payment"])
async def test_the_attempt_after_a_fault_succeeds(
    activity: str, client: httpx.AsyncClient, settings: BankSettings, bank: RunningBank
) -> None:
    attempt, order = case(activity, client, settings)
    bank.faults({"kind": "500", "count": 1})
    await failure(attempt, order)
    await run(attempt, order, attempt=2)


async def test_nobody_listens_at_the_address(client: httpx.AsyncClient, settings: BankSettings) -> None:
    nowhere = settings.model_copy(update={"bank_url": AnyHttpUrl("http://127.0.0.1:9")})
    activity, order = case("notify_staff", client, nowhere)
    error = await failure(activity, order)
    assert (error.type, error.non_retryable) == (BankFailure.UNREACHABLE, False)
    assert str(error) == "BankUnreachable: the departments did not answer /departments/notices (ConnectError)"


async def test_a_path_that_is_not_there_is_final(client: httpx.AsyncClient, settings: BankSettings) -> None:
    elsewhere = settings.model_copy(update={"bank_url": AnyHttpUrl(f"{settings.bank_url}wrong")})
    activity, order = case("notify_staff", client, elsewhere)
    error = await failure(activity, order)
    assert (error.type, error.non_retryable) == (BankFailure.REFUSED, True)
    assert error.message == "the departments refused /departments/notices with 404"


@pytest.mark.parametrize("activity", ACTIVITIES)
@pytest.mark.parametrize("token", [None, SecretStr("another token")])
async def test_without_the_right_token_it_is_tried_again_until_the_bank_mends_it(
    activity: str, token: SecretStr | None, settings: BankSettings
) -> None:
    stranger = settings.model_copy(update={"bank_token": token})
    async with bank_client(stranger) as client:
        error = await failure(*case(activity, client, stranger))
    assert (error.type, error.non_retryable) == (BankFailure.UNAUTHORISED, False)
    assert error.message.endswith("with 401")


async def test_another_order_under_a_used_key_is_final(
    client: httpx.AsyncClient, settings: BankSettings, bank: RunningBank
) -> None:
    reference = orders.new_reference()
    ledger = Ledger(BankSystem(System.LEDGER, client, settings))
    await run(ledger.pay_out, orders.payout_order(reference, amount="50"))
    error = await failure(ledger.pay_out, orders.payout_order(reference, amount="5000"))
    assert (error.type, error.non_retryable) == (BankFailure.KEY_REUSED, True)
    assert len(bank.inspect("bookings", reference)) == 1


def response(header: str | None) -> httpx.Response:
    return httpx.Response(429, headers={} if header is None else {b"Retry-After": header.encode()})


@pytest.mark.parametrize(
    ("header", "delay"),
    [
        ("0", timedelta(0)),
        ("120", timedelta(minutes=2)),
        (" 5 ", timedelta(seconds=5)),
        ("3600", timedelta(hours=1)),
        ("31536000", timedelta(hours=1)),
        ("9" * 400, timedelta(hours=1)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(0)),
        ("Wed, 21 Oct 2015 07:28:00 -0000", timedelta(0)),
        ("Fri, 31 Dec 2199 23:59:59 GMT", timedelta(hours=1)),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_the_standard_says(header: str | None, delay: timedelta | None) -> None:
    assert retry_after(response(header)) == delay


def test_retry_after_a_date_to_come() -> None:
    until = datetime.now(UTC) + timedelta(minutes=10)
    delay = retry_after(response(format_datetime(until, usegmt=True)))
    assert delay is not None
    assert timedelta(minutes=9) < delay <= timedelta(minutes=10)


class RawServer:
    """A server that answers every connection with the same bytes, one after the other, as slowly as told."""

    def __init__(self, answer: bytes, pause: float = 0) -> None:
        self._answer = answer
        self._pause = pause

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            for byte in self._answer:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(self._pause)
        except ConnectionError:
            return
        finally:
            writer.close()


async def fail_against(server: RawServer, settings: BankSettings) -> tuple[str | None, bool]:
    async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:
        url = AnyHttpUrl(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        elsewhere = settings.model_copy(update={"bank_url": url})
        async with bank_client(elsewhere) as client:
            error = await failure(*case("notify_staff", client, elsewhere))
    return error.type, error.non_retryable


async def test_an_answer_that_drips_in_is_given_up(settings: BankSettings) -> None:
    slow = RawServer(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b" " * 9_000, pause=0.02)
    assert await fail_against(slow, settings) == (BankFailure.UNREACHABLE, False)


@pytest.mark.parametrize(
    ("answer", "type_", "non_retryable"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", BankFailure.ANSWER_UNREADABLE, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", BankFailure.ANSWER_UNREADABLE, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"ticket\":1}", BankFailure.ANSWER_UNREADABLE, True),
        (b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", BankFailure.ANSWER_UNREADABLE, True),
        (b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", BankFailure.UNREACHABLE, False),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", BankFailure.FAILED, False),
        (b"HTTP/1.1 503 Closed\r\nContent-Length: 0\r\n\r\n", BankFailure.BUSY, False),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", BankFailure.REFUSED, True),
        (b"not HTTP at all\r\n\r\n", BankFailure.UNREACHABLE, False),
        (b"", BankFailure.UNREACHABLE, False),
    ],
)  # fmt: skip
async def test_answers_that_no_bank_should_give(
    answer: bytes, type_: BankFailure, non_retryable: bool, settings: BankSettings
) -> None:
    assert await fail_against(RawServer(answer), settings) == (type_, non_retryable)


async def test_free_text_of_a_refusal_is_not_repeated(settings: BankSettings) -> None:
    body = f'{{"code": "{orders.NUMBER}", "detail": "{orders.NAME}"}}'.encode()
    head = f"HTTP/1.1 422 No\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert await fail_against(RawServer(head + body), settings) == (BankFailure.REFUSED, True)
