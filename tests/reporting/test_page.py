"""Guarantees of the page, in a real browser:

* It is whole without a network: nothing is asked of anybody, by its own policy and by the browser's log.
* Every chart is drawn, and what it shows stands in a table beside it, with a heading and what it means.
* It fits a desktop and a telephone: nothing has to be pushed sideways; in light and dark it can be read.
* It speaks the language asked for, names what is missing, and reads nothing that people wrote as markup.
* It is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from domain.figures import Breach
from domain.model import Language
from reporting.page import write_page
from reporting.results import OpenBook, Report
from reporting.sections import sections
from reporting.tally import Tally
from reporting.words import Words
from tests.reporting.made import CLOSED, counted, report

ENGLISH = Words(Language.ENGLISH)
OPEN = OpenBook(
    open=12, opened_in_period=3, stages={"investigating": 8, "calling_back": 4}, tiers={1: 9, 2: 3}, unacknowledged=0,
    overdue=2, due_within_day=1, due_within_week=5, breached=2, needs_attention=1, ended_by_force=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """A browser that writes down everything it asks for."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium and driver, "these tests need Chromium and its driver; .ci/packages installs them"
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in ("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-background-networking"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service(driver)) as window:
        yield window


def everything(**changes: Any) -> Report:
    """A report with something in every section."""
    broken = counted(
        reference="C-2",
        kept={"law": False, "promise": False},
        breaches=[Breach(clock="law-1", kind="law", at=CLOSED, late=timedelta(hours=30))],
        compensation={"refund": {"CNY": "100"}, "voucher": {"USD": "5"}},
        remedies={"refund": 1, "apology": 1},
    )
    made = report(counted(), broken, open_book=OPEN)
    tally = Tally()
    tally.add(broken)
    part = {"first": CLOSED.date(), "last": CLOSED.date(), "closed": 1, "shares": tally.shares()}
    pack = {
        "rule_pack": "cn-banking",
        "closed": 1,
        "shares": tally.shares(),
        "time_to_answer": tally.results().time_to_answer,
        "time_to_close": tally.results().time_to_close,
    }
    following = part | {"first": CLOSED.date() + timedelta(days=7)}
    return Report.model_validate(made.model_dump() | {"course": [part, following], "rule_packs": [pack]} | changes)


def shown(
    browser: webdriver.Chrome, file: Path, made: Report, words: Words = ENGLISH, width: int = 1280, dark: bool = False
) -> webdriver.Chrome:
    """The page in a window of this width."""
    write_page(made, words, file)
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    logged(browser, "performance")
    logged(browser, "browser")
    browser.get(file.as_uri())
    return browser


def logged(browser: webdriver.Chrome, kind: str) -> list[dict[str, Any]]:
    """What the browser has written down since it was last asked."""
    entries: list[dict[str, Any]] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def asked_for(browser: webdriver.Chrome) -> list[str]:
    """Every address that the browser asked for."""
    entries = [json.loads(entry["message"])["message"] for entry in logged(browser, "performance")]
    return [one["params"]["request"]["url"] for one in entries if one["method"] == "Network.requestWillBeSent"]


@pytest.mark.parametrize("width", [1280, 390])
def test_whole_without_a_network_and_without_pushing_sideways(
    browser: webdriver.Chrome, tmp_path: Path, width: int
) -> None:
    page, made = tmp_path / "report.html", everything()
    shown(browser, page, made, width=width)
    charts = sum(bool(chart.labels) for section in sections(made, ENGLISH) for chart in section.charts)
    drawn = browser.execute_script("""
        return [...document.querySelectorAll('.chart')].map(chart => Math.max(
            ...[...chart.querySelectorAll('.barlayer path, .scatterlayer path')].map(
                mark => mark.getBoundingClientRect().width)))""")
    assert len(drawn) == charts >= 10
    assert all(mark > width / 4 for mark in drawn)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [url for url in asked_for(browser) if not url.startswith(("data:", "blob:"))] == [page.as_uri()]
    assert logged(browser, "browser") == []


def test_every_label_of_a_chart_can_be_read_whole(browser: webdriver.Chrome, tmp_path: Path) -> None:
    shown(browser, tmp_path / "report.html", everything(), width=390)
    cut = browser.execute_script("""
        return [...document.querySelectorAll('.chart')].flatMap(chart => {
            const box = chart.getBoundingClientRect();
            return [...chart.querySelectorAll('.ytick text, .legendtext')].filter(
                text => text.getBoundingClientRect().left < box.left - 1).map(text => text.textContent);
        })""")
    assert cut == []


def test_what_charts_show_stands_in_tables_with_what_it_means(browser: webdriver.Chrome, tmp_path: Path) -> None:
    made = everything()
    shown(browser, tmp_path / "report.html", made)
    parts = browser.find_elements(By.CSS_SELECTOR, "main > section")
    expected = list(sections(made, ENGLISH))
    assert [part.find_element(By.TAG_NAME, "h2").text for part in parts] == [section.title for section in expected]
    for part, section in zip(parts, expected, strict=True):
        text = part.text
        assert section.about in text
        for sheet in section.sheets:
            assert all(meaning in text for meaning in sheet.meanings)
        rows = len(part.find_elements(By.CSS_SELECTOR, "tbody tr:not(.meaning)"))
        assert rows == sum(len(sheet.rows) for sheet in section.sheets)
        assert all(chart.get_attribute("aria-label") for chart in part.find_elements(By.CSS_SELECTOR, ".chart"))


def contrast(browser: webdriver.Chrome, css: str) -> float:
    """How well the text of an element stands out from the page, by the formula of WCAG."""
    script = "const s = getComputedStyle(document.querySelector(arguments[0])); return arguments[1] ? s.fill : s.color"
    ink = browser.execute_script(script, css, css.endswith("text"))
    paper = browser.execute_script("return getComputedStyle(document.body).backgroundColor")

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(ink), light(paper)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_in_light_and_dark(browser: webdriver.Chrome, tmp_path: Path, dark: bool) -> None:
    shown(browser, tmp_path / "report.html", everything(), dark=dark)
    for css in ("h1", ".about", "thead th", "td", ".chart .ytick text", ".chart .xtick text"):
        assert contrast(browser, css) >= 4.5, css


def test_in_chinese(browser: webdriver.Chrome, tmp_path: Path) -> None:
    shown(browser, tmp_path / "report.html", everything(), Words(Language.CHINESE))
    assert browser.execute_script("return document.documentElement.lang") == "zh"
    assert browser.find_element(By.TAG_NAME, "h1").text == "投诉处理报告"
    assert "等待客户" in browser.find_element(By.TAG_NAME, "main").text


def test_what_is_missing_is_named_and_nothing_is_read_as_markup(browser: webdriver.Chrome, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    made = everything(gaps=[f"No archive {hostile}"], rule_pack=None, open_book=None, results=None, received=None)
    shown(browser, tmp_path / "report.html", made)
    assert hostile in browser.find_element(By.CSS_SELECTOR, ".gap").text
    assert browser.find_elements(By.TAG_NAME, "img") == []
    assert [part.text for part in browser.find_elements(By.CSS_SELECTOR, "td.number")] == ["n/a"] * 3


def test_charts_read_nothing_as_markup_either(browser: webdriver.Chrome, tmp_path: Path) -> None:
    hostile = "</script><script>document.title='broken'</script>"
    shown(browser, tmp_path / "report.html", report(counted(nature=hostile)))
    assert browser.title.startswith("Complaint handling report")


def test_printed_it_fits_the_paper(browser: webdriver.Chrome, tmp_path: Path) -> None:
    shown(browser, tmp_path / "report.html", everything())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    paper = 703  # A4 without its margins, in CSS pixels
    wide = browser.execute_script(
        "return Math.max(...[...document.querySelectorAll('.main-svg')].map(e => e.width.baseVal.value))"
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert 300 < wide <= paper


def test_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.html"
    write_page(everything(), ENGLISH, file)
    before = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o644

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_page(everything(gaps=["other"]), ENGLISH, file)
    assert file.read_text(encoding="utf-8") == before
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
