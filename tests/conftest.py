"""What all tests may use."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.server import Server, running_server

pytest_plugins = ("tests.workflows.hostile.books",)
os.environ.pop("COLUMNS", None)  # commands write as into a pipe, however wide the terminal of these tests is
settings.register_profile("everywhere", deadline=None, derandomize=True)  # a busy machine is no failure of the code
settings.load_profile("everywhere")


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes may run the tests, they share them well."""
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.import_plugin("tests.together")


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One Temporal server, bank and worker for all tests of a process; see ``tests/server.py``."""
    async with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running
