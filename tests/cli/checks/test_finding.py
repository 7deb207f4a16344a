"""Checks are made beside each other: whatever happens to one, the others are made, and their findings come in order."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.service import RPCError, RPCStatusCode

from cli.checks import finding
from cli.checks.finding import Check, Finding, NotChecked, State, examine, ok


async def hangs() -> list[Finding]:
    await asyncio.Event().wait()
    return []


async def breaks() -> list[Finding]:
    raise ZeroDivisionError("of a customer")


async def is_refused() -> list[Finding]:
    raise RPCError("details of a request", RPCStatusCode.PERMISSION_DENIED, b"")


async def is_not_here() -> list[Finding]:
    raise NotChecked("nothing is named here", "name it")


async def is_well() -> list[Finding]:
    return [ok("one", "fine"), ok("two", "fine")]


async def test_one_that_hangs_or_breaks_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 0.2)
    looks = {"hangs": hangs, "breaks": breaks, "refused": is_refused, "elsewhere": is_not_here, "well": is_well}
    found = await examine(Check(name, look) for name, look in looks.items())
    assert [(one.check, one.state, one.found) for one in found] == [
        ("hangs", State.FAILED, "no answer within 0 s"),
        ("breaks", State.FAILED, "the check itself broke (ZeroDivisionError)"),
        ("refused", State.FAILED, "the server refused to say (permission_denied)"),
        ("elsewhere", State.NOT_CHECKED, "nothing is named here"),
        ("one", State.OK, "fine"),
        ("two", State.OK, "fine"),
    ]
    assert [bool(one.advice) for one in found] == [True, True, True, True, False, False]


async def test_they_are_made_at_the_same_time() -> None:
    met = asyncio.Barrier(3)

    async def meets() -> list[Finding]:
        await met.wait()
        return [ok("met", "fine")]

    async with asyncio.timeout(10):
        assert len(await examine([Check("meets", meets)] * 3)) == 3
