"""Guarantees of letters:

* A message by app, e-mail or text message has its proof of delivery at once; a bounce is an outcome and no error.
* A letter by post is sent once and asked for until it has arrived; each "not yet" is expected, and says when to ask
  again.
* A lost request is sent again, a lost answer is not.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationErrorCategory

from activities.bank_http import BankFailure, BankSystem
from activities.letters import Letters
from domain.effects import Delivery
from domain.model import Channel
from tests import orders
from tests.activities.failing import failure, run
from tests.bank_server import RunningBank


@pytest.fixture
def office(letters: BankSystem) -> Letters:
    return Letters(letters)


@pytest.mark.parametrize("channel", [Channel.APP, Channel.EMAIL, Channel.SMS])
async def test_a_message_is_delivered_at_once(channel: Channel, office: Letters, bank: RunningBank) -> None:
    order = orders.letter_order(orders.new_reference(), channel)
    outcome = await run(office.send_letter, order)
    (letter,) = bank.inspect("letters", order.reference)
    assert outcome.delivery is Delivery.DELIVERED
    assert outcome.letter_id == f"L-{letter['id']:06}"
    assert letter["request"] == order.model_dump(mode="json")


async def test_a_letter_by_post_is_asked_for_until_it_arrives(office: Letters, bank: RunningBank) -> None:
    bank.faults(post_polls=2, ask_again_after_seconds=90)
    order = orders.letter_order(orders.new_reference(), Channel.POST)
    for attempt in (1, 2):
        error = await failure(office.send_letter, order, attempt)
        assert (error.type, error.non_retryable) == (BankFailure.LETTER_UNDER_WAY, False)
        assert error.category is ApplicationErrorCategory.BENIGN
        assert error.next_retry_delay == timedelta(seconds=90)
    assert (await run(office.send_letter, order, attempt=3)).delivery is Delivery.DELIVERED
    assert len(bank.inspect("letters", order.reference)) == 1


async def test_a_letter_that_went_out_in_other_words_is_not_sent_twice(office: Letters, bank: RunningBank) -> None:
    reference = orders.new_reference()
    first = await run(office.send_letter, orders.letter_order(reference))
    again = await run(office.send_letter, orders.letter_order(reference, body=f"{orders.WORDS}!"))
    assert again == first
    assert len(bank.inspect("letters", reference)) == 1


async def test_a_letter_by_post_may_come_back(office: Letters, bank: RunningBank) -> None:
    bank.faults({"kind": "bounce", "channel": "post"}, post_polls=1)
    order = orders.letter_order(orders.new_reference(), Channel.POST)
    await failure(office.send_letter, order)
    assert (await run(office.send_letter, order, attempt=2)).delivery is Delivery.BOUNCED


async def test_a_bounce_is_an_outcome_of_the_letter_and_stays(office: Letters, bank: RunningBank) -> None:
    bank.faults({"kind": "bounce", "channel": "email"})
    reference = orders.new_reference()
    bounced = await run(office.send_letter, orders.letter_order(reference, Channel.EMAIL))
    by_app = await run(office.send_letter, orders.letter_order(reference, Channel.APP))
    bank.faults()
    again = await run(office.send_letter, orders.letter_order(reference, Channel.EMAIL), attempt=2)
    assert (bounced.delivery, by_app.delivery) == (Delivery.BOUNCED, Delivery.DELIVERED)
    assert again == bounced


async def test_a_lost_answer_does_not_send_a_second_letter(office: Letters, bank: RunningBank) -> None:
    bank.faults({"kind": "lost_answer", "count": 1})
    order = orders.letter_order(orders.new_reference())
    await failure(office.send_letter, order)
    outcome = await run(office.send_letter, order, attempt=2)
    (letter,) = bank.inspect("letters", order.reference)
    assert outcome.letter_id == f"L-{letter['id']:06}"


async def test_a_lost_request_is_sent_again(office: Letters, bank: RunningBank) -> None:
    bank.faults({"kind": "500", "count": 1})
    order = orders.letter_order(orders.new_reference())
    await failure(office.send_letter, order)
    assert bank.inspect("letters", order.reference) == []
    assert (await run(office.send_letter, order, attempt=2)).delivery is Delivery.DELIVERED


async def test_delivered_twice_the_letter_goes_once(office: Letters, bank: RunningBank) -> None:
    bank.faults({"kind": "duplicate"})
    order = orders.letter_order(orders.new_reference())
    await run(office.send_letter, order)
    assert len(bank.inspect("letters", order.reference)) == 1
