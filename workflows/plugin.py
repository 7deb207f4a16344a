"""One plugin for client, worker and replayer, so that all three read and write the same way."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.interceptor import OnePayloadPerMessage

PURE = ("activities.interface", "annotated_types", "domain", "iso4217", "pydantic", "pydantic_core", "zoneinfo")
"""Modules without clock, randomness or input and output: shared, not imported anew for every complaint."""
PARTS = ("clocks", "decisions", "desk", "errands", "handlers", "names", "payloads", "publisher", "rules", "upkeep")
"""The parts of the workflow. A test holds them and ``domain`` to what a workflow may do, in the sandbox's stead."""


def complaints_plugin() -> SimplePlugin:
    """Data converter, sandbox pass-through and interceptors of the complaints service."""
    return SimplePlugin(
        "complaints",
        data_converter=pydantic_data_converter,
        interceptors=[OnePayloadPerMessage()],
        workflow_runner=_runner,
    )


def _runner(existing: WorkflowRunner | None) -> WorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PURE, *(f"workflows.{part}" for part in PARTS))
    return SandboxedWorkflowRunner(restrictions=restrictions)
