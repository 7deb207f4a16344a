"""The gateway with a worker behind it.

- A decision is answered with its receipt, or refused in the complaint's own words.
- The same message id counts once; used for another message it is refused.
- The questions are answered with the types of the domain; the list of all knows what the search attributes say.
"""

from __future__ import annotations

import pytest
from temporalio.client import Client

from client import gateway
from client.connection import connect
from client.failures import Refused
from client.gateway import open_complaint, send
from client.listing import Overview, Wanted, find
from domain.refusals import refuse
from tests.complaints import complaint
from tests.server import Server
from tests.temporal_server import at
from tests.waiting import answered

STAFF = {"id": "e-1", "role": "first_line"}
VERIFY = {"by": STAFF, "verified": True, "method": "app login"}


@pytest.fixture
async def client(server: Server) -> Client:
    """As a program outside connects."""
    return await connect(at(server.client.service_client.config.target_host))


@pytest.fixture
async def reference(client: Client) -> str:
    """An acknowledged complaint."""
    new = complaint()
    await open_complaint(client, new)
    await answered(lambda: gateway.case_file(client, new.reference), lambda file: file["stage"] == "acknowledged")
    return new.reference


async def test_a_decision_is_answered_with_its_receipt(client: Client, reference: str) -> None:
    receipt = await send(client, reference, "verify_identity", VERIFY)
    assert receipt is not None
    assert (receipt.reference, receipt.stage, receipt.tier, receipt.repeated) == (
        reference,
        "identity_verified",
        1,
        False,
    )


async def test_a_refusal_comes_in_the_words_of_the_complaint(client: Client, reference: str) -> None:
    await send(client, reference, "verify_identity", VERIFY)
    with pytest.raises(Refused) as refused:
        await send(client, reference, "verify_identity", VERIFY)
    known = refuse("already_verified")
    assert (refused.value.code, refused.value.sentence) == (known.code, known.sentence)


async def test_the_same_message_counts_once(client: Client, reference: str) -> None:
    message = {"message_id": "n-1", "by": STAFF, "text": "called the customer"}
    first = await send(client, reference, "add_note", message)
    again = await send(client, reference, "add_note", message)
    assert first is not None
    assert again == first.model_copy(update={"repeated": True})


async def test_a_message_id_used_for_another_message_is_refused(client: Client, reference: str) -> None:
    await send(client, reference, "add_note", {"message_id": "n-1", "by": STAFF, "text": "called"})
    with pytest.raises(Refused) as refused:
        await send(client, reference, "add_note", {"message_id": "n-1", "by": STAFF, "text": "wrote"})
    assert refused.value.code == "message_id_reused"


async def test_a_fact_stands_in_the_file(client: Client, reference: str) -> None:
    contact = {"message_id": "c-1", "channel": "phone", "kind": "other", "summary": "asks about the card"}
    assert await send(client, reference, "customer_contacted_us", contact) is None
    assert (await gateway.case_file(client, reference))["contact_count"] == 1


async def test_questions_are_answered_in_the_terms_of_the_domain(client: Client, reference: str) -> None:
    clocks = {clock.kind: clock for clock in await gateway.deadlines(client, reference)}
    assert {"law", "promise"} <= set(clocks)
    assert clocks["promise"].due_at <= clocks["law"].due_at
    tasks = {task.message: task for task in await gateway.open_tasks(client, reference)}
    assert tasks["verify_identity"].ready["by"]["role"] == "first_line"


async def test_the_list_of_all_knows_where_each_stands(client: Client, reference: str) -> None:
    one = await listed(client, reference)
    assert (one.tier, one.owner, one.breached, one.attention) == (1, None, False, False)
    assert one.reply_due is not None


async def listed(client: Client, reference: str) -> Overview:
    """The complaint in the list of all, which follows with a moment's delay."""
    wanted = Wanted(reference_begins=reference)
    found = await answered(lambda: find(client, wanted, 1), lambda found: found.complaints and found.complaints[0].tier)
    return found.complaints[0]
