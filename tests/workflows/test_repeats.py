"""A message that comes again changes nothing and is answered as before; another message of the same id is refused.

- A signal twice is one fact; the same id with other content goes to the quarantine.
- An update twice, by message id or by update id, is one decision; the repeated receipt says so.
- Ids are the complaint's: a decision may not take the id of a fact, nor of another decision.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.workflows.case import OWNER, SUPERVISOR, Case, entries, refusal

CONTACT = {"message_id": "m-1", "channel": "phone", "summary": "asks when the answer will come"}
INQUIRY = {"by": OWNER, "department": "technology", "question": "Where is it?"}


async def test_a_signal_twice_is_one_fact(case: Case) -> None:
    for _ in range(3):
        await case.handle.signal("customer_contacted_us", CONTACT)
    await case.handle.signal("customer_contacted_us", CONTACT | {"sent_at": "2026-01-01T00:00:00Z"})
    await case.tell("evidence_added", evidence={"uri": "vault://1", "description": "log"})
    file = await case.wrote("evidence_added")
    assert file["contact_count"] == len(entries(file, "customer_contacted_us")) == 1
    assert file["quarantined"] == 0


async def test_another_fact_of_the_same_id_is_quarantined(case: Case) -> None:
    await case.handle.signal("customer_contacted_us", CONTACT)
    await case.handle.signal("customer_contacted_us", CONTACT | {"summary": "something else"})
    file = await case.until(lambda file: file["quarantined"] == 1)
    assert file["contact_count"] == 1
    assert "m-1 was used for another message" in file["quarantine"][0]["reason"]


async def test_a_decision_twice_by_message_id_is_one_decision(case: Case) -> None:
    await case.reach("assessed")
    first = await case.send("request_investigation", **INQUIRY, message_id="ask-1")
    again = await case.send("request_investigation", **INQUIRY, message_id="ask-1")
    assert again == first | {"repeated": True}
    assert len((await case.file())["investigations"]) == 1


async def test_a_decision_sent_many_times_at_once_is_one_decision(case: Case) -> None:
    await case.reach("assessed")
    sent = [case.send("request_investigation", **INQUIRY, message_id="ask-1") for _ in range(5)]
    receipts = await asyncio.gather(*sent)
    assert sorted(receipt["repeated"] for receipt in receipts) == [False, True, True, True, True]
    assert len((await case.file())["investigations"]) == 1


async def test_a_decision_twice_by_update_id_is_one_decision(case: Case) -> None:
    await case.reach("assessed")
    update = uuid4().hex
    first = await case.handle.execute_update("request_investigation", INQUIRY, id=update)
    again = await case.handle.execute_update("request_investigation", INQUIRY, id=update)
    assert again == first
    assert first["message"] == update
    by_message = await case.send("request_investigation", **INQUIRY, message_id=update)
    assert by_message == first | {"repeated": True}
    assert len((await case.file())["investigations"]) == 1


async def test_another_decision_of_the_same_id_is_refused(case: Case) -> None:
    await case.stage("acknowledged")
    await case.send("add_note", by=OWNER, text="one", message_id="n-1")
    assert await case.refused("add_note", by=OWNER, text="two", message_id="n-1") == "message_id_reused"
    assert await case.refused("add_note", by=SUPERVISOR, text="one", message_id="n-1") == "message_id_reused"
    assert await case.refused("withdraw", by=OWNER, channel="app", reason="r", message_id="n-1") == "message_id_reused"


async def test_a_decision_may_not_take_the_id_of_a_fact(case: Case) -> None:
    await case.stage("acknowledged")
    await case.handle.signal("customer_contacted_us", CONTACT)
    await case.wrote("customer_contacted_us")
    refused = await refusal(case.handle.execute_update("add_note", {"by": OWNER, "text": "x", "message_id": "m-1"}))
    assert refused.type == "message_id_reused"
    assert "m-1" in refused.message


async def test_a_repeated_decision_is_answered_even_when_it_would_be_refused_now(case: Case) -> None:
    await case.stage("acknowledged")
    verify = {"by": OWNER, "verified": True, "method": "app login"}
    first = await case.send("verify_identity", **verify, message_id="v-1")
    assert await case.refused("verify_identity", **verify) == "already_verified"
    await case.send("withdraw", by=OWNER, channel="app", reason="r")
    assert await case.send("verify_identity", **verify, message_id="v-1") == first | {"repeated": True}
