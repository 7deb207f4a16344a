"""Whatever anybody sends, the complaint lives on and the sender's mistake is seen.

- A signal of any shape ends in the file or in the quarantine, with ``NeedsAttention``; never in a stuck workflow task
  and never in silence. That holds for names that nobody knows, too.
- An update of any shape is accepted or refused with a sentence, and a refused one leaves no trace in the history.
- A complaint that cannot be read waits for a person, and what is said meanwhile waits with it.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.service import RPCError, RPCStatusCode

from domain.decisions import DECISIONS
from domain.examples import EXAMPLES
from domain.facts import FACTS
from tests.workflows.case import OWNER, SUPERVISOR, TECHNICIAN, Case, entries, idle, refusal
from tests.workflows.conftest import OpenCase, complaint
from workflows import names
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

UNKNOWN = "no_such_signal"


def raw(encoding: str, data: bytes) -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=data))


def wrong_shapes(valid: dict[str, Any]) -> dict[str, list[Any]]:
    """Everything that can be sent instead of one JSON object of the right fields."""
    return {
        "no payload": [],
        "null": [None],
        "bytes": [b"\x00\xff"],
        "a list": [[valid]],
        "a number": [7],
        "wrong fields": [{"colour": "red"}],
        "an unknown field": [valid | {"colour": "red"}],
        "broken JSON": [raw("json/plain", b'{"by": ')],
        "not even text": [raw("json/plain", b"\xff\xfe")],
        "an unknown encoding": [raw("carrier/pigeon", b"coo")],
        "two payloads": [valid, valid],
        "three payloads": [valid, b"\x00", None],
    }


def valid(name: str) -> dict[str, Any]:
    example = EXAMPLES.get(name, {}) | {"message_id": uuid4().hex}
    if name == "investigation_extension_requested":
        example["until"] = "2030-01-31T17:00:00+08:00"
    return filled_in(example)


def filled_in(example: dict[str, Any]) -> dict[str, Any]:
    """An example of the documentation with its placeholders filled in."""
    by = {"by": {"id": "t1", "role": example["by"]["role"]}} if "by" in example else {}
    plain = {key: value.strip("<>") if isinstance(value, str) else value for key, value in example.items()}
    return plain | by


async def attention(case: Case) -> bool | None:
    return (await case.handle.describe()).typed_search_attributes.get(names.ATTENTION)


@pytest.mark.parametrize("name", [*FACTS, UNKNOWN])
async def test_every_signal_ends_in_the_file_or_in_the_quarantine(case: Case, name: str) -> None:
    shapes = wrong_shapes(valid(name))
    for shape in shapes.values():
        await case.handle.signal(name, args=shape)
    file = await case.until(lambda file: file["quarantined"] == len(shapes))
    assert {kept["name"] for kept in file["quarantine"]} == {name}
    assert all(kept["reason"] for kept in file["quarantine"])
    assert "quarantine" in await case.tasks()
    assert await attention(case)

    await case.handle.signal(name, valid(name))
    await case.wrote("quarantined" if name == UNKNOWN else name, times=len(shapes) + 1 if name == UNKNOWN else 1)
    await case.send("add_note", by=OWNER, text="still there")
    assert not await case.task_failures()


@pytest.mark.parametrize("name", DECISIONS)
async def test_every_update_is_accepted_or_refused_with_a_sentence(case: Case, name: str) -> None:
    await case.stage("acknowledged")
    await case.until(idle)
    before = await history_length(case)
    for shape, payloads in wrong_shapes(valid(name)).items():
        refused = await refusal(case.handle.execute_update(name, args=payloads))
        assert refused.type == "unreadable", (shape, refused)
        assert refused.message.startswith(f"This {name} could not be read: "), (shape, refused.message)
        assert refused.message.endswith("."), (shape, refused.message)
    assert await history_length(case) == before
    await case.send("add_note", by=OWNER, text="still there")
    assert not await case.task_failures()


@pytest.mark.parametrize("update_id", ["call of Li Na", "x" * 81, "<b>", "\x00", "投诉", "note-1\n"])
async def test_an_update_id_that_cannot_stand_for_a_message_id_is_refused(case: Case, update_id: str) -> None:
    note = {"by": OWNER, "text": "with an odd id"}
    await case.stage("acknowledged")
    refused = await refusal(case.handle.execute_update("add_note", note, id=update_id))
    assert refused.type == "unreadable"
    assert "message_id is missing, and the id of the update cannot stand for it" in refused.message
    answer = await case.handle.execute_update("add_note", note | {"message_id": "note-1"}, id=f"{update_id} ")
    assert answer["message"] == "note-1"
    assert not await case.task_failures()


NEVER = ["0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
"""Times near which nothing can be counted, and the first that are refused with them."""


@pytest.mark.parametrize("never", NEVER)
async def test_a_time_out_of_reach_is_kept_away_from_the_clocks(case: Case, never: str) -> None:
    await case.reach("investigating")
    asks = {"investigation": "technology-1", "by": TECHNICIAN, "reason": "much to read"}
    await case.tell("investigation_extension_requested", **asks, until=never)
    asks = {"regulator": "NFRA", "their_reference": "R-1", "summary": "what happened?"}
    await case.tell("regulator_contacted_us", **asks, reply_due=never)
    file = await case.until(lambda file: file["quarantined"] == 2)
    assert [kept["reason"] for kept in file["quarantine"]] == [
        f"{field}: the year must lie between 1900 and 2199" for field in ("until", "reply_due")
    ]
    assert not await case.task_failures()


@pytest.mark.parametrize("edge", ["1900-01-01T00:00:00-12:00", "2199-12-31T23:59:59+14:00"])
async def test_times_at_the_edge_of_reach_are_counted(case: Case, edge: str) -> None:
    await case.reach("investigating")
    asks = {"investigation": "technology-1", "by": TECHNICIAN, "reason": "much to read"}
    await case.tell("investigation_extension_requested", **asks, until=edge)
    asks = {"regulator": "NFRA", "their_reference": "R-1", "summary": "what happened?"}
    await case.tell("regulator_contacted_us", **asks, reply_due=edge)
    await case.wrote("regulator_contacted_us")
    assert (await case.clock("regulator-1"))["due_at"]
    assert {"more-time-technology-1", "regulator-1"} <= set(await case.tasks())
    assert not await case.task_failures()


async def test_an_update_of_an_unknown_name_is_refused(case: Case) -> None:
    await case.stage("acknowledged")
    assert "no_such_update" in (await refusal(case.handle.execute_update("no_such_update", {}))).message
    assert not await case.task_failures()


async def test_a_placeholder_that_was_left_is_refused_and_does_not_get_on_the_record(case: Case) -> None:
    await case.stage("acknowledged")
    assert await case.refused("add_note", by=OWNER, text="<what>") == "unreadable"
    await case.send("add_note", by=OWNER, text="it may say <what>")
    assert [entry["message"]["text"] for entry in (await case.file())["journal"] if entry["what"] == "add_note"] == [
        "it may say <what>"
    ]


async def history_length(case: Case) -> int:
    return len((await case.handle.fetch_history()).events)


async def test_a_quarantined_message_is_settled_by_a_person(case: Case) -> None:
    await case.handle.signal("evidence_added", "nonsense")
    await case.until(lambda file: file["quarantined"] == 1)
    await case.send("resolve_task", by=SUPERVISOR, task="quarantine", settlement="done", note="sent again")
    await case.until(lambda file: all(task["settled_at"] for task in file["tasks"]))
    assert await attention(case) is False


UNREADABLE_COMPLAINTS: dict[str, list[Any]] = {
    **{shape: payloads for shape, payloads in wrong_shapes(complaint()).items() if shape != "three payloads"},
    "somebody else's reference": [complaint("another")],
    "a narrative of a megabyte": [complaint("{reference}", narrative="钱" * 350_000)],
    "an unknown rule pack": [complaint("{reference}", rule_pack="atlantis")],
    "received in the future": [complaint("{reference}", received_at="2999-01-01T00:00:00+08:00")],
    "received in the year 1": [complaint("{reference}", received_at="0001-01-01T00:00:00+14:00")],
    "received before the rules were valid": [complaint("{reference}", received_at="1999-01-01T00:00:00+08:00")],
}


@pytest.mark.parametrize("shape", UNREADABLE_COMPLAINTS)
async def test_an_unreadable_complaint_waits_for_a_person_and_messages_wait_with_it(
    open_input: OpenCase, shape: str
) -> None:
    reference = f"P-{uuid4().hex[:10]}"
    case = await open_input(reference, UNREADABLE_COMPLAINTS[shape])
    file = await case.until(lambda file: bool(file.get("reason")))
    assert file["stage"] == "unreadable"
    assert len(file["reason"]) < 300
    assert await attention(case)
    assert list(await case.tasks()) == ["intake"]

    await case.handle.signal("evidence_added", valid("evidence_added"))
    await case.handle.signal("customer_contacted_us", "nonsense")
    await case.until(lambda file: file["waiting"] == 2)
    assert await case.refused("add_note", by=OWNER, text="too early") == "complaint_unreadable"
    settle = {"by": SUPERVISOR, "task": "intake", "settlement": "done", "note": "typed in again", "message_id": "fix-1"}
    assert await case.refused("resolve_task", **settle) == "complaint_missing"
    assert await case.refused("resolve_task", **settle, complaint={"reference": reference}) == "unreadable"
    assert await case.refused("resolve_task", **settle, complaint=complaint("another")) == "unreadable"

    corrected = complaint(reference)
    assert not (await case.send("resolve_task", **settle, complaint=corrected))["repeated"]
    file = await case.stage("acknowledged")
    assert len(entries(file, "intake_corrected")) == 1
    assert len(entries(file, "evidence_added")) == file["quarantined"] == 1
    assert (await case.send("resolve_task", **settle, complaint=corrected))["repeated"]
    assert not await case.task_failures()


@pytest.mark.parametrize("megabytes", [2.5, 6])
async def test_what_is_larger_than_the_server_takes_is_refused_to_its_sender(case: Case, megabytes: float) -> None:
    """Two megabytes are the most that the server takes: the sender is told, and the complaint is untouched."""
    page = {"message_id": "m-1", "evidence": {"uri": "vault://1", "description": "x" * int(megabytes * 1_000_000)}}
    await case.stage("acknowledged")
    with pytest.raises(RPCError) as too_large:
        await case.handle.signal("evidence_added", page)
    assert too_large.value.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.RESOURCE_EXHAUSTED)
    with pytest.raises(RPCError):
        await case.client.start_workflow(
            WORKFLOW_TYPE, complaint("TOO-LARGE") | page, id=workflow_id("TOO-LARGE"), task_queue=TASK_QUEUE
        )
    with pytest.raises(RPCError, match="not found"):
        await case.client.get_workflow_handle(workflow_id("TOO-LARGE")).describe()
    file = await case.file()
    assert (file["stage"], file["quarantined"], file["evidence"]) == ("acknowledged", 0, [])
    assert not await case.task_failures()
