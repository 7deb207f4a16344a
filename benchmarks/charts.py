"""Draws the charts of ``docs/performance.md`` from ``benchmarks/results``: ``python -m benchmarks.charts [DIRECTORY]``.

The same results give the same files, byte by byte; a test holds the charts of the page to the results beside them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[1]
RESULTS, IMAGES = ROOT / "benchmarks" / "results", ROOT / "docs" / "images"
COLOURS = {"server": "#1f5fa8", "worker": "#e08a1e", "client": "#8a8f98", "bank": "#b9c4d0"}
SETTINGS = {
    "svg.hashsalt": "complaints", "svg.fonttype": "none", "font.family": "sans-serif", "axes.spines.top": False,
    "axes.spines.right": False, "axes.titlesize": 11, "font.size": 9, "axes.axisbelow": True, "axes.grid": True,
    "grid.color": "#e3e6ea",
}  # fmt: skip
Json = dict[str, Any]


def stacked(axes: Axes, bars: dict[str, dict[str, float]], title: str, unit: str) -> None:
    """One horizontal bar for each name, of parts that add up, with its sum."""
    names, parts = list(bars), list(dict.fromkeys(part for one in bars.values() for part in one))
    left = [0.0] * len(names)
    for part in parts:
        widths = [bars[name].get(part, 0.0) for name in names]
        axes.barh(names, widths, left=left, label=part, color=COLOURS.get(part), height=0.6)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for place, end in enumerate(left):
        axes.text(end, place, f" {end:,.0f}", va="center")
    _lying(axes, title, unit, 0.12)
    axes.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.14))


def bars(axes: Axes, values: dict[str, float], title: str, unit: str, spreads: dict[str, Json] | None = None) -> None:
    """One horizontal bar for each name, with the least and the most that was measured where it is known."""
    names = list(values)
    axes.barh(names, list(values.values()), height=0.6, color=COLOURS["server"])
    for place, name in enumerate(names):
        end = values[name]
        if spreads:
            least, end = spreads[name]["least"], spreads[name]["most"]
            axes.plot([least, end], [place, place], color="black", linewidth=1)
        axes.text(end, place, f"  {values[name]:,.0f}", va="center")
    _lying(axes, title, unit, 0.15)


def _lying(axes: Axes, title: str, unit: str, margin: float) -> None:
    """What all charts of bars that lie have in common; the first bar is the uppermost."""
    axes.set_title(title, loc="left")
    axes.set_xlabel(unit)
    axes.margins(x=margin)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")


def lines(axes: Axes, curves: dict[str, tuple[list[float], list[float]]], title: str, across: str, up: str) -> None:
    """Curves over the same axis, from zero."""
    for number, (name, (x, y)) in enumerate(curves.items()):
        axes.plot(x, y, marker="o", label=name, color=list(COLOURS.values())[number % len(COLOURS)])
    axes.set_title(title, loc="left")
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def lifecycle(result: Json) -> Figure:
    """The CPU time of a standard life, beside both floors, in both shapes."""
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    for axes, (shape, subjects) in zip(figure.subplots(1, 2), result["summary"].items(), strict=True):
        bars = {
            name: {part: one["figures"][f"{part}_ms"]["median"] for part in ("server", "worker", "client")}
            for name, one in subjects.items()
        }
        stacked(axes, bars, f"CPU of a standard life, {shape}", "milliseconds of CPU")
    return figure


def book(result: Json) -> Figure:
    """What one more complaint costs, and what all take, as the book grows."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    stretches, stages = result["stretches"], result["stages"]
    opened = [one["open"] for one in stretches]
    curves = {part: (opened, [one[f"{part}_ms"] for one in stretches]) for part in ("server", "worker")}
    lines(left, curves, "Opening one complaint", "complaints open", "milliseconds of CPU")
    open_ = [one["open"] for one in stages]
    weights = {part: (open_, [one["megabytes"][part]["rss"] for one in stages]) for part in ("server", "worker")}
    weights["database"] = (open_, [one["database_megabytes"] for one in stages])
    lines(right, weights, "What all of them take", "complaints open", "MB")
    return figure


def burst(result: Json) -> Figure:
    """What comes at once when the days of many complaints end together, with and without turns of their own."""
    read = result["complaints"]
    busiest = read["warnings"]["busiest"]
    figure = Figure(figsize=(9, 2.2), layout="constrained")
    values = {"as they fall due": float(busiest["not_spread"]["minute"]), "spread": float(busiest["spread"]["minute"])}
    bars(figure.subplots(), values, f"Warnings of {read['complaints']} complaints", "in the busiest minute")
    return figure


def imports(result: Json) -> Figure:
    """How fast files are imported, beside a client that only starts the same workflows."""
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    names = {"raw": "raw starts", "table": "import of a table", "lines": "import of JSON lines"}
    spreads = {shown: result["figures"][name]["per_second"] for name, shown in names.items()}
    values = {shown: one["median"] for shown, one in spreads.items()}
    bars(figure.subplots(), values, "Complaints opened", "per second; the line is from the least to the most", spreads)
    return figure


def peers(result: Json) -> Figure:
    """The CPU time of a standard life in other engines, beside the floor and our complaint."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    summed = next(iter(result["summary"].values()))
    parts = ("server", "worker", "client")
    found = {name: {part: one["figures"][f"{part}_ms"]["median"] for part in parts} for name, one in summed.items()}
    stacked(figure.subplots(), found, "CPU of a standard life", "milliseconds of CPU")
    return figure


CHARTS: dict[str, Callable[[Json], Figure]] = {
    "lifecycle": lifecycle,
    "book": book,
    "burst": burst,
    "imports": imports,
    "peers": peers,
}
"""By the name of the result; the chart of ``lifecycle.json`` is ``performance-lifecycle.svg``."""


def draw(directory: Path) -> list[Path]:
    """Draw every chart whose result is there, and give the files."""
    drawn = []
    for name, chart in CHARTS.items():
        result = RESULTS / f"{name}.json"
        if result.exists():
            drawn.append(directory / f"performance-{name}.svg")
            with mpl.rc_context(SETTINGS):  # type: ignore[arg-type]
                figure = chart(json.loads(result.read_text(encoding="utf-8")))
                figure.savefig(drawn[-1], metadata={"Date": None})
    return drawn


if __name__ == "__main__":
    for file in draw(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES):
        sys.stdout.write(f"{file}\n")
