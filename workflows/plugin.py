"""One plugin for client, worker and replayer, so that all three read and write the same way."""

from __future__ import annotations

from dataclasses import replace

from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import CompositePayloadConverter, DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import ApplicationError
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from activities.still_alive import StillAlive
from domain.refusals import SENTENCES
from workflows.compression import CompressedDocuments
from workflows.in_step import AsksAgain, SandboxInStep
from workflows.interceptor import FreshCaseSheet, OnePayloadPerMessage

SHARED = (
    "activities.interface",
    "annotated_types",
    "domain",
    "iso4217",
    "pydantic",
    "pydantic_core",
    "workflows",
    "zoneinfo",
)
"""Imported once per worker: importing them for every complaint took a third of its time. A test of purity holds
``domain`` and ``workflows`` to what the sandbox would: no clock, chance, environment, input or output."""


ENCODINGS = (CompressedDocuments(), *PydanticPayloadConverter().converters.values())


class SharedEncodings(CompositePayloadConverter):
    """The SDK makes a converter for every step: what pydantic has learnt of a type is kept for all complaints."""

    def __init__(self) -> None:
        super().__init__(*ENCODINGS)


class PlainRefusals(DefaultFailureConverter):
    """Refusals are answers, not accidents: the Temporal UI shall show their sentence without a stack trace."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """Leave the stack trace out where the exception carries a refusal."""
        super().to_failure(exception, payload_converter, failure)
        if isinstance(exception, ApplicationError) and exception.type in SENTENCES:
            failure.ClearField("stack_trace")


def complaints_plugin() -> SimplePlugin:
    """Data converter, sandbox pass-through and interceptors of the complaints service."""
    return SimplePlugin(
        "complaints",
        data_converter=replace(
            pydantic_data_converter, payload_converter_class=SharedEncodings, failure_converter_class=PlainRefusals
        ),
        interceptors=[OnePayloadPerMessage(), FreshCaseSheet(), StillAlive(), AsksAgain()],
        workflow_runner=_runner,
    )


def _runner(existing: WorkflowRunner | None) -> WorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*SHARED)
    return SandboxInStep(restrictions=restrictions)
