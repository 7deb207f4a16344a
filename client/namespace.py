"""The namespace that complaints live in: made once, with the time for which it keeps those that are closed."""

from __future__ import annotations

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from client.connection import PATIENCE, AccessDenied, ServerNotThere, describe_namespace
from client.deployment import routing
from client.failures import Refused
from workflows.names import SEARCH_ATTRIBUTES, workflow_id

RETENTION = timedelta(days=90)
"""How long the server keeps a closed complaint's history; the archive keeps its record, and its reference taken."""


async def make_namespace(client: Client, retention: timedelta) -> bool:
    """Make the client's namespace; false when it was there.

    Raises:
        Refused: the server does not want this retention.
        ServerNotThere: it does not make namespaces for us, or not yet.
    """
    request = RegisterNamespaceRequest(
        namespace=client.namespace,
        description="Complaints of the bank's customers",
        workflow_execution_retention_period=_duration(retention),
    )
    try:
        await client.workflow_service.register_namespace(request, timeout=PATIENCE)
    except RPCError as wrong:
        match wrong.status:
            case RPCStatusCode.ALREADY_EXISTS:
                return False
            case RPCStatusCode.PERMISSION_DENIED | RPCStatusCode.UNAUTHENTICATED | RPCStatusCode.UNIMPLEMENTED:
                return await _made_by_somebody_else(client)
        raise _plain(wrong, "makes no namespace") from None
    return True


async def _made_by_somebody_else(client: Client) -> bool:
    """Where only administrators make namespaces, one that is there will do."""
    try:
        await describe_namespace(client)
    except ServerNotThere:
        raise AccessDenied(
            f"The server does not let us make namespaces, and there is none called {client.namespace} for us; have "
            "its administrator make it, or set TEMPORAL_NAMESPACE."
        ) from None
    return False


def retention_of(described: DescribeNamespaceResponse) -> timedelta:
    """How long this namespace keeps closed complaints."""
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


async def change_retention(client: Client, retention: timedelta) -> None:
    """Keep closed complaints for longer or shorter; also those that are closed already."""
    config = NamespaceConfig(workflow_execution_retention_ttl=_duration(retention))
    try:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config), timeout=PATIENCE
        )
    except RPCError as wrong:
        raise _plain(wrong, "does not change the retention") from None


async def usable(client: Client) -> bool:
    """Whether each part of the server knows the namespace and its search attributes; a new one needs seconds."""
    naming_all = " OR ".join(f"{key.name} IS NOT NULL" for key in SEARCH_ATTRIBUTES)
    try:
        await client.count_workflows(naming_all, rpc_timeout=PATIENCE)
        await routing(client)
        return await _known_to_history(client)
    except RPCError:
        return False


async def _known_to_history(client: Client) -> bool:
    """The part that runs complaints says of one that cannot be there that it, and not the namespace, is missing."""
    try:
        await client.get_workflow_handle(workflow_id("")).describe(rpc_timeout=PATIENCE)
    except RPCError as wrong:
        details = wrong.grpc_status.details
        return wrong.status is RPCStatusCode.NOT_FOUND and not any(
            one.Is(NamespaceNotFoundFailure.DESCRIPTOR) for one in details
        )
    return True


def _plain(wrong: RPCError, what: str) -> Exception:
    if wrong.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.PERMISSION_DENIED):
        return Refused("namespace", f"The server {what}: {wrong.message.rstrip('.')}.")
    return ServerNotThere(f"The server {what} ({wrong.status.name.lower()}).")


def _duration(span: timedelta) -> Duration:
    return Duration(seconds=int(span.total_seconds()))
