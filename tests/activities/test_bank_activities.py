"""Guarantees of what the worker registers:

* Every activity that workflows name is there, under that name and with that shape, exactly once.
* The client and the archive are closed afterwards, also when the archive could not be opened.
"""

from __future__ import annotations

import inspect
import typing

import pytest
from pydantic import SecretStr
from temporalio.activity import _Definition

from activities import interface
from activities.archive_schema import ArchiveUnavailable
from activities.bank import bank_activities
from activities.settings import BankSettings
from tests import orders
from tests.activities.failing import failure, run
from tests.bank_server import RunningBank


def shape(function: object) -> tuple[str, list[type], type]:
    """Name, arguments and result, as Temporal sees them."""
    definition = _Definition.must_from_callable(typing.cast("typing.Any", function))
    assert definition.name is not None and definition.arg_types is not None and definition.ret_type is not None
    return definition.name, definition.arg_types, definition.ret_type


async def test_every_activity_of_the_interface_is_there(settings: BankSettings) -> None:
    named = [function for _, function in inspect.getmembers(interface, inspect.isfunction) if _is_activity(function)]
    async with bank_activities(settings) as activities:
        assert sorted(map(shape, activities), key=str) == sorted(map(shape, named), key=str)


def _is_activity(function: object) -> bool:
    return _Definition.from_callable(typing.cast("typing.Any", function)) is not None


async def test_they_work_and_are_closed_afterwards(settings: BankSettings, bank: RunningBank) -> None:
    async with bank_activities(settings) as activities:
        notify = next(activity for activity in activities if shape(activity)[0] == "notify_staff")
        await run(notify, orders.notice_order(orders.new_reference()))
    with pytest.raises(RuntimeError, match="client has been closed"):
        await run(notify, orders.notice_order(orders.new_reference()))


async def test_two_systems_at_two_addresses(settings: BankSettings) -> None:
    away = settings.model_copy(update={"ledger_url": typing.cast("typing.Any", "http://127.0.0.1:9")})
    async with bank_activities(away) as activities:
        by_name = {shape(activity)[0]: activity for activity in activities}
        await run(by_name["notify_staff"], orders.notice_order(orders.new_reference()))
        await failure(by_name["pay_out"], orders.payout_order(orders.new_reference()))


async def test_an_archive_that_cannot_be_opened_is_told_before_anything_starts(settings: BankSettings) -> None:
    unusable = settings.model_copy(update={"archive_url": SecretStr("oracle://db/x")})
    with pytest.raises(ArchiveUnavailable, match="names oracle"):
        async with bank_activities(unusable):
            pytest.fail("it must not get so far")
