"""The Temporal server: connection, clock, namespace, search attributes."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import uuid4

from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceResponse,
    DescribeTaskQueueRequest,
    GetClusterInfoRequest,
    PollWorkflowTaskQueueRequest,
)
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from cli.checks.finding import Check, Finding, NotChecked, failed, ok, warning
from cli.spans import lasting
from client.attributes import WANTED, AttributesRefused, Types, refuse_clashes, registered_attributes, type_name
from client.connection import PATIENCE, ServerNotThere, connect_config, describe_namespace
from client.deployment import WORKFLOW_TASKS
from client.namespace import retention_of

LEAST_RETENTION = timedelta(days=30)
SLIGHTLY_OFF, FAR_OFF = timedelta(seconds=5), timedelta(minutes=1)
OWN_QUEUE = "complaints-doctor"
"""Nobody sends anything to it; the server notes when it was asked there, by its own clock."""
IDENTITY = f"doctor-{uuid4()}"
ROOM = {"keyword": 10, "keyword list": 3, "int": 3, "double": 3, "bool": 3, "datetime": 3, "text": 3}
"""Search attributes of each type that a namespace can have when an SQL database holds them."""


class Server:
    """What the checks share: one connection and one look at the namespace, made once."""

    def __init__(self, reaching: Awaitable[Client]) -> None:
        self._reached = asyncio.ensure_future(reaching)

    @cached_property
    def _described(self) -> asyncio.Task[DescribeNamespaceResponse]:
        return asyncio.create_task(self._describe())

    @cached_property
    def _ahead(self) -> asyncio.Task[timedelta]:
        return asyncio.create_task(self._compare_clocks())

    async def _describe(self) -> DescribeNamespaceResponse:
        return await describe_namespace(await asyncio.shield(self._reached))

    async def reached(self) -> Client:
        """The client, whether or not the namespace is there."""
        return await asyncio.shield(self._reached)

    async def client(self) -> Client:
        """The client, in a namespace that is there."""
        try:
            await asyncio.shield(self._described)
        except ServerNotThere:
            raise NotChecked("needs a server with this namespace") from None
        return await self.reached()

    async def described(self) -> DescribeNamespaceResponse:
        """What the server says of the namespace."""
        return await asyncio.shield(self._described)

    async def ahead(self) -> timedelta:
        """How much the server's clock is ahead of this machine's; negative when it is behind."""
        return await asyncio.shield(self._ahead)

    async def _compare_clocks(self) -> timedelta:
        client = await self.client()
        before = datetime.now(UTC)
        polling = asyncio.create_task(_poll(client))
        try:
            noted = await _noted(client, polling)
        finally:
            polling.cancel()
        # The server noted it between these two; what lies between them cannot be told apart from a wrong clock.
        after = datetime.now(UTC)
        return noted - min(max(noted, before), after)


async def _poll(client: Client) -> None:
    request = PollWorkflowTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=OWN_QUEUE), identity=IDENTITY
    )
    await client.workflow_service.poll_workflow_task_queue(request, timeout=timedelta(seconds=10))


async def _noted(client: Client, polling: asyncio.Task[None]) -> datetime:
    """When the server had our poll, by its clock."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=OWN_QUEUE), task_queue_type=WORKFLOW_TASKS
    )
    while True:
        answer = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
        for poller in answer.pollers:
            if poller.identity == IDENTITY:
                return poller.last_access_time.ToDatetime(UTC)
        if polling.done():
            polling.result()  # raises what the server has against it
        await asyncio.sleep(0.05)


def server_checks(server: Server) -> list[Check]:
    """Everything about the server itself."""
    return [
        Check("client settings", lambda: _settings()),
        Check("server", lambda: _version(server)),
        Check("clock", lambda: _clock(server)),
        Check("namespace", lambda: _namespace(server)),
        Check("search attributes", lambda: _attributes(server)),
    ]


async def _settings() -> list[Finding]:
    check = "client settings"
    try:
        config = connect_config()
    except ServerNotThere as reason:
        return [failed(check, str(reason), "correct the TEMPORAL_* variables or the profile")]
    secured = "TLS" if config.get("tls") else "no TLS"
    named = f"{config['target_host']}, namespace {config.get('namespace', 'default')}, {secured}"
    sources = ", ".join(_sources())
    return [ok(check, f"{named}; {f'from {sources}' if sources else 'these are the defaults'}")]


def _sources() -> list[str]:
    """Where the settings come from; names only, for some hold secrets."""
    file = os.environ.get("TEMPORAL_CONFIG_FILE")
    profile = os.environ.get("TEMPORAL_PROFILE", "default")
    there = profile in ClientConfig.load().profiles
    in_file = [f"profile {profile} of {file or 'the user settings'}"] if there else []
    apart = ("TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE", "TEMPORAL_DEPLOYMENT_NAME", "TEMPORAL_WORKER_BUILD_ID")
    return in_file + sorted(name for name in os.environ if name.startswith("TEMPORAL_") and name not in apart)


async def _version(server: Server) -> list[Finding]:
    try:
        client = await server.reached()
    except ServerNotThere as reason:
        what, _, advice = str(reason).rstrip(".").partition("; ")
        return [failed("server", what, advice or "see the line above")]
    told = await client.workflow_service.get_cluster_info(GetClusterInfoRequest(), timeout=PATIENCE)
    return [ok("server", f"Temporal {told.server_version} on {told.persistence_store}")]


async def _clock(server: Server) -> list[Finding]:
    return [clock_finding(await server.ahead())]


def clock_finding(ahead: timedelta) -> Finding:
    """Deadlines go by the server's clock; times of receipt and of letters by that of the machines."""
    off = abs(ahead)
    if off <= SLIGHTLY_OFF:
        return ok("clock", f"the server's and this machine's agree within {SLIGHTLY_OFF.seconds} s")
    said = f"this machine is {lasting(off)} {'behind' if ahead > timedelta(0) else 'ahead of'} the server"
    judge = warning if off <= FAR_OFF else failed
    return judge("clock", said, "synchronise both by NTP: deadlines go by the server's clock, receipts by this one")


async def _namespace(server: Server) -> list[Finding]:
    try:
        await server.reached()
    except ServerNotThere:
        raise NotChecked("needs a server") from None
    try:
        described = await server.described()
    except ServerNotThere as reason:
        what, _, advice = str(reason).rstrip(".").partition("; ")
        return [failed("namespace", what, advice)]
    return [namespace_finding(described.namespace_info.name, retention_of(described))]


def namespace_finding(name: str, kept: timedelta) -> Finding:
    """While the server keeps a closed complaint, its reference is not given away again and its history can be read."""
    said = f"{name} keeps closed complaints for {lasting(kept)}"
    if kept < LEAST_RETENTION:
        advice = "starter.py setup --retention 90d: after that time a reference can be opened anew"
        return warning("namespace", said, advice)
    return ok("namespace", said)


async def _attributes(server: Server) -> list[Finding]:
    client = await server.client()
    cluster = await client.workflow_service.get_cluster_info(GetClusterInfoRequest(), timeout=PATIENCE)
    try:
        return attribute_findings(await registered_attributes(client), cluster.visibility_store)
    except (AttributesRefused, ServerNotThere) as reason:
        return [failed("search attributes", str(reason), "see the server's log")]


def attribute_findings(present: Types, store: str) -> list[Finding]:
    """Whether all are there, and of their type; and whether others leave them room."""
    check, missing = "search attributes", sorted(set(WANTED) - set(present))
    try:
        refuse_clashes(present)
    except AttributesRefused as reason:
        what, _, advice = str(reason).rstrip(".").partition(". ")
        return [failed(check, what, advice)]
    if missing:
        return [failed(check, f"missing: {', '.join(missing)}", "starter.py setup"), *_room(present, missing, store)]
    return [ok(check, f"all {len(WANTED)} are there"), *_room(present, missing, store)]


def _room(present: Types, missing: list[str], store: str) -> list[Finding]:
    if store.startswith(("elasticsearch", "opensearch")):
        return []
    taken = Counter(map(type_name, present.values()))
    needed = Counter(type_name(WANTED[name]) for name in missing)
    short = [kind for kind, number in needed.items() if taken[kind] + number > ROOM[kind]]
    if short:
        said = "; ".join(
            f"{needed[kind]} more of the type {kind}, and {taken[kind]} of {ROOM[kind]} taken" for kind in short
        )
        advice = "use a namespace of its own for complaints (TEMPORAL_NAMESPACE), or remove some of the others"
        return [failed("attribute room", f"{store} cannot hold {said}", advice)]
    left = ", ".join(f"{ROOM[kind] - taken[kind]} {kind}" for kind in ROOM)
    return [ok("attribute room", f"{store} can hold {left} more")]
