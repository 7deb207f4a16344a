"""Guarantee: a task of which a query has brought the first part early is not taken in two steps, but begins anew.

The steps are those that SDK Core makes when a query finds a worker that does not know the complaint, and a cancel
request is waiting for its task (seen on the real server; by chance, one time in three).
"""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance

from workflows.in_step import InStep


class Noted(WorkflowInstance):
    """A workflow that only notes its steps."""

    def __init__(self) -> None:
        self.steps: list[list[str]] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.steps.append([str(job.WhichOneof("variant")) for job in act.jobs])
        return WorkflowActivationCompletion(run_id="the workflow's own")

    def get_serialization_context(self, command_info: Any) -> None:
        return None

    def get_external_store_context(self, command_info: Any) -> Any:
        return "store"

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


def begun_anew(answer: WorkflowActivationCompletion) -> bool:
    return answer.failed.force_cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE


@pytest.mark.parametrize("replaying", [False, True], ids=["here", "by another worker"])
def test_a_task_of_which_a_query_was_ahead_begins_anew(replaying: bool) -> None:
    inner = Noted()
    outer = InStep(inner)
    answers = [outer.activate(act) for act in (*KNOWN, EARLY, QUERY, step(30, 30, "do_update", replaying=replaying))]
    assert [begun_anew(answer) for answer in answers] == [False] * 4 + [True]
    assert inner.steps[2:] == [["cancel_workflow"], ["query_workflow"]]


def test_further_queries_are_answered_meanwhile() -> None:
    steps = taken(*KNOWN, EARLY, QUERY, QUERY, step(20, 31, "fire_timer"), QUERY)
    assert steps[2:] == [["cancel_workflow"], *[["query_workflow"]] * 2, ["fire_timer"], ["query_workflow"]]


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
    acts = (*KNOWN, EARLY, QUERY, step(30, 30, "do_update"), step(0, 0, "remove_from_cache"))
    assert taken(*acts)[-1] == ["remove_from_cache"]


def test_everything_else_is_the_workflow_s_own() -> None:
    outer: Any = InStep(Noted())
    assert outer.get_serialization_context(None) is None
    assert outer.get_external_store_context(None) == "store"
    assert (outer.get_info(), outer.get_thread_id()) == ("info", 7)
