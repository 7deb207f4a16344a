"""The Temporal UI as an operator uses it: found by texts, roles and labels, with patience instead of sleeping."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.server import Case

PATIENCE = 90.0
"""Seconds of real time for something to be seen."""
NOT_YET = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
"""The page is still moving."""
KEEP = "COMPLAINTS_KEEP_SCREENSHOTS"
"""Environment variable that names the folder in which the pictures of the README are kept."""

TECHNICAL = ("Run ID", "Type", "Start", "End")
"""Columns that the UI shows before anybody chose others."""
UNBROKEN = str.maketrans("\u00a0\u2011", " -")
"""The sheet keeps its dates together by spaces and hyphens that do not break."""

T = TypeVar("T")


class TemporalUI:
    """One browser window on the UI."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self._namespace = f"{address}/namespaces/default"

    def open_list(self, query: str = "", **more: str) -> None:
        """The list of complaints, with more in its address."""
        self.browser.get(f"{self._namespace}/workflows?{urlencode({'query': query} | more)}")

    def open(self, case: Case, tab: str = "timeline") -> None:
        """The page of one complaint."""
        self.browser.get(f"{self._namespace}/workflows/{case.handle.id}/{case.handle.run_id}/{tab}")

    def seen(self, look: Callable[[], T | None], what: str) -> T:
        """What is looked for, once it can be seen."""
        wait = WebDriverWait(self.browser, PATIENCE, poll_frequency=0.2, ignored_exceptions=NOT_YET)
        try:
            return wait.until(lambda _: look() or False)
        except TimeoutException:
            raise AssertionError(f"never seen: {what}; instead:\n{self._everything()}") from None

    def _everything(self) -> str:
        return "\n".join([self.browser.find_element(By.TAG_NAME, "body").text, *self._frames()])

    def visible(self, css: str, text: str = "", within: WebElement | None = None) -> WebElement:
        """The element of this kind and text that is on the screen; the UI holds hidden twins for small screens."""

        def look() -> WebElement | None:
            found = (within or self.browser).find_elements(By.CSS_SELECTOR, css)
            return next((one for one in found if one.is_displayed() and one.text.startswith(text)), None)

        return self.seen(look, f"{css} {text}")

    def click(self, css: str, text: str = "", within: WebElement | None = None) -> None:
        """Click as soon as nothing lies over it."""

        def clicked() -> bool:
            found = (within or self.browser).find_elements(By.CSS_SELECTOR, css)
            for one in found:
                if one.is_displayed() and one.text.startswith(text):
                    one.click()
                    return True
            return False

        self.seen(clicked, f"{css} {text} to click")

    def text(self, *expected: str) -> str:
        """The text of the page, once it holds all that is expected."""

        def look() -> str | None:
            text = self.browser.find_element(By.TAG_NAME, "body").text
            return text if all(part in text for part in expected) else None

        return self.seen(look, f"{expected} in {self.browser.current_url}")

    def rows(self, *expected: str) -> list[str]:
        """The complaints in the list, once all that are expected are among them."""

        def look() -> list[str] | None:
            rows = [row.text for row in self.browser.find_elements(By.CSS_SELECTOR, "tbody tr")]
            return rows if all(any(part in row for row in rows) for part in expected) else None

        return self.seen(look, f"{expected} in the list")

    def show_columns(self, *names: str) -> None:
        """Show these columns in the list instead of the technical ones, by the UI's own drawer."""
        self.click("button[aria-label='Configure Columns']")
        for name in TECHNICAL:
            self.click(f"button[aria-label='Remove {name} column']")
        for name in names:
            self.click(f"button[aria-label='Add {name} column']")
        self.click("button[aria-label='Close Workflows Table configuration']")

    def case_sheet(self, case: Case, *expected: str) -> str:
        """The case sheet, refreshed as the UI says it until all that is expected stands on it."""
        self.open(case, "user-metadata")

        def refresh() -> None:
            self.browser.find_element(By.TAG_NAME, "body").send_keys("r")

        return self.framed(*expected, before=refresh)

    def framed(self, *expected: str, before: Callable[[], None] = lambda: None) -> str:
        """The text of the frame, rendered from Markdown, that holds all that is expected."""

        def look() -> str | None:
            before()
            return next((text for text in self._frames() if all(part in text for part in expected)), None)

        return self.seen(look, f"{expected} in a frame")

    def _frames(self) -> list[str]:
        texts = []
        for frame in self.browser.find_elements(By.TAG_NAME, "iframe"):
            try:
                self.browser.switch_to.frame(frame)
                texts.append(self.browser.find_element(By.TAG_NAME, "body").text.translate(UNBROKEN))
            finally:
                self.browser.switch_to.default_content()
        return texts

    def form(self, case: Case, kind: str) -> WebElement:
        """The form by which the UI sends a Signal or an Update."""
        self.open(case)
        self.click("button", "More Actions")
        self.click("[role=menuitem]", f"Send a{'n' * (kind == 'Update')} {kind}")
        return self.visible("dialog[open]", f"Send a{'n' * (kind == 'Update')} {kind}")

    def offered(self, form: WebElement) -> dict[str, str]:
        """The messages in the form's picker, with their descriptions."""
        self.click("button[aria-haspopup]", within=form)
        self.visible("[role=option]", within=form)
        options = [option.text.partition("\n") for option in form.find_elements(By.CSS_SELECTOR, "[role=option]")]
        return {name: description for name, _, description in options if name}

    def send(self, case: Case, kind: str, name: str, message: dict[str, Any] | None) -> WebElement:
        """Fill the form in and submit it; without a message its data stay empty."""
        form = self.form(case, kind)
        self.click("button[aria-haspopup]", within=form)
        self.click("[role=option]", f"{name}\n", within=form)
        if message is not None:
            self.click("[role=textbox]", within=form)
            # As if pasted: typing would let the editor close every bracket a second time.
            self.browser.execute_cdp_cmd("Input.insertText", {"text": json.dumps(message, ensure_ascii=False)})
        # By keyboard: leaving the editor re-indents the JSON, and the button slips away from under the mouse.
        self.visible("button[type=submit]", within=form).send_keys(Keys.ENTER)
        return form

    def accepted(self, form: WebElement) -> None:
        """Wait until the form has closed, as it does when the message was accepted."""
        self.seen(lambda: not form.is_displayed(), "the form closes")

    def refused(self, form: WebElement, sentence: str) -> None:
        """Wait for the sentence of a refusal in the form."""
        self.seen(lambda: sentence in form.text, f"{sentence} in the form")

    def keep(self, picture: str, width: int, height: int) -> None:
        """Keep a picture of the page for the README, when somebody asked for it."""
        if folder := os.environ.get(KEEP):
            self.browser.set_window_size(width, height)
            self.browser.save_screenshot(str(Path(folder) / picture))
