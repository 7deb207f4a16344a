"""Guarantee: the converter treats every payload alike, whatever it belongs to; ``InStep`` spares workers the question.

Whoever gives it a codec or a storage that wants to know has to let ``InStep`` answer again.
"""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from workflows.plugin import complaints_plugin


def test_nothing_in_the_converter_wants_to_know_what_a_payload_belongs_to() -> None:
    converter = complaints_plugin().data_converter
    assert not callable(converter) and converter is not None
    assert converter.payload_converter_class is pydantic_data_converter.payload_converter_class
    assert converter.payload_codec is None
    assert converter.external_storage is None
