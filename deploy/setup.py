"""The set-up job of docker-compose.yml: the namespace with its retention, and the search attributes.

Repeating it changes nothing. It waits for a server that is not ready; what waiting cannot mend ends it at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from client.attributes import AttributesRefused, register_attributes
from client.connection import ServerNotThere, connect, connect_config

RETENTION = timedelta(days=90)
"""How long the server keeps a closed complaint's history, and refuses its reference; the archive keeps its record."""
PATIENCE = timedelta(minutes=5)
PAUSE = timedelta(seconds=2)


async def set_up_when_there(environment: Mapping[str, str] | None = None) -> str:
    """Set up as soon as the server lets us, and say what was done.

    Raises:
        ServerNotThere: not within PATIENCE; the text is the last reason.
        AttributesRefused: search attributes of another type are registered.
    """
    until = monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            return await set_up(environment)
        except ServerNotThere as reason:
            if monotonic() > until:
                raise
            tell(f"{reason} Trying again.")
        await asyncio.sleep(PAUSE.total_seconds())


async def set_up(environment: Mapping[str, str] | None = None) -> str:
    """Make what is missing, and say what it was."""
    made = await _make_namespace(environment)
    client = await connect(environment)
    registered = await register_attributes(client)
    state = f"made, retention {RETENTION.days} days" if made else "there already, its retention unchanged"
    return (
        f"Namespace {client.namespace}: {state}. Search attributes registered: {', '.join(registered) or 'none new'}."
    )


async def _make_namespace(environment: Mapping[str, str] | None) -> bool:
    config = connect_config(environment)
    try:
        client = await Client.connect(**config)
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace,
                description="Complaints of the bank's customers",
                workflow_execution_retention_period=Duration(seconds=int(RETENTION.total_seconds())),
            )
        )
    except RPCError as refused:
        if refused.status is RPCStatusCode.ALREADY_EXISTS:
            return False
        raise ServerNotThere(f"The server makes no namespace ({refused.status.name.lower()}).") from None
    except RuntimeError:
        raise ServerNotThere(f"No Temporal server answers at {config['target_host']}.") from None
    return True


def tell(line: str) -> None:
    """Into the log of the container."""
    sys.stderr.write(f"{line}\n")


def main() -> int:
    """Set up; 0 when all is there, 2 when it cannot be."""
    try:
        tell(asyncio.run(set_up_when_there()))
    except (ServerNotThere, AttributesRefused) as reason:
        tell(str(reason))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
