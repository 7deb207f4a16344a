"""Guarantees of the book of complaints: a count that fails harms no other, ends nothing, and shows as staleness."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig

from client.attributes import register_attributes
from service.book import Book
from tests.temporal_server import temporal_server
from workflows.plugin import complaints_plugin

STALENESS = "complaints_book_read_timestamp_seconds"


async def test_a_count_that_fails_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    buffer = MetricBuffer(10_000)
    runtime = Runtime(telemetry=TelemetryConfig(metrics=buffer))
    async with temporal_server() as environment:
        client = await Client.connect(environment["TEMPORAL_ADDRESS"], plugins=[complaints_plugin()])
        book = Book(client, runtime.metric_meter, timedelta(seconds=30))
        with caplog.at_level(logging.WARNING):
            await book.read()
        counted = {update.metric.name for update in buffer.retrieve_updates()}
        assert counted == {"complaints_stuck", "complaints_ended_otherwise"}, "no complaint's attribute exists yet"
        assert {record.getMessage() for record in caplog.records} == {"the book could not be counted"}
        await register_attributes(client)
        await book.read()
        counted = {update.metric.name for update in buffer.retrieve_updates()}
        assert {STALENESS, "complaints_open", "complaints_overdue"} <= counted
