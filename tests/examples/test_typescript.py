"""Guarantees of the intake in TypeScript, over real HTTP, built as its developer builds it:

* It installs from its lock, which names no registry, and compiles under strict rules.
* Every answer that its users meet is what docs/intake.md promises: 201, 200, 202, 404, 409, 413, 422, 503.
* What a TypeScript client sends (missing fields, dates, nothing, bytes) is taken in, or kept for a person: never lost,
  and never the end of the complaint.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.published import messages
from tests.examples.closing import case_of, close
from tests.examples.conftest import listening, ran
from tests.server import ROOT, Server
from workflows.names import workflow_id

EXAMPLES = messages()
SOURCE = ROOT / "examples" / "typescript-intake"


class Insisting(httpx.AsyncHTTPTransport):
    """Sends a request again that was answered with 503, as the intake's users are told to: the machine may be busy."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(5):
            response = await super().handle_async_request(request)
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await response.aread()
        return response


@pytest.fixture(scope="session")
async def intake(built: Path, server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """The intake, where a worker is."""
    address = server.client.service_client.config.target_host
    async with (
        listening(built, {"TEMPORAL_ADDRESS": address}) as url,
        httpx.AsyncClient(base_url=url, timeout=30, transport=Insisting()) as client,
    ):
        yield client


def form(reference: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends."""
    complainant = EXAMPLES["complaint"]["complainant"] | {"customer_number": f"C-{reference}"}
    filled = EXAMPLES["complaint"] | {"reference": reference, "complainant": complainant} | changes
    return {field: value for field, value in filled.items() if field != "received_at" or field in changes}


async def test_a_complaint_is_opened_once_however_often_it_is_sent(intake: httpx.AsyncClient, server: Server) -> None:
    answers = [await intake.post("/complaints", json=form("TS-OPEN-1")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json() == answers[1].json() == {"reference": "TS-OPEN-1", "workflowId": "complaint-TS-OPEN-1"}
    description = await server.client.get_workflow_handle("complaint-TS-OPEN-1").describe()
    assert await description.static_summary() == "Complaint TS-OPEN-1"


async def test_two_at_the_same_time_open_one(intake: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(intake.post("/complaints", json=form("TS-OPEN-2")) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]


async def test_another_complaint_of_the_same_reference_is_told_apart(intake: httpx.AsyncClient) -> None:
    await intake.post("/complaints", json=form("TS-OPEN-3"))
    answer = await intake.post("/complaints", json=form("TS-OPEN-3", narrative="Something else altogether."))
    assert answer.status_code == 409
    assert "TS-OPEN-3" in answer.json()["error"]


async def test_a_reference_that_another_system_used_is_not_taken_for_the_same(
    intake: httpx.AsyncClient, server: Server
) -> None:
    await server.open(form("TS-OPEN-4"))
    assert (await intake.post("/complaints", json=form("TS-OPEN-4"))).status_code == 409


async def test_a_closed_complaint_is_not_opened_again(intake: httpx.AsyncClient, server: Server) -> None:
    await intake.post("/complaints", json=form("TS-OPEN-5"))
    await close(server, "TS-OPEN-5")
    assert (await intake.post("/complaints", json=form("TS-OPEN-5"))).status_code == 200
    assert (await intake.post("/complaints/TS-OPEN-5/withdrawal", json=EXAMPLES["withdraw"])).status_code == 404


async def test_the_bank_and_not_the_browser_says_when_it_was_received(
    intake: httpx.AsyncClient, server: Server
) -> None:
    await intake.post("/complaints", json=form("TS-OPEN-6", received_at="2001-01-01T00:00:00Z"))
    case = case_of(server, "TS-OPEN-6")
    assert (await case.file())["complaint"]["received_at"] > "2026"


async def test_what_is_wrong_is_named_field_by_field_and_nothing_is_opened(
    intake: httpx.AsyncClient, server: Server
) -> None:
    wrong = form("TS-WRONG") | {"reference": "TS wrong", "channel": "fax", "surprise": "secret words"}
    del wrong["summary"]
    answer = await intake.post("/complaints", json=wrong)
    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == [
        "/ must have required property 'summary'",
        "/channel must be equal to one of the allowed values",
        '/reference must match pattern "^[A-Za-z0-9][A-Za-z0-9._-]*$"',
        "/surprise is not a field of this message",
    ]
    assert "secret words" not in answer.text
    with pytest.raises(Exception, match="not found"):
        await server.client.get_workflow_handle("complaint-TS wrong").describe()


@pytest.mark.parametrize("content", ["", "{", "null", "[]", '"complaint"'])
async def test_what_is_no_object_is_refused(intake: httpx.AsyncClient, content: str) -> None:
    assert (await intake.post("/complaints", content=content)).status_code == 422


async def test_what_is_too_large_is_refused(intake: httpx.AsyncClient) -> None:
    answer = await intake.post("/complaints", json=form("TS-LARGE", narrative="x" * 1_100_000))
    assert answer.status_code == 413


async def test_a_fact_reaches_the_file_once(intake: httpx.AsyncClient, server: Server) -> None:
    await intake.post("/complaints", json=form("TS-FACT-1"))
    for _ in range(2):
        answer = await intake.post("/complaints/TS-FACT-1/contacts", json=EXAMPLES["customer_contacted_us"])
        assert answer.status_code == 202
    case = case_of(server, "TS-FACT-1")
    await case.decide("take_ownership", **EXAMPLES["take_ownership"])  # answered once the rules are known
    contacts = (await case.file())["contacts"]
    assert [contact["kind"] for contact in contacts] == ["chase"]


async def test_a_refusal_comes_with_its_code_and_sentence(intake: httpx.AsyncClient) -> None:
    await intake.post("/complaints", json=form("TS-DECIDE-1"))
    by = {"id": "CB-0012", "role": "call_back"}
    answer = await intake.post("/complaints/TS-DECIDE-1/withdrawal", json=EXAMPLES["withdraw"] | {"by": by})
    assert answer.status_code == 409
    assert answer.json()["code"] == "role_may_not"
    assert answer.json()["error"].startswith("The role call_back may not record a withdrawal")


async def test_a_decision_sent_twice_counts_once(intake: httpx.AsyncClient) -> None:
    await intake.post("/complaints", json=form("TS-DECIDE-2"))
    message = EXAMPLES["withdraw"] | {"message_id": "form-1"}
    receipts = [(await intake.post("/complaints/TS-DECIDE-2/withdrawal", json=message)).json() for _ in range(2)]
    assert [receipt["repeated"] for receipt in receipts] == [False, True]
    assert receipts[0] == receipts[1] | {"repeated": False}


async def test_the_customer_can_see_until_when_the_bank_answers(intake: httpx.AsyncClient, server: Server) -> None:
    case = await server.open(form("TS-ASK-1"))
    await case.decide("take_ownership", **EXAMPLES["take_ownership"])  # answered once the rules are known
    shown = (await intake.get("/complaints/TS-ASK-1")).json()
    promise = (await case.deadlines())["promise-1"]
    assert shown["reference"] == "TS-ASK-1"
    assert {"subject": promise["subject"], "due": promise["due_local"], "state": "running"} in shown["deadlines"]


async def test_what_is_not_there_is_not_found(intake: httpx.AsyncClient) -> None:
    asked = [intake.get("/complaints/TS-NONE"), intake.get("/"), intake.delete("/complaints")]
    assert [(await one).status_code for one in asked] == [404, 404, 404]


async def test_without_temporal_it_says_so_and_asks_to_be_asked_again(built: Path) -> None:
    async with listening(built, {"TEMPORAL_ADDRESS": "127.0.0.1:1"}) as url, httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(f"{url}/complaints", json=form("TS-AWAY-1"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_without_a_worker_complaints_are_taken_and_decisions_wait(
    built: Path, nobody_works: dict[str, str]
) -> None:
    async with listening(built, nobody_works) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        assert (await client.post("/complaints", json=form("TS-AWAY-2"))).status_code == 201
        fact = await client.post("/complaints/TS-AWAY-2/contacts", json=EXAMPLES["customer_contacted_us"])
        decision = await client.post("/complaints/TS-AWAY-2/withdrawal", json=EXAMPLES["withdraw"])
        question = await client.get("/complaints/TS-AWAY-2")
    assert (fact.status_code, decision.status_code, question.status_code) == (202, 503, 503)


def test_the_lock_names_no_host() -> None:
    text = (SOURCE / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text, "run: npm run lock"
    assert '"resolved"' not in text
    locked = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in locked.items() if name)


def test_versions_are_exact() -> None:
    project = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    wanted = project["dependencies"] | project["devDependencies"]
    assert all(version.replace(".", "").isdigit() for version in wanted.values())


PAYLOADS = (Path(__file__).parent / "payloads.mjs").read_bytes()
"""Sends what one TypeScript value becomes under the SDK's default converter."""

Send = Callable[[str, str, str], Any]


@pytest.fixture
def typescript(built: Path, here: dict[str, str]) -> Send:
    """Do one thing with the SDK for TypeScript: ``start``, ``signal`` or ``update`` with the value of an expression."""

    async def send(what: str, reference: str, expression: str) -> str:
        done = await ran(
            *("node", "--input-type=module", "-", what, workflow_id(reference), expression),
            cwd=built, environment=here, given=PAYLOADS,
        )  # fmt: skip
        assert done.code == 0, done.said
        return done.said.strip()

    return send


async def test_undefined_fields_and_dates_are_plain_json(typescript: Send, server: Server) -> None:
    rest = json.dumps(form("TS-PAYLOAD-1"))
    received = "new Date('2026-03-02T01:30:00.123Z')"
    await typescript("start", "TS-PAYLOAD-1", f"[{{...{rest}, received_at: {received}, wishes: undefined}}]")
    file = await case_of(server, "TS-PAYLOAD-1").file()
    assert file["complaint"]["received_at"] == "2026-03-02T01:30:00.123000Z"
    assert file["complaint"]["wishes"] is None


@pytest.mark.parametrize(
    ("number", "payloads", "why"),
    [
        (2, "[undefined]", "binary/null"),
        (3, "[new Uint8Array([1, 2])]", "binary/plain"),
        (4, "[]", "the message is empty"),
        (5, "[{}, {}]", "several payloads"),
        (6, "[null]", "must be a JSON object"),
    ],
)
async def test_what_is_no_complaint_waits_for_a_person_with_the_reason(
    typescript: Send, server: Server, number: int, payloads: str, why: str
) -> None:
    await typescript("start", f"TS-PAYLOAD-{number}", payloads)
    case = case_of(server, f"TS-PAYLOAD-{number}")
    (task,) = await case.tasks()  # answered by a worker that has read what came
    assert task["id"] == "intake"
    assert why in task["what"]
    corrected = json.loads(json.dumps(EXAMPLES["complaint"])) | {"reference": case.reference}
    await case.decide("resolve_task", **EXAMPLES["resolve_task"] | {"task": "intake", "complaint": corrected})
    assert (await case.file())["complaint"]["reference"] == case.reference


SHAPES = list(
    enumerate(["[undefined]", "[null]", "[new Uint8Array([1])]", "[]", "[{}, {}]", "[{sent_at: new Date(0)}]"])
)


@pytest.mark.parametrize(("number", "payloads"), SHAPES)
async def test_a_fact_of_any_shape_is_kept_for_a_person(
    typescript: Send, server: Server, number: int, payloads: str
) -> None:
    case = await server.open(form(f"TS-SIGNAL-{number}"))
    await case.decide("take_ownership", **EXAMPLES["take_ownership"])
    await typescript("signal", case.reference, payloads)
    assert [kept["name"] for kept in (await case.file())["quarantine"]] == ["customer_contacted_us"]


@pytest.mark.parametrize(("number", "payloads"), SHAPES)
async def test_a_decision_of_any_shape_is_refused_with_a_sentence(
    typescript: Send, server: Server, number: int, payloads: str
) -> None:
    case = await server.open(form(f"TS-UPDATE-{number}"))
    assert (await typescript("update", case.reference, payloads)).startswith("unreadable: This add_note could not be")
