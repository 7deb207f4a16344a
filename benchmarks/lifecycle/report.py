"""What was measured, beside the floor: medians with their spread, targets, and a table."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.lifecycle.programs import COMPLAINTS, FLOOR, FULL_FLOOR, NO_BANK

PROCESSES = ("server", "worker", "client", "bank")
TARGETS = {"total_ms": 1.15, "worker_ms": 1.4, "events": 1.1}
"""At most so many times the floor."""
MOST_BYTES = 40_000
"""Of an encoded history."""
RATIOS = {FLOOR: "ratio_to_floor", FULL_FLOOR: "ratio_to_full_floor"}
"""What figures are compared with: the cheapest workflow, and the cheapest with the same commands."""
Block = dict[str, float]
"""Figures per life of one subject in one round."""


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": round(median(values), 1), "least": round(min(values), 1), "most": round(max(values), 1)}


def summary(blocks: dict[str, list[Block]]) -> dict[str, Any]:
    """Every subject's figures, and as ratios to both floors of the same round."""
    found: dict[str, Any] = {}
    for name, own in blocks.items():
        found[name] = {"figures": {part: spread([one[part] for one in own]) for part in own[0]}}
        for floor, ratio in RATIOS.items():
            parts = blocks[floor][0]
            found[name][ratio] = {part: spread_of_ratios(own, blocks[floor], part) for part in parts}
    return found


def spread_of_ratios(own: list[Block], floor: list[Block], part: str) -> dict[str, float]:
    """One figure, round by round, as a ratio to the floor's."""
    ratios = [mine[part] / theirs[part] for mine, theirs in zip(own, floor, strict=True) if theirs[part]]
    return {name: round(value(ratios), 3) for name, value in (("median", median), ("least", min), ("most", max))}


def verdict(summed: dict[str, Any]) -> dict[str, Any]:
    """Whether the targets are met, with and without HTTP; never with the bank's time, which is nobody's engine's."""
    kept: dict[str, Any] = {}
    for name in (COMPLAINTS, NO_BANK):
        ours = summed[name]
        by_ratio = {
            ratio: {part: ours[ratio][part]["median"] <= most for part, most in TARGETS.items()}
            for ratio in RATIOS.values()
        }
        kept[name] = by_ratio | {"history_bytes": ours["figures"]["history_bytes"]["median"] <= MOST_BYTES}
    return kept


def table(shape: str, summed: dict[str, Any]) -> str:
    """The figures as people read them, with both ratios."""
    parts = ("server_ms", "worker_ms", "client_ms", "bank_ms", "total_ms", "events", "history_bytes", "workflow_tasks",
             "actions", "lives_per_second")  # fmt: skip
    lines = [shape, f"{'':<12}" + "".join(f"{part:>22}" for part in parts)]
    for name, one in summed.items():
        lines.append(f"{name:<12}" + "".join(f"{_cell(one, part):>22}" for part in parts))
    return "\n".join(lines)


def _cell(one: dict[str, Any], part: str) -> str:
    value = one["figures"].get(part)
    if value is None:
        return ""
    ratios = (f" {found['median']:.2f}x" for ratio in RATIOS.values() if (found := one[ratio].get(part)))
    return f"{value['median']:.1f}" + "".join(ratios)
