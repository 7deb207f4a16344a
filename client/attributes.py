"""The search attributes of complaints, registered by the software itself."""

from __future__ import annotations

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from client.connection import PATIENCE, ServerNotThere
from client.failures import Refused
from workflows.names import SEARCH_ATTRIBUTES

Types = dict[str, IndexedValueType.ValueType]

WANTED: Types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
"""What complaints need, by name."""


class AttributesRefused(Refused):
    """The server cannot hold the search attributes; complaints would stand still. The sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__("search_attributes", sentence)


async def register_attributes(client: Client) -> list[str]:
    """Register what is missing and return its names. Doing it again changes nothing.

    Raises:
        AttributesRefused: an attribute of that name has another type, or the server refuses to add one.
        ServerNotThere: it does not answer, or not yet.
    """
    present = await registered_attributes(client)
    refuse_clashes(present)
    missing = {name: kind for name, kind in WANTED.items() if name not in present}
    if missing:
        await _add(client, missing)
        # Adding a name with another type is silently ignored when somebody else was quicker.
        refuse_clashes(await registered_attributes(client))
    return sorted(missing)


async def registered_attributes(client: Client) -> Types:
    """Every search attribute of the namespace that is not the server's own, ours or not."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        answer = await client.operator_service.list_search_attributes(request, timeout=PATIENCE)
    except RPCError as wrong:
        raise _plain(wrong, "listed", "try again") from None
    return dict(answer.custom_attributes)


async def _add(client: Client, missing: Types) -> None:
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
    try:
        await client.operator_service.add_search_attributes(request, timeout=PATIENCE)
    except RPCError as wrong:
        named = ", ".join(f"{name} ({type_name(kind)})" for name, kind in missing.items())
        raise _plain(wrong, "registered", f"have an administrator register {named}") from None


def _plain(wrong: RPCError, done: str, advice: str) -> Exception:
    said = f"The search attributes cannot be {done}: {wrong.message.rstrip('.')}; {advice}."
    # A server that starts, or has not heard of a new namespace yet, is worth waiting for.
    passing = wrong.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.NOT_FOUND)
    return ServerNotThere(said) if passing else AttributesRefused(said)


def refuse_clashes(present: Types) -> None:
    """Raise AttributesRefused where one of ours is registered with another type."""
    clashes = [
        f"{name} is {type_name(present[name])} and must be {type_name(kind)}"
        for name, kind in WANTED.items()
        if present.get(name, kind) != kind
    ]
    if clashes:
        first = clashes[0].split()[0]
        raise AttributesRefused(
            f"Search attributes of another type are registered: {'; '.join(clashes)}. Use a namespace of its own for "
            f"complaints (TEMPORAL_NAMESPACE), or remove each: temporal operator search-attribute remove --name {first}"
        )


def type_name(kind: IndexedValueType.ValueType) -> str:
    """A type in words."""
    return IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_").replace("_", " ").lower()
