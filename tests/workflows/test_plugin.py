"""Guarantee: the converter treats every payload alike, whatever it belongs to; ``InStep`` spares workers the question.

Whoever gives it a codec or a storage that wants to know has to let ``InStep`` answer again.
"""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import WithSerializationContext

from workflows.plugin import SharedEncodings, complaints_plugin


def test_nothing_in_the_converter_wants_to_know_what_a_payload_belongs_to() -> None:
    converter = complaints_plugin().data_converter
    assert not callable(converter) and converter is not None
    assert converter.payload_converter_class is SharedEncodings
    assert not any(isinstance(one, WithSerializationContext) for one in SharedEncodings().converters.values())
    assert converter.payload_codec is None
    assert converter.external_storage is None


def test_it_reads_and_writes_as_the_sdks_own_does_and_learns_each_type_once() -> None:
    ours, theirs = SharedEncodings(), pydantic_data_converter.payload_converter
    values = [b"bytes", None, {"amount": "8000.00"}, ["a", 1]]
    assert ours.to_payloads(values) == theirs.to_payloads(values)
    assert ours.from_payloads(ours.to_payloads(values)) == values
    assert SharedEncodings().converters == ours.converters
