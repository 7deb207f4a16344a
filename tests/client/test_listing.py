"""Complaints are found without asking a worker.

- Filters hold together; a value that is no id is refused, and never becomes part of the query.
- Overdue ones come first, then those that need attention, each by due time; also over many pages, with few in memory.
- Of very many, only those are read that may come first.
- What was opened this moment is found; what was ended by force is among the closed ones.
- A stage or nature that does not exist is refused with those that do, before anything is asked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from client import listing
from client.attributes import register_attributes
from client.connection import connect
from client.failures import Refused
from client.listing import Found, Overview, Wanted, find
from domain.model import Nature, Stage
from tests.complaints import complaint
from tests.temporal_server import in_namespace
from tests.waiting import answered
from workflows import names
from workflows.names import TASK_QUEUE, WORKFLOW_TYPE, workflow_id

NOW = datetime.now(UTC)
Attributes = dict[SearchAttributeKey[Any], Any]


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


BOOK: dict[str, Attributes] = {
    "late-task": {names.NEXT_ACTION: hours(-2), names.REPLY_DUE: hours(30), names.STAGE: "investigating"},
    "late-reply": {names.REPLY_DUE: hours(-50), names.BREACHED: True, names.TIER: 3, names.OWNER: "m-1"},
    "broken-promise": {names.REPLY_DUE: hours(40), names.BREACHED: True, names.TIER: 2, names.OWNER: "s-1"},
    "answered-late": {names.NEXT_ACTION: hours(20), names.BREACHED: True, names.STAGE: "calling_back"},
    "odd": {names.ATTENTION: True, names.REPLY_DUE: hours(90), names.STAGE: "assessed", names.NATURE: "fees"},
    "soon": {names.REPLY_DUE: hours(10), names.TIER: 2, names.OWNER: "s-1", names.AWAITING: ["branch", "technology"]},
    "later": {names.REPLY_DUE: hours(60), names.TIER: 1, names.NATURE: "fees", names.AWAITING: ["technology"]},
    "new": {},
}
IN_ORDER = ["late-reply", "late-task", "broken-promise", "odd", "soon", "answered-late", "later", "new"]


async def open_with(client: Client, reference: str, attributes: Attributes) -> None:
    """A complaint that no worker has seen, with attributes as a worker would have published them."""
    pairs = [SearchAttributePair(key, value) for key, value in attributes.items()]
    await client.start_workflow(
        WORKFLOW_TYPE,
        complaint(reference=reference),
        id=workflow_id(reference),
        task_queue=TASK_QUEUE,
        search_attributes=TypedSearchAttributes(pairs),
    )


async def found_when(client: Client, wanted: Wanted, matched: int, limit: int = 100) -> Found:
    """What is found, once as many are: the server's list follows with a moment's delay."""
    return await answered(lambda: find(client, wanted, limit), lambda found: found.matched == matched)


def references(found: Found) -> list[str]:
    return [one.reference for one in found.complaints]


@pytest.fixture(scope="module")
async def client(bare: dict[str, str]) -> Client:
    """A namespace with a book of complaints."""
    client = await connect(in_namespace(bare, "listing"))
    await register_attributes(client)
    for reference, attributes in BOOK.items():
        await open_with(client, reference, attributes)
    await found_when(client, Wanted(), len(BOOK))
    return client


async def test_overdue_first_then_attention_then_by_due_time(client: Client) -> None:
    found = await find(client, Wanted(), 100)
    assert (found.matched, references(found)) == (len(BOOK), IN_ORDER)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(overdue=True), ["late-reply", "late-task", "broken-promise"]),
        (Wanted(breached=True), ["late-reply", "broken-promise", "answered-late"]),
        (Wanted(due_within=timedelta(hours=35)), ["late-reply", "late-task", "soon"]),
        (Wanted(due_within=timedelta(days=2)), ["late-reply", "late-task", "broken-promise", "soon"]),
        (Wanted(tier=2), ["broken-promise", "soon"]),
        (Wanted(owner="s-1", overdue=True), ["broken-promise"]),
        (Wanted(nature="fees"), ["odd", "later"]),
        (Wanted(nature="fees", attention=True), ["odd"]),
        (Wanted(department="technology"), ["soon", "later"]),
        (Wanted(department="branch", tier=2, owner="s-1", due_within=timedelta(days=1)), ["soon"]),
        (Wanted(stage="calling_back"), ["answered-late"]),
        (Wanted(stage="received"), ["late-reply", "broken-promise", "soon", "later", "new"]),
        (Wanted(reference_begins="late-"), ["late-reply", "late-task"]),
        (Wanted(owner="nobody"), []),
    ],
)
async def test_all_filters_must_hold(client: Client, wanted: Wanted, expected: list[str]) -> None:
    found = await find(client, wanted, 100)
    assert references(found) == expected


@pytest.mark.parametrize("limit", [1, 3, 8, 50])
async def test_many_pages_give_the_same_order(client: Client, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    found = await find(client, Wanted(), limit)
    assert (found.matched, references(found)) == (len(BOOK), IN_ORDER[:limit])


@pytest.mark.parametrize(
    ("limit", "read"), [(1, 4), (4, 4), (5, 6), (6, 6), (7, 7), (8, len(BOOK))]
)  # with the late ones and the odd one; of the next day; of four days; all
async def test_of_many_only_as_many_are_read_as_may_come_first(
    client: Client, limit: int, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    overview = listing._overview

    def telling(one: WorkflowExecutionInfo) -> Overview:
        told.append(one.execution.workflow_id)
        return overview(one)

    monkeypatch.setattr(listing, "PAGE", 2)
    monkeypatch.setattr(listing, "_overview", telling)
    found = await find(client, Wanted(), limit)
    assert (len(told), references(found)) == (read, IN_ORDER[:limit])


async def test_what_was_opened_this_moment_is_shown_as_received(client: Client) -> None:
    (new,) = (one for one in (await find(client, Wanted(), 100)).complaints if one.reference == "new")
    assert (new.stage, new.tier, new.owner, new.due, new.departments) == ("received", None, None, None, [])


NASTY = [
    "o'hara",
    'a"b',
    "back\\slash",
    "end\\",
    "x' OR 'a' = 'a",
    "x\\' OR ComplaintTier > 0 --",
    "%",
    "a\x00b",
    "员工",
    "",
]


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("name", ["owner", "department"])
def test_nothing_that_is_no_id_comes_into_the_query(name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        Wanted.model_validate({name: value}).query(NOW)
    assert refused.value.code == "no_such_id"


async def test_those_ended_by_force_are_among_the_closed_ones_the_latest_first(bare: dict[str, str]) -> None:
    client = await connect(in_namespace(bare, "listing"))
    for number in range(3):
        await open_with(client, f"ended-{number}", {})
        await client.get_workflow_handle(workflow_id(f"ended-{number}")).terminate()
    ended = await found_when(client, Wanted(closed=True, reference_begins="ended-"), 3, limit=2)
    assert references(ended) == ["ended-2", "ended-1"]
    assert [one.outcome for one in ended.complaints] == ["terminated"] * 2
    assert (await find(client, Wanted(reference_begins="ended-"), 1)).matched == 0


@pytest.mark.parametrize(("wanted", "known"), [(Wanted(stage="tea"), Stage), (Wanted(nature="tea"), Nature)])
def test_what_does_not_exist_is_refused_with_what_does(wanted: Wanted, known: type[Stage] | type[Nature]) -> None:
    with pytest.raises(Refused) as refused:
        wanted.query(NOW)
    assert refused.value.code == f"no_such_{known.__name__.lower()}"
    assert all(value in refused.value.sentence for value in known)


async def test_a_namespace_without_search_attributes_is_told_apart(idle: Client) -> None:
    with pytest.raises(Refused) as refused:
        await find(idle, Wanted(tier=1), 1)
    assert refused.value.code == "not_set_up"
    assert "starter.py setup" in refused.value.sentence
