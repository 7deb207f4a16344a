"""Charts of a report by plotly: restrained, told apart by the colour-blind, readable in light and dark."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from reporting.sections import Chart

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Okabe and Ito's palette, which people of every kind of colour vision tell apart."""
BEFORE = "#9AA5B1"
FONTS = "Segoe UI, Helvetica Neue, Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
"""As in page.css; plotly measures its labels by them."""
BAR, FRAME, LEGEND = 26, 56, 34
"""Pixels of a bar, of what is above and below the bars, and of a legend."""


def figure(chart: Chart) -> go.Figure:
    """The chart as a plotly figure."""
    drawn = go.Figure([_trace(chart, place, name) for place, name in enumerate(chart.series)])
    drawn.update_layout(**_layout(chart))
    return drawn


def _trace(chart: Chart, place: int, name: str) -> go.Bar | go.Scatter:
    values = chart.series[name]
    if chart.lines:
        line = {"color": COLOURS[place], "width": 2, "dash": ("solid", "dash", "dot")[place % 3]}
        return go.Scatter(x=chart.labels, y=values, name=name, mode="lines+markers", line=line, connectgaps=False,
                          hovertemplate="%{x}: %{y:.1%}<extra>" + name + "</extra>")  # fmt: skip
    beside = len(chart.series) == 2 and not chart.stacked
    colour = BEFORE if beside and place == 1 else COLOURS[place % len(COLOURS)]
    shown = "%{x:.1%}" if chart.percent else "%{x:,.1f}" if chart.stacked else "%{x:,}"
    return go.Bar(y=chart.labels, x=values, name=name, orientation="h", marker={"color": colour},
                  texttemplate=None if chart.stacked or (beside and place == 1) else shown, textposition="auto",
                  constraintext="none", insidetextanchor="end", textfont={"size": 11}, cliponaxis=False,
                  hovertemplate="%{y}: " + f"{shown} {chart.unit}<extra>{name}</extra>")  # fmt: skip


def _layout(chart: Chart) -> dict[str, Any]:
    several = len(chart.series) > 1
    layout: dict[str, Any] = {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": LEGEND if several else 8, "b": 28},
        "font": {"family": FONTS, "size": 12},
        "showlegend": several,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "dragmode": False,
    }
    values = {"automargin": True, "fixedrange": True, "zeroline": False, "rangemode": "tozero", "nticks": 6}
    if chart.percent:
        values |= {"tickformat": ".0%", "range": [0, 1.02]}
    names = {"automargin": True, "fixedrange": True, "type": "category"}
    if chart.lines:
        return layout | {"height": 280, "xaxis": names | {"nticks": 8}, "yaxis": values}
    groups = 1 if chart.stacked else len(chart.series)
    height = FRAME + (LEGEND if several else 0) + len(chart.labels) * (10 + (BAR if groups == 1 else 32))
    return layout | {
        "height": height,
        "barmode": "stack" if chart.stacked else "group",
        "bargap": 0.28,
        "xaxis": values | ({"title": {"text": chart.unit}} if chart.unit else {}),
        "yaxis": names | {"autorange": "reversed", "ticklabelstandoff": 6},
    }
