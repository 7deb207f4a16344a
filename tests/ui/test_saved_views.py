"""An operator types a query of docs/operator.md into the list, saves it as a view, and hands it on by its address."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from tests.server import ROOT, Case
from tests.ui.desk import OWNER, Desk
from tests.ui.temporal_ui import TemporalUI

PAGE = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
VIEWS = dict(re.findall(r"^\| ([A-Z][\w -]+) \| `(.+)` \|$", PAGE, re.MULTILINE))
NAME = "Waiting for technology"


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest) -> Case:
    """A complaint that waits for two departments, beside one that waits for nobody."""
    desk = Desk(request.getfixturevalue("portal"), request.getfixturevalue("server"))
    desk.decide(desk.open("HZ-2026-0107"), "verify_identity", by=OWNER, verified=True, method="app login")
    return desk.investigated("HZ-2026-0108")


def test_a_query_is_typed_in_and_saved_as_a_view(ui: TemporalUI, asked: Case) -> None:
    ui.open_list()
    ui.rows("HZ-2026-0107", "HZ-2026-0108")
    _ask(ui, VIEWS[NAME])
    ui.seen(lambda: not any("HZ-2026-0107" in row for row in ui.rows("HZ-2026-0108")), "the others leave the list")
    ui.click("[data-testid=create-view-button]")
    ui.visible("#view-name").send_keys(NAME)
    ui.click("[data-testid=confirm-modal-button]")
    ui.visible("[data-testid=saved-views-button]", NAME)
    ui.keep("saved-views.png", 1400, 700)
    ui.open_list()
    ui.click("[data-testid=saved-views-button]")
    ui.click("[data-testid=waiting-for-technology]")
    ui.seen(lambda: not any("HZ-2026-0107" in row for row in ui.rows("HZ-2026-0108")), "the view is chosen again")


def test_the_address_on_the_page_adds_its_view_for_whoever_opens_it(ui: TemporalUI, asked: Case) -> None:
    (address,) = re.findall(r"^(http://\S+savedQuery=\S+)$", PAGE, re.MULTILINE)
    asks = parse_qs(urlsplit(address).query)
    (name,), (query,) = asks["savedQuery"], asks["query"]
    assert VIEWS[name].startswith(query)
    ui.open_list(query, savedQuery=name)
    ui.visible("[data-testid=saved-views-button]", name)


def _ask(ui: TemporalUI, query: str) -> None:
    """Type a raw query."""
    ui.click("[data-testid=toggle-manual-query]")
    box = ui.visible("[data-testid=workflow-manual-search-input]")
    box.send_keys(query, Keys.ENTER)
