"""Everything that the worker registers: the activities of all systems, over one client and one archive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from activities.archive import Archive
from activities.bank_http import BankSystem, bank_client
from activities.departments import Departments
from activities.directory import Directory
from activities.ledger import Ledger
from activities.letters import Letters
from activities.patrol import Patrol
from activities.rules import Rules
from activities.settings import BankSettings, System

Activity = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def bank_activities(settings: BankSettings) -> AsyncIterator[list[Activity]]:
    """Open the client and the archive, give the activities to register, and close both afterwards."""
    async with AsyncExitStack() as stack:
        archive = await Archive.open(settings.archive_url.get_secret_value())
        stack.push_async_callback(archive.close)
        client = await stack.enter_async_context(bank_client(settings))
        reach = partial(BankSystem, client=client, settings=settings)
        directory = Directory(reach(System.DIRECTORY), settings.customer_key_secret)
        departments = Departments(reach(System.DEPARTMENTS))
        ledger = Ledger(reach(System.LEDGER))
        rules = Rules(settings.rulepacks)
        yield [
            rules.resolve_rules,
            rules.resolve_calendars,
            directory.look_up_customer,
            departments.dispatch_investigation,
            departments.dispatch_remedy,
            departments.notify_staff,
            Letters(reach(System.LETTERS)).send_letter,
            ledger.pay_out,
            ledger.reverse_payment,
            archive.keep_journal_page,
            archive.archive_complaint,
            archive.closed_before,
            Patrol(archive).look_for_lost,
        ]
