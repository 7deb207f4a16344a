"""The search attributes of complaints, registered by the software itself."""

from __future__ import annotations

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from workflows.names import SEARCH_ATTRIBUTES


class AttributesRefused(Exception):
    """The server cannot hold the search attributes; complaints would stand still. The text says why."""


async def register_attributes(client: Client) -> list[str]:
    """Register what is missing and return its names. Doing it again changes nothing.

    Raises:
        AttributesRefused: an attribute of that name has another type, or the server refuses to add one.
    """
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    present = await _present(client)
    _compare(wanted, present)
    missing = {name: kind for name, kind in wanted.items() if name not in present}
    if missing:
        await _add(client, missing)
        # Adding a name with another type is silently ignored when somebody else was quicker.
        _compare(wanted, await _present(client))
    return sorted(missing)


async def _present(client: Client) -> dict[str, IndexedValueType.ValueType]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        return dict((await client.operator_service.list_search_attributes(request)).custom_attributes)
    except RPCError as wrong:
        raise AttributesRefused(f"The search attributes cannot be listed: {wrong.message}.") from None


async def _add(client: Client, missing: dict[str, IndexedValueType.ValueType]) -> None:
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as wrong:
        raise AttributesRefused(f"The search attributes cannot be registered: {wrong.message}.") from None


def _compare(wanted: dict[str, IndexedValueType.ValueType], present: dict[str, IndexedValueType.ValueType]) -> None:
    clashes = [
        f"{name} is {_type(present[name])} and must be {_type(kind)}"
        for name, kind in wanted.items()
        if present.get(name, kind) != kind
    ]
    if clashes:
        raise AttributesRefused(
            f"Search attributes of another type are registered: {'; '.join(clashes)}. Remove them, or use a namespace "
            "of its own for complaints."
        )


def _type(kind: IndexedValueType.ValueType) -> str:
    return IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_").replace("_", " ").lower()
