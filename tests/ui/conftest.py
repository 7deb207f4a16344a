"""The Temporal UI in a real browser, in front of a real server, worker and bank."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.server import Server, running_server
from tests.ui.desk import Desk
from tests.ui.temporal_ui import TemporalUI

SWITCHES = (
    *("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "force-prefers-reduced-motion"),
    # Nothing is fetched from outside: neither the browser's own updates nor the news that the UI asks for.
    *("disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"),
    "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """An event loop beside the tests: the worker goes on while a test waits for the browser."""
    with start_blocking_portal() as loop:
        yield loop


@pytest.fixture(scope="session")
def ui_port() -> int:
    """A port that is free for the UI."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(portal: BlockingPortal, ui_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with the UI: its list shows the complaints of these tests only."""
    with portal.wrap_async_context_manager(running_server(tmp_path_factory.mktemp("ui"), ui_port=ui_port)) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    """One browser for all tests."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium and driver, "these tests need Chromium and its driver; .ci/packages installs them"
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in SWITCHES:
        options.add_argument(f"--{switch}")
    with webdriver.Chrome(options=options, service=Service(driver)) as window:
        yield window


@contextmanager
def newcomer(browser: webdriver.Chrome, ui_port: int) -> Iterator[TemporalUI]:
    """The UI with the columns and settings of a newcomer."""
    browser.set_window_size(1400, 1200)
    browser.get(f"http://localhost:{ui_port}/favicon.ico")
    browser.execute_script("localStorage.clear()")
    yield TemporalUI(browser, f"http://localhost:{ui_port}")
    browser.get("about:blank")  # a page left open goes on refreshing itself


@pytest.fixture
def ui(browser: webdriver.Chrome, ui_port: int) -> Iterator[TemporalUI]:
    """The UI as an operator has it open."""
    with newcomer(browser, ui_port) as opened:
        yield opened


@pytest.fixture(scope="module")
def ui_of_all(browser: webdriver.Chrome, ui_port: int) -> Iterator[TemporalUI]:
    """The same for tests that all look at one page: each page costs seconds."""
    with newcomer(browser, ui_port) as opened:
        yield opened


@pytest.fixture(scope="session")
def desk(portal: BlockingPortal, server: Server) -> Desk:
    """Everybody who works on complaints by other means than the UI."""
    return Desk(portal, server)
