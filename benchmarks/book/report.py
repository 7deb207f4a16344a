"""What was measured, against the targets, and as people read it."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.book.staff import BARE, COLD, PACED, SHAPES, UPDATES, WARM, Delays
from benchmarks.lifecycle.report import Block

FLAT = 0.15
"""By how much the intake may be slower than at the first size."""
WARM_P99_MS, COLD_TIMES = 60.0, 4.0
"""Of paced updates, one at a time: the slowest but one in a hundred, and how many times that a cold one may take."""
Stage = dict[str, Any]
UPDATE = "any update"


def quantiles(delays: list[float]) -> dict[str, float]:
    """Milliseconds."""
    ordered = sorted(delays)
    worst_but = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    found = {"p50": median(ordered), "p99": worst_but, "worst": ordered[-1]}
    return {"messages": len(ordered)} | {name: round(value * 1_000, 1) for name, value in found.items()}


def waiting(delays: Delays) -> dict[str, Any]:
    """Of one shape, by state and kind, and of both updates together."""
    return {
        state: {kind: quantiles(found) for kind, found in _with_both(kinds).items()} for state, kinds in delays.items()
    }


def _with_both(kinds: dict[str, list[float]]) -> dict[str, list[float]]:
    both = [delay for kind in UPDATES for delay in kinds.get(kind, [])]
    return dict(kinds) | ({UPDATE: both} if both else {})


def per_complaint(stages: list[Stage]) -> dict[str, float]:
    """Kilobytes that one more open complaint takes, from the first size to the last of one run."""
    one_run = [stage for stage in stages if stage["begun_with"] == stages[0]["begun_with"]]
    first, last = one_run[0], one_run[-1]
    more = last["open"] - first["open"]
    taken = {"database": _grown(first, last, "database_megabytes")}
    taken |= {name: last["megabytes"][name]["pss"] - first["megabytes"][name]["pss"] for name in ("server", "worker")}
    return {name: round(megabytes * 1_000 / more, 2) for name, megabytes in taken.items()} if more else {}


def _grown(first: Stage, last: Stage, part: str) -> float:
    return float(last[part] - first[part])


def flatness(stages: list[Stage]) -> dict[str, Any]:
    """The rate of intake at each size, also against the first; and the CPU time of one, which other work bends less."""
    rates = {str(stage["open"]): stage["intake"]["per_second"] for stage in stages}
    spent = {str(stage["open"]): stage["intake"]["server_ms"] + stage["intake"]["worker_ms"] for stage in stages}
    first = stages[0]["intake"]["per_second"]
    ratios = {size: round(rate / first, 2) for size, rate in rates.items()}
    cpu = {size: round(milliseconds, 1) for size, milliseconds in spent.items()}
    return {"per_second": rates, "ratio": ratios, "cpu_ms": cpu, "kept": min(ratios.values()) >= 1 - FLAT}


def promptness(stages: list[Stage]) -> dict[str, Any] | None:
    """Paced updates, where they were measured last."""
    found = [stage for stage in stages if "waiting" in stage]
    if not found:
        return None
    paced = found[-1]["waiting"][PACED]
    warm, cold = paced[WARM][UPDATE], paced[COLD][UPDATE]
    times = round(cold["p99"] / warm["p99"], 2)
    return {
        "open": found[-1]["open"], "warm_p99_ms": warm["p99"], "warm_kept": warm["p99"] <= WARM_P99_MS,
        "cold_p99_ms": cold["p99"], "cold_times": times, "cold_kept": times <= COLD_TIMES,
        "cold_times_median": round(cold["p50"] / warm["p50"], 2), "bare_request_p99_ms": paced[BARE][BARE]["p99"],
    }  # fmt: skip


def verdict(stages: list[Stage]) -> dict[str, Any]:
    """The targets, and whether they are kept."""
    targets = {"flat_within": FLAT, "warm_update_p99_ms": WARM_P99_MS, "cold_times": COLD_TIMES}
    return {
        "targets": targets, "intake": flatness(stages), "updates": promptness(stages),
        "kilobytes_per_complaint": per_complaint(stages),
    }  # fmt: skip


def recent(stretches: list[Block], opened: int) -> Block:
    """The stretch of intake that led to this size."""
    return next(one for one in reversed(stretches) if one["open"] == opened)


def told(stage: Stage) -> str:
    """One size, as people read it."""
    intake, weight = stage["intake"], stage["megabytes"]
    lines = [
        f"{stage['open']} open: {intake['per_second']:.1f} opened and acknowledged per second; CPU each: "
        f"server {intake['server_ms']:.0f}, worker {intake['worker_ms']:.0f}, bank {intake['bank_ms']:.0f}, "
        f"client {intake['client_ms']:.0f} ms (load {intake['load']})",
        f"  server {weight['server']['rss']:.0f} MB, worker {weight['worker']['rss']:.0f} MB, "
        f"database {stage['database_megabytes']:.0f} MB",
        "  idle, per cent of a core: " + ", ".join(f"{name} {value}" for name, value in stage["idle_percent"].items()),
        *(f"  {name}: {_middle(runs)}" for name, runs in stage["asked"].items()),
        f"  a worker started anew: {_middle(stage['cold_start'])}",
    ]
    return "\n".join(lines + [line for shape in SHAPES for line in _waited(stage, shape.name)])


def _middle(runs: list[dict[str, float]]) -> str:
    return ", ".join(f"{part.replace('_', ' ')} {median(one[part] for one in runs):.2f}" for part in runs[0])


def _waited(stage: Stage, shape: str) -> list[str]:
    states = stage.get("waiting", {}).get(shape, {})
    return [
        f"  {shape}, {state} {kind}: p50 {one['p50']:.0f} p99 {one['p99']:.0f} worst {one['worst']:.0f} ms"
        for state, kinds in states.items() for kind, one in kinds.items()
    ]  # fmt: skip
