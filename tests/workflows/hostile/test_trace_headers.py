"""Guarantee: where traces are on, a header that is none stops nothing, whether it comes with the start or a message."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from opentelemetry.trace import NoOpTracer
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from client.trace_headers import Tracing
from tests.workflows.case import OWNER, Case, entries
from tests.workflows.conftest import complaint, worker_for
from tests.workflows.hostile.senders import run_temporal
from tests.workflows.recorded_bank import RecordedBank
from workflows.names import WORKFLOW_TYPE, workflow_id

TRACED = "traced"
EVIDENCE = {"message_id": "m-1", "evidence": {"uri": "vault://1", "description": "a page"}}
NO_CARRIERS = ['"nonsense"', "7", '["traceparent"]', '{"traceparent": 7}', '{"traceparent": "nonsense"}', "null"]


@pytest.mark.parametrize("header", NO_CARRIERS)
async def test_a_header_that_is_none_stops_nothing(
    rolling_env: WorkflowEnvironment, recorded_bank: RecordedBank, header: str
) -> None:
    reference = f"T-{uuid4().hex[:10]}"
    settings = rolling_env.client.config()
    settings["interceptors"] = [Tracing(NoOpTracer())]
    client = Client(**settings)
    case = Case(rolling_env, client, recorded_bank, client.get_workflow_handle(workflow_id(reference)))
    address = f"--address={client.service_client.config.target_host}"
    about = [address, f"--headers=_tracer-data={header}", f"--workflow-id={case.handle.id}"]
    start = ["start", "--type", WORKFLOW_TYPE, "--task-queue", TRACED, "--input", json.dumps(complaint(reference))]
    note = ["update", "execute", "--name", "add_note", "--input", json.dumps({"by": OWNER, "text": "kept in mind"})]
    fact = ["signal", "--name", "evidence_added", "--input", json.dumps(EVIDENCE)]
    ask = ["query", "--name", "case_file"]
    async with worker_for(client, recorded_bank, task_queue=TRACED):
        for words in (start, fact, note, ask):
            code, _, error = await run_temporal("workflow", *words, *about)
            assert (code, error) == (0, "")
        file = await case.until(lambda file: len(file["evidence"]) == 1)
        assert len(entries(file, "add_note")) == 1
        assert not await case.task_failures()
