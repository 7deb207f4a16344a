"""Guarantee: a query never has a complaint take events in before their time, and whoever asked gets an answer; and no
two tasks in a row record nothing (what that is for: ``test_taking_over.py``).

The steps are those that SDK Core makes when a query finds a worker that does not know the complaint, and events are
waiting for their task. On the real server this happens when a worker is killed.
"""

from __future__ import annotations

import asyncio
import builtins
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.converter import encode_typed_search_attribute_value
from temporalio.worker import WorkflowInstance
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from client.attributes import register_attributes
from client.connection import connect
from client.gateway import case_file, open_complaint
from domain.complaint import Complaint
from tests.replay import replay_every_history
from tests.temporal_server import temporal_server
from tests.waiting import answered
from tests.worker_process import BANK, said, worker_process
from tests.workflows.case import Case
from tests.workflows.conftest import OpenCase, complaint
from workflows import publisher
from workflows.in_step import ASK_AGAIN, InStep
from workflows.names import STAGE, workflow_id

PAGE = {"uri": "vault://page", "description": "a page"}


class Noted(WorkflowInstance):
    """A workflow that only notes its steps."""

    def __init__(self) -> None:
        self.steps: list[list[str]] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.steps.append([str(job.WhichOneof("variant")) for job in act.jobs])
        return WorkflowActivationCompletion(run_id="the workflow's own")

    def get_serialization_context(self, command_info: Any) -> Any:
        raise AssertionError("asking is dear")

    def get_external_store_context(self, command_info: Any) -> Any:
        raise AssertionError("asking is dear")

    def get_info(self) -> Any:
        return "info"

    def get_thread_id(self) -> int:
        return 7


def step(started: int, length: int, *jobs: str, replaying: bool = False) -> WorkflowActivation:
    """A step as Core asks for it: when its task started, how long the history is, and what is to be taken in."""
    act = WorkflowActivation(history_length=length, is_replaying=replaying)
    act.timestamp.FromSeconds(started)
    for job in jobs:
        getattr(act.jobs.add(), job).SetInParent()
    return act


def taken(*acts: WorkflowActivation) -> list[list[str]]:
    """The steps that reach the workflow."""
    inner = Noted()
    outer = InStep(inner)
    for act in acts:
        outer.activate(act)
    return inner.steps


KNOWN = (step(10, 3, "initialize_workflow", replaying=True), step(20, 25, "resolve_activity", replaying=True))
QUERY = step(20, 29, "query_workflow", replaying=True)
EARLY = step(20, 29, "cancel_workflow")


def not_yet(answer: WorkflowActivationCompletion) -> bool:
    return answer.failed.force_cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE


def test_a_step_before_its_time_is_not_taken() -> None:
    inner = Noted()
    outer = InStep(inner)
    answers = [outer.activate(act) for act in (*KNOWN, EARLY, QUERY)]
    assert [not_yet(answer) for answer in answers] == [False, False, True, False]
    assert inner.steps[2:] == [["query_workflow"]]


def test_a_query_that_is_not_ahead_changes_nothing() -> None:
    known = step(20, 25, "query_workflow", replaying=True)
    assert taken(*KNOWN, known, step(30, 30, "do_update"))[2:] == [["query_workflow"], ["do_update"]]


def test_tasks_one_after_the_other_are_taken_as_they_come() -> None:
    acts = (step(10, 3, "initialize_workflow"), step(20, 7, "resolve_activity"), step(30, 11, "signal_workflow"))
    assert taken(*acts) == [["initialize_workflow"], ["resolve_activity"], ["signal_workflow"]]


def test_a_local_activity_belongs_to_the_task_in_which_it_ends() -> None:
    acts = (step(10, 3, "initialize_workflow"), step(10, 3, "resolve_activity"), step(20, 7, "signal_workflow"))
    assert taken(*acts) == [["initialize_workflow"], ["resolve_activity"], ["signal_workflow"]]


def test_whoever_begins_anew_is_put_away_first() -> None:
    assert taken(*KNOWN, EARLY, QUERY, step(0, 0, "remove_from_cache"))[-1] == ["remove_from_cache"]


def test_its_converter_asks_nothing_and_the_rest_is_the_workflow_s_own() -> None:
    outer: Any = InStep(Noted())
    assert outer.get_serialization_context(None) is None
    assert outer.get_external_store_context(None).target is None
    assert (outer.get_info(), outer.get_thread_id()) == ("info", 7)


class Recording(Noted):
    """A workflow that has told in each step what it does."""

    def __init__(self, *commands: list[WorkflowCommand]) -> None:
        super().__init__()
        self._commands = iter(commands)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        completion = super().activate(act)
        completion.successful.commands.extend(next(self._commands))
        return completion


def starts_a_timer(seq: int = 1) -> WorkflowCommand:
    command = WorkflowCommand()
    command.start_timer.seq = seq
    return command


def tells(stage: str) -> WorkflowCommand:
    command = WorkflowCommand()
    told = command.upsert_workflow_search_attributes.search_attributes
    told.indexed_fields[STAGE.name].CopyFrom(encode_typed_search_attribute_value(STAGE, stage))
    return command


def answers(which: str) -> WorkflowCommand:
    command = WorkflowCommand()
    getattr(command.update_response, which).SetInParent()
    return command


def traces(*steps: tuple[str, list[WorkflowCommand]], begins: str = "") -> list[str]:
    """For each step, named by the job that it takes in, the stage that it says again; empty where it says none."""
    outer = InStep(Recording(*(commands for _, commands in steps)))
    found = []
    for number, (job, commands) in enumerate(steps):
        act = step(10 * number, 4 * number + 3, job)
        if begins:
            told = tells(begins).upsert_workflow_search_attributes.search_attributes
            act.jobs.add().initialize_workflow.search_attributes.CopyFrom(told)
        recorded = outer.activate(act).successful.commands
        again = [one.upsert_workflow_search_attributes.search_attributes for one in recorded[len(commands) :]]
        found.append("".join(json.loads(one.indexed_fields[STAGE.name].data) for one in again))
    return found


ANSWER, FACT, DECISION = "resolve_activity", "signal_workflow", "do_update"


def test_of_two_tasks_in_a_row_one_records_something() -> None:
    begun = ("initialize_workflow", [starts_a_timer(), tells("acknowledged")])
    assert traces(begun, *[(FACT, []), (ANSWER, [])] * 2) == ["", "", "acknowledged", "", "acknowledged"]
    assert traces(begun, (FACT, []), (ANSWER, [tells("investigating")]), (FACT, []), (FACT, [])) == [
        *("", "", "", ""),
        "investigating",
    ]


def test_the_first_task_of_a_run_records_something() -> None:
    assert traces((FACT, [])) == ["received"]
    assert traces((FACT, []), begins="calling_back") == ["calling_back"]


def test_a_refused_decision_leaves_no_task_and_an_accepted_one_does() -> None:
    begun = ("initialize_workflow", [starts_a_timer()])
    assert traces(begun, (FACT, []), (DECISION, [answers("rejected")]), (FACT, [])) == ["", "", "", "received"]
    assert traces(begun, (FACT, []), (DECISION, [answers("accepted")]), (FACT, [])) == [""] * 4
    assert traces(begun, (FACT, []), (FACT, [answers("rejected")])) == ["", "", "received"]


def test_after_so_much_that_a_refused_decision_would_leave_a_task_the_next_one_records_something() -> None:
    much = ("initialize_workflow", [starts_a_timer(number) for number in range(8)])
    assert traces(much, (FACT, [])) == ["", "received"]


async def asked_ahead(asking: Client, telling: Client, reference: str) -> str:
    """Ask for the file, and then tell the complaint something, while the worker that knows it is dead.

    Both wait for the dead worker; the query is given to another one first, where it came first (it seldom does not).
    """
    question = asyncio.create_task(asking.get_workflow_handle(workflow_id(reference)).query("case_file"))
    handle = telling.get_workflow_handle(workflow_id(reference))
    await handle.describe()  # a round trip: the question has arrived
    await handle.signal("evidence_added", {"message_id": "late", "evidence": PAGE})
    try:
        return str((await question)["evidence"][-1]["uri"])
    except WorkflowQueryFailedError as failed:
        return failed.message


async def test_a_worker_is_killed_and_a_query_comes_before_the_news(tmp_path: Path) -> None:
    async with temporal_server() as server:
        client = await connect(server)
        await register_attributes(client)
        impatient = await Client.connect(server["TEMPORAL_ADDRESS"])
        references = [f"AHEAD-{number}" for number in range(8)]
        async with worker_process(tmp_path, **server, **BANK) as first:
            await said(first, "worker ready")
            for reference in references:
                await open_complaint(client, Complaint.model_validate(complaint(reference)))
                await answered(partial(case_file, client, reference), lambda file: bool(file["errands"]))
            first.kill()
            await first.wait()
        started = datetime.now(UTC)
        async with worker_process(tmp_path, **server, **BANK) as second:
            await said(second, "worker ready")
            asking = [client, client, *[impatient] * 6]
            answers = await asyncio.gather(*map(asked_ahead, asking, [client] * 8, references))
            files = [await case_file(client, reference) for reference in references]
        assert answers[:2] == [PAGE["uri"]] * 2
        assert ASK_AGAIN in answers[2:]
        assert set(answers[2:]) <= {ASK_AGAIN, PAGE["uri"]}
        assert all(datetime.fromisoformat(file["journal"][-1]["at"]) > started for file in files)
        await replay_every_history(client)


async def test_the_sandbox_guards_complaints_and_spares_them_the_detour_of_isinstance(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The complaint runs in the sandbox, and asks Python itself what something is an instance of."""
    real, asked = builtins.isinstance, []

    def looks_around(*state: Any) -> bool:
        asked.append(builtins.isinstance is real)
        with pytest.raises(RestrictedWorkflowAccessError):
            open("anything")  # noqa: SIM115
        return False

    monkeypatch.setattr(publisher, "needs_attention", looks_around)
    case: Case = await open_case()
    await case.stage("acknowledged")
    assert asked and all(asked)
