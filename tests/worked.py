"""A worker on a namespace, with the real workflow, the real activities and the stand-in bank over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import AnyHttpUrl, SecretStr
from temporalio.client import Client

from activities.bank import bank_activities
from activities.settings import BankSettings
from client.attributes import register_attributes
from tests.bank_server import running_bank
from worker import WorkerSettings, build_worker


@asynccontextmanager
async def worked(client: Client, data: Path) -> AsyncIterator[None]:
    """Complaints on this client's namespace are worked on until the end of the block."""
    await register_attributes(client)
    with running_bank(data / "bank.db") as bank:
        settings = BankSettings(
            bank_url=AnyHttpUrl(bank.url),
            archive_url=SecretStr(f"sqlite:///{data}/archive.db"),
            customer_key_secret=SecretStr("a secret of more than thirty-two characters"),
        )
        async with bank_activities(settings) as activities, build_worker(client, WorkerSettings(), activities):
            yield
