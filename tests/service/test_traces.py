"""Guarantees of the traces, by what a real worker and the real command line sent to a collector:

- one trace leads from ``starter.py open`` through the complaint to the request in the bank's own system;
- every span of a complaint has its reference; a failed one says which kind of error, and nothing else;
- no word that a person wrote is in any byte that was sent;
- without a collector nothing of OpenTelemetry's SDK is even imported.
"""

from __future__ import annotations

import subprocess
import sys

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from embedded.process import ROOT
from tests.service.conftest import Observed
from tests.service.test_log import all_personal
from tests.worker_process import own_environment


def named(observed: Observed, name: str, reference: str = "MY-0001") -> Span:
    """The first span of a name."""
    return next(span for span in observed.spans if span.name == name and attributes(span).get("complaint") == reference)


def attributes(span: Span) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value for attribute in span.attributes}


def lineage(observed: Observed, span: Span) -> list[str]:
    """Names from the root of a trace down to a span."""
    parents = {other.span_id: other for other in observed.spans}
    names = [span.name]
    while span.parent_span_id:
        span = parents[span.parent_span_id]
        names.insert(0, span.name)
    return names


def test_one_trace_from_the_command_line_to_the_bank(observed: Observed) -> None:
    asked = named(observed, "RunActivity:look_up_customer")
    assert lineage(observed, asked) == [
        "StartWorkflow:ComplaintWorkflow",
        "StartActivity:look_up_customer",
        "RunActivity:look_up_customer",
    ]
    assert named(observed, "RunWorkflow:ComplaintWorkflow").trace_id == asked.trace_id
    assert observed.directory[0]["traceparent"] == f"00-{asked.trace_id.hex()}-{asked.span_id.hex()}-03"


def test_spans_carry_the_reference(observed: Observed) -> None:
    assert len(observed.spans) > 50
    for span in observed.spans:
        assert attributes(span)["temporalWorkflowID"] == f"complaint-{attributes(span)['complaint']}"


def test_a_failure_is_told_by_its_type_only(observed: Observed) -> None:
    failures = {span.status.message for span in observed.spans if span.status.code == span.status.STATUS_CODE_ERROR}
    assert failures == {"ApplicationError"}
    assert not any(span.events for span in observed.spans)


def test_a_refused_decision_is_no_end_of_the_complaint(observed: Observed) -> None:
    assert not [span for span in observed.spans if span.name.startswith("CompleteWorkflow")]


def test_no_word_of_a_person_is_sent(observed: Observed) -> None:
    assert [word for word in all_personal(observed) if word.encode() in observed.span_bytes] == []


def test_without_a_collector_nothing_is_imported() -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import sys, worker, client.connection; from client.tracing import tracing; print(tracing(), "
            "[name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])",
        ],
        cwd=ROOT,
        env=own_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert checked.stdout == "[] []\n"
