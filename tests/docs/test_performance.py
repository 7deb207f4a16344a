"""Guarantee: the charts on the page about performance are those of the results kept beside it, and all are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.charts import CHARTS, IMAGES, RESULTS, ROOT, draw

PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
KEPT = sorted(IMAGES.glob("performance-*.svg"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in draw(tmp_path_factory.mktemp("charts"))}


def test_every_chart_is_drawn_from_the_results_as_they_are(drawn: dict[str, bytes]) -> None:
    assert drawn == {file.name: file.read_bytes() for file in KEPT}


def test_every_chart_has_its_result_and_its_place_and_every_result_is_named() -> None:
    results = {file.stem for file in RESULTS.glob("*.json")}
    assert results >= CHARTS.keys()
    assert all(f"](images/{file.name})" in PAGE for file in KEPT)
    assert all(f"benchmarks/results/{name}.json" in PAGE for name in results)


def test_a_chart_of_other_results_would_be_noticed(
    drawn: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, other = "lifecycle", tmp_path / "results"
    other.mkdir()
    text = (RESULTS / f"{name}.json").read_text(encoding="utf-8")
    (other / f"{name}.json").write_text(text.replace('"median": 1', '"median": 2'), encoding="utf-8")
    monkeypatch.setattr("benchmarks.charts.RESULTS", other)
    (file,) = draw(tmp_path)
    assert file.read_bytes() != drawn[file.name]
