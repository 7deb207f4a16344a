"""A real Temporal development server for tests, in memory, with the namespaces that they need."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from workflows.plugin import complaints_plugin

TEMPORAL = Path(sys.executable).with_name("temporal")


async def skipping_server(
    *settings: str, ui_port: int | None = None, search_attributes: Sequence[SearchAttributeKey[Any]] = ()
) -> WorkflowEnvironment:
    """A server that skips time when told to, with further dynamic settings, to be entered as a context."""
    words = [
        "frontend.WorkflowTimeSkippingEnabled=true",
        # A timer that skipping has reached fires at once, and not up to a second after.
        'history.timerProcessorMaxTimeShift="10ms"',
        # A complaint that is deleted is gone at once, and not half a minute after.
        "history.transferProcessorEnsureCloseBeforeDelete=false",
        *settings,
    ]
    return await WorkflowEnvironment.start_time_skipping_v2(
        plugins=[complaints_plugin()],
        search_attributes=search_attributes,
        ui=ui_port is not None,
        ui_port=ui_port,
        dev_server_existing_path=str(TEMPORAL),
        dev_server_log_level="error",
        dev_server_extra_args=[arg for word in words for arg in ("--dynamic-config-value", word)],
    )


@asynccontextmanager
async def temporal_server(*namespaces: str, settings: Sequence[str] = ()) -> AsyncIterator[dict[str, str]]:
    """The environment by which a program finds the server. The namespace ``default`` is always there."""
    extra = [word for name in namespaces for word in ("--namespace", name)]
    extra += [word for setting in settings for word in ("--dynamic-config-value", setting)]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(TEMPORAL), dev_server_extra_args=extra, dev_server_log_level="error"
    ) as server:
        yield at(server.client.service_client.config.target_host)


def at(address: str, namespace: str = "default", **more: str) -> dict[str, str]:
    """An environment that names a server, and is deaf to the settings of the machine."""
    return {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": namespace, "TEMPORAL_CONFIG_FILE": "/nonexistent"} | more


def in_namespace(environment: Mapping[str, str], namespace: str) -> dict[str, str]:
    """The same server, another namespace."""
    return {**environment, "TEMPORAL_NAMESPACE": namespace}
