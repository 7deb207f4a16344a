"""The activities against a stand-in bank on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import AnyHttpUrl, SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.archive import Archive
from activities.archive_schema import open_engine
from activities.bank_http import BankSystem, bank_client
from activities.settings import BankSettings, System
from tests.bank_server import RunningBank, running_bank
from tests.postgres import running_postgres

TOKEN = "the-token-of-this-test"
SECRET = "a secret of more than thirty-two characters"


@pytest.fixture(scope="session")
def session_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBank]:
    with running_bank(tmp_path_factory.mktemp("bank") / "bank.db", TOKEN) as bank:
        yield bank


@pytest.fixture
def bank(session_bank: RunningBank) -> RunningBank:
    """The stand-in, with nothing wrong."""
    session_bank.faults()
    return session_bank


@pytest.fixture
def settings(bank: RunningBank, tmp_path: Path) -> BankSettings:
    return BankSettings(
        bank_url=AnyHttpUrl(bank.url),
        bank_token=SecretStr(TOKEN),
        connect_timeout=0.2,
        read_timeout=0.3,
        archive_url=SecretStr(f"sqlite:///{tmp_path}/archive.db"),
        customer_key_secret=SecretStr(SECRET),
        rulepacks=Path("rulepacks"),
    )


@pytest.fixture
async def client(settings: BankSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with bank_client(settings) as client:
        yield client


@pytest.fixture
def directory(client: httpx.AsyncClient, settings: BankSettings) -> BankSystem:
    return BankSystem(System.DIRECTORY, client, settings)


@pytest.fixture
def departments(client: httpx.AsyncClient, settings: BankSettings) -> BankSystem:
    return BankSystem(System.DEPARTMENTS, client, settings)


@pytest.fixture
def letters(client: httpx.AsyncClient, settings: BankSettings) -> BankSystem:
    return BankSystem(System.LETTERS, client, settings)


@pytest.fixture
def ledger(client: httpx.AsyncClient, settings: BankSettings) -> BankSystem:
    return BankSystem(System.LEDGER, client, settings)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/archive.db"
    server: str = request.getfixturevalue("postgres")
    engine = open_engine(server)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
    return server


@pytest.fixture
async def archive(url: str) -> AsyncIterator[Archive]:
    archive = await Archive.open(url)
    yield archive
    await archive.close()


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    """A look into the same database, beside the archive."""
    engine = open_engine(url)
    yield engine
    await engine.dispose()
