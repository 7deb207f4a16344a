"""The connection to Temporal.

Settings come from ``temporalio.envconfig``: TEMPORAL_ADDRESS and its kin, or a profile of a TOML file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeNamespaceResponse
from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode

from client.tracing import tracing
from workflows.plugin import complaints_plugin

DEFAULT_ADDRESS = "localhost:7233"
PATIENCE = timedelta(seconds=5)


class ServerNotThere(Exception):
    """Temporal cannot be used as configured. The text is one sentence with the address."""


class AccessDenied(ServerNotThere):
    """The server answers, but not to us: waiting does not mend it."""


async def connect(environment: Mapping[str, str] | None = None, *, quiet: bool = False) -> Client:
    """Connect as the environment (of this process, unless another is given) says, or say what is not there.

    With ``quiet`` the SDK's own warnings about retries do not show; what they lead to is raised anyway.

    Raises:
        ServerNotThere: no server at the address, no such namespace, or settings that cannot be read.
    """
    client = await reach(environment, quiet=quiet)
    await describe_namespace(client)
    return client


async def reach(environment: Mapping[str, str] | None = None, *, quiet: bool = False) -> Client:
    """Connect as :func:`connect` does, to a server that may not have the namespace yet."""
    config = connect_config(environment)
    runtime = _silent_runtime() if quiet else None
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await Client.connect(
                **config,
                plugins=[complaints_plugin()],
                interceptors=tracing(),
                connect_timeout=PATIENCE,
                runtime=runtime,
            )
    except TimeoutError:
        raise ServerNotThere(_nobody_at(config["target_host"], "no answer")) from None
    except (RuntimeError, ValueError) as wrong:
        raise ServerNotThere(_nobody_at(config["target_host"], _cause(str(wrong)))) from None


@cache
def _silent_runtime() -> Runtime:
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # a collector that is not there is no news here
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="off")))


def connect_config(environment: Mapping[str, str] | None = None) -> ClientConnectConfig:
    """What the environment and the profile say, with the default address when they name none."""
    try:
        config = ClientConfig.load_client_connect_config(config_file_strict=True, override_env_vars=environment)
    except (RuntimeError, OSError) as wrong:
        reason = " ".join(str(wrong).splitlines()[-1:]).strip().rstrip(".")
        raise ServerNotThere(f"The Temporal client settings cannot be used: {reason}.") from None
    config.setdefault("target_host", DEFAULT_ADDRESS)
    return config


async def describe_namespace(client: Client) -> DescribeNamespaceResponse:
    """What the server says of the client's namespace, or why it says nothing."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        return await client.workflow_service.describe_namespace(request, timeout=PATIENCE)
    except RPCError as wrong:
        raise _not_there(client, wrong) from None


def _not_there(client: Client, wrong: RPCError) -> ServerNotThere:
    address = client.service_client.config.target_host
    match wrong.status:
        case RPCStatusCode.NOT_FOUND:
            return ServerNotThere(
                f"The Temporal server at {address} has no namespace {client.namespace}; set TEMPORAL_NAMESPACE, or "
                "make it with 'starter.py setup'."
            )
        case RPCStatusCode.PERMISSION_DENIED | RPCStatusCode.UNAUTHENTICATED:
            return AccessDenied(
                f"The Temporal server at {address} does not let us use the namespace {client.namespace}; set "
                "TEMPORAL_API_KEY or TEMPORAL_TLS_*."
            )
        case _:
            return ServerNotThere(_nobody_at(address, wrong.status.name.lower()))


def _nobody_at(address: str, cause: str) -> str:
    return f"No Temporal server answers at {address} ({cause}); start it, or set TEMPORAL_ADDRESS."


def _cause(said: str) -> str:
    """The known part of a transport error; the rest would be a page of Rust."""
    for words in (
        "Connection refused",
        "dns error",
        "InvalidCertificate",
        "Unimplemented",
        "InvalidUri",
        "PermissionDenied",
    ):
        if words in said:
            return words.lower()
    return "it cannot be reached"
