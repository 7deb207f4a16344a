"""The software registers its search attributes by itself.

- All twelve, with the types of the design; within what a server on an SQL database can hold.
- Again and again without effect, by several programs at once too.
- An attribute of that name with another type is an error that names it, never silence.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client

from client.attributes import AttributesRefused, register_attributes
from client.connection import connect
from tests.temporal_server import in_namespace
from workflows.names import SEARCH_ATTRIBUTES

DESIGN = {
    "ComplaintStage": "KEYWORD",
    "ComplaintNature": "KEYWORD",
    "ComplaintOwner": "KEYWORD",
    "ComplaintOutcome": "KEYWORD",
    "CustomerKey": "KEYWORD",
    "RulePack": "KEYWORD",
    "ComplaintTier": "INT",
    "ReplyDueAt": "DATETIME",
    "NextActionAt": "DATETIME",
    "DeadlineBreached": "BOOL",
    "NeedsAttention": "BOOL",
    "AwaitingDepartments": "KEYWORD_LIST",
}
ROOM = {"KEYWORD": 10, "INT": 3, "BOOL": 3, "DATETIME": 3, "KEYWORD_LIST": 3}
"""Columns of an SQL visibility store per namespace."""


async def registered(client: Client) -> dict[str, str]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    found = (await client.operator_service.list_search_attributes(request)).custom_attributes
    return {name: IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_") for name, kind in found.items()}


async def test_all_are_registered_once_with_the_types_of_the_design(bare: dict[str, str]) -> None:
    client = await connect(in_namespace(bare, "attributes"))
    at_once = await asyncio.gather(*(register_attributes(client) for _ in range(3)))
    assert sorted(DESIGN) in at_once
    assert await registered(client) | DESIGN == await registered(client)
    assert await register_attributes(client) == []


def test_they_fit_into_an_sql_database() -> None:
    assert {key.name for key in SEARCH_ATTRIBUTES} == set(DESIGN)
    assert all(count <= ROOM[kind] for kind, count in Counter(DESIGN.values()).items())


async def test_a_clash_of_types_is_named_and_nothing_is_registered(bare: dict[str, str]) -> None:
    client = await connect(in_namespace(bare, "clash"))
    wrong = AddSearchAttributesRequest(
        namespace=client.namespace,
        search_attributes={"ComplaintTier": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD},
    )
    await client.operator_service.add_search_attributes(wrong)
    with pytest.raises(AttributesRefused, match="ComplaintTier is keyword and must be int") as said:
        await register_attributes(client)
    assert "namespace" in str(said.value)
    assert set(await registered(client)) & set(DESIGN) == {"ComplaintTier"}
