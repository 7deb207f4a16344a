"""Opening and telling complaints, with nothing but the server: no worker is needed to take a complaint in.

- The same reference is the same complaint: opened once, however often and by whomever; the receipt says whether the
  content was the same, and that a closed one stays closed.
- Nothing personal stands in the clear: summary and memo hold the reference and a checksum.
- A message is checked before it is sent; a refusal has a code and a sentence, and repeats nothing that was sent.
- No such complaint, closed, nobody at work: three different answers.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import WorkflowIDReusePolicy

from client import failures, gateway
from client.failures import Refused, WorkerNotThere
from client.gateway import open_complaint, read_complaint, read_message, send
from domain.decisions import DECISIONS
from domain.facts import FACTS
from tests.complaints import NAME, NARRATIVE, complaint, complaint_json
from workflows.names import TASK_QUEUE, workflow_id

NOTE = {"by": {"id": "e-1", "role": "first_line"}, "text": "called"}
EVIDENCE = {"message_id": "m-1", "evidence": {"uri": "vault://1", "description": "log"}}


async def described(client: Client, reference: str) -> WorkflowExecutionDescription:
    return await client.get_workflow_handle(workflow_id(reference)).describe()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon: the tests know that nobody will answer."""
    monkeypatch.setattr(failures, "PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(gateway, "PATIENCE", timedelta(seconds=1))


class TestOpening:
    async def test_a_complaint_is_opened(self, idle: Client) -> None:
        new = complaint()
        receipt = await open_complaint(idle, new)
        assert receipt.opened
        assert receipt.workflow_id == f"complaint-{new.reference}"
        assert (receipt.reference, receipt.stage, receipt.note) == (new.reference, "received", "The complaint is open.")

    async def test_it_has_no_end_but_its_own_and_nothing_personal_in_the_clear(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        found = await described(idle, new.reference)
        assert found.workflow_type == "ComplaintWorkflow"
        assert found.task_queue == TASK_QUEUE
        assert await found.static_summary() == f"Complaint {new.reference}"
        assert list(await found.memo()) == ["content"]
        assert found.raw_description.execution_config.workflow_execution_timeout.ToTimedelta() == timedelta(0)
        clear = str(found.raw_description)
        assert NAME not in clear
        assert NARRATIVE not in clear

    async def test_the_same_reference_again_is_the_same_complaint(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        again = await open_complaint(idle, new)
        assert (again.opened, again.same_content) == (False, True)
        assert again.note == (
            "A complaint of this reference is open already, at stage 'received', with the same content."
        )

    async def test_a_repetition_may_come_with_another_time_of_receipt(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        later = new.model_copy(update={"received_at": new.received_at + timedelta(minutes=5)})
        assert (await open_complaint(idle, later)).same_content is True

    async def test_another_complaint_of_the_same_reference_is_told_apart(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        other = await open_complaint(idle, complaint(reference=new.reference, summary="Something else."))
        assert (other.opened, other.same_content) == (False, False)
        assert "a new complaint needs a reference of its own" in other.note

    async def test_of_many_at_once_one_opens_it(self, idle: Client) -> None:
        new = complaint()
        receipts = await asyncio.gather(*(open_complaint(idle, new) for _ in range(10)))
        assert sorted(receipt.opened for receipt in receipts) == [False] * 9 + [True]
        assert all(receipt.same_content for receipt in receipts if not receipt.opened)

    async def test_a_closed_complaint_is_not_opened_again(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        await idle.get_workflow_handle(workflow_id(new.reference)).terminate()
        again = await open_complaint(idle, new)
        assert not again.opened
        assert again.note == "A complaint of this reference was closed before (terminated), with the same content."
        assert (await described(idle, new.reference)).close_time is not None

    async def test_one_that_somebody_else_started_cannot_be_compared(self, idle: Client) -> None:
        new = complaint()
        await idle.start_workflow(
            "ComplaintWorkflow",
            new,
            id=workflow_id(new.reference),
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        receipt = await open_complaint(idle, new)
        assert receipt.same_content is None
        assert receipt.note.endswith("; whether its content is the same cannot be told.")


async def test_a_message_that_is_too_large_is_refused_before_it_is_sent(idle: Client) -> None:
    answers = [{"point": f"point {number}", "answer": "钱" * 25_000} for number in range(20)]
    by = {"id": "e-1", "role": "first_line"}
    proposal = {"by": by, "position": "upheld", "responsibility": "firm", "reasons": "an error", "answers": answers}
    with pytest.raises(Refused, match=r"^This propose_resolution has 1,\d+,\d+ bytes, and may have 1,000,000"):
        await send(idle, "NOT-THERE", "propose_resolution", proposal)


class TestReading:
    def test_a_complaint_that_does_not_say_when_is_received_now(self) -> None:
        given = complaint_json()
        del given["received_at"]
        assert read_complaint(json.dumps(given).encode()).received_at.tzinfo is not None

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "this is not valid JSON"),
            (b"[1]", "it must be a JSON object"),
            (b"\xff\xfe", "this is not valid JSON"),
            (b"{}", "reference is missing"),
        ],
    )
    def test_what_is_no_complaint_is_refused(self, content: bytes, reason: str) -> None:
        with pytest.raises(Refused, match=f"This complaint could not be read: {reason}") as refused:
            read_complaint(content)
        assert refused.value.code == "unreadable"

    def test_every_wrong_field_is_named_and_no_value_repeated(self) -> None:
        wrong = complaint_json(reference="Wang Xiulan", channel="pigeon", colour=NARRATIVE)
        with pytest.raises(Refused) as refused:
            read_complaint(json.dumps(wrong).encode())
        for field in ("reference", "channel", "colour is not a field"):
            assert field in refused.value.sentence
        for value in (NAME, "pigeon", NARRATIVE):
            assert value not in refused.value.sentence

    def test_an_unknown_message_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(Refused) as refused:
            read_message("approve", {})
        assert refused.value.code == "no_such_message"
        assert all(name in refused.value.sentence for name in [*FACTS, *DECISIONS])
        with pytest.raises(Refused, match=r"There is no message record_calback; did you mean record_callback[?]$"):
            read_message("record_calback", {})

    @pytest.mark.parametrize("name", [*FACTS, *DECISIONS])
    @pytest.mark.parametrize("payload", ["", "null", "[]", '"text"', '{"secret": "6222"}', b"\x00"])
    async def test_nothing_unreadable_is_sent(self, idle: Client, name: str, payload: str | bytes) -> None:
        with pytest.raises(Refused) as refused:
            await send(idle, "not-even-a-complaint", name, payload)
        assert refused.value.code == "unreadable"
        assert refused.value.sentence.startswith(f"This {name} could not be read: ")
        assert "6222" not in refused.value.sentence


class TestWhoIsThere:
    @pytest.mark.parametrize(("name", "message"), [("add_note", NOTE), ("evidence_added", EVIDENCE)])
    async def test_no_such_complaint(self, idle: Client, name: str, message: dict[str, Any]) -> None:
        with pytest.raises(Refused) as refused:
            await send(idle, "no-such", name, message)
        assert (refused.value.code, refused.value.sentence) == ("not_found", "There is no complaint no-such.")

    @pytest.mark.parametrize("ask", [gateway.case_file, gateway.deadlines, gateway.open_tasks])
    async def test_nothing_to_ask(self, idle: Client, ask: Any) -> None:
        with pytest.raises(Refused, match="There is no complaint no-such"):
            await ask(idle, "no-such")

    @pytest.mark.parametrize(("name", "message"), [("add_note", NOTE), ("evidence_added", EVIDENCE)])
    async def test_a_closed_complaint_takes_nothing_in(self, idle: Client, name: str, message: dict[str, Any]) -> None:
        new = complaint()
        await open_complaint(idle, new)
        await idle.get_workflow_handle(workflow_id(new.reference)).terminate()
        with pytest.raises(Refused) as refused:
            await send(idle, new.reference, name, message)
        assert refused.value.code == "closed"

    async def test_facts_are_taken_in_when_nobody_is_at_work(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        assert await send(idle, new.reference, "evidence_added", EVIDENCE) is None
        history = await idle.get_workflow_handle(workflow_id(new.reference)).fetch_history()
        signals = [event.workflow_execution_signaled_event_attributes for event in history.events]
        (sent,) = [json.loads(signal.input.payloads[0].data) for signal in signals if signal.signal_name]
        assert sent == EVIDENCE

    @pytest.mark.usefixtures("hurried")
    async def test_decisions_and_questions_say_that_nobody_is_at_work(self, idle: Client) -> None:
        new = complaint()
        await open_complaint(idle, new)
        with pytest.raises(WorkerNotThere, match=f"No worker answered for the complaint {new.reference} within 1 s"):
            await send(idle, new.reference, "add_note", NOTE)
        with pytest.raises(WorkerNotThere, match=r"start worker\.py"):
            await gateway.case_file(idle, new.reference)
