"""A real Temporal development server for tests, in memory, with the namespaces that they need."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.testing import WorkflowEnvironment


@asynccontextmanager
async def temporal_server(*namespaces: str) -> AsyncIterator[dict[str, str]]:
    """The environment by which a program finds the server. The namespace ``default`` is always there."""
    binary = shutil.which("temporal", path=str(Path(sys.executable).parent))
    extra = [word for name in namespaces for word in ("--namespace", name)]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=binary, dev_server_extra_args=extra, dev_server_log_level="error"
    ) as server:
        yield at(server.client.service_client.config.target_host)


def at(address: str, namespace: str = "default", **more: str) -> dict[str, str]:
    """An environment that names a server, and is deaf to the settings of the machine."""
    return {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": namespace, "TEMPORAL_CONFIG_FILE": "/nonexistent"} | more


def in_namespace(environment: Mapping[str, str], namespace: str) -> dict[str, str]:
    """The same server, another namespace."""
    return {**environment, "TEMPORAL_NAMESPACE": namespace}
