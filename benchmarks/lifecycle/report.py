"""What was measured, beside the floor: medians with their spread, targets, and a table."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.lifecycle.programs import COMPLAINTS, FLOOR

PROCESSES = ("server", "worker", "client", "bank")
TARGETS = {"total_ms": 1.15, "worker_ms": 1.4, "events": 1.1}
"""At most so many times the floor."""
MOST_BYTES = 40_000
"""Of an encoded history."""
Block = dict[str, float]
"""Figures per life of one subject in one round."""


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": round(median(values), 1), "least": round(min(values), 1), "most": round(max(values), 1)}


def summary(blocks: dict[str, list[Block]]) -> dict[str, Any]:
    """Every subject's figures, and as ratios to the floor of the same round."""
    floor = blocks[FLOOR]
    found: dict[str, Any] = {}
    for name, own in blocks.items():
        figures_ = {part: spread([one[part] for one in own]) for part in own[0]}
        ratios = {part: spread_of_ratios(own, floor, part) for part in floor[0]}
        found[name] = {"figures": figures_, "ratio_to_floor": ratios}
    return found


def spread_of_ratios(own: list[Block], floor: list[Block], part: str) -> dict[str, float]:
    """One figure, round by round, as a ratio to the floor's."""
    ratios = [mine[part] / theirs[part] for mine, theirs in zip(own, floor, strict=True) if theirs[part]]
    return {name: round(value(ratios), 3) for name, value in (("median", median), ("least", min), ("most", max))}


def verdict(summed: dict[str, Any]) -> dict[str, Any]:
    """Whether the targets are met, without the bank, whose time is nobody's engine's."""
    ours = summed[COMPLAINTS]
    kept = {part: ours["ratio_to_floor"][part]["median"] <= most for part, most in TARGETS.items()}
    return kept | {"history_bytes": ours["figures"]["history_bytes"]["median"] <= MOST_BYTES}


def table(shape: str, summed: dict[str, Any]) -> str:
    """The figures as people read them."""
    parts = ("server_ms", "worker_ms", "client_ms", "bank_ms", "total_ms", "events", "history_bytes", "workflow_tasks",
             "actions", "lives_per_second")  # fmt: skip
    lines = [shape, f"{'':<12}" + "".join(f"{part:>18}" for part in parts)]
    for name, one in summed.items():
        cells = []
        for part in parts:
            value = one["figures"].get(part)
            ratio = one["ratio_to_floor"].get(part)
            cells.append(f"{value['median']:>9.1f} {ratio['median']:>6.2f}x" if value and ratio else
                         f"{value['median']:>9.1f}" if value else "")  # fmt: skip
        lines.append(f"{name:<12}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join(lines)
